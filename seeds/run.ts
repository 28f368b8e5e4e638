import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { Composition } from '../server/composition';
import type { Framework } from '../server/core/framework';
import { ConflictError, StartupError } from '../server/platform/errors';
import { fromRoot } from '../server/platform/root';
import { assignDemoTrainer, DEMO_EDITION, seedDemo } from './demo/demo';
import { alreadyLoaded, recordLoaded, referenceFingerprint } from './loaded';

const FRAMEWORK = ['seeds', 'reference', 'framework-cm-1.0.yaml'];

/**
 * Loads what an installation needs to be useful: reference data and courses always, the demonstration programme in
 * demonstration mode. Safe to run at every start, by any number of processes at once: what is there and unchanged is
 * left alone, after one statement.
 * @throws StartupError when the framework file was changed under the number of a published version.
 */
export async function seed(services: Composition): Promise<void> {
  const { db, config, log } = services;
  const wanted = { reference: referenceFingerprint(), demonstration: DEMO_EDITION };
  const isReady = ({ reference, demonstration }: { reference: boolean; demonstration: boolean }) =>
    reference && (demonstration || !config.demo);
  if (isReady(await alreadyLoaded(db, wanted))) return;

  await oneAtATime(services, async () => {
    // Another process may have loaded everything in the meantime.
    const loaded = await alreadyLoaded(db, wanted);
    if (isReady(loaded)) return;
    if (!loaded.reference && (await loadReference(services))) {
      await recordLoaded(db, 'reference', wanted.reference);
      log.info('reference data and courses loaded');
    }
    if (!config.demo) return;
    if (!loaded.demonstration) {
      await seedDemo(services);
      await recordLoaded(db, 'demonstration', wanted.demonstration);
      log.info('demonstration programme loaded');
    }
    // Courses that came after the demonstration programme have no trainer yet.
    await assignDemoTrainer(db);
  });
}

/** @returns whether everything went in; a course with an error is logged, and tried again at the next start. */
async function loadReference({ frameworks, catalogue }: Composition): Promise<boolean> {
  // The service checks the document against its schema.
  const document = parse(await readFile(fromRoot(...FRAMEWORK), 'utf8')) as Framework;
  try {
    await frameworks.service.publishVersion(document);
  } catch (cause) {
    if (!(cause instanceof ConflictError)) throw cause;
    throw new StartupError(
      `${FRAMEWORK.join('/')} was changed, but version ${document.version} is published and never changes. Undo the change, or publish it as a new version.`,
      { cause },
    );
  }
  const { issues } = await catalogue.service.importCourses();
  return !issues.some(({ severity }) => severity === 'error');
}

/** Waits until no other process is loading. The lock ends with its connection, so a killed process leaves none behind. */
async function oneAtATime({ db }: Composition, work: () => Promise<void>): Promise<void> {
  const client = await db.pool.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('identikit:seed'))`);
    await work();
  } finally {
    await client.query(`select pg_advisory_unlock(hashtext('identikit:seed'))`).catch(() => undefined);
    client.release();
  }
}
