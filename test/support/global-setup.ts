import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { MIGRATIONS } from '../../migrations';
import { Database } from '../../server/platform/db/database';
import { startEmbeddedPostgres } from '../../server/platform/db/embedded';

/**
 * One PostgreSQL for the whole run (TEST_DATABASE_URL, or the embedded one in a temporary folder) with one migrated
 * template database; test/support/database.ts clones it per test file in about 50 ms.
 */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'identikit-test-'));
  chmodSync(folder, 0o755);
  const given = process.env['TEST_DATABASE_URL'];
  const server = given
    ? { url: given, stop: () => Promise.resolve() }
    : await startEmbeddedPostgres(folder, 'admin');
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query('drop database if exists identikit_template');
  await admin.query('create database identikit_template');
  await admin.end();

  const template = await Database.connect({
    url: withDatabase(server.url, 'identikit_template'),
    poolSize: 2,
    entities: [],
    migrations: MIGRATIONS,
  });
  await template.migrate();
  await template.close();

  process.env['IDENTIKIT_TEST_SERVER'] = server.url;
  Object.assign(globalThis, { identikitTestServer: { stop: server.stop, folder } });
}

function withDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.toString();
}
