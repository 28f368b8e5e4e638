import type { LocalizedText } from './framework';

/** Everything a certificate says, fixed when it was earned. The PDF and the verification page show this and nothing else. */
export type CertificateSnapshot = {
  learnerName: string;
  /** Language of the document. */
  language: string;
  courseCode: string;
  title: LocalizedText;
  outcomes: LocalizedText[];
  issuer: { name: string; country: string };
  /** ISO date (yyyy-mm-dd) on which the last requirement was met. */
  completedOn: string;
  expiresOn: string;
  workloadMinutes: number;
  frameworkVersion: string;
  competencies: CertifiedCompetency[];
  verifyUrl: string;
};

export type CertifiedCompetency = {
  code: string;
  name: LocalizedText;
  level: number;
  levelName: LocalizedText;
  /** How the level was shown: in a quiz, or observed and recorded by a trainer. */
  evidence: 'quiz' | 'observed';
};

/** Months after which a certificate is renewed by fresh evidence. */
export const VALIDITY_MONTHS = 36;

export type CertificateStanding = 'pending' | 'valid' | 'expired' | 'revoked';

/** How a certificate stands at a moment. Revoked outweighs expired; valid up to and including the day of expiry. */
export function certificateStanding(
  certificate: { issuedAt: Date | null; expiresAt: Date; revokedAt: Date | null },
  now: Date,
): CertificateStanding {
  if (certificate.revokedAt) return 'revoked';
  if (!certificate.issuedAt) return 'pending';
  return now.getTime() < certificate.expiresAt.getTime() ? 'valid' : 'expired';
}

/**
 * The same day `months` later as an ISO date, or the last day of that month where the day does not exist
 * (31 August + 6 months is 28 or 29 February).
 */
export function addMonths(isoDate: string, months: number): string {
  const [year = 0, month = 1, day = 1] = isoDate.split('-').map(Number);
  const target = new Date(Date.UTC(year, month - 1 + months + 1, 0));
  target.setUTCDate(Math.min(day, target.getUTCDate()));
  return target.toISOString().slice(0, 10);
}

/** The readable form of a certificate number: groups of five, e.g. `7K2MA-…`. */
export function formatCertificateNumber(code: string): string {
  return (code.match(/.{1,5}/g) ?? []).join('-');
}

/**
 * What a person typed, as the number is stored, or null if it cannot be one. Case, spaces and hyphens do not matter, and
 * the letters that Crockford's base 32 leaves out are read as the digits they are mistaken for.
 */
export function parseCertificateNumber(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]{20}$/.test(code) ? formatCertificateNumber(code) : null;
}
