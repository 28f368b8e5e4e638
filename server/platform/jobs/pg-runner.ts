import type { JobRunner } from './contract';
import { createExecutor, type ExecutorOptions } from './execute';
import { jobCounts } from './jobs.read-model';
import { createLoop } from './loop';

export type PgRunnerOptions = ExecutorOptions & {
  /** Jobs that run at the same time; 4 unless told. */
  concurrency?: number;
  pollMs?: number;
  retryMs?: number;
};

/** Creates the runner that executes rows of `jobs` straight from PostgreSQL: the default, without Redis. */
export function createPgRunner(options: PgRunnerOptions): JobRunner {
  const { db, log, concurrency = 4, pollMs = 2000, retryMs = 1000 } = options;
  const executor = createExecutor(options);
  /** The last look found as much as there was room for, so there may be more. */
  let moreWaiting = false;

  const loop = createLoop({
    db,
    log,
    pollMs,
    retryMs,
    async tick() {
      const room = concurrency - executor.active();
      if (room === 0) {
        moreWaiting = true;
        return;
      }
      const claimed = await executor.claim(room);
      moreWaiting = claimed.length === room;
      for (const job of claimed) {
        void executor.run(job).then(() => {
          if (moreWaiting) loop.wake();
        });
      }
    },
  });

  return {
    start: () => loop.start(),
    async stop(timeoutMs) {
      await loop.stop();
      await executor.drain(timeoutMs);
    },
    stats: async () => ({ ...(await jobCounts(db)), active: executor.active(), broker: 'none' }),
  };
}
