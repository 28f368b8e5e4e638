import { randomBytes } from 'node:crypto';

/**
 * A UUID version 7 (RFC 9562): 48 bits of Unix time in milliseconds, then random bits, so that primary keys
 * sort by creation and index pages stay hot. Made by us because PostgreSQL offers `uuidv7()` only from 18.
 */
export function uuidv7(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A random token of 256 bits, base64url: for one-time links. Store only its hash. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Letters that cannot be confused when read aloud or copied by hand (Crockford's base 32). */
const READABLE = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A readable random code of `length` letters, 5 bits each. 20 letters are 100 bits: not guessable. */
export function readableCode(length: number): string {
  return Array.from(randomBytes(length), (byte) => READABLE.charAt(byte & 31)).join('');
}
