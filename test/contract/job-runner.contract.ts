import { deepEqual } from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import pino from 'pino';
import { z } from 'zod';
import { uuidv7 } from '../../server/platform/ids';
import { defineJob, type Job, type JobContext, type JobRunner } from '../../server/platform/jobs/contract';
import { failedJobs, jobCounts, retryJob } from '../../server/platform/jobs/jobs.read-model';
import { createOutbox, type EnqueueOptions } from '../../server/platform/jobs/outbox';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { createRunner, type Settings } from './runners';

type Payload = { key: string };
type LogLine = { level: number; msg: string; kind?: string };
const TestPayload = z.object({ key: z.string() });
const WARN = 40;
const ERROR = 50;

/** One test file's database, with the helpers the contract speaks in. */
export class Scene {
  readonly test: TestDatabase;
  readonly redisUrl: string | undefined;
  readonly lines: LogLine[] = [];
  readonly log = pino({ level: 'info' }, { write: (line: string) => void this.lines.push(JSON.parse(line)) });
  readonly #runners: JobRunner[] = [];
  readonly #children: ChildProcess[] = [];

  constructor(test: TestDatabase, redisUrl: string | undefined) {
    this.test = test;
    this.redisUrl = redisUrl;
  }

  static async open(redisUrl: string | undefined): Promise<Scene> {
    const test = await createTestDatabase();
    await test.db.pool.query('create table effects (key text not null)');
    await test.db.pool.query(
      'create table runs (key text not null, attempt integer not null, at timestamptz not null default clock_timestamp())',
    );
    return new Scene(test, redisUrl);
  }

  get db() {
    return this.test.db;
  }

  /** A job that leaves one row in `effects`, in the transaction that marks it finished. */
  job(
    before: (payload: Payload, ctx: JobContext) => Promise<unknown> = () => Promise.resolve(),
  ): Job<Payload> {
    const { db } = this;
    return defineJob<Payload>({
      kind: 'test',
      schema: TestPayload,
      async handle(payload, ctx) {
        await db.query('test.run', 'insert into runs (key, attempt) values ($1, $2)', [
          payload.key,
          ctx.attempt,
        ]);
        await before(payload, ctx);
        await db.transaction(async () => {
          await db.query('test.effect', 'insert into effects (key) values ($1)', [payload.key]);
          await ctx.complete();
        });
      },
    });
  }

  async run(jobs: Job<unknown>[], settings: Partial<Settings> = {}): Promise<JobRunner> {
    const runner = createRunner(this.redisUrl, { db: this.db, log: this.log, jobs, ...settings });
    this.track(runner);
    await runner.start();
    return runner;
  }

  track<R extends JobRunner>(runner: R): R {
    this.#runners.push(runner);
    return runner;
  }

  fork(mode: 'work' | 'commit' | 'relay'): ChildProcess {
    const child = fork(
      join(__dirname, 'doomed-process.ts'),
      [mode, this.test.url, ...(this.redisUrl ? [this.redisUrl] : [])],
      {
        execArgv: ['--import', 'tsx'],
      },
    );
    this.#children.push(child);
    return child;
  }

  async kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  enqueue(keys: string[], options: EnqueueOptions = {}): Promise<(string | null)[]> {
    const outbox = createOutbox(this.db, uuidv7);
    return this.db.transaction(async () => {
      const ids: (string | null)[] = [];
      for (const key of keys)
        ids.push(await outbox.enqueue({ kind: 'test', schema: TestPayload }, { key }, options));
      return ids;
    });
  }

  async insertRaw(kind: string, payload: unknown): Promise<string> {
    const id = uuidv7();
    await this.db.pool.query('insert into jobs (id, kind, payload) values ($1, $2, $3)', [
      id,
      kind,
      JSON.stringify(payload),
    ]);
    return id;
  }

  async column<T = string>(sql: string): Promise<T[]> {
    const { rows } = await this.db.pool.query<{ value: T }>(sql);
    return rows.map((row) => row.value);
  }

  effects(): Promise<string[]> {
    return this.column('select key as value from effects order by key');
  }

  attempts(key: string): Promise<number[]> {
    return this.column<number>(`select attempt as value from runs where key = '${key}' order by at`);
  }

  /** Waits until exactly these effects are there. */
  expectEffects(...keys: string[]): Promise<void> {
    return eventually(async () => deepEqual(await this.effects(), keys.toSorted()), { timeoutMs: 20_000 });
  }

  /** Waits until nothing is left to do, so that an effect that should not come has had its chance. */
  expectQuiet(): Promise<void> {
    return eventually(async () => {
      const { ready, delayed, running } = await jobCounts(this.db);
      deepEqual({ ready, delayed, running }, { ready: 0, delayed: 0, running: 0 });
    });
  }

  messages(level: number): string[] {
    return this.lines.filter((line) => line.level === level).map((line) => line.msg);
  }

  async reset(): Promise<void> {
    for (const child of this.#children.splice(0)) await this.kill(child);
    await Promise.all(this.#runners.splice(0).map((runner) => runner.stop(5000)));
    await this.db.pool.query('truncate jobs, effects, runs');
    this.lines.length = 0;
  }

  async close(): Promise<void> {
    await this.reset();
    await this.test.drop();
  }
}

/** What every runner promises. `scene` is called in each test, after the backend has been set up. */
export function describeJobRunner(scene: () => Scene): void {
  it('does a committed job once, and a rolled-back one never', async () => {
    const s = scene();
    await s.run([s.job()]);

    await s.enqueue(['kept']);
    const undone = s.db.transaction(async () => {
      await s.enqueue(['undone']);
      throw new Error('rolled back');
    });
    await expect(undone).rejects.toThrow('rolled back');

    await s.expectEffects('kept');
    await s.expectQuiet();
    expect(await s.effects()).toEqual(['kept']);
    expect(await s.attempts('kept')).toEqual([1]);
  });

  it('refuses to enqueue outside a transaction, or a payload that does not fit', async () => {
    const s = scene();
    const outbox = createOutbox(s.db, uuidv7);
    await expect(outbox.enqueue(s.job(), { key: 'alone' })).rejects.toThrow('transaction');
    const wrong = { key: 1 } as unknown as Payload;
    await expect(s.db.transaction(() => outbox.enqueue(s.job(), wrong))).rejects.toThrow('expected string');
  });

  it('does not repeat an effect that committed before its handler failed', async () => {
    const s = scene();
    const job = s.job();
    const careless: Job<Payload> = {
      ...job,
      async handle(payload, ctx) {
        await job.handle(payload, ctx);
        throw new Error('after the effect');
      },
    };
    await s.run([careless]);
    await s.enqueue(['once']);
    await s.expectEffects('once');
    await s.expectQuiet();
    expect(await s.attempts('once')).toEqual([1]);
  });

  it('marks a job finished whose handler does not do so itself', async () => {
    const s = scene();
    let runs = 0;
    await s.run([defineJob({ kind: 'test', schema: TestPayload, handle: async () => void runs++ })]);
    await s.enqueue(['plain']);
    await eventually(async () =>
      expect(await s.column(`select kind as value from jobs where finished_at is not null`)).toEqual([
        'test',
      ]),
    );
    expect(runs).toBe(1);
  });

  it('tries a failed job again, each time after the pause for that attempt', async () => {
    const s = scene();
    const pauses: number[] = [];
    const flaky = s.job(async (_, ctx) => {
      if (ctx.attempt < 3) throw new Error(`attempt ${ctx.attempt}`);
    });
    await s.run([flaky], {
      backoffMs: (attempt) => {
        pauses.push(attempt);
        return attempt * 150;
      },
    });
    await s.enqueue(['flaky']);

    await s.expectEffects('flaky');
    expect(await s.attempts('flaky')).toEqual([1, 2, 3]);
    expect(pauses).toEqual([1, 2]);
    const gaps = await s.column<number>(
      `select extract(epoch from at - lag(at) over (order by at)) * 1000 as value from runs order by at`,
    );
    expect(Number(gaps[1])).toBeGreaterThanOrEqual(150);
    expect(Number(gaps[2])).toBeGreaterThanOrEqual(300);
    expect(s.messages(ERROR)).toEqual([]);
  });

  it('gives a job up after its last attempt, says so, and does it when a person retries', async () => {
    const s = scene();
    let broken = true;
    const job = s.job(async ({ key }) => {
      if (broken && key === 'bad') throw new Error('mailbox full');
    });
    const runner = await s.run([job]);
    const [id] = await s.enqueue(['bad'], { maxAttempts: 2 });
    await s.enqueue(['good']);

    await s.expectEffects('good');
    const [failed] = await eventually(async () => {
      const list = await failedJobs(s.db);
      expect(list).toHaveLength(1);
      return list;
    });
    expect(failed).toMatchObject({ id, kind: 'test', attempts: 2, lastError: 'mailbox full' });
    expect(await s.attempts('bad')).toEqual([1, 2]);
    await eventually(() => expect(s.messages(ERROR)).toHaveLength(1));
    expect(await runner.stats()).toMatchObject({ failed: 1, ready: 0 });

    broken = false;
    expect(await retryJob(s.db, String(id))).toBe('retried');
    await s.expectEffects('bad', 'good');
    expect(await retryJob(s.db, String(id))).toBe('not-failed');
    expect(await s.attempts('bad')).toEqual([1, 2, 1]);
  });

  it('holds one job per dedupe key until it has finished', async () => {
    const s = scene();
    const options = { dedupeKey: 'certificate:7' };
    const [first] = await s.enqueue(['a'], options);
    expect(first).not.toBeNull();
    expect(await s.enqueue(['b'], options)).toEqual([null]);
    expect(await s.enqueue(['c'], { dedupeKey: 'certificate:8' })).not.toContain(null);
    const racing = await Promise.all(
      [1, 2, 3, 4].map(() => s.enqueue(['d'], { dedupeKey: 'certificate:9' })),
    );
    expect(racing.flat().filter((id) => id !== null)).toHaveLength(1);

    await s.run([s.job()]);
    await s.expectEffects('a', 'c', 'd');
    await s.expectQuiet();
    await s.enqueue(['e'], options);
    await s.expectEffects('a', 'c', 'd', 'e');
  });

  it('does not start a job before its time', async () => {
    const s = scene();
    await s.run([s.job()]);
    await s.enqueue(['later'], { runAt: new Date(Date.now() + 400) });
    await s.enqueue(['now']);
    await s.expectEffects('now', 'later');
    const early = await s.column(
      `select 1 as value from runs, jobs where runs.key = 'later' and jobs.payload->>'key' = 'later' and runs.at < jobs.run_at`,
    );
    expect(early).toEqual([]);
  });

  it('runs as many jobs at a time as it may, and no more', async () => {
    const s = scene();
    let now = 0;
    let most = 0;
    const job = s.job(async () => {
      most = Math.max(most, ++now);
      // The first three can only go on together; whoever comes later finds the door open.
      await eventually(() => expect(most).toBeGreaterThanOrEqual(3));
      now--;
    });
    await s.run([job], { concurrency: 3 });
    const keys = Array.from({ length: 20 }, (_, i) => `job ${i}`);
    await s.enqueue(keys);
    await s.expectEffects(...keys);
    expect(most).toBe(3);
  });

  it('puts poison aside and goes on', async () => {
    const s = scene();
    await s.insertRaw('no-such-kind', {});
    await s.insertRaw('test', { key: 12 });
    await s.insertRaw('test', null);
    await s.run([s.job()], { concurrency: 1 });
    await s.enqueue(['good']);

    await s.expectEffects('good');
    const failed = await eventually(async () => {
      const list = await failedJobs(s.db);
      expect(list).toHaveLength(3);
      return list;
    });
    expect(failed.map((job) => job.attempts)).toEqual([1, 1, 1]);
    expect(failed.map((job) => job.lastError).join()).toMatch(
      /does not know jobs of the kind "no-such-kind"/,
    );
    expect(failed.map((job) => job.lastError).join()).toMatch(/The payload is not valid/);
    await eventually(() => expect(s.messages(ERROR)).toHaveLength(3));
  });

  it('gives up a job that kills every worker', async () => {
    const s = scene();
    const id = await s.insertRaw('test', { key: 'deadly' });
    await s.db.pool.query(
      `update jobs set attempts = max_attempts, locked_by = 'a worker now dead', locked_until = now() - interval '1 second' where id = $1`,
      [id],
    );
    await s.run([s.job()]);
    const [failed] = await eventually(async () => {
      const list = await failedJobs(s.db);
      expect(list).toHaveLength(1);
      return list;
    });
    expect(failed).toMatchObject({ id, lastError: expect.stringMatching(/death of its worker/) });
    expect(await s.attempts('deadly')).toEqual([]);
  });

  it('lets running jobs end when it is told to stop, and takes no new one', async () => {
    const s = scene();
    const door = gate();
    const runner = await s.run([s.job(() => door.opened)], { concurrency: 1 });
    await s.enqueue(['running', 'waiting']);
    await eventually(async () => expect(await s.column('select key as value from runs')).toHaveLength(1));

    const stopped = runner.stop(20_000);
    door.open();
    await stopped;
    expect(await s.effects()).toHaveLength(1);
    expect(await s.column('select key as value from runs')).toHaveLength(1);
    expect(await jobCounts(s.db)).toMatchObject({ running: 0, ready: 1 });

    await s.run([s.job()]);
    await s.expectEffects('running', 'waiting');
  });

  it('hands over what does not end in time; the late worker then has no effect', async () => {
    const s = scene();
    const door = gate();
    let signal: AbortSignal | undefined;
    const runner = await s.run(
      [
        s.job((_, ctx) => {
          signal = ctx.signal;
          return door.opened;
        }),
      ],
      { leaseMs: 60_000 },
    );
    await s.enqueue(['slow']);
    await eventually(async () => expect(await s.attempts('slow')).toHaveLength(1));
    await runner.stop(50);
    expect(signal?.aborted).toBe(true);

    // The lease was for a minute: only its release lets the next worker start now, on the same attempt.
    await s.run([s.job()], { leaseMs: 60_000 });
    await s.expectEffects('slow');
    expect(await s.attempts('slow')).toEqual([1, 1]);

    door.open();
    await eventually(() =>
      expect(s.messages(30)).toContain('A job was left to the worker that took it over'),
    );
    expect(await s.effects()).toEqual(['slow']);
  });

  it('keeps the lease of a job that takes longer than one', async () => {
    const s = scene();
    const door = gate();
    const settings = { leaseMs: 300 };
    await s.run([s.job(() => door.opened)], settings);
    await s.run([s.job(() => door.opened)], settings);
    await s.enqueue(['long']);
    const lease = async () =>
      Number((await s.column<Date | null>('select locked_until as value from jobs'))[0]);
    const first = await eventually(async () => {
      const until = await lease();
      expect(until).toBeGreaterThan(0);
      return until;
    });
    await eventually(async () => expect(await lease()).toBeGreaterThan(first + 600));
    door.open();
    await s.expectEffects('long');
    await s.expectQuiet();
    expect(await s.attempts('long')).toEqual([1]);
  });

  it('runs a job again whose worker was killed in the middle of it', async () => {
    const s = scene();
    const doomed = s.fork('work');
    await s.enqueue(['crash']);
    await eventually(async () => expect(await s.attempts('crash')).toEqual([1]), { timeoutMs: 20_000 });
    await s.kill(doomed);

    await s.run([s.job()]);
    await s.expectEffects('crash');
    await s.expectQuiet();
    expect(await s.effects()).toEqual(['crash']);
    expect(await s.attempts('crash')).toEqual([1, 2]);
  });

  it('finds a job whose process died right after the commit', async () => {
    const s = scene();
    const doomed = s.fork('commit');
    await eventually(() => expect(doomed.signalCode).toBe('SIGKILL'), { timeoutMs: 20_000 });
    await s.run([s.job()]);
    await s.expectEffects('orphan');
  });

  it('shares the work between two runners without doing any of it twice', async () => {
    const s = scene();
    const took = [0, 0];
    const sharing = (mine: number) =>
      s.job(async () => {
        took[mine] = (took[mine] ?? 0) + 1;
        // Neither may finish the work before the other has had some.
        await eventually(() => expect(took.every((count) => count > 0)).toBe(true));
      });
    await s.run([sharing(0)]);
    await s.run([sharing(1)]);
    const keys = Array.from({ length: 200 }, (_, i) => `job ${String(i).padStart(3, '0')}`);
    await s.enqueue(keys);
    await s.expectEffects(...keys);
    await s.expectQuiet();
    expect(await s.effects()).toEqual(keys);
    expect(took.reduce((sum, count) => sum + count, 0)).toBe(200);
  });

  it('survives the loss of every database connection, and hears of new jobs again', async () => {
    const s = scene();
    // So rare a poll that only a notification can start the second job in time.
    const settings = { pollMs: 600_000 };
    await s.run([s.job()], settings);
    await s.enqueue(['before']);
    await s.expectEffects('before');
    await s.expectQuiet();
    await cutConnections(s);
    await eventually(async () => expect(await listeners(s)).toHaveLength(1));
    await s.enqueue(['after']);
    await s.expectEffects('after', 'before');
  });

  it('waits while the database refuses connections, and says so once', async () => {
    const s = scene();
    await s.run([s.job()]);
    const name = new URL(s.test.url).pathname.slice(1);
    await administer(`alter database ${name} allow_connections false`);
    await cutConnections(s);
    await eventually(() => expect(s.messages(WARN)).toContain('Jobs wait: the database does not answer'));
    await administer(`alter database ${name} allow_connections true`);
    await eventually(() => s.enqueue(['after']));
    await s.expectEffects('after');
    expect(s.messages(WARN).filter((line) => line.startsWith('Jobs wait'))).toHaveLength(1);
  });
}

/** A door for handlers to wait at. */
function gate(): { opened: Promise<unknown>; open: () => void } {
  const door = new EventEmitter();
  return { opened: once(door, 'open'), open: () => void door.emit('open') };
}

function listeners(s: Scene): Promise<number[]> {
  return s.column<number>(
    `select pid as value from pg_stat_activity where datname = current_database() and query = 'listen jobs'`,
  );
}

/** What a restart of PostgreSQL does to its clients. */
async function cutConnections(s: Scene): Promise<void> {
  const name = new URL(s.test.url).pathname.slice(1);
  await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
}

async function administer(sql: string): Promise<void> {
  const client = new Client({ connectionString: process.env['IDENTIKIT_TEST_SERVER'] ?? '' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
