import type { Config } from './config';
import { createAccounts } from './features/accounts';
import type { Database } from './platform/db/database';
import { createI18n } from './platform/i18n/i18n';
import { uuidv7 } from './platform/ids';
import { createOutbox } from './platform/jobs/outbox';
import type { Log } from './platform/log/log';
import { createMailer } from './platform/mail/mailer';
import { createViewEngine } from './platform/views/engine';

export type Composition = Awaited<ReturnType<typeof compose>>;

/**
 * Builds every feature on its adapters: the one place where they meet. The web process, the worker, the commands and
 * the tests all start from here.
 */
export async function compose(deps: { config: Config; db: Database; log: Log }) {
  const { config, db, log } = deps;
  const i18n = await createI18n({ strict: config.environment !== 'production' });
  const engine = createViewEngine({ cache: config.environment !== 'development' });
  const mailer = createMailer({ ...config, from: config.mailFrom });
  const outbox = createOutbox(db, uuidv7);

  const accounts = createAccounts({ db, outbox, mailer, engine, i18n, baseUrl: config.baseUrl });

  return {
    config,
    db,
    log,
    i18n,
    engine,
    outbox,
    accounts,
    /** Every kind of job that a worker can do. */
    jobs: [...accounts.jobs],
    /** Releases what the features hold, threads for instance. */
    close: async () => {},
  };
}
