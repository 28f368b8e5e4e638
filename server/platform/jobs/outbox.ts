import type { Database } from '../db/database';
import type { JobType } from './contract';

export type EnqueueOptions = {
  /**
   * While an unfinished job of the same kind has this key, another is not added. For "this effect once"
   * (`certificate:<enrolment>`); not for "refresh", because the job that is there may already have read the old state.
   */
  dedupeKey?: string;
  /** Not before this moment; at once unless told. */
  runAt?: Date;
  /** Overrides the kind's own limit. */
  maxAttempts?: number;
};

export type Outbox = {
  /**
   * Adds a job in the current transaction: it exists exactly if the transaction commits.
   * @returns the job's id, or null if one with the same dedupe key is already waiting.
   * @throws outside a transaction, and ZodError if the payload does not fit the kind's schema.
   */
  enqueue<P>(job: JobType<P>, payload: NoInfer<P>, options?: EnqueueOptions): Promise<string | null>;
};

const DEFAULT_MAX_ATTEMPTS = 10;

/** Creates the outbox: the `jobs` table, which is outbox and queue in one. `newId` makes UUIDv7. */
export function createOutbox(db: Database, newId: () => string): Outbox {
  return {
    async enqueue(job, payload, options = {}) {
      db.assertTransaction();
      job.schema.parse(payload);
      const [row] = await db.query<{ id: string }>(
        'jobs.enqueue',
        `insert into jobs (id, kind, dedupe_key, payload, max_attempts, run_at)
         values ($1, $2, $3, $4::jsonb, $5, coalesce($6::timestamptz, now()))
         on conflict (kind, dedupe_key)
           where finished_at is null and failed_at is null and dedupe_key is not null do nothing
         returning id`,
        [
          newId(),
          job.kind,
          options.dedupeKey ?? null,
          JSON.stringify(payload),
          options.maxAttempts ?? job.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
          options.runAt ?? null,
        ],
      );
      return row?.id ?? null;
    },
  };
}
