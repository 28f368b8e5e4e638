import { createServer, type Server } from 'node:http';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../seeds/demo/accounts';
import { createApp } from './app';
import { StartupError } from './platform/errors';
import type { ReadinessCheck } from './platform/http/set-up-health';
import { createBullRelay } from './platform/jobs/bull-runner';
import { createPgRunner } from './platform/jobs/pg-runner';
import { onSignals, runProcess, start } from './start';

/** How long requests and jobs under way may take to end after a signal. */
const DRAIN_MS = 10_000;

/** The web process. Without REDIS_URL it runs the jobs as well; with it, it hands them to the workers. */
async function main(): Promise<void> {
  const { config, log, services, close } = await start({ seed: true });
  const { db, jobs } = services;
  const relay = config.redisUrl === null ? null : createBullRelay({ db, log, redisUrl: config.redisUrl });
  const runner =
    relay ??
    createPgRunner({ db, log, jobs, concurrency: config.jobConcurrency, leaseMs: config.jobLeaseMs });

  const checks: ReadinessCheck[] = [
    { name: 'database', required: true, check: async () => (await db.query('readyz', 'select 1'), 'up') },
    { name: 'queue', required: false, check: async () => queueState(relay) },
  ];
  const server = createServer(createApp(services, checks));
  // A database that we have started must not outlive us.
  await listen(server, config.port, config.host).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  await services.admin.planMaintenance();
  await runner.start();

  onSignals(log, async () => {
    const idle = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
    await idle;
    await runner.stop(DRAIN_MS);
    await close();
  });
  await announce(config, relay);
}

async function queueState(relay: { ping(): Promise<boolean> } | null): Promise<string> {
  if (!relay) return 'PostgreSQL';
  if (!(await relay.ping())) throw new Error('Redis does not answer');
  return 'Redis';
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason =
        cause.code === 'EADDRINUSE'
          ? `port ${port} is in use. Stop the other program, or choose another port: PORT=3001 npm start.`
          : `port ${port} cannot be opened (${cause.message}). Choose another with PORT.`;
      reject(new StartupError(reason, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

async function announce(
  config: { baseUrl: string; demo: boolean; databaseUrl: string | null; redisUrl: string | null },
  relay: { ping(): Promise<boolean> } | null,
): Promise<void> {
  const lines = ['', `Identikit is ready at ${config.baseUrl}`];
  lines.push(`  database: ${config.databaseUrl === null ? 'embedded PostgreSQL' : 'DATABASE_URL'}`);
  if (relay) {
    const up = await relay.ping();
    lines.push(
      up
        ? '  jobs: Redis; "npm run worker" executes them'
        : '  jobs: Redis at REDIS_URL does not answer. Pages work; certificates and mails wait until it is back.',
    );
  } else {
    lines.push('  jobs: in this process');
  }
  if (config.demo) {
    lines.push('', `Demonstration programme. Sign in with the password "${DEMO_PASSWORD}" as`);
    for (const { email, description } of DEMO_ACCOUNTS) lines.push(`  ${email.padEnd(26)} ${description}`);
  }
  process.stdout.write(`${lines.join('\n')}\n\n`);
}

runProcess(main);
