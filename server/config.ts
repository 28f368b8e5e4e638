import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { StartupError } from './platform/errors';
import { fromRoot } from './platform/root';

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');

const environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HOST: z.string().optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATA_DIR: z.string().optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  SESSION_SECRET: z.string().min(32).optional(),
  TRUST_PROXY: z.coerce.number().int().min(0).max(5).default(0),
  DEMO: flag.optional(),
  RELOAD_VIEWS: flag.default(false),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().default('Identikit <no-reply@identikit.example>'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  JOB_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  JOB_LEASE_SECONDS: z.coerce.number().min(1).max(3600).default(60),
  ISSUER_NAME: z.string().default('Identikit demonstration programme'),
  ISSUER_COUNTRY: z.string().length(2).default('IT'),
});

/** Settings of a running process, parsed once, frozen. docs: server/OPERATIONS.md lists every variable. */
export type Config = Readonly<{
  environment: 'development' | 'production' | 'test';
  host: string | undefined;
  port: number;
  baseUrl: string;
  dataDir: string;
  databaseUrl: string | null;
  databasePool: number;
  redisUrl: string | null;
  sessionSecret: string;
  secureCookies: boolean;
  trustProxy: number;
  demo: boolean;
  /** Templates are read again at each page, and a missing text is an error: for development. */
  reloadViews: boolean;
  smtpUrl: string | null;
  mailFrom: string;
  logLevel: string;
  jobConcurrency: number;
  /** How long a worker that died keeps its jobs from the others, ms. */
  jobLeaseMs: number;
  issuer: Readonly<{ name: string; country: string }>;
}>;

/**
 * Reads the settings from environment variables; the only place in the project that does.
 * @throws StartupError naming every variable that is wrong, all at once.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  // `NAME=` in an .env file means "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StartupError(
      `Settings are wrong — ${problems.join('; ')}. See server/OPERATIONS.md, "Settings".`,
    );
  }
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  const dataDir = resolve(values.DATA_DIR ?? fromRoot('.data'));
  const baseUrl = (values.BASE_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, '');

  if (production) {
    const missing = [
      values.SESSION_SECRET === undefined && 'SESSION_SECRET (32 characters or more)',
      values.BASE_URL === undefined && 'BASE_URL (the public https address)',
      values.DATABASE_URL === undefined && 'DATABASE_URL',
    ].filter((problem) => problem !== false);
    if (missing.length > 0) throw new StartupError(`NODE_ENV=production needs ${missing.join(', ')}.`);
    if (!baseUrl.startsWith('https://') && !baseUrl.startsWith('http://localhost')) {
      throw new StartupError(
        'NODE_ENV=production needs an https BASE_URL: sign-in cookies are sent over TLS only.',
      );
    }
  }

  return Object.freeze({
    environment: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    baseUrl,
    dataDir,
    databaseUrl: values.DATABASE_URL ?? null,
    databasePool: values.DATABASE_POOL,
    redisUrl: values.REDIS_URL ?? null,
    sessionSecret: values.SESSION_SECRET ?? persistentSecret(dataDir),
    secureCookies: baseUrl.startsWith('https://'),
    trustProxy: values.TRUST_PROXY,
    demo: values.DEMO ?? !production,
    reloadViews: values.RELOAD_VIEWS,
    smtpUrl: values.SMTP_URL ?? null,
    mailFrom: values.MAIL_FROM,
    logLevel: values.LOG_LEVEL,
    jobConcurrency: values.JOB_CONCURRENCY,
    jobLeaseMs: values.JOB_LEASE_SECONDS * 1000,
    issuer: Object.freeze({ name: values.ISSUER_NAME, country: values.ISSUER_COUNTRY }),
  });
}

/** Loads `.env` of the project's root, if there is one, without overriding what is already set. */
export function loadEnvFile(): void {
  const file = fromRoot('.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

/** The secret that signs sessions, generated once and kept in the data folder so that restarts do not sign people out. */
function persistentSecret(dataDir: string): string {
  const file = join(dataDir, 'session-secret');
  try {
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    mkdirSync(dataDir, { recursive: true });
    const secret = randomBytes(32).toString('base64url');
    writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
    return secret;
  } catch (cause) {
    throw new StartupError(
      `The data folder ${dataDir} cannot be written. Make it writable for this user, or set DATA_DIR to another folder.`,
      { cause },
    );
  }
}
