import { z } from 'zod';
import type { Database } from '../../platform/db/database';
import { type I18n, isLocale } from '../../platform/i18n/i18n';
import { defineJob } from '../../platform/jobs/contract';
import type { Mailer } from '../../platform/mail/mailer';
import type { ViewEngine } from '../../platform/views/engine';
import type { AccountsRepository } from './accounts.repository';

/** Hours for which a mailed link works. */
export const LINK_LIFETIME_HOURS = { invitation: 14 * 24, 'password-reset': 1 } as const;

export const mailLinkType = {
  kind: 'accounts.mail-link',
  schema: z.object({ userId: z.uuid(), purpose: z.enum(['invitation', 'password-reset']) }),
};

/**
 * Mails a one-time link. The link is made here and not when it was asked for, so that its secret is never stored; a
 * second try makes a new link and ends the first.
 */
export function createMailLinkJob(deps: {
  db: Database;
  repository: AccountsRepository;
  mailer: Mailer;
  engine: ViewEngine;
  i18n: I18n;
  baseUrl: string;
}) {
  const { db, repository, mailer, engine, i18n, baseUrl } = deps;
  return defineJob({
    ...mailLinkType,
    async handle({ userId, purpose }, ctx) {
      const user = await repository.selectOptionalById(userId);
      if (!user || user.disabledAt) return;
      const token = await db.transaction(() =>
        repository.issueToken(userId, purpose, LINK_LIFETIME_HOURS[purpose]),
      );
      const locale = isLocale(user.locale) ? user.locale : 'en';
      const t = i18n.translator(locale);
      const page = purpose === 'invitation' ? 'invitation' : 'password-reset';
      const text = engine.render(
        `emails/${page}`,
        { name: user.name, link: `${baseUrl}/${page}/${token}`, baseUrl },
        { t, locale },
      );
      await mailer.send({
        id: ctx.jobId,
        to: { name: user.name, address: user.email },
        subject: t(
          purpose === 'invitation' ? 'accounts.mail.invitationSubject' : 'accounts.mail.resetSubject',
        ),
        text,
      });
    },
  });
}
