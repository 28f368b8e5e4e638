import type { Database } from '../../server/platform/db/database';
import { createBullRelay, createBullWorker } from '../../server/platform/jobs/bull-runner';
import type { Job, JobRunner } from '../../server/platform/jobs/contract';
import { createPgRunner } from '../../server/platform/jobs/pg-runner';
import type { Log } from '../../server/platform/log/log';

export type Settings = {
  db: Database;
  log: Log;
  jobs: readonly Job<unknown>[];
  concurrency?: number;
  pollMs?: number;
  retryMs?: number;
  leaseMs?: number;
  sweepMs?: number;
  backoffMs?: (attempt: number) => number;
};

/** The runner of the mode under test: PostgreSQL alone, or, with a Redis, relay and worker in one. */
export function createRunner(redisUrl: string | undefined, settings: Settings): JobRunner {
  const options = { pollMs: 50, retryMs: 50, leaseMs: 1500, backoffMs: () => 50, ...settings };
  if (redisUrl === undefined) return createPgRunner(options);
  const relay = createBullRelay({ ...options, redisUrl });
  const worker = createBullWorker({ ...options, redisUrl });
  return {
    async start() {
      await relay.start();
      await worker.start();
    },
    async stop(timeoutMs) {
      await relay.stop(timeoutMs);
      await worker.stop(timeoutMs);
    },
    stats: () => worker.stats(),
  };
}
