import { uuidv7 } from '../../server/platform/ids';
import {
  failedJobs,
  jobCounts,
  jobCountsByKind,
  purgeFinishedJobs,
  retryFailedJobs,
  retryJob,
} from '../../server/platform/jobs/jobs.read-model';
import { createTestDatabase, type TestDatabase } from '../support/database';

describe('the queries of the jobs page', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
  });
  beforeEach(() => test.db.pool.query('truncate jobs'));
  afterAll(() => test.drop());

  /** One row; `columns` are SQL expressions. */
  async function row(kind: string, columns: Record<string, string> = {}): Promise<string> {
    const id = uuidv7();
    const names = Object.keys(columns).map((name) => `, ${name}`);
    const values = Object.values(columns).map((value) => `, ${value}`);
    await test.db.pool.query(
      `insert into jobs (id, kind, payload${names.join('')}) values ('${id}', '${kind}', '{}'${values.join('')})`,
    );
    return id;
  }

  const FAILED = { failed_at: 'now()', attempts: '10', last_error: `'mailbox full'` };

  it('count each job in one state', async () => {
    await row('mail', { run_at: `now() - interval '90 seconds'` });
    await row('mail', { run_at: `now() + interval '1 hour'` });
    await row('mail', { locked_by: `'worker'`, locked_until: `now() + interval '1 minute'` });
    await row('pdf', { locked_by: `'relay:1'`, locked_until: `now() + interval '1 minute'` });
    await row('pdf', { locked_by: `'dead worker'`, locked_until: `now() - interval '1 minute'` });
    await row('pdf', FAILED);
    await row('pdf', { finished_at: 'now()' });
    await row('pdf', { finished_at: `now() - interval '2 days'` });

    const counts = await jobCounts(test.db);
    expect(counts).toMatchObject({ ready: 3, delayed: 1, running: 1, failed: 1 });
    expect(counts.oldestReadySeconds).toBeGreaterThanOrEqual(90);
    expect(counts.oldestReadySeconds).toBeLessThan(150);
    expect(await jobCountsByKind(test.db)).toEqual([
      { kind: 'mail', ready: 1, delayed: 1, running: 1, failed: 0, finishedLastDay: 0 },
      { kind: 'pdf', ready: 2, delayed: 0, running: 0, failed: 1, finishedLastDay: 1 },
    ]);
  });

  it('count nothing as nothing', async () => {
    expect(await jobCounts(test.db)).toEqual({
      ready: 0,
      delayed: 0,
      running: 0,
      failed: 0,
      oldestReadySeconds: 0,
    });
    expect(await jobCountsByKind(test.db)).toEqual([]);
  });

  it('list failed jobs, last first', async () => {
    const older = await row('mail', { ...FAILED, failed_at: `now() - interval '1 hour'` });
    const newer = await row('pdf', FAILED);
    await row('mail');
    const list = await failedJobs(test.db);
    expect(list.map((job) => job.id)).toEqual([newer, older]);
    expect(list[0]).toMatchObject({ kind: 'pdf', attempts: 10, lastError: 'mailbox full' });
    expect(await failedJobs(test.db, 1)).toHaveLength(1);
  });

  it('retry one, unless a newer job of its key will do the same', async () => {
    const failed = await row('mail', { ...FAILED, dedupe_key: `'k'`, dispatched_at: 'now()' });
    const waiting = await row('mail', { dedupe_key: `'k'` });
    expect(await retryJob(test.db, failed)).toBe('superseded');
    expect(await jobCounts(test.db)).toMatchObject({ ready: 1, failed: 1 });

    await test.db.pool.query('update jobs set finished_at = now() where id = $1', [waiting]);
    expect(await retryJob(test.db, failed)).toBe('retried');
    expect(await jobCounts(test.db)).toMatchObject({ ready: 1, failed: 0 });
    const { rows } = await test.db.pool.query('select attempts, dispatched_at from jobs where id = $1', [
      failed,
    ]);
    expect(rows).toEqual([{ attempts: 0, dispatched_at: null }]);
    expect(await retryJob(test.db, failed)).toBe('not-failed');
    expect(await retryJob(test.db, uuidv7())).toBe('not-failed');
  });

  it('retry all of a kind, or all; of several with one key the newest', async () => {
    await row('mail', { ...FAILED, dedupe_key: `'k'`, failed_at: `now() - interval '1 hour'` });
    const newest = await row('mail', { ...FAILED, dedupe_key: `'k'` });
    await row('mail', FAILED);
    await row('pdf', FAILED);
    expect(await retryFailedJobs(test.db, 'mail')).toBe(2);
    expect((await failedJobs(test.db)).map((job) => job.id)).not.toContain(newest);
    expect(await retryFailedJobs(test.db)).toBe(1);
    expect(await jobCounts(test.db)).toMatchObject({ ready: 3, failed: 1 });
  });

  it('delete finished jobs of the past only', async () => {
    await row('mail', { finished_at: `now() - interval '31 days'` });
    await row('mail', { finished_at: `now() - interval '29 days'` });
    await row('mail', FAILED);
    await row('mail');
    expect(await purgeFinishedJobs(test.db, 30)).toBe(1);
    expect(await purgeFinishedJobs(test.db, 30)).toBe(0);
  });
});
