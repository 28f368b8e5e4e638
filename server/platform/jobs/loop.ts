import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from '../db/database';
import type { Log } from '../log/log';
import { createFaultLog } from './fault-log';

export type LoopOptions = {
  db: Database;
  log: Log;
  /** Looks for work and starts it; called on every wake-up, never twice at once. */
  tick: () => Promise<void>;
  /** The longest time without a look, in case a notification is lost or a job's time has come. */
  pollMs: number;
  /** Pause after an error of the database. */
  retryMs: number;
};

export type Loop = {
  /** Looks for work soon, again if it is looking now. */
  wake(): void;
  start(): Promise<void>;
  /** Waits for the current look to end, then closes the connection that listens. */
  stop(): Promise<void>;
};

/**
 * Calls `tick` whenever `NOTIFY jobs` arrives, and every `pollMs`. Survives anything the database does: an error is
 * logged once, tried again every `retryMs`, and the connection that listens is opened anew.
 */
export function createLoop({ db, log, tick, pollMs, retryMs }: LoopOptions): Loop {
  const stopping = new AbortController();
  const faults = createFaultLog(log, 'Jobs wait: the database does not answer', 'Jobs run again');
  let nap = new AbortController();
  let listener: pg.PoolClient | null = null;
  let running: Promise<void> | undefined;

  const wake = () => nap.abort();

  async function listen(): Promise<void> {
    if (listener) return;
    const client = await db.pool.connect();
    const lose = () => {
      if (listener !== client) return;
      listener = null;
      client.release(true);
      wake();
    };
    client.on('notification', wake);
    client.on('error', lose);
    client.on('end', lose);
    try {
      await client.query('listen jobs');
      listener = client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Renewed before the look, so that a notification during it is not slept through.
      nap = new AbortController();
      try {
        await listen();
        await tick();
        faults.up();
        if (!stopping.signal.aborted) await rest(pollMs, nap.signal);
      } catch (error) {
        faults.down(error);
        await rest(retryMs, stopping.signal);
      }
    }
  }

  return {
    wake,
    async start() {
      await listen().catch((error: unknown) => faults.down(error));
      running = run();
    },
    async stop() {
      stopping.abort();
      wake();
      await running;
      const client = listener;
      listener = null;
      client?.release(true);
    },
  };
}

/** Waits `ms`, or until the signal. */
async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
