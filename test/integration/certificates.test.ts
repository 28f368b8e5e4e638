import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { selectLearnerCourseByEnrolment } from '../../server/features/learning/learning.read-model';
import { fromRoot } from '../../server/platform/root';
import { createTestApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { importReference } from '../support/reference';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await importReference(t);
});
afterAll(() => t.close());

/** A learner who has just completed C01: what follows from it happens here as in the real transaction. */
async function completeCourse(name: string): Promise<string> {
  const userId = await t.services.accounts.service.createWithPassword(
    {
      name,
      email: `${Buffer.from(name).toString('hex').slice(0, 40)}@test.example`,
      role: 'learner',
      partnerId: null,
      locale: 'en',
    },
    'a password for tests',
  );
  await t.services.learning.service.enrol(userId, 'cluster-manager-profession');
  const [row] = await t.db.query<{ id: string }>(
    'test.enrolment',
    'select id from enrolments where user_id = $1',
    [userId],
  );
  const course = await selectLearnerCourseByEnrolment(t.db, row?.id ?? '');
  if (!course) throw new Error('no course');
  await t.db.transaction(() => t.services.certificates.service.requestForCourse(course));
  return userId;
}

const issued = async () => {
  const [row] = await t.db.query<{ n: number }>(
    'test.issued',
    'select count(*)::int as n from certificates where issued_at is not null',
  );
  return row?.n ?? 0;
};

function startWorker(): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', fromRoot('server', 'worker.ts')], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_URL: t.url,
      DATA_DIR: t.dataDir,
      DEMO: 'false',
      LOG_LEVEL: 'silent',
      JOB_CONCURRENCY: '1',
      JOB_LEASE_SECONDS: '1',
    },
    stdio: 'ignore',
  });
}

const end = (child: ChildProcess, signal: NodeJS.Signals) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });

describe('issuing certificates', () => {
  it('issues ten for ten, each once, while the worker is killed twice', async () => {
    for (let i = 1; i <= 10; i++) await completeCourse(`Learner ${i}`);
    for (const enough of [2, 5]) {
      const worker = startWorker();
      await eventually(async () => expect(await issued()).toBeGreaterThanOrEqual(enough), {
        timeoutMs: 20_000,
        everyMs: 2,
      });
      await end(worker, 'SIGKILL');
    }
    const worker = startWorker();
    try {
      await eventually(
        async () => {
          const [left] = await t.db.query<{ n: number }>(
            'test.left',
            `select count(*)::int as n from jobs where finished_at is null and kind like 'certificate.%'`,
          );
          expect(left?.n).toBe(0);
        },
        { timeoutMs: 25_000 },
      );
    } finally {
      await end(worker, 'SIGTERM');
    }
    const rows = await t.db.query<{ number: string; pdf: Buffer; sha256: string }>(
      'test.certificates',
      'select number, pdf, pdf_sha256 as sha256 from certificates',
    );
    expect(rows).toHaveLength(10);
    expect(new Set(rows.map((row) => row.number)).size).toBe(10);
    for (const { pdf, sha256 } of rows) expect(createHash('sha256').update(pdf).digest('hex')).toBe(sha256);
    expect(t.mails().filter((mail) => /Subject: Your certificate/.test(mail))).toHaveLength(10);
  }, 90_000);

  it('does not exist when the transaction that completes the course fails', async () => {
    const count = async () => (await t.db.query('test.all', 'select 1 from certificates')).length;
    const before = await count();
    await expect(
      t.db.transaction(async () => {
        await completeCourse('Rolled Back');
        throw new Error('the completion fails');
      }),
    ).rejects.toThrow('the completion fails');
    expect(await count()).toBe(before);
  });
});

describe('verification', () => {
  it('says valid, expired and revoked with their dates, and escapes what it shows', async () => {
    const userId = await completeCourse('Ђорђе <script>alert(1)</script> Петровић');
    await t.runJobs();
    const [row] = await t.db.query<{ number: string }>(
      'test.number',
      'select number from certificates where user_id = $1',
      [userId],
    );
    const path = `/verify/${row?.number}`;
    const valid = await t.agent().get(path);
    expect(valid.text).toContain('is valid');
    expect(valid.text).toContain('Ђорђе &lt;script&gt;');
    expect(valid.text).not.toContain('<script>alert');
    await t.db.query(
      'test.expire',
      `update certificates set expires_at = now() - interval '1 day' where user_id = $1`,
      [userId],
    );
    expect((await t.agent().get(path)).text).toContain('was valid until');
    await t.db.query('test.revoke', `update certificates set revoked_at = now() where user_id = $1`, [
      userId,
    ]);
    expect((await t.agent().get(`${path}?lang=it`)).text).toContain('ha revocato il certificato');
  });

  it('answers an unknown or impossible number with 404 and the form, whatever it is', async () => {
    for (const number of [
      '00000-00000-00000-00000',
      'x',
      '%3Cscript%3E',
      '..%2F..%2Fetc%2Fpasswd',
      'a'.repeat(5000),
    ]) {
      const page = await t.agent().get(`/verify/${number}`);
      expect(page.status).toBe(404);
      expect(page.text).toContain('There is no certificate with this number');
      expect(page.text).not.toContain('<script>alert');
    }
  });
});
