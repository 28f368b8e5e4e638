import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../seeds/demo/accounts';
import { seed } from '../../seeds/run';
import type { CurrentUser, UserRole } from '../../server/platform/http/current-user';
import type { Locale } from '../../server/platform/i18n/i18n';
import type { JobRunner } from '../../server/platform/jobs/contract';
import { createPgRunner } from '../../server/platform/jobs/pg-runner';
import { createTestApp, PASSWORD, type TestApp } from '../support/app';

export type Person = Pick<CurrentUser, 'id' | 'email' | 'name' | 'locale'> & { password: string };

/** The application as a first start leaves it, on a port of this machine, with jobs that run until they are paused. */
export type Site = {
  app: TestApp;
  baseUrl: string;
  /** One of the five people of the demonstration programme who can sign in. */
  demo(role: UserRole): Promise<Person>;
  /** Creates a learner who belongs to no cluster. */
  invite(name: string, locale: Locale): Promise<Person>;
  pauseJobs(): Promise<void>;
  resumeJobs(): Promise<void>;
  close(): Promise<void>;
};

export async function openSite(): Promise<Site> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  const app = await createTestApp({ BASE_URL: baseUrl, DEMO: 'true' });
  server.on('request', app.app);
  await seed(app.services);

  const { services, db } = app;
  let people = 0;
  let runner: JobRunner | null = null;
  async function resumeJobs(): Promise<void> {
    runner = createPgRunner({ db, log: services.log, jobs: services.jobs, pollMs: 50 });
    await runner.start();
  }
  async function pauseJobs(): Promise<void> {
    await runner?.stop(5000);
    runner = null;
  }
  await resumeJobs();

  return {
    app,
    baseUrl,
    async demo(role) {
      const account = DEMO_ACCOUNTS.find((candidate) => candidate.role === role);
      if (!account) throw new Error(`The demonstration programme has no ${role}`);
      const { email, name, locale } = account;
      const [row] = await db.query<{ id: string }>('test.user', 'select id from users where email = $1', [
        email,
      ]);
      return { id: row?.id ?? '', email, name, locale, password: DEMO_PASSWORD };
    },
    async invite(name, locale) {
      people++;
      const email = `learner${people}@test.example`;
      const person = { email, name, role: 'learner', locale, partnerId: null } as const;
      const id = await services.accounts.service.createWithPassword(person, PASSWORD);
      return { id, email, name, locale, password: PASSWORD };
    },
    pauseJobs,
    resumeJobs,
    async close() {
      await pauseJobs();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.close();
    },
  };
}
