import { certificateStanding } from '../../core/certificate';
import { textIn } from '../../core/localized-text';
import { definePage } from '../../platform/http/page';
import { formatDate, formatMinutes } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import type { CertificateRow } from './certificates.read-model';

type Mark = { kind: string; text: string };
const MARKS = { pending: 'waiting', valid: 'done', expired: 'attention', revoked: 'attention' } as const;

export type CertificatesView = {
  title: string;
  /** Something is still being prepared: the list refreshes itself. */
  pending: boolean;
  certificates: {
    title: string;
    number: string;
    status: Mark;
    dates: string;
    issued: boolean;
    pdfHref: string;
    verifyHref: string;
  }[];
};
export const CERTIFICATES_PAGE = definePage<CertificatesView>('certificates/list');

export function certificatesView(
  rows: CertificateRow[],
  now: Date,
  t: Translate,
  locale: Locale,
): CertificatesView {
  const certificates = rows.map((row) => {
    const standing = certificateStanding(row, now);
    return {
      title: textIn(row.snapshot.title, locale),
      number: row.number,
      status: { kind: MARKS[standing], text: t(`certificates.standing.${standing}`) },
      dates: t('certificates.dates', {
        from: formatDate(row.snapshot.completedOn, locale),
        to: formatDate(row.snapshot.expiresOn, locale),
      }),
      issued: row.issuedAt !== null,
      pdfHref: `/certificates/${row.number}.pdf`,
      verifyHref: `/verify/${row.number}`,
    };
  });
  return {
    title: t('certificates.title'),
    pending: certificates.some((certificate) => !certificate.issued),
    certificates,
  };
}

export type VerifyView = {
  title: string;
  typed: string;
  error: string | null;
  result: null | {
    mark: Mark;
    sentence: string;
    learner: string;
    course: string;
    facts: { label: string; value: string }[];
    outcomes: string[];
    competencies: { name: string; level: string; evidence: string }[];
    sha256: string | null;
  };
};
export const VERIFY_PAGE = definePage<VerifyView>('certificates/verify');

/** The public page: what the certificate says, how it stands, and nothing else about the person. */
export function verifyView(given: {
  number: string;
  row: CertificateRow | null;
  typed: string;
  error: string | null;
  now: Date;
  t: Translate;
  locale: Locale;
}): VerifyView {
  const { row, typed, error, now, t, locale } = given;
  const view: VerifyView = { title: t('certificates.verify.title'), typed, error, result: null };
  if (!row) return view;
  const { snapshot } = row;
  const standing = certificateStanding(row, now);
  const date =
    standing === 'revoked'
      ? row.revokedAt
      : standing === 'expired'
        ? snapshot.expiresOn
        : (row.issuedAt ?? row.requestedAt);
  return {
    ...view,
    title: t('certificates.verify.of', { name: snapshot.learnerName }),
    result: {
      mark: { kind: MARKS[standing], text: t(`certificates.standing.${standing}`) },
      sentence: t(`certificates.verify.${standing}`, { date: formatDate(date ?? now, locale) }),
      learner: snapshot.learnerName,
      course: textIn(snapshot.title, locale),
      facts: [
        { label: t('certificates.pdf.number'), value: row.number },
        { label: t('certificates.verify.issuer'), value: snapshot.issuer.name },
        {
          label: t('certificates.pdf.issuerCountry'),
          value:
            new Intl.DisplayNames([locale], { type: 'region' }).of(snapshot.issuer.country) ??
            snapshot.issuer.country,
        },
        { label: t('certificates.pdf.issued'), value: formatDate(snapshot.completedOn, locale) },
        { label: t('certificates.pdf.validUntil'), value: formatDate(snapshot.expiresOn, locale) },
        { label: t('certificates.pdf.workload'), value: formatMinutes(snapshot.workloadMinutes, locale) },
        { label: t('certificates.pdf.framework'), value: snapshot.frameworkVersion },
      ],
      outcomes: snapshot.outcomes.map((outcome) => textIn(outcome, locale)),
      competencies: snapshot.competencies.map((competency) => ({
        name: `${competency.code} ${textIn(competency.name, locale)}`,
        level: `${competency.level} ${textIn(competency.levelName, locale)}`,
        evidence: t(`certificates.evidence.${competency.evidence}`),
      })),
      sha256: row.sha256,
    },
  };
}
