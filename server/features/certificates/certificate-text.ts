import { type CertificateSnapshot } from '../../core/certificate';
import { textIn } from '../../core/localized-text';
import { formatDate, formatMinutes } from '../../platform/i18n/format';
import { type I18n, isLocale } from '../../platform/i18n/i18n';
import type { CertificateText } from '../../platform/pdf/certificate-pdf';

/** Puts a snapshot into the words of its language, for the PDF. */
export function certificateText(snapshot: CertificateSnapshot, number: string, i18n: I18n): CertificateText {
  const locale = isLocale(snapshot.language) ? snapshot.language : 'en';
  const t = i18n.translator(locale);
  const title = textIn(snapshot.title, locale);
  const evidence = [...new Set(snapshot.competencies.map((competency) => competency.evidence))];
  return {
    language: locale,
    documentTitle: t('certificates.pdf.documentTitle', { title, name: snapshot.learnerName }),
    issuerName: snapshot.issuer.name,
    heading: t('certificates.pdf.heading'),
    statement: t('certificates.pdf.statement'),
    learnerName: snapshot.learnerName,
    achievement: t('certificates.pdf.achievement'),
    courseTitle: title,
    outcomesTitle: t('certificates.pdf.outcomes'),
    outcomes: snapshot.outcomes.map((outcome) => textIn(outcome, locale)),
    competenciesTitle: t('certificates.pdf.competencies'),
    competencyHeadings: [
      t('certificates.pdf.competency'),
      t('certificates.pdf.level'),
      t('certificates.pdf.evidence'),
    ],
    competencies: snapshot.competencies.map((competency) => [
      `${competency.code}  ${textIn(competency.name, locale)}`,
      `${competency.level}  ${textIn(competency.levelName, locale)}`,
      t(`certificates.evidence.${competency.evidence}`),
    ]),
    facts: [
      [t('certificates.pdf.issued'), formatDate(snapshot.completedOn, locale)],
      [t('certificates.pdf.validUntil'), formatDate(snapshot.expiresOn, locale)],
      [t('certificates.pdf.workload'), formatMinutes(snapshot.workloadMinutes, locale)],
      [
        t('certificates.pdf.assessment'),
        evidence.map((kind) => t(`certificates.assessment.${kind}`)).join('; '),
      ],
      [t('certificates.pdf.framework'), snapshot.frameworkVersion],
      [
        t('certificates.pdf.issuerCountry'),
        new Intl.DisplayNames([locale], { type: 'region' }).of(snapshot.issuer.country) ?? '',
      ],
      [t('certificates.pdf.number'), number],
    ],
    verifyLabel: t('certificates.pdf.verifyAt'),
    verifyUrl: snapshot.verifyUrl,
    number,
    qrAlternative: t('certificates.pdf.qr'),
    issuedAt: new Date(`${snapshot.completedOn}T12:00:00Z`),
  };
}
