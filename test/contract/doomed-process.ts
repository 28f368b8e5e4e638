/**
 * A process made to be killed, forked by the contract suite: `work` hangs in the middle of a job's transaction,
 * `commit` dies right after the commit that enqueued a job, `relay` hands over until it is killed.
 */
import pino from 'pino';
import { z } from 'zod';
import { Database } from '../../server/platform/db/database';
import { uuidv7 } from '../../server/platform/ids';
import { createBullRelay } from '../../server/platform/jobs/bull-runner';
import { defineJob } from '../../server/platform/jobs/contract';
import { createOutbox } from '../../server/platform/jobs/outbox';
import { createRunner } from './runners';

async function main(): Promise<void> {
  const [mode = '', url = '', redisUrl] = process.argv.slice(2);
  const db = await Database.connect({ url, poolSize: 4, entities: [], migrations: [] });
  const log = pino({ level: 'silent' });
  const job = defineJob({
    kind: 'test',
    schema: z.object({ key: z.string() }),
    async handle({ key }, ctx) {
      await db.query('test.run', 'insert into runs (key, attempt) values ($1, $2)', [key, ctx.attempt]);
      await db.transaction(async () => {
        await db.query('test.effect', 'insert into effects (key) values ($1)', [key]);
        await ctx.complete();
        await new Promise(() => undefined);
      });
    },
  });

  if (mode === 'work') await createRunner(redisUrl, { db, log, jobs: [job] }).start();
  if (mode === 'relay' && redisUrl !== undefined)
    await createBullRelay({ db, log, redisUrl, pollMs: 50, leaseMs: 500 }).start();
  if (mode === 'commit') {
    await db.transaction(() => createOutbox(db, uuidv7).enqueue(job, { key: 'orphan' }));
    process.kill(process.pid, 'SIGKILL');
  }
}

void main();
