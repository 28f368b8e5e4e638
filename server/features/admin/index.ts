import type { Database } from '../../platform/db/database';
import type { AccountsService } from '../accounts/accounts.service';
import { adminRoutes } from './admin.routes';

/** Administration: the job monitor, accounts and invitations. */
export function createAdmin(deps: { db: Database; accounts: AccountsService }) {
  return { routes: adminRoutes(deps.db, deps.accounts) };
}
