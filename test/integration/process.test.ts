import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_ACCOUNTS } from '../../seeds/demo/accounts';
import { fromRoot } from '../../server/platform/root';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { eventually } from '../support/eventually';

/** A cold start creates a database and loads every course; machines that test often do something else as well. */
const START_MS = 60_000;
const NOBODY_LISTENS = '127.0.0.1:1';

type Launched = {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

describe('The processes as a user starts them', () => {
  const launched: Launched[] = [];
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'identikit-process-'));
    // As root, PostgreSQL runs as another user, who must reach its data.
    chmodSync(folder, 0o755);
  });
  afterAll(async () => {
    for (const { child, exited } of launched) {
      signalGroup(child, 'SIGKILL');
      await exited;
    }
    const survivor = postgresOf(join(folder, 'data'));
    if (survivor !== null && isAlive(survivor)) process.kill(survivor, 'SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts an entry point from its sources, with these settings and none of this machine's own. */
  function launch(entry: string, settings: Record<string, string>): Launched {
    const child = spawn(process.execPath, ['--import', 'tsx', fromRoot('server', entry)], {
      cwd: fromRoot(),
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        NODE_ENV: '',
        DATABASE_URL: '',
        REDIS_URL: '',
        SMTP_URL: '',
        BASE_URL: '',
        LOG_LEVEL: 'warn',
        DATA_DIR: join(folder, 'data'),
        ...settings,
      },
      // A group of its own, so that a signal can reach all of it, as Ctrl-C in a terminal does.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk));
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal })),
    );
    const process_ = { child, stdout: () => stdout, stderr: () => stderr, exited };
    launched.push(process_);
    return process_;
  }

  /** Waits for /readyz to answer, or fails with what the process said. */
  async function ready(started: Launched, port: number): Promise<Record<string, unknown>> {
    return eventually(
      async () => {
        if (started.child.exitCode !== null) throw new Error(`It ended: ${started.stderr()}`);
        const response = await fetch(`http://127.0.0.1:${port}/readyz`);
        expect(response.status).toBe(200);
        return (await response.json()) as Record<string, unknown>;
      },
      { timeoutMs: START_MS, everyMs: 100 },
    );
  }

  /** The one line of a process that cannot run; anything else about its end is a failure. */
  async function refusal(started: Launched): Promise<string> {
    const { code } = await started.exited;
    expect({ code, stdout: started.stdout() }).toEqual({ code: 1, stdout: '' });
    const lines = started.stderr().trimEnd().split('\n');
    expect(lines).toEqual([expect.stringMatching(/^Identikit cannot start: /)]);
    return lines[0] ?? '';
  }

  it(
    'starts on a fresh folder, again after SIGKILL, and leaves nothing behind at Ctrl-C',
    async () => {
      const port = await freePort();
      const first = launch('main.ts', { PORT: String(port) });
      await ready(first, port);
      expect(first.stdout()).toContain(`http://localhost:${port}`);
      for (const { email } of DEMO_ACCOUNTS) expect(first.stdout()).toContain(email);
      const orphan = postgresOf(join(folder, 'data'));
      signalGroup(first.child, 'SIGKILL');
      expect((await first.exited).signal).toBe('SIGKILL');

      const second = launch('main.ts', { PORT: String(port) });
      await ready(second, port);
      const adopted = postgresOf(join(folder, 'data'));
      expect(adopted).not.toBeNull();
      signalGroup(second.child, 'SIGINT');
      expect(await second.exited).toEqual({ code: 0, signal: null });
      expect(second.stderr()).toBe('');
      await gone(orphan, adopted);
    },
    2 * START_MS,
  );

  it(
    'refuses a port that is taken in one line, and stops the database it had started',
    async () => {
      const { server, port } = await listenAnywhere();
      try {
        const started = launch('main.ts', { PORT: String(port) });
        expect(await refusal(started)).toMatch(new RegExp(`${port} is in use.*PORT=`));
        await gone(postgresOf(join(folder, 'data')));
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    },
    START_MS,
  );

  it(
    'refuses a data folder that it cannot write in one line',
    async () => {
      const file = join(folder, 'a-file');
      writeFileSync(file, '');
      const started = launch('main.ts', { PORT: '0', DATA_DIR: join(file, 'data') });
      expect(await refusal(started)).toMatch(/a-file.*(DATA_DIR|DATABASE_URL)/);
    },
    START_MS,
  );

  describe('on a database of its own', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createTestDatabase();
    });
    afterAll(() => database.drop());

    function altered(change: (url: URL) => void): string {
      const url = new URL(database.url);
      change(url);
      return url.toString();
    }

    it(
      'refuses a DATABASE_URL that leads nowhere, to no database or to nobody, each in one line',
      async () => {
        const wrong = [
          `postgres://identikit:secret@${NOBODY_LISTENS}/identikit`,
          altered((url) => (url.pathname = '/no_such_database')),
          altered((url) => (url.username = 'nobody_here')),
        ];
        const started = wrong.map((url) => launch('main.ts', { PORT: '0', DATABASE_URL: url }));
        for (const each of started) {
          const line = await refusal(each);
          expect(line).toContain('DATABASE_URL');
          expect(line).not.toContain('secret');
        }
      },
      START_MS,
    );

    it(
      'serves pages while Redis is away and says so; the worker does not start',
      async () => {
        const port = await freePort();
        const settings = { DATABASE_URL: database.url, REDIS_URL: `redis://${NOBODY_LISTENS}` };
        const web = launch('main.ts', { ...settings, PORT: String(port) });
        expect(await ready(web, port)).toMatchObject({
          status: 'degraded',
          checks: { database: { ok: true }, queue: { ok: false } },
        });
        await eventually(() => expect(web.stdout()).toMatch(/REDIS_URL does not answer/));
        expect((await fetch(`http://127.0.0.1:${port}/profile`)).status).toBe(200);

        const worker = launch('worker.ts', settings);
        expect(await refusal(worker)).toMatch(/REDIS_URL does not answer/);

        signalGroup(web.child, 'SIGTERM');
        expect(await web.exited).toEqual({ code: 0, signal: null });
      },
      2 * START_MS,
    );
  });
});

/** Ctrl-C reaches every process of the terminal's group; so does this. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, signal);
}

/** Process id of the embedded PostgreSQL of a data folder, if it has one. */
function postgresOf(dataDir: string): number | null {
  try {
    return Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL takes its lock file away just before it ends. */
async function gone(...pids: (number | null)[]): Promise<void> {
  await eventually(() => expect(pids.filter((pid) => pid !== null && isAlive(pid))).toEqual([]));
}

async function freePort(): Promise<number> {
  const { server, port } = await listenAnywhere();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listenAnywhere(): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      if (address && typeof address === 'object') resolve({ server, port: address.port });
      else reject(new Error('no port'));
    });
  });
}
