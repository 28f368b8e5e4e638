import { createServer } from 'node:net';
import Bull from 'bull';
import {
  type BullRelayOptions,
  createBullRelay,
  createBullWorker,
} from '../../server/platform/jobs/bull-runner';
import { jobCounts } from '../../server/platform/jobs/jobs.read-model';
import { eventually } from '../support/eventually';
import { describeWith } from '../support/programs';
import { describeJobRunner, Scene } from './job-runner.contract';
import { hasRedisServer, type RedisServer, startRedisServer } from './redis-server';

const WARN = 40;
const REDIS_AWAY = 'Redis does not answer: jobs wait in the database until it is back';

describeWith('Bull runner', 'redis-server', hasRedisServer(), () => {
  let redis: RedisServer;
  let scene: Scene;
  beforeAll(async () => {
    redis = await startRedisServer();
    scene = await Scene.open(redis.url);
  });
  afterEach(async () => {
    await scene.reset();
    await redis.empty();
  });
  afterAll(async () => {
    await scene.close();
    await redis.remove();
  });

  describeJobRunner(() => scene);

  function relay(options: Partial<BullRelayOptions> = {}) {
    const settings = {
      db: scene.db,
      log: scene.log,
      redisUrl: redis.url,
      pollMs: 50,
      retryMs: 50,
      ...options,
    };
    return scene.track(createBullRelay(settings));
  }

  function worker() {
    return scene.track(
      createBullWorker({
        db: scene.db,
        log: scene.log,
        redisUrl: redis.url,
        jobs: [scene.job()],
        retryMs: 50,
      }),
    );
  }

  /** The queue as a stranger sees it. */
  async function withQueue<T>(work: (queue: Bull.Queue<unknown>) => Promise<T>): Promise<T> {
    const queue = new Bull<unknown>('jobs', redis.url, { prefix: 'identikit' });
    try {
      return await work(queue);
    } finally {
      await queue.close();
    }
  }

  it('runs a job once whose relay died between handing it over and saying so', async () => {
    // The relay's note "handed over" waits for a lock that the test holds, so it dies at exactly that point.
    await scene.db.pool.query(`
      create function hold_note() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock(4711); return new; end $$;
      create trigger hold_note before update of dispatched_at on jobs for each row
        when (new.dispatched_at is not null and old.dispatched_at is null) execute function hold_note()`);
    const holder = await scene.db.pool.connect();
    await holder.query('select pg_advisory_lock(4711)');
    const doomed = scene.fork('relay');
    await scene.enqueue(['once']);
    await withQueue((queue) =>
      eventually(async () => expect(await queue.getWaitingCount()).toBe(1), { timeoutMs: 20_000 }),
    );
    await eventually(async () => expect(await waitingForLock()).toHaveLength(1));
    await scene.kill(doomed);
    for (const pid of await waitingForLock()) await holder.query('select pg_terminate_backend($1)', [pid]);
    await eventually(async () => expect(await waitingForLock()).toEqual([]));
    await holder.query('select pg_advisory_unlock(4711)');
    holder.release();
    await scene.db.pool.query('drop trigger hold_note on jobs; drop function hold_note()');
    expect(await scene.column('select dispatched_at as value from jobs')).toEqual([null]);

    // The dead relay's lease ends, the next one hands the row over again, and Bull sees that it has it.
    await relay().start();
    await eventually(async () =>
      expect(await scene.column('select dispatched_at as value from jobs')).not.toEqual([null]),
    );
    expect(await withQueue((queue) => queue.getWaitingCount())).toBe(1);
    await worker().start();
    await scene.expectEffects('once');
    await scene.expectQuiet();
    expect(await scene.attempts('once')).toEqual([1]);
  });

  it('loses nothing when Redis is emptied after the hand-over', async () => {
    const keys = Array.from({ length: 50 }, (_, i) => `job ${String(i).padStart(2, '0')}`);
    await scene.enqueue(keys);
    const first = relay();
    await first.start();
    await eventually(async () => {
      expect(
        await scene.column('select count(*)::int as value from jobs where dispatched_at is not null'),
      ).toEqual([50]);
    });
    await first.stop(0);
    await redis.empty();

    await worker().start();
    await relay({ sweepMs: 200 }).start();
    await scene.expectEffects(...keys);
    await scene.expectQuiet();
    expect(await scene.effects()).toEqual(keys);
  });

  it('hands over again what Bull remembers as done although the row was not run', async () => {
    const [id] = await scene.enqueue(['skipped']);
    // A worker that is alive holds the row, so the delivery comes to nothing.
    await scene.db.pool.query(
      `update jobs set dispatched_at = now(), locked_by = 'another worker', locked_until = now() + interval '1 hour'`,
    );
    const [deliveryId] = await scene.column(
      `select id::text || '.0.' || (extract(epoch from run_at) * 1000000)::bigint as value from jobs`,
    );
    await worker().start();
    await withQueue(async (queue) => {
      await queue.add({ id }, { jobId: String(deliveryId) });
      await eventually(async () => expect(await queue.getCompletedCount()).toBe(1));
    });
    expect(await scene.attempts('skipped')).toEqual([]);

    await scene.db.pool.query(`update jobs set locked_by = null, locked_until = null`);
    await relay({ sweepMs: 100 }).start();
    await scene.expectEffects('skipped');
  });

  it('does not run a finished job that Bull delivers again, nor something that is not a job', async () => {
    await relay().start();
    await worker().start();
    const [id] = await scene.enqueue(['once']);
    await scene.expectEffects('once');
    await withQueue(async (queue) => {
      await queue.add({ id }, { jobId: 'late replay' });
      await queue.add({ id: 'nonsense' }, { jobId: 'nonsense' });
      await eventually(async () => expect(await queue.getCompletedCount()).toBe(3));
    });
    expect(await scene.attempts('once')).toEqual([1]);
    expect(scene.messages(WARN)).toEqual([expect.stringMatching(/not a job/)]);
  });

  it('keeps jobs while Redis is down, says so once, and does them when it is back', async () => {
    const sender = relay();
    const receiver = worker();
    await sender.start();
    await receiver.start();
    await scene.enqueue(['before']);
    await scene.expectEffects('before');
    expect(await sender.ping()).toBe(true);

    await redis.kill();
    await eventually(async () => expect(await sender.stats()).toMatchObject({ broker: 'down' }));
    expect(await sender.ping()).toBe(false);
    expect(await receiver.ping()).toBe(false);
    await scene.enqueue(['during']);
    scene.test.statements.length = 0;
    await refusedConnections(redis.url, 12);
    expect(scene.messages(WARN).filter((line) => line === REDIS_AWAY)).toHaveLength(2);
    expect(scene.test.statements).toEqual([]);
    expect(await jobCounts(scene.db)).toMatchObject({ ready: 1, failed: 0 });

    await redis.start();
    await scene.expectEffects('before', 'during');
    await eventually(async () => expect(await receiver.stats()).toMatchObject({ broker: 'up' }));
    expect(await sender.ping()).toBe(true);
    expect(scene.messages(30)).toContain('Redis answers again');
  });

  it('starts, reports and stops without Redis', async () => {
    await redis.kill();
    const sender = relay();
    const receiver = worker();
    await sender.start();
    await receiver.start();
    await scene.enqueue(['waiting']);
    expect(await sender.ping()).toBe(false);
    expect(await receiver.stats()).toMatchObject({ broker: 'down', ready: 1 });
    const before = Date.now();
    await sender.stop(5000);
    await receiver.stop(5000);
    expect(Date.now() - before).toBeLessThan(3000);
    await redis.start();
  });

  it('is not blocked by a Redis that hangs', async () => {
    const sender = relay();
    await sender.start();
    await worker().start();
    await eventually(async () => expect(await sender.ping()).toBe(true));
    redis.freeze();
    try {
      await scene.enqueue(['patient']);
      expect(await sender.ping()).toBe(false);
      await eventually(
        () => expect(scene.messages(WARN)).toContain('Jobs could not be handed over to Redis'),
        {
          timeoutMs: 15_000,
        },
      );
    } finally {
      redis.thaw();
    }
    await scene.expectEffects('patient');
    await scene.expectQuiet();
    expect(await scene.attempts('patient')).toEqual([1]);
  });

  function waitingForLock(): Promise<number[]> {
    return scene.column<number>(
      `select pid as value from pg_locks where locktype = 'advisory' and not granted and objid = 4711`,
    );
  }
});

/** Stands where Redis was until that many attempts to connect have been cut off. */
async function refusedConnections(url: string, count: number): Promise<void> {
  let refused = 0;
  const door = createServer((socket) => {
    refused++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => door.listen(Number(new URL(url).port), '127.0.0.1', resolve));
  try {
    await eventually(() => expect(refused).toBeGreaterThanOrEqual(count));
  } finally {
    await new Promise((resolve) => door.close(resolve));
  }
}
