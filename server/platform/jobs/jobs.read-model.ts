import type { Database } from '../db/database';
import type { JobCounts } from './contract';

export type JobKindCounts = Omit<JobCounts, 'oldestReadySeconds'> & {
  kind: string;
  /** Finished during the last 24 hours. */
  finishedLastDay: number;
};

export type FailedJob = {
  id: string;
  kind: string;
  attempts: number;
  lastError: string | null;
  createdAt: Date;
  failedAt: Date;
};

/** `superseded`: a newer job with the same dedupe key is waiting and will have the same effect. */
export type RetryResult = 'retried' | 'superseded' | 'not-failed';

const OPEN = 'finished_at is null and failed_at is null';
const RUNNING = `locked_until >= now() and not starts_with(locked_by, 'relay:')`;
const COUNTS = `
  count(*) filter (where ${OPEN} and run_at <= now() and (${RUNNING}) is not true)::int as ready,
  count(*) filter (where ${OPEN} and run_at > now())::int as delayed,
  count(*) filter (where ${OPEN} and ${RUNNING})::int as running,
  count(*) filter (where failed_at is not null)::int as failed`;

/** Counts of unfinished jobs by state, in one statement that reads no finished row. */
export async function jobCounts(db: Database): Promise<JobCounts> {
  const [counts] = await db.query<JobCounts>(
    'jobs.counts',
    `select ${COUNTS},
       coalesce(extract(epoch from now() - min(run_at) filter (where ${OPEN} and run_at <= now() and (${RUNNING}) is not true)), 0)::float8
         as "oldestReadySeconds"
     from jobs where (${OPEN}) or failed_at is not null`,
  );
  return counts ?? { ready: 0, delayed: 0, running: 0, failed: 0, oldestReadySeconds: 0 };
}

/** Counts by kind and state for the administration page, in order of kind. */
export function jobCountsByKind(db: Database): Promise<JobKindCounts[]> {
  return db.query<JobKindCounts>(
    'jobs.countsByKind',
    `select kind, ${COUNTS},
       count(*) filter (where finished_at > now() - interval '1 day')::int as "finishedLastDay"
     from jobs where finished_at is null or finished_at > now() - interval '1 day'
     group by kind order by kind`,
  );
}

/** The jobs that were given up, last first. */
export function failedJobs(db: Database, limit = 50): Promise<FailedJob[]> {
  return db.query<FailedJob>(
    'jobs.failed',
    `select id, kind, attempts, last_error as "lastError", created_at as "createdAt", failed_at as "failedAt"
     from jobs where failed_at is not null order by failed_at desc, id limit $1`,
    [limit],
  );
}

const RESET = `failed_at = null, attempts = 0, run_at = now(), dispatched_at = null, locked_by = null, locked_until = null`;
const SUPERSEDED = `exists (
  select 1 from jobs live where live.kind = jobs.kind and live.dedupe_key = jobs.dedupe_key
    and live.finished_at is null and live.failed_at is null)`;

/** Gives a failed job all its attempts again, at once. */
export async function retryJob(db: Database, id: string): Promise<RetryResult> {
  const [job] = await db.query<{ superseded: boolean }>(
    'jobs.retry',
    `with failed as (
       select id, ${SUPERSEDED} as superseded from jobs where id = $1 and failed_at is not null for update),
     retried as (
       update jobs set ${RESET} from failed where jobs.id = failed.id and not failed.superseded returning jobs.id)
     select superseded, (select pg_notify('jobs', '') from retried) from failed`,
    [id],
  );
  if (!job) return 'not-failed';
  return job.superseded ? 'superseded' : 'retried';
}

/**
 * Gives every failed job (of one kind, if given) all its attempts again; of several with one dedupe key the newest.
 * @returns how many.
 */
export async function retryFailedJobs(db: Database, kind: string | null = null): Promise<number> {
  const retried = await db.query(
    'jobs.retryAll',
    `with newest as (
       select distinct on (kind, coalesce(dedupe_key, id::text)) id from jobs
       where failed_at is not null and ($1::text is null or kind = $1) and not ${SUPERSEDED}
       order by kind, coalesce(dedupe_key, id::text), failed_at desc),
     retried as (update jobs set ${RESET} from newest where jobs.id = newest.id returning jobs.id)
     select id, pg_notify('jobs', '') from retried`,
    [kind],
  );
  return retried.length;
}

/** Deletes jobs that finished more than `days` days ago. @returns how many. */
export async function purgeFinishedJobs(db: Database, days: number): Promise<number> {
  const [result] = await db.query<{ purged: number }>(
    'jobs.purge',
    `with purged as (
       delete from jobs where finished_at < now() - $1::float8 * interval '1 day' returning 1)
     select count(*)::int as purged from purged`,
    [days],
  );
  return result?.purged ?? 0;
}
