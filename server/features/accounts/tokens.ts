import { createHash } from 'node:crypto';

/** What the database keeps of a mailed token. The token has 256 random bits, so a plain SHA-256 is enough. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
