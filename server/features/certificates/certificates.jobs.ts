import { z } from 'zod';
import { textIn } from '../../core/localized-text';
import type { Database } from '../../platform/db/database';
import { type I18n, isLocale } from '../../platform/i18n/i18n';
import { defineJob } from '../../platform/jobs/contract';
import type { Outbox } from '../../platform/jobs/outbox';
import type { Mailer } from '../../platform/mail/mailer';
import { renderCertificatePdf } from '../../platform/pdf/certificate-pdf';
import type { ViewEngine } from '../../platform/views/engine';
import { Certificate } from './certificate.entity';
import { certificateText } from './certificate-text';

const schema = z.object({ certificateId: z.uuid() });

export const issueCertificateType = { kind: 'certificate.issue', schema };
export const mailCertificateType = { kind: 'certificate.mail', schema };

export type CertificatesRepository = ReturnType<typeof createCertificatesRepository>;

/** Writes of certificates that jobs need; the row's own condition makes each of them happen once. */
export function createCertificatesRepository(db: Database) {
  return {
    selectOptional: (id: string) => db.repository(Certificate).findOneBy({ id }),
    /** @returns whether this call issued it: a second run finds it issued and changes nothing. */
    async markIssued(id: string, pdf: Buffer, sha256: string): Promise<boolean> {
      const rows = await db.query(
        'certificates.issue',
        'update certificates set pdf = $2, pdf_sha256 = $3, issued_at = now() where id = $1 and issued_at is null returning id',
        [id, pdf, sha256],
      );
      return rows.length > 0;
    },
    insert: (
      certificate: Pick<Certificate, 'id' | 'number' | 'userId' | 'enrolmentId' | 'snapshot' | 'expiresAt'>,
    ) => db.repository(Certificate).insert(certificate),
  };
}

/**
 * Renders the PDF and stores it. The PDF is drawn outside the transaction (about 40 ms); issuing, the mail and the end of
 * the job are one transaction, so a worker that dies anywhere leaves either nothing or all of it.
 */
export function createIssueJob(deps: {
  db: Database;
  repository: CertificatesRepository;
  outbox: Outbox;
  i18n: I18n;
}) {
  const { db, repository, outbox, i18n } = deps;
  return defineJob({
    ...issueCertificateType,
    async handle({ certificateId }, ctx) {
      const certificate = await repository.selectOptional(certificateId);
      if (!certificate || certificate.issuedAt) return;
      const { pdf, sha256 } = await renderCertificatePdf(
        certificateText(certificate.snapshot, certificate.number, i18n),
      );
      await db.transaction(async () => {
        if (await repository.markIssued(certificateId, pdf, sha256)) {
          await outbox.enqueue(mailCertificateType, { certificateId }, { dedupeKey: certificateId });
        }
        await ctx.complete();
      });
    },
  });
}

/** Tells the learner that the certificate is ready. */
export function createMailJob(deps: {
  db: Database;
  repository: CertificatesRepository;
  mailer: Mailer;
  engine: ViewEngine;
  i18n: I18n;
  baseUrl: string;
}) {
  const { db, repository, mailer, engine, i18n, baseUrl } = deps;
  return defineJob({
    ...mailCertificateType,
    async handle({ certificateId }, ctx) {
      const certificate = await repository.selectOptional(certificateId);
      if (!certificate) return;
      const [person] = await db.query<{ name: string; email: string; locale: string }>(
        'certificates.recipient',
        'select name, email::text as email, locale from users where id = $1 and disabled_at is null',
        [certificate.userId],
      );
      if (!person) return;
      const locale = isLocale(person.locale) ? person.locale : 'en';
      const t = i18n.translator(locale);
      const course = textIn(certificate.snapshot.title, locale);
      const view = {
        name: person.name,
        course,
        link: `${baseUrl}/certificates`,
        verify: certificate.snapshot.verifyUrl,
      };
      await mailer.send({
        id: ctx.jobId,
        to: { name: person.name, address: person.email },
        subject: t('certificates.mail.subject', { course }),
        text: engine.render('emails/certificate', view, { t, locale }),
      });
    },
  });
}
