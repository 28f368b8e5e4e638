import type { Database } from '../../platform/db/database';
import type { Outbox } from '../../platform/jobs/outbox';
import type { AccountsService } from '../accounts/accounts.service';
import { createMaintenanceJob, planMaintenance } from './admin.jobs';
import { adminRoutes } from './admin.routes';

/** Administration: the job monitor, accounts and invitations, daily maintenance. */
export function createAdmin(deps: { db: Database; outbox: Outbox; accounts: AccountsService }) {
  return {
    routes: adminRoutes(deps.db, deps.accounts),
    jobs: [createMaintenanceJob(deps)],
    planMaintenance: () => planMaintenance(deps),
  };
}
