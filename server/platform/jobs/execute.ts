import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../db/database';
import type { Log } from '../log/log';
import { type Job, type JobContext, LeaseLostError } from './contract';
import { createFaultLog } from './fault-log';

/** A row that this process holds the lease of. */
export type ClaimedJob = {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  /** Which run this is, from 1. */
  readonly attempts: number;
  readonly maxAttempts: number;
};

export type ExecutorOptions = {
  db: Database;
  log: Log;
  jobs: readonly Job<unknown>[];
  /** How long a silent worker keeps a job; renewed every third of it. 60 s unless told. */
  leaseMs?: number;
  /** Pause before the next run after the given failed attempt; {@link backoffMs} unless told. */
  backoffMs?: (attempt: number) => number;
};

export type Executor = {
  /** Number of jobs running here. */
  active(): number;
  /** Takes up to `limit` due jobs that nobody holds. */
  claim(limit: number): Promise<ClaimedJob[]>;
  /** Takes this job, if it is due, unfinished, and held by no worker. */
  claimOne(id: string): Promise<ClaimedJob | null>;
  /** Runs a claimed job and records its outcome. Never rejects. */
  run(job: ClaimedJob): Promise<void>;
  /** Waits up to `timeoutMs` for the running jobs, then tells the rest to stop and gives up their leases. */
  drain(timeoutMs: number): Promise<void>;
};

/** A relay's lease covers only the hand-over to Redis: a worker may take such a row at once. */
export const RELAY_PREFIX = 'relay:';
const DEFAULT_LEASE_MS = 60_000;
const LONGEST_ERROR = 2000;
const CLAIMED = `jobs.id, jobs.kind, jobs.payload, jobs.attempts, jobs.max_attempts as "maxAttempts"`;
/** `$1` milliseconds from now, as an SQL expression. */
const msFromNow = (parameter: string) => `now() + ${parameter}::float8 * interval '1 millisecond'`;

type Run = { job: ClaimedJob; abort: AbortController; ended: Promise<void> };

/** Pause in ms before the next run after failed attempt `attempt` (from 1): 2^attempt seconds, at most one hour. */
export function backoffMs(attempt: number): number {
  return Math.min(2 ** attempt, 3600) * 1000;
}

/**
 * Creates the one way to run a row of `jobs`, used by both runners. The row is the only record of state: attempts,
 * lease, back-off and dead letter live there. Every write to it checks that the lease is still ours.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { db, log, leaseMs = DEFAULT_LEASE_MS, backoffMs: pause = backoffMs } = options;
  const handlers = indexByKind(options.jobs);
  const owner = `${hostname()}:${process.pid}:${randomUUID()}`;
  const runs = new Map<string, Run>();
  const renewals = createFaultLog(
    log,
    'Leases of running jobs cannot be renewed',
    'Leases are renewed again',
  );
  let renewal: NodeJS.Timeout | undefined;

  async function renew(): Promise<void> {
    const ids = [...runs.keys()];
    if (ids.length === 0) return;
    // A row locked by its own handler's last transaction is skipped: waiting for it would hold up the others.
    await db.query(
      'jobs.renew',
      `update jobs set locked_until = ${msFromNow('$3')}
       where id in (select id from jobs where id = any($1::uuid[]) and locked_by = $2 and finished_at is null
                    for update skip locked)`,
      [ids, owner, leaseMs],
    );
    const lost = await db.query<{ id: string }>(
      'jobs.lost',
      'select id from jobs where id = any($1::uuid[]) and locked_by is distinct from $2',
      [ids, owner],
    );
    for (const { id } of lost) runs.get(id)?.abort.abort(new LeaseLostError(id));
  }

  function keepRenewing(): void {
    renewal ??= setInterval(() => {
      renew().then(
        () => renewals.up(),
        (error: unknown) => renewals.down(error),
      );
    }, leaseMs / 3);
  }

  /** Whether the row was ours to mark finished. Joins the current transaction. */
  async function finish(job: ClaimedJob): Promise<boolean> {
    const marked = await db.query(
      'jobs.finish',
      `update jobs set finished_at = clock_timestamp(), locked_until = null, last_error = null
       where id = $1 and locked_by = $2 and attempts = $3 and finished_at is null returning id`,
      [job.id, owner, job.attempts],
    );
    return marked.length > 0;
  }

  async function postpone(job: ClaimedJob, error: unknown, jobLog: Log): Promise<void> {
    const delay = pause(job.attempts);
    const marked = await db.query(
      'jobs.postpone',
      `update jobs set locked_by = null, locked_until = null, dispatched_at = null, last_error = $4,
         run_at = ${msFromNow('$5')}
       where id = $1 and locked_by = $2 and attempts = $3 and finished_at is null returning id`,
      [job.id, owner, job.attempts, message(error), delay],
    );
    if (marked.length > 0)
      jobLog.warn({ err: error, retryInMs: delay }, 'A job failed and will be tried again');
  }

  async function bury(job: ClaimedJob, error: unknown, jobLog: Log): Promise<void> {
    const marked = await db.query(
      'jobs.bury',
      `update jobs set locked_by = null, locked_until = null, dispatched_at = null, last_error = $4, failed_at = now()
       where id = $1 and locked_by = $2 and attempts = $3 and finished_at is null returning id`,
      [job.id, owner, job.attempts, message(error)],
    );
    if (marked.length > 0)
      jobLog.error({ err: error }, 'A job was given up; see the failed jobs on the administration page');
  }

  async function attempt(job: ClaimedJob, signal: AbortSignal, jobLog: Log): Promise<void> {
    const handler = handlers.get(job.kind);
    if (!handler)
      return bury(job, new Error(`This version does not know jobs of the kind "${job.kind}".`), jobLog);
    // Only a worker that died without a word leaves a row with all its attempts used.
    if (job.attempts > job.maxAttempts)
      return bury(job, new Error('Each attempt ended with the death of its worker.'), jobLog);
    const payload = handler.schema.safeParse(job.payload);
    if (!payload.success)
      return bury(job, new Error(`The payload is not valid. ${z.prettifyError(payload.error)}`), jobLog);

    let completed = false;
    const ctx: JobContext = {
      jobId: job.id,
      attempt: job.attempts,
      log: jobLog,
      signal,
      async complete() {
        db.assertTransaction();
        if (!(await finish(job))) throw new LeaseLostError(job.id);
        completed = true;
      },
    };
    try {
      await handler.handle(payload.data, ctx);
    } catch (error) {
      if (error instanceof LeaseLostError)
        return jobLog.info('A job was left to the worker that took it over');
      return job.attempts >= job.maxAttempts ? bury(job, error, jobLog) : postpone(job, error, jobLog);
    }
    // Also after complete(): its transaction may have been rolled back and the error swallowed by the handler.
    const marked = await finish(job);
    if (!marked && !completed) jobLog.warn('A job ended after its lease was lost; it may have run twice');
    return undefined;
  }

  async function runOnce(job: ClaimedJob, signal: AbortSignal): Promise<void> {
    const jobLog = log.child({ jobId: job.id, kind: job.kind, attempt: job.attempts });
    try {
      await attempt(job, signal, jobLog);
    } catch (error) {
      jobLog.warn(
        { err: error },
        'The outcome of a job could not be recorded; it runs again when its lease ends',
      );
    }
  }

  /** Hands unfinished jobs back without counting the interrupted attempt. */
  async function release(): Promise<void> {
    await db.query(
      'jobs.release',
      `update jobs set locked_by = null, locked_until = null, dispatched_at = null, attempts = attempts - 1, run_at = now()
       where id in (select id from jobs where id = any($1::uuid[]) and locked_by = $2 and finished_at is null
                    for update skip locked)`,
      [[...runs.keys()], owner],
    );
    await db.query('jobs.notify', `select pg_notify('jobs', '')`);
  }

  return {
    active: () => runs.size,

    claim(limit) {
      return db.query<ClaimedJob>(
        'jobs.claim',
        `with due as materialized (
           select id from jobs
           where finished_at is null and failed_at is null and run_at <= now()
             and (locked_until is null or locked_until < now()) and id <> all($4::uuid[])
           order by run_at limit $1 for update skip locked)
         update jobs set attempts = attempts + 1, locked_by = $2, locked_until = ${msFromNow('$3')}
         from due where jobs.id = due.id
         returning ${CLAIMED}`,
        [limit, owner, leaseMs, [...runs.keys()]],
      );
    },

    async claimOne(id) {
      if (runs.has(id)) return null;
      const [job] = await db.query<ClaimedJob>(
        'jobs.claimOne',
        `update jobs set attempts = attempts + 1, locked_by = $2, locked_until = ${msFromNow('$3')},
           dispatched_at = coalesce(dispatched_at, now())
         where id = $1 and finished_at is null and failed_at is null and run_at <= now()
           and (locked_until is null or locked_until < now() or starts_with(locked_by, '${RELAY_PREFIX}'))
         returning ${CLAIMED}`,
        [id, owner, leaseMs],
      );
      return job ?? null;
    },

    run(job) {
      keepRenewing();
      const abort = new AbortController();
      const ended = runOnce(job, abort.signal).finally(() => runs.delete(job.id));
      runs.set(job.id, { job, abort, ended });
      return ended;
    },

    async drain(timeoutMs) {
      const timer = new AbortController();
      const deadline = sleep(timeoutMs, 'late', { signal: timer.signal }).catch(() => 'late');
      let state = 'waiting';
      while (runs.size > 0 && state !== 'late') {
        const all = Promise.all(Array.from(runs.values(), (run) => run.ended)).then(() => 'waiting');
        state = await Promise.race([all, deadline]);
      }
      timer.abort();
      clearInterval(renewal);
      if (runs.size === 0) return;
      log.warn({ jobIds: [...runs.keys()] }, 'Jobs did not end in time and are handed over to other workers');
      await release().catch((error: unknown) =>
        log.warn({ err: error }, 'Jobs could not be handed over; they run again when their leases end'),
      );
      for (const run of runs.values()) run.abort.abort(new LeaseLostError(run.job.id));
    },
  };
}

function indexByKind(jobs: readonly Job<unknown>[]): Map<string, Job<unknown>> {
  const index = new Map<string, Job<unknown>>();
  for (const job of jobs) {
    if (index.has(job.kind)) throw new Error(`Two jobs are called "${job.kind}".`);
    index.set(job.kind, job);
  }
  return index;
}

function message(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_ERROR);
}
