import { createTestApp, csrfToken, PASSWORD, type TestApp } from '../support/app';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

const signedInAs = async (browser: { get(path: string): PromiseLike<{ status: number }> }) =>
  (await browser.get('/account')).status === 200;

describe('sign-in', () => {
  it('opens a session under a new id, and signing out ends it on the server', async () => {
    const person = await t.signIn('learner');
    expect(await signedInAs(person)).toBe(true);
    const cookie = String((await person.get('/account').redirects(0)).request.getHeader?.('cookie') ?? '');
    const out = await person.post('/logout');
    expect(out.status).toBe(303);
    expect(await signedInAs(person)).toBe(false);
    const replay = await t.agent().raw.get('/account').set('Cookie', cookie);
    expect(replay.status).toBe(303);
  });

  it('changes the session id at sign-in, so that a planted id is worth nothing', async () => {
    const browser = t.agent();
    await t.services.accounts.service.createWithPassword(
      { name: 'Fixed', email: 'fixation@test.example', role: 'learner', partnerId: null, locale: 'en' },
      PASSWORD,
    );
    const before = await browser.get('/login');
    const after = await browser.post('/login', { email: 'fixation@test.example', password: PASSWORD });
    const id = (header: unknown) => /identikit=([^;]+)/.exec(String(header))?.[1];
    expect(id(after.headers['set-cookie'])).toBeDefined();
    expect(id(after.headers['set-cookie'])).not.toBe(id(before.headers['set-cookie']));
  });

  it('answers a wrong password and an unknown account alike, with what was typed kept', async () => {
    const browser = t.agent();
    const wrong = await browser.post('/login', { email: 'fixation@test.example', password: 'not this one' });
    const unknown = await browser.post('/login', { email: 'nobody@test.example', password: 'not this one' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const page = (text: string) =>
      text
        .replaceAll(/[\w.-]+@test\.example/g, '')
        .replaceAll(/value="[0-9a-f]{64,}"/g, '')
        .replaceAll(/csrf-token" content="[^"]*"/g, '');
    expect(page(wrong.text)).toBe(page(unknown.text));
    expect(wrong.text).toContain('value="fixation@test.example"');
    expect(wrong.text).not.toContain('not this one');
  });

  it('throttles an account after ten failures, whoever asks, and keeps refusing the right password', async () => {
    await t.services.accounts.service.createWithPassword(
      { name: 'Target', email: 'target@test.example', role: 'learner', partnerId: null, locale: 'en' },
      PASSWORD,
    );
    const browser = t.agent();
    for (let i = 0; i < 10; i++)
      await browser.post('/login', { email: 'target@test.example', password: `guess ${i}` });
    const refused = await browser.post('/login', { email: 'Target@test.example', password: PASSWORD });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('says beside the field what is missing', async () => {
    const response = await t.agent().post('/login', { email: 'no address', password: '' });
    expect(response.status).toBe(422);
    expect(response.text).toContain('id="email-error"');
    expect(response.text).toContain('id="password-error"');
    expect(response.text).toContain('value="no address"');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
  ])('does not lead to %j afterwards', async (next) => {
    const email = `next${Math.abs(next.length)}${next.codePointAt(1)}@test.example`;
    await t.services.accounts.service.createWithPassword(
      { name: 'Next', email, role: 'learner', partnerId: null, locale: 'en' },
      PASSWORD,
    );
    const response = await t.agent().post('/login', { email, password: PASSWORD, next });
    expect(response.headers['location']).toBe('/home');
  });
});

describe('state changes', () => {
  it('are refused without the token, with the token of another session, and from another site', async () => {
    const person = await t.signIn();
    const without = await person.raw.post('/account').type('form').send({ name: 'Changed', locale: 'en' });
    const foreign = await csrfToken(t.agent().raw);
    const withForeign = await person.raw
      .post('/account')
      .type('form')
      .send({ _csrf: foreign, name: 'Changed', locale: 'en' });
    const own = await csrfToken(person.raw);
    const crossSite = await person.raw
      .post('/account')
      .set('Sec-Fetch-Site', 'cross-site')
      .type('form')
      .send({ _csrf: own, name: 'Changed', locale: 'en' });
    expect([without.status, withForeign.status, crossSite.status]).toEqual([403, 403, 403]);
    const [row] = await t.db.query<{ name: string }>('test.name', 'select name from users where id = $1', [
      person.userId,
    ]);
    expect(row?.name).not.toBe('Changed');
    expect(await signedInAs(person)).toBe(true);
  });

  it('ignore fields that the form does not have', async () => {
    const person = await t.signIn();
    await person.post('/account', {
      name: 'Still a learner',
      locale: 'it',
      role: 'admin',
      partnerId: 'x',
      email: 'other@test.example',
    });
    const [row] = await t.db.query(
      'test.user',
      'select name, role, locale, email::text from users where id = $1',
      [person.userId],
    );
    expect(row).toEqual({ name: 'Still a learner', role: 'learner', locale: 'it', email: person.email });
  });
});

describe('password reset', () => {
  const linkIn = (mail: string | undefined) =>
    new URL(/https?:\/\/\S+\/password-reset\/\S+/.exec(mail ?? '')?.[0] ?? '').pathname;

  it('mails a link that works once and ends every session', async () => {
    const person = await t.signIn('learner', { email: 'forgot@test.example' });
    const asked = await t.agent().post('/password-reset', { email: 'forgot@test.example' });
    const unknown = await t.agent().post('/password-reset', { email: 'unknown@test.example' });
    expect(asked.status).toBe(200);
    const plain = (text: string) => text.replaceAll(/content="[^"]*"|value="[^"]*"/g, '');
    expect(plain(unknown.text)).toBe(plain(asked.text));
    await t.runJobs();
    const path = linkIn(t.mails().find((mail) => mail.includes('forgot@test.example')));

    const elsewhere = t.agent();
    expect((await elsewhere.get(path)).status).toBe(200);
    const short = await elsewhere.post(path, { password: 'short' });
    expect(short.status).toBe(422);
    const set = await elsewhere.post(path, { password: 'a new password' });
    expect(set.status).toBe(303);
    expect(await signedInAs(elsewhere)).toBe(true);
    expect(await signedInAs(person)).toBe(false);
    expect((await t.agent().get(path)).status).toBe(410);
    expect((await t.agent().post(path, { password: 'a third password' })).status).toBe(410);
  });

  it('ends an older link when a newer one is asked for', async () => {
    await t.signIn('learner', { email: 'twice@test.example' });
    const mails = () => t.mails().filter((mail) => mail.includes('twice@test.example'));
    await t.agent().post('/password-reset', { email: 'twice@test.example' });
    await t.runJobs();
    const first = linkIn(mails()[0]);
    await t.agent().post('/password-reset', { email: 'twice@test.example' });
    await t.runJobs();
    expect((await t.agent().get(first)).status).toBe(410);
  });
});

describe('invitation', () => {
  it('lets the invited person choose name and password once', async () => {
    const result = await t.services.accounts.service.invite(
      { name: 'Zofia', email: 'zofia@test.example', role: 'learner', partnerId: null, locale: 'it' },
      null,
    );
    expect(result.kind).toBe('invited');
    await t.runJobs();
    const mail = t.mails().find((text) => text.includes('zofia@test.example'));
    const path = new URL(/https?:\/\/\S+\/invitation\/\S+/.exec(mail ?? '')?.[0] ?? '').pathname;
    const browser = t.agent();
    const accepted = await browser.post(path, {
      name: 'Zofia Łukasiewicz-Παπαδοπούλου',
      password: 'long enough for us',
    });
    expect(accepted.headers['location']).toBe('/home');
    expect((await browser.get('/account')).text).toContain('Zofia Łukasiewicz-Παπαδοπούλου');
    expect(
      (await t.agent().post(path, { name: 'Somebody else', password: 'long enough for us' })).status,
    ).toBe(410);
  });

  it('does not make a second account for one address', async () => {
    const again = await t.services.accounts.service.invite(
      { name: 'Zofia', email: 'ZOFIA@test.example', role: 'admin', partnerId: null, locale: 'en' },
      null,
    );
    expect(again.kind).toBe('taken');
  });
});

describe('language', () => {
  it('follows the link, then the account, then the browser', async () => {
    const italian = await t.agent().get('/login').set('Accept-Language', 'it-IT,it;q=0.9');
    expect(italian.text).toContain('<html lang="it"');
    const person = await t.signIn('learner', { locale: 'it' });
    expect((await person.get('/account').set('Accept-Language', 'en')).text).toContain('<html lang="it"');
    expect((await person.get('/account?lang=en')).text).toContain('<html lang="en"');
  });
});

describe('errors', () => {
  it('are a page with a sentence, never a stack', async () => {
    const missing = await t.agent().get('/nothing/here').set('Accept', 'text/html');
    expect(missing.status).toBe(404);
    expect(missing.text).toContain('Page not found');
    const broken = await t
      .agent()
      .raw.post('/login')
      .set('Content-Type', 'application/x-www-form-urlencoded')
      .send(`a=${'x'.repeat(300_000)}`);
    expect(broken.status).toBe(413);
    const odd = await t.agent().get('/%E0%A4%A').set('Accept', 'text/html');
    expect(odd.status).toBe(404);
    const zero = await t.agent().get('/verify/%00').set('Accept', 'text/html');
    expect(zero.status).toBe(404);
    const zeroMail = await t.agent().post('/password-reset', { email: 'a\u0000@test.example' });
    expect(zeroMail.status).toBe(422);
    const zeroName = await (await t.signIn()).post('/account', { name: 'a\u0000b', locale: 'en' });
    expect(zeroName.status).toBe(422);
    for (const page of [missing, broken, odd]) expect(page.text).not.toMatch(/node_modules|at .*\.ts/);
  });
});
