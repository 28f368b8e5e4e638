import { z } from 'zod';
import type { Database } from '../../platform/db/database';
import { defineJob } from '../../platform/jobs/contract';
import { purgeFinishedJobs } from '../../platform/jobs/jobs.read-model';
import type { Outbox } from '../../platform/jobs/outbox';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Days for which a finished job stays visible, and an ended link stays in the table. */
const KEEP_DAYS = 7;

const maintenanceType = { kind: 'maintenance.daily', schema: z.object({}) };
const ONCE = { dedupeKey: 'daily' };

/** Deletes what has served its time: finished jobs, ended links, forgotten failures to sign in. Plans itself for tomorrow. */
export function createMaintenanceJob({ db, outbox }: { db: Database; outbox: Outbox }) {
  return defineJob({
    ...maintenanceType,
    async handle(_payload, ctx) {
      const jobs = await purgeFinishedJobs(db, KEEP_DAYS);
      await db.query(
        'maintenance.tokens',
        `delete from account_tokens where least(expires_at, used_at) < now() - $1 * interval '1 day'`,
        [KEEP_DAYS],
      );
      await db.query(
        'maintenance.limits',
        'delete from rate_limits where expire < extract(epoch from now()) * 1000',
      );
      ctx.log.info({ jobs }, 'daily maintenance done');
      await db.transaction(async () => {
        await ctx.complete();
        await outbox.enqueue(maintenanceType, {}, { ...ONCE, runAt: new Date(Date.now() + DAY_MS) });
      });
    },
  });
}

/** Sees to it that the daily maintenance is planned; called at start. */
export async function planMaintenance({ db, outbox }: { db: Database; outbox: Outbox }): Promise<void> {
  await db.transaction(() => outbox.enqueue(maintenanceType, {}, ONCE));
}
