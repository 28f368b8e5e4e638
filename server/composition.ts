import type { Config } from './config';
import { createAccounts } from './features/accounts';
import { createAdmin } from './features/admin';
import { createAssessments } from './features/assessments';
import { createCatalogue } from './features/catalogue';
import { createCertificates } from './features/certificates';
import { createFrameworks } from './features/frameworks';
import { createHome } from './features/home';
import { createLearning } from './features/learning';
import { createOrganisations } from './features/organisations';
import { createPaths } from './features/paths';
import { createQuizzes } from './features/quizzes';
import { createRegister } from './features/register';
import type { Database } from './platform/db/database';
import { createI18n } from './platform/i18n/i18n';
import { uuidv7 } from './platform/ids';
import type { Job } from './platform/jobs/contract';
import { createOutbox } from './platform/jobs/outbox';
import type { Log } from './platform/log/log';
import { createMailer } from './platform/mail/mailer';
import { createSolver } from './platform/solver/solver';
import { createViewEngine } from './platform/views/engine';

export type Composition = Awaited<ReturnType<typeof compose>>;

/**
 * Builds every feature on its adapters: the one place where they meet. The web process, the worker, the commands and
 * the tests all start from here.
 */
export async function compose(deps: { config: Config; db: Database; log: Log }) {
  const { config, db, log } = deps;
  const i18n = await createI18n({ strict: config.environment === 'test' || config.reloadViews });
  const engine = createViewEngine({ cache: !config.reloadViews });
  const mailer = createMailer({ ...config, from: config.mailFrom });
  const outbox = createOutbox(db, uuidv7);

  const solver = createSolver({ log });
  const sending = { db, outbox, mailer, engine, i18n, baseUrl: config.baseUrl };

  // In the order of the learner's journey; each may use those before it.
  const accounts = createAccounts(sending);
  const organisations = createOrganisations({ db });
  const frameworks = createFrameworks({ db });
  const assessments = createAssessments({ db });
  const learning = createLearning({ db, assessments: assessments.service });
  const catalogue = createCatalogue({ db, log, learnerState: learning.learnerState });
  const paths = createPaths({ db, assessments: assessments.service, solve: solver.solve });
  const quizzes = createQuizzes({ db, learning: learning.service, assessments: assessments.service });
  const certificates = createCertificates({ ...sending, issuer: config.issuer });
  const register = createRegister({ db, organisations: organisations.service });
  const home = createHome({ db });
  const admin = createAdmin({ db, outbox, accounts: accounts.service });

  // What follows from a completed course, in the transaction that completes it.
  learning.service.onCourseCompleted(certificates.service.requestForCourse);

  return {
    config,
    db,
    log,
    i18n,
    engine,
    outbox,
    accounts,
    organisations,
    frameworks,
    assessments,
    catalogue,
    paths,
    learning,
    quizzes,
    certificates,
    register,
    home,
    admin,
    /** Every kind of job that a worker can do. */
    jobs: [...accounts.jobs, ...certificates.jobs, ...admin.jobs] as Job<unknown>[],
    /** Releases what the features hold, threads for instance. */
    close: () => solver.close(),
  };
}
