import type { CertificateSnapshot } from '../../core/certificate';
import type { Database } from '../../platform/db/database';

/** A certificate without its PDF. */
export type CertificateRow = {
  id: string;
  number: string;
  userId: string;
  snapshot: CertificateSnapshot;
  requestedAt: Date;
  issuedAt: Date | null;
  expiresAt: Date;
  revokedAt: Date | null;
  sha256: string | null;
};

const COLUMNS = `id, number, user_id as "userId", snapshot, requested_at as "requestedAt", issued_at as "issuedAt",
  expires_at as "expiresAt", revoked_at as "revokedAt", pdf_sha256 as sha256`;

export function selectCertificatesOf(db: Database, userId: string): Promise<CertificateRow[]> {
  return db.query<CertificateRow>(
    'certificates.of',
    `select ${COLUMNS} from certificates where user_id = $1 order by requested_at desc`,
    [userId],
  );
}

export async function selectOptionalCertificate(
  db: Database,
  number: string,
): Promise<CertificateRow | null> {
  const rows = await db.query<CertificateRow>(
    'certificates.byNumber',
    `select ${COLUMNS} from certificates where number = $1`,
    [number],
  );
  return rows[0] ?? null;
}

/** The PDF of a person's own certificate, once it is issued; of anybody's if `userId` is null. */
export async function selectOptionalPdf(
  db: Database,
  number: string,
  userId: string | null,
): Promise<Buffer | null> {
  const rows = await db.query<{ pdf: Buffer | null }>(
    'certificates.pdf',
    'select pdf from certificates where number = $1 and ($2::uuid is null or user_id = $2)',
    [number, userId],
  );
  return rows[0]?.pdf ?? null;
}
