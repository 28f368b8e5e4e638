import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { MIGRATIONS } from '../../migrations';
import { ENTITIES } from '../../server/entities';
import { Database } from '../../server/platform/db/database';

export type TestDatabase = {
  url: string;
  db: Database;
  /** SQL texts sent through Database.query since the last reset. */
  statements: string[];
  drop(): Promise<void>;
};

/** A fresh, migrated, empty database of this test file's own: a clone of the template made in global-setup. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['IDENTIKIT_TEST_SERVER'];
  if (!server) throw new Error('Jest ran without test/support/global-setup.ts');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name} template identikit_template`);
  const address = new URL(server);
  address.pathname = `/${name}`;
  const url = address.toString();
  const statements: string[] = [];
  const db = await Database.connect({
    url,
    poolSize: 8,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    onStatement: (sql) => statements.push(sql),
  });
  return {
    url,
    db,
    statements,
    drop: async () => {
      await db.close();
      await administer(server, `drop database ${name} with (force)`);
    },
  };
}

async function administer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    // Two files cloning at once would find the template in use: one at a time.
    await client.query(`select pg_advisory_lock(hashtext('identikit:test-template'))`);
    await client.query(sql);
  } finally {
    await client.end();
  }
}
