import { StartupError } from './platform/errors';
import { createBullRelay, createBullWorker } from './platform/jobs/bull-runner';
import { createPgRunner } from './platform/jobs/pg-runner';
import { onSignals, runProcess, start } from './start';

/** How long jobs under way may take to end after a signal. */
const DRAIN_MS = 30_000;

/** A process that only runs jobs: from Redis where REDIS_URL is set, otherwise straight from PostgreSQL. Any number may run. */
async function main(): Promise<void> {
  const { config, log, services, close } = await start({ seed: false });
  const { db, jobs } = services;
  const options = { db, log, jobs, concurrency: config.jobConcurrency, leaseMs: config.jobLeaseMs };

  if (config.redisUrl === null) {
    const runner = createPgRunner(options);
    await runner.start();
    onSignals(log, async () => {
      await runner.stop(DRAIN_MS);
      await close();
    });
  } else {
    const relay = createBullRelay({ db, log, redisUrl: config.redisUrl });
    if (!(await relay.ping())) {
      await relay.stop(0);
      await close();
      throw new StartupError(
        'Redis at REDIS_URL does not answer. Start it, or unset REDIS_URL to run jobs from PostgreSQL.',
      );
    }
    const worker = createBullWorker({ ...options, redisUrl: config.redisUrl });
    await Promise.all([relay.start(), worker.start()]);
    onSignals(log, async () => {
      await Promise.all([relay.stop(DRAIN_MS), worker.stop(DRAIN_MS)]);
      await close();
    });
  }
  process.stdout.write(`Identikit worker is ready (${config.redisUrl === null ? 'PostgreSQL' : 'Redis'}).\n`);
}

runProcess(main);
