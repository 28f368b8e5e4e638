import { MIGRATIONS } from '../../migrations';
import { createTestDatabase, type TestDatabase } from '../support/database';

let test_: TestDatabase;
beforeAll(async () => {
  test_ = await createTestDatabase();
});
afterAll(() => test_.drop());

describe('database schema', () => {
  it('is what the entities say: the ORM would change nothing', async () => {
    const sql = await test_.db.dataSource.driver.createSchemaBuilder().log();
    expect(sql.upQueries.map((query) => query.query)).toEqual([]);
  });

  it('goes down to nothing and up again', async () => {
    for (const _ of MIGRATIONS) await test_.db.dataSource.undoLastMigration();
    const left = await test_.db.dataSource.query<{ tablename: string }[]>(
      `select tablename from pg_tables where schemaname = 'public' and tablename <> 'migrations'`,
    );
    expect(left).toEqual([]);
    await test_.db.migrate();
    const sql = await test_.db.dataSource.driver.createSchemaBuilder().log();
    expect(sql.upQueries.map((query) => query.query)).toEqual([]);
  });
});
