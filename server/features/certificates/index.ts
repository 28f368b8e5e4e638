import type { Database } from '../../platform/db/database';
import type { I18n } from '../../platform/i18n/i18n';
import type { Outbox } from '../../platform/jobs/outbox';
import type { Mailer } from '../../platform/mail/mailer';
import type { ViewEngine } from '../../platform/views/engine';
import { createCertificatesRepository, createIssueJob, createMailJob } from './certificates.jobs';
import { certificatesRoutes } from './certificates.routes';
import { createCertificatesService } from './certificates.service';

/** Certificates: requested with the completion, issued by a job, verified by anybody. */
export function createCertificates(deps: {
  db: Database;
  outbox: Outbox;
  mailer: Mailer;
  engine: ViewEngine;
  i18n: I18n;
  baseUrl: string;
  issuer: { name: string; country: string };
}) {
  const repository = createCertificatesRepository(deps.db);
  return {
    service: createCertificatesService({ ...deps, repository }),
    routes: certificatesRoutes(deps.db),
    jobs: [createIssueJob({ ...deps, repository }), createMailJob({ ...deps, repository })],
  };
}
