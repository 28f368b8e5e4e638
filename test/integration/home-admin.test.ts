import { createTestApp, type TestApp } from '../support/app';
import { selfAssess } from '../support/people';
import { importReference } from '../support/reference';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await importReference(t);
});
afterAll(() => t.close());

describe('/home', () => {
  it('leads a learner from the self-assessment to the path and on to the lesson', async () => {
    const learner = await t.signIn();
    expect((await learner.get('/home')).text).toContain('href="/assessment"');
    await selfAssess(t, learner.userId, 'CM', 1);
    expect((await learner.get('/home')).text).toContain('See your shortest path');
    await learner.post('/courses/cluster-manager-profession/enrol');
    expect((await learner.get('/home')).text).toContain('href="/learn/cluster-manager-profession/C01-M1/');
  });

  it('stays within ten statements and 60 kB, plan and courses included', async () => {
    const learner = await t.signIn();
    await selfAssess(t, learner.userId, 'CM', 1);
    const hash = /name="hash" value="([^"]+)"/.exec((await learner.get('/path')).text)?.[1] ?? '';
    await learner.post('/path/accept', { hash, hoursPerWeek: '3', startsOn: '2026-12-01' });
    await learner.post('/courses/cluster-manager-profession/enrol');
    t.statements.length = 0;
    const page = await learner.get('/home');
    expect(page.status).toBe(200);
    expect(t.statements.length + 1).toBeLessThanOrEqual(10);
    expect(page.text.length).toBeLessThan(60_000);
  });

  it.each(['trainer', 'staff', 'coordinator', 'admin'] as const)(
    'has something to say to a %s',
    async (role) => {
      const person = await t.signIn(role);
      const page = await person.get('/home');
      expect(page.status).toBe(200);
      expect(page.text).toContain('Hello, Person');
    },
  );

  it.each([
    '/',
    '/profile',
    '/catalogue',
    '/catalogue/paths',
    '/glossary',
    '/clusters',
    '/verify',
    '/courses/cluster-manager-profession',
  ])('shows %s to a passer-by without starting a session', async (path) => {
    const page = await t.agent().get(path);
    expect(page.status).toBe(200);
    expect(page.headers['set-cookie']).toBeUndefined();
  });

  it('shows staff the figures of their own partner only, and none without a partner', async () => {
    await t.services.organisations.service.addPartners([
      { code: 'own', country: 'IT', name: 'Own' },
      { code: 'other', country: 'AT', name: 'Other' },
    ]);
    const [own] = await t.db.query<{ id: string }>(
      'test.partner',
      `select id from partners where code = 'own'`,
    );
    const staff = await t.signIn('staff', { partnerId: own?.id ?? null });
    const page = await staff.get('/home');
    expect(page.text).toContain('Italy');
    expect(page.text).not.toContain('Austria');
    const unassigned = await t.signIn('staff');
    expect((await unassigned.get('/home')).text).not.toContain('Italy');
    const coordinator = await t.signIn('coordinator');
    expect((await coordinator.get('/home')).text).toContain('Austria');
  });
});

describe('/admin', () => {
  it.each(['learner', 'trainer', 'staff', 'coordinator'] as const)('is closed to a %s', async (role) => {
    const person = await t.signIn(role);
    for (const path of ['/admin', '/admin/accounts', '/admin/accounts/invite'])
      expect((await person.get(path)).status).toBe(403);
    const email = `from-${role}@test.example`;
    expect(
      (await person.post('/admin/accounts/invite', { name: 'X', email, role: 'admin', locale: 'en' })).status,
    ).toBe(403);
    expect((await person.post('/admin/jobs/retry')).status).toBe(403);
    expect(await t.db.query('test.invited', 'select 1 from users where email = $1', [email])).toEqual([]);
  });

  it('invites, once per address, and keeps what was typed', async () => {
    const admin = await t.signIn('admin');
    const fields = {
      name: 'Ágnes Kovács',
      email: 'agnes@test.example',
      role: 'trainer',
      partnerId: '',
      locale: 'en',
    };
    expect((await admin.post('/admin/accounts/invite', fields)).headers['location']).toBe('/admin/accounts');
    await t.runJobs();
    expect(t.mails().some((mail) => mail.includes('/invitation/'))).toBe(true);
    const again = await admin.post('/admin/accounts/invite', { ...fields, email: 'AGNES@test.example' });
    expect(again.status).toBe(422);
    expect(again.text).toContain('There is an account with this address already.');
    expect(again.text).toContain('Ágnes Kovács');
    const staff = await admin.post('/admin/accounts/invite', {
      ...fields,
      email: 'staff2@test.example',
      role: 'staff',
    });
    expect(staff.status).toBe(422);
    expect((await admin.get('/admin/accounts?q=agnes')).text).toContain('Ágnes Kovács');
    expect((await admin.get('/admin/accounts?q=%25')).text).toContain('No account has this name or address');
  });

  it('shows failed jobs with their cause and tries them again', async () => {
    const admin = await t.signIn('admin');
    await t.db.query(
      'test.fail',
      `insert into jobs (id, kind, payload, attempts, failed_at, last_error)
       select gen_random_uuid(), 'certificate.issue', jsonb_build_object('certificateId', gen_random_uuid()), 10, now(), 'disk <full>'`,
    );
    const page = await admin.get('/admin');
    expect(page.text).toContain('disk &lt;full&gt;');
    await admin.post('/admin/jobs/retry');
    await t.runJobs();
    expect((await admin.get('/admin')).text).toContain('No failed jobs');
    expect((await admin.post('/admin/jobs/not-an-id/retry')).status).toBe(404);
  });
});
