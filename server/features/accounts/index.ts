import type { Database } from '../../platform/db/database';
import type { I18n } from '../../platform/i18n/i18n';
import type { Outbox } from '../../platform/jobs/outbox';
import type { Mailer } from '../../platform/mail/mailer';
import type { ViewEngine } from '../../platform/views/engine';
import { createMailLinkJob } from './accounts.jobs';
import { createAccountsRepository } from './accounts.repository';
import { accountsRoutes } from './accounts.routes';
import { createAccountsService } from './accounts.service';

/** Accounts: sign-in, invitations, password reset, one's own data. */
export function createAccounts(deps: {
  db: Database;
  outbox: Outbox;
  mailer: Mailer;
  engine: ViewEngine;
  i18n: I18n;
  baseUrl: string;
}) {
  const repository = createAccountsRepository(deps.db);
  const service = createAccountsService({ ...deps, repository });
  return { service, routes: accountsRoutes(service), jobs: [createMailLinkJob({ ...deps, repository })] };
}
