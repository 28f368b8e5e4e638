import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import supertest from 'supertest';
import { createApp } from '../../server/app';
import { type Composition, compose } from '../../server/composition';
import { loadConfig } from '../../server/config';
import type { UserRole } from '../../server/platform/http/current-user';
import { createPgRunner } from '../../server/platform/jobs/pg-runner';
import { createLog } from '../../server/platform/log/log';
import { createTestDatabase, type TestDatabase } from './database';
import { eventually } from './eventually';

export const PASSWORD = 'a password for tests';

export type TestApp = TestDatabase & {
  app: Express;
  services: Composition;
  dataDir: string;
  /** A browser without cookies of its own. */
  agent(): Browser;
  /** Creates a person and signs them in. */
  signIn(
    role?: UserRole,
    given?: Partial<{ name: string; email: string; locale: 'en' | 'it'; partnerId: string | null }>,
  ): Promise<Browser & { userId: string; email: string }>;
  /** Runs every waiting job to its end. */
  runJobs(): Promise<void>;
  /** Texts of the mails in the drop, unwrapped and decoded enough to search. */
  mails(): string[];
  close(): Promise<void>;
};

export type Browser = {
  get(path: string): supertest.Test;
  /** Posts a form with the CSRF token of this session's own page. */
  post(path: string, fields?: Record<string, string | string[]>): Promise<supertest.Response>;
  /** The underlying agent, for requests that no form of ours sends. */
  raw: ReturnType<typeof supertest.agent>;
};

/** The real application on a database of its own; only the log is silent. */
export async function createTestApp(env: Record<string, string> = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'identikit-app-'));
  const config = loadConfig({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    DEMO: 'false',
    ...env,
  });
  const log = createLog(config.logLevel);
  const services = await compose({ config, db: database.db, log });
  const app = createApp(services, []);
  let people = 0;

  function browser(): Browser {
    const raw = supertest.agent(app);
    return {
      raw,
      get: (path) => raw.get(path),
      async post(path, fields = {}) {
        const token = await csrfToken(raw);
        return raw
          .post(path)
          .type('form')
          .send({ _csrf: token, ...fields });
      },
    };
  }

  return {
    ...database,
    app,
    services,
    dataDir,
    agent: browser,
    async signIn(role = 'learner', given = {}) {
      people++;
      const email = given.email ?? `person${people}@test.example`;
      const userId = await services.accounts.service.createWithPassword(
        { name: `Person ${people}`, email, role, partnerId: null, locale: 'en', ...given },
        PASSWORD,
      );
      const signedIn = browser();
      const response = await signedIn.post('/login', { email, password: PASSWORD });
      if (response.status !== 303) throw new Error(`sign-in answered ${response.status}`);
      return { ...signedIn, userId, email };
    },
    async runJobs() {
      const runner = createPgRunner({ db: database.db, log, jobs: services.jobs, pollMs: 50 });
      await runner.start();
      try {
        await eventually(async () => {
          const { ready, running } = await runner.stats();
          expect({ ready, running }).toEqual({ ready: 0, running: 0 });
        });
      } finally {
        await runner.stop(5000);
      }
    },
    mails() {
      const folder = join(dataDir, 'mail');
      return readdirSync(folder).map((file) =>
        readFileSync(join(folder, file), 'utf8').replace(/=\n/g, '').replace(/=3D/g, '='),
      );
    },
    async close() {
      await services.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The token of this session, taken from the form of a page that everybody may open. */
export async function csrfToken(raw: ReturnType<typeof supertest.agent>): Promise<string> {
  const page = await raw.get('/password-reset');
  const token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
  if (token === undefined) throw new Error('no CSRF token on /password-reset');
  return token;
}
