import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordAudit } from '../server/platform/db/audit';
import type { Database } from '../server/platform/db/database';
import { fromRoot } from '../server/platform/root';

/** What an installation loads at its start. */
export type Load = 'reference' | 'demonstration';

/** State of the courses in the database: an import by command, from another folder for instance, changes it. */
const COURSE_STATE = `(select md5(coalesce(string_agg(current_version_id::text, ' ' order by code), ''))
  from courses where archived_at is null)`;

/** Whether what these fingerprints name was the last to be loaded and is still there, as the audit log says. One statement. */
export async function alreadyLoaded(
  db: Database,
  wanted: Readonly<Record<Load, string>>,
): Promise<Record<Load, boolean>> {
  const rows = await db.query<{ load: Load; fingerprint: string; unchanged: boolean }>(
    'seed.loaded',
    `select distinct on (object_id) object_id as load, details->>'fingerprint' as fingerprint,
       object_id <> 'reference' or details->>'courses' = ${COURSE_STATE} as unchanged
     from audit_entries where object_type = 'installation' and object_id in ('reference', 'demonstration')
     order by object_id, at desc, id desc`,
  );
  const isCurrent = (load: Load) =>
    rows.some((row) => row.load === load && row.fingerprint === wanted[load] && row.unchanged);
  return { reference: isCurrent('reference'), demonstration: isCurrent('demonstration') };
}

/** Writes into the audit log what has been loaded. */
export async function recordLoaded(db: Database, load: Load, fingerprint: string): Promise<void> {
  const [state] = await db.query<{ courses: string }>(
    'seed.courseState',
    `select ${COURSE_STATE} as courses`,
  );
  await recordAudit(db, {
    actorId: null,
    action: `${load}.loaded`,
    objectType: 'installation',
    objectId: load,
    details: { fingerprint, courses: state?.courses ?? '' },
  });
}

/**
 * A hash over the reference data, the courses, the program that reads them and the versions of its libraries: as long as
 * it stays, loading again would change nothing. A few milliseconds instead of rendering every lesson at each start.
 */
export function referenceFingerprint(): string {
  const hash = createHash('sha256');
  const folders = [
    { folder: fromRoot('seeds', 'reference'), files: /\.yaml$/ },
    { folder: fromRoot('courses'), files: /^/ },
    // Beside this file, in the sources as in the build.
    { folder: join(__dirname, '..', 'server', 'content'), files: /(?<!\.test)\.(ts|js)$/ },
  ];
  for (const { folder, files } of folders) {
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && files.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const path of paths) {
      const content = readFileSync(path);
      hash.update(`${path.slice(folder.length)}\0${content.length}\0`).update(content);
    }
  }
  return hash.update(readFileSync(fromRoot('package.json'))).digest('hex');
}
