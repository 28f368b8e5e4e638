import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { MIGRATIONS } from '../../migrations';
import { seed } from '../../seeds/run';
import { compose } from '../../server/composition';
import { loadConfig } from '../../server/config';
import { ENTITIES } from '../../server/entities';
import { Database } from '../../server/platform/db/database';
import { startEmbeddedPostgres } from '../../server/platform/db/embedded';
import { createLog } from '../../server/platform/log/log';
import { fromRoot } from '../../server/platform/root';
import { BENCH_PASSWORD, generateLearners, learnerEmail } from './dataset';

/**
 * `npm run bench [seconds] [learners]`: drives the production build over HTTP on a generated data set, and in the same
 * run a bare page of the same stack. Only the ratios are comparable between machines and days.
 */
const SECONDS = Number(process.argv[2] ?? 6);
const LEARNERS = Number(process.argv[3] ?? 10_000);
const SESSIONS = 32;
const PORTS = { app: 4310, bare: 4311 };

type Result = { p50: number; p95: number; p99: number; perSecond: number; kB: number; failed: number };

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'identikit-bench-'));
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  const children: ChildProcess[] = [];
  try {
    await prepare(postgres.url, folder);
    const app = `http://127.0.0.1:${PORTS.app}`;
    const bare = `http://127.0.0.1:${PORTS.bare}`;
    const started = performance.now();
    children.push(
      run([fromRoot('dist/server/main.js')], {
        ...environment(postgres.url, folder),
        PORT: String(PORTS.app),
      }),
    );
    await answers(`${app}/login`);
    console.log(`start to first page on an existing database: ${Math.round(performance.now() - started)} ms`);
    children.push(
      run(['--import', 'tsx', fromRoot('test/bench/bare-server.ts')], {
        DATABASE_URL: postgres.url,
        PORT: String(PORTS.bare),
      }),
    );
    await answers(`${bare}/start/${learnerEmail(1)}`);

    const signInTimes: number[] = [];
    const cookies: string[] = [];
    const bareCookies: string[] = [];
    for (let n = 1; n <= SESSIONS; n++) {
      const { cookie, ms } = await signIn(app, learnerEmail(n));
      cookies.push(cookie);
      signInTimes.push(ms);
      bareCookies.push(cookieOf(await fetch(`${bare}/start/${learnerEmail(n)}`)));
    }
    const lesson =
      (
        await fetch(`${app}/learn/cluster-manager-profession`, {
          headers: { cookie: cookies[0] ?? '' },
          redirect: 'manual',
        })
      ).headers.get('location') ?? '';

    const pages: [string, string, string[]][] = [
      ['bare page', `${bare}/page`, bareCookies],
      ['dashboard', `${app}/home`, cookies],
      ['lesson', `${app}${lesson}`, cookies],
      ['gap', `${app}/gap`, cookies],
      ['path', `${app}/path`, cookies],
    ];
    const results = new Map<string, { one: Result; many: Result }>();
    for (const [name, url, sessions] of pages) {
      await load(url, sessions, 16, 2);
      results.set(name, {
        one: await load(url, sessions, 1, SECONDS),
        many: await load(url, sessions, 16, SECONDS),
      });
    }
    report(results, signInTimes);
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(
      children.map(
        (child) =>
          new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(null))),
      ),
    );
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(url: string, folder: string): Record<string, string> {
  return { NODE_ENV: 'development', DEMO: 'false', DATABASE_URL: url, DATA_DIR: folder, LOG_LEVEL: 'warn' };
}

async function prepare(url: string, folder: string): Promise<void> {
  const started = performance.now();
  const db = await Database.connect({ url, poolSize: 4, entities: ENTITIES, migrations: MIGRATIONS });
  await db.migrate();
  const services = await compose({
    config: loadConfig(environment(url, folder)),
    db,
    log: createLog('warn'),
  });
  await seed(services);
  await generateLearners(services, LEARNERS);
  await services.close();
  await db.close();
  console.log(
    `${LEARNERS} learners generated in ${((performance.now() - started) / 1000).toFixed(1)} s; ${cpus().length} processors`,
  );
}

function run(args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const up = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${url} does not answer`);
}

async function signIn(app: string, email: string): Promise<{ cookie: string; ms: number }> {
  const page = await fetch(`${app}/login`);
  const before = cookieOf(page);
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
  const started = performance.now();
  const response = await fetch(`${app}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: before, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ _csrf: token, email, password: BENCH_PASSWORD }),
  });
  const ms = performance.now() - started;
  if (response.status !== 303) throw new Error(`sign-in of ${email} answered ${response.status}`);
  return { cookie: cookieOf(response), ms };
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function load(url: string, cookies: string[], connections: number, seconds: number): Promise<Result> {
  let next = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    setupClient: (client) =>
      client.setHeaders({ cookie: cookies[next++ % cookies.length] ?? '', accept: 'text/html' }),
  });
  return {
    p50: result.latency.p50,
    p95: result.latency.p97_5,
    p99: result.latency.p99,
    perSecond: result.requests.average,
    kB: result.throughput.total / result.requests.total / 1024,
    failed: result.non2xx + result.errors,
  };
}

function report(results: Map<string, { one: Result; many: Result }>, signInTimes: number[]): void {
  const bare = results.get('bare page');
  console.log(
    '\npage        c1 p50 ms  c1 p97.5 ms  c16 p97.5 ms   c16 pages/s   of bare   kB sent   failed',
  );
  for (const [name, { one, many }] of results) {
    const ratio = bare ? many.perSecond / bare.many.perSecond : 1;
    console.log(
      name.padEnd(10),
      String(one.p50).padStart(10),
      String(one.p95).padStart(12),
      String(many.p95).padStart(13),
      many.perSecond.toFixed(0).padStart(13),
      ratio.toFixed(2).padStart(9),
      many.kB.toFixed(1).padStart(9),
      String(one.failed + many.failed).padStart(8),
    );
  }
  const sorted = signInTimes.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0);
  console.log(`\nsign-in, one at a time: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (argon2id included)`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
