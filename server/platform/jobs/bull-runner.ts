import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import Bull from 'bull';
import { Redis, type RedisOptions } from 'ioredis';
import { z } from 'zod';
import type { Database } from '../db/database';
import type { Log } from '../log/log';
import type { JobRunner } from './contract';
import { type ClaimedJob, createExecutor, type ExecutorOptions, RELAY_PREFIX } from './execute';
import { createFaultLog } from './fault-log';
import { jobCounts } from './jobs.read-model';
import { createLoop } from './loop';

/**
 * Jobs over Redis. The row in `jobs` stays the only record of state; Bull carries its id to a worker, nothing more.
 * So whatever Redis forgets or repeats, the relay finds the row again and the lease lets one worker run it.
 */
export type BullOptions = {
  db: Database;
  log: Log;
  redisUrl: string;
  /** First part of every key in Redis; `identikit` unless told. */
  prefix?: string;
};

export type BullRelayOptions = BullOptions & {
  pollMs?: number;
  retryMs?: number;
  /** How long a relay that died keeps a row from the others. */
  leaseMs?: number;
  /** A row unfinished and held by nobody for this long after its hand-over is handed over again. 15 min unless told. */
  sweepMs?: number;
};

export type BullWorkerOptions = BullOptions &
  ExecutorOptions & {
    /** Jobs that run at the same time; 4 unless told. */
    concurrency?: number;
    retryMs?: number;
  };

export type BullRunner = JobRunner & {
  /** Whether Redis answers now; for the readiness probe. Takes at most two seconds. */
  ping(): Promise<boolean>;
};

const QUEUE = 'jobs';
const BATCH = 100;
const PING_MS = 2000;
const COMMAND_MS = 5000;
const CLOSE_MS = 2000;
/** Longer than the 5 s for which Bull's blocking read waits, so that only a dead connection stays silent this long. */
const SILENCE_MS = 15_000;
/** Bull forgets ended jobs after this many seconds; until then it ignores a second one with the same id. */
const REMEMBERED = { age: 86_400 };

const Delivery = z.object({ id: z.uuid() });
type Delivery = z.infer<typeof Delivery>;
type DueRow = { id: string; deliveryId: string; again: boolean };

/**
 * Creates the half that hands due rows over to Redis. Several may run, in web and worker processes alike. While Redis
 * is away it touches nothing: rows wait in the database.
 */
export function createBullRelay(options: BullRelayOptions): BullRunner {
  const { db, log, pollMs = 2000, retryMs = 1000, leaseMs = 60_000, sweepMs = 15 * 60_000 } = options;
  const owner = `${RELAY_PREFIX}${hostname()}:${process.pid}:${randomUUID()}`;
  // Fails at once instead of queueing: a command that waits for Redis would hold the rows of this relay.
  const link = createLink(options, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
  });
  const queue = createQueue(options, () => link.client);
  const faults = createFaultLog(
    log,
    'Jobs could not be handed over to Redis',
    'Jobs are handed over to Redis again',
  );

  /** Rows never handed over, rows whose worker or relay died, and (the sweep) rows that Redis seems to have lost. */
  function claim(): Promise<DueRow[]> {
    return db.query<DueRow>(
      'jobs.relay.claim',
      `with due as materialized (
         select id, dispatched_at is not null as again from jobs
         where finished_at is null and failed_at is null and run_at <= now()
           and (locked_until < now() or (locked_until is null and (
             dispatched_at is null or dispatched_at < now() - $4::float8 * interval '1 millisecond')))
         order by run_at limit $1 for update skip locked)
       update jobs set locked_by = $2, locked_until = now() + $3::float8 * interval '1 millisecond'
       from due where jobs.id = due.id
       returning jobs.id, due.again, ${DELIVERY_ID} as "deliveryId"`,
      [BATCH, owner, leaseMs, sweepMs],
    );
  }

  async function deliver(row: DueRow): Promise<void> {
    if (row.again) {
      // Bull may remember a delivery that ended without the row being run; it would ignore the new one.
      const earlier = await queue.getJob(row.deliveryId);
      if (earlier && ((await earlier.isCompleted()) || (await earlier.isFailed()))) await earlier.remove();
    }
    const delivery: Delivery = { id: row.id };
    await queue.add(delivery, {
      jobId: row.deliveryId,
      attempts: 1,
      removeOnComplete: REMEMBERED,
      removeOnFail: REMEMBERED,
    });
  }

  /** A worker may have started the row already: then the lease is the worker's, and this changes nothing. */
  async function settle(ids: string[], delivered: boolean): Promise<void> {
    if (ids.length === 0) return;
    await db.query(
      'jobs.relay.settle',
      `update jobs set locked_by = null, locked_until = null,
         dispatched_at = case when $3::boolean then now() else dispatched_at end
       where id = any($1::uuid[]) and locked_by = $2`,
      [ids, owner, delivered],
    );
  }

  const loop = createLoop({
    db,
    log,
    pollMs,
    retryMs,
    async tick() {
      if (!link.isUp()) return;
      const due = await claim();
      const results = await Promise.allSettled(due.map(deliver));
      const failure = results.find((result) => result.status === 'rejected');
      const idsWith = (status: string) =>
        due.filter((_, i) => results[i]?.status === status).map((row) => row.id);
      await settle(idsWith('fulfilled'), true);
      await settle(idsWith('rejected'), false);
      if (failure) faults.down(failure.reason);
      else if (due.length > 0) faults.up();
      if (!failure && due.length === BATCH) loop.wake();
    },
  });

  return {
    async start() {
      link.onUp(() => loop.wake());
      link.connect();
      await loop.start();
    },
    // A batch is on its way for seconds at most, so there is nothing to wait for beyond the current look.
    async stop() {
      await loop.stop();
      link.close();
    },
    stats: async () => ({ ...(await jobCounts(db)), active: 0, broker: link.isUp() ? 'up' : 'down' }),
    ping: () => link.ping(),
  };
}

/**
 * One id per planned run: a retry must not look to Bull like the run before it, while the same hand-over tried twice
 * must (a relay that died between handing over and saying so).
 */
const DELIVERY_ID = `jobs.id::text || '.' || jobs.attempts || '.' || (extract(epoch from jobs.run_at) * 1000000)::bigint`;

/** Creates the half that runs what the relays hand over. While Redis is away it finishes what it has and waits. */
export function createBullWorker(options: BullWorkerOptions): BullRunner {
  const { db, log, concurrency = 4, retryMs = 1000 } = options;
  const executor = createExecutor(options);
  const stopping = new AbortController();
  const faults = createFaultLog(log, 'Jobs wait: the database does not answer', 'Jobs run again');
  const link = createLink(options, { maxRetriesPerRequest: null });
  /** Bull's other connections, by its names: `bclient` waits for jobs, `subscriber` hears of delayed ones. */
  const others = new Map<string, Redis>();
  let queue: Bull.Queue<unknown> | undefined;

  /** Bull does not deliver twice what it delivered, so the database is waited for here. */
  async function claim(id: string): Promise<ClaimedJob | null> {
    while (!stopping.signal.aborted) {
      try {
        const job = await executor.claimOne(id);
        faults.up();
        return job;
      } catch (error) {
        faults.down(error);
        await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return null;
  }

  async function receive(data: unknown): Promise<void> {
    const delivery = Delivery.safeParse(data);
    if (!delivery.success) {
      log.warn('Something that is not a job was found in the queue in Redis, and was dropped');
      return;
    }
    const job = await claim(delivery.data.id);
    if (job) await executor.run(job);
  }

  /** Bull is not started before Redis first answers: it leaves rejected promises behind when closed before that. */
  function startQueue(): void {
    if (queue || stopping.signal.aborted) return;
    queue = createQueue(options, (type) => {
      if (type === 'client') return link.client;
      const client = connect(options.redisUrl, { enableReadyCheck: false, maxRetriesPerRequest: null });
      others.set(type, client);
      return client;
    });
    queue
      .process(concurrency, (delivery) => receive(delivery.data))
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) log.error({ err: error }, 'The worker stopped taking jobs; restart it');
      });
  }

  return {
    async start() {
      link.onUp(startQueue);
      link.connect();
    },
    async stop(timeoutMs) {
      // Cuts the blocking read short; Bull would first wait half a second for it.
      others.get('bclient')?.disconnect();
      await within(CLOSE_MS, queue?.pause(true, true));
      await executor.drain(timeoutMs);
      stopping.abort();
      await within(CLOSE_MS, queue?.close(true));
      for (const client of others.values()) client.disconnect();
      link.close();
    },
    stats: async () => ({
      ...(await jobCounts(db)),
      active: executor.active(),
      broker: link.isUp() ? 'up' : 'down',
    }),
    ping: () => link.ping(),
  };
}

function createQueue(options: BullOptions, createClient: (type: string) => Redis): Bull.Queue<unknown> {
  const settings: Bull.QueueOptions & { skipVersionCheck: boolean } = {
    prefix: options.prefix ?? 'identikit',
    createClient,
    // The check only warns of Redis older than 2.8, and would connect before start().
    skipVersionCheck: true,
  };
  const queue = new Bull<unknown>(QUEUE, settings);
  // Bull does this unawaited, so a connection lost at that moment would end the process.
  Object.assign(queue, { setWorkerName: () => Promise.resolve() });
  // Connection errors reach the log through the link, once per change.
  queue.on('error', (error) => options.log.debug({ err: error }, 'Bull reported an error'));
  return queue;
}

/** A connection that logs when Redis goes and comes, once each. */
function createLink(options: BullOptions, redisOptions: RedisOptions) {
  const client = connect(options.redisUrl, { ...redisOptions, lazyConnect: true });
  const faults = createFaultLog(
    options.log,
    'Redis does not answer: jobs wait in the database until it is back',
    'Redis answers again',
  );
  let closing = false;
  let lastError: unknown;
  client.on('error', (error) => {
    lastError = error;
  });
  client.on('close', () => {
    if (!closing) faults.down(lastError);
  });
  client.on('ready', () => faults.up());
  const isUp = () => client.status === 'ready';

  return {
    client,
    isUp,
    onUp: (listener: () => void) => client.on('ready', listener),
    connect: () => void client.connect().catch(() => undefined),
    ping: async () => isUp() && (await within(PING_MS, client.ping())) === 'PONG',
    close() {
      closing = true;
      client.disconnect();
    },
  };
}

function connect(url: string, options: RedisOptions): Redis {
  const client = new Redis(url, {
    connectTimeout: COMMAND_MS,
    socketTimeout: SILENCE_MS,
    retryStrategy: (times) => Math.min(times * 250, 5000),
    // With a name or client info ioredis 5.11 calls a connection ready that was closed while it sent them, and then
    // neither reconnects nor ends.
    disableClientInfo: true,
    ...options,
  });
  // Without a listener ioredis writes to the console.
  client.on('error', () => undefined);
  // ioredis 5.11 leaves the timer of socketTimeout running; it would end the next connection, or hold up the exit.
  client.on('close', () => {
    const timed = client as unknown as { socketTimeoutTimer: NodeJS.Timeout | undefined };
    clearTimeout(timed.socketTimeoutTimer);
    timed.socketTimeoutTimer = undefined;
  });
  return client;
}

/** The promise's value, or undefined if it fails or takes longer than `ms`. */
async function within<T>(ms: number, promise: Promise<T> | undefined): Promise<T | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, undefined, { signal: timer.signal })]);
  } catch {
    return undefined;
  } finally {
    timer.abort();
  }
}
