import type { z } from 'zod';
import type { Log } from '../log/log';

/** What enqueuing needs to know of a kind of job. Payloads hold ids, never copies of rows. */
export type JobType<P> = {
  readonly kind: string;
  readonly schema: z.ZodType<P>;
  /** Runs before the job is given up for a person to look at; 10 unless told. */
  readonly maxAttempts?: number;
};

/** A kind of job with the code that does it. */
export type Job<P> = JobType<P> & {
  /**
   * Does the job. It may run more than once (a worker can die after the effect), so the effect must be idempotent;
   * calling `ctx.complete()` in the transaction of the effect makes it happen exactly once.
   */
  handle(payload: P, ctx: JobContext): Promise<void>;
};

export type JobContext = {
  readonly jobId: string;
  /** 1 on the first run. */
  readonly attempt: number;
  readonly log: Log;
  /** Aborted when the worker must go or has lost the job to another; long handlers look at it. */
  readonly signal: AbortSignal;
  /**
   * Marks the job finished inside the current transaction, so that effect and mark commit together. Call it once, in the
   * handler's last transaction. A handler that never calls it is marked finished after it returns.
   * @throws LeaseLostError if another worker has taken the job over: the transaction rolls back, and with it the effect.
   */
  complete(): Promise<void>;
};

/** Another worker has taken the job over, because this one was frozen or was told to stop. */
export class LeaseLostError extends Error {
  constructor(jobId: string) {
    super(`Job ${jobId} was taken over by another worker.`);
    this.name = 'LeaseLostError';
  }
}

export type JobCounts = {
  /** Due and waiting for a worker. */
  ready: number;
  /** Waiting for their time: planned for later, or backing off after a failure. */
  delayed: number;
  running: number;
  /** Given up after the last attempt; they wait for a person. */
  failed: number;
  /** Age of the oldest ready job in seconds; 0 if none is ready. */
  oldestReadySeconds: number;
};

export type JobStats = JobCounts & {
  /** Jobs running in this process. */
  active: number;
  /** Redis as this process sees it; `none` where the runner does not use it. */
  broker: 'none' | 'up' | 'down';
};

/** Runs jobs until told to stop. */
export type JobRunner = {
  start(): Promise<void>;
  /** Takes no new job, waits up to `timeoutMs` for the running ones, then hands the rest over to other workers. */
  stop(timeoutMs: number): Promise<void>;
  stats(): Promise<JobStats>;
};

/** Defines a kind of job; infers the payload's type from the schema. */
export function defineJob<P>(job: Job<P>): Job<P> {
  return job;
}
