import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query('setup', `create table notes (text text primary key)`);
});
afterAll(() => database.drop());

const notes = async () =>
  (await database.db.query<{ text: string }>('notes', 'select text from notes order by text')).map(
    (row) => row.text,
  );
const write = (text: string) => database.db.query('write', 'insert into notes values ($1)', [text]);

describe('Database.transaction', () => {
  it('rolls back everything, nested calls included, when the work throws', async () => {
    await expect(
      database.db.transaction(async () => {
        await write('outer');
        await database.db.transaction(() => write('inner'));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await notes()).toEqual([]);
  });

  it('keeps parallel transactions apart', async () => {
    const one = database.db.transaction(async () => {
      await write('one');
      expect(await notes()).toEqual(['one']);
      throw new Error('one fails');
    });
    const two = database.db.transaction(() => write('two'));
    await expect(one).rejects.toThrow('one fails');
    await two;
    expect(await notes()).toEqual(['two']);
  });

  it('tries again after a serialisation failure', async () => {
    let attempts = 0;
    await database.db.transaction(async () => {
      attempts++;
      if (attempts < 3)
        await database.db.query('fail', `do $$ begin raise exception using errcode = '40001'; end $$`);
      await write('three');
    });
    expect(attempts).toBe(3);
    expect(await notes()).toContain('three');
  });
});
