import { hash, verify } from '@node-rs/argon2';

/** OWASP's argon2id minimum: 19 MiB, two passes. About 10 ms a time; `algorithm: 2` is argon2id. */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Verifications at once: a burst of sign-ins must leave a core for pages. */
const LANES = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function inLane<T>(work: () => Promise<T>): Promise<T> {
  if (running >= LANES) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** The same characters typed on different keyboards may differ in bytes: NFKC makes them one (NIST SP 800-63B). */
const normalise = (password: string): string => password.normalize('NFKC');

/** argon2id hash of a password of any length, in the encoded form that carries its own parameters and salt. */
export function hashPassword(password: string): Promise<string> {
  return inLane(() => hash(normalise(password), OPTIONS));
}

let dummy: Promise<string> | undefined;

/**
 * Whether the password is right. For an unknown account pass `null`: it takes the same time and answers false, so that
 * nobody learns from the clock who has an account.
 */
export async function verifyPassword(encoded: string | null, password: string): Promise<boolean> {
  dummy ??= hash('no account has this password', OPTIONS);
  const against = encoded ?? (await dummy);
  const right = await inLane(() => verify(against, normalise(password)));
  return right && encoded !== null;
}
