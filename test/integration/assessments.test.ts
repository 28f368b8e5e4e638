import { createHash } from 'node:crypto';
import type { Framework, Level } from '../../server/core/framework';
import type { EvidenceEntry } from '../../server/features/assessments/assessments.service';
import { uuidv7 } from '../../server/platform/ids';
import { type Browser, createTestApp, type TestApp } from '../support/app';
import { referenceFramework } from '../support/framework';

type Person = Browser & { userId: string; email: string };

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  // Takes assessments, answers and evidence with it; a published version cannot be deleted row by row.
  await select('truncate framework_versions, memberships, audit_entries cascade');
  await app.services.frameworks.service.publishVersion(referenceFramework());
});

const AREAS = ['GOV', 'STR', 'FIN', 'MEM', 'STK', 'INT', 'FAC'];
const FRAMEWORK = referenceFramework();
const codesOf = (area: string) =>
  FRAMEWORK.competencies.filter((competency) => competency.area === area).map(({ code }) => code);

const select = <T>(text: string, values: unknown[] = []) =>
  app.db.query<T>(`test.${createHash('sha1').update(text).digest('hex')}`, text, values);
const answers = () =>
  select<{ competency_code: string; level: number | null; note: string }>(
    `select competency_code, level, note from assessment_answers order by assessment_id, competency_code`,
  );
const evidence = () =>
  select<{ competency_code: string; level: string; source: string; user_id: string }>(
    `select competency_code, level, source, user_id from evidence order by competency_code, created_at`,
  );

async function join(
  person: Person,
  role: string,
  cluster: { type?: string; stage?: string; name?: string } = {},
) {
  const [partner, id] = [uuidv7(), uuidv7()];
  await select(`insert into partners (id, code, country, name) values ($1, $2, 'IT', 'Partner')`, [
    partner,
    partner,
  ]);
  await select(
    `insert into clusters (id, partner_id, slug, name, type, stage, region, fictional) values ($1, $2, $3, $4, $5, $6, 'Region', true)`,
    [id, partner, id, cluster.name ?? 'Test Cluster', cluster.type ?? null, cluster.stage ?? null],
  );
  await select(
    `insert into memberships (id, user_id, cluster_id, role_code, since) values ($1, $2, $3, $4, current_date - 400)`,
    [uuidv7(), person.userId, id, role],
  );
}

async function begin(role = 'CM'): Promise<Person> {
  const person = await app.signIn();
  const response = await person.post('/assessment/start', { role });
  expect(response.status).toBe(303);
  return person;
}

/** Fields of an area's form, every statement with the same level. */
const fields = (area: string, level: number) =>
  Object.fromEntries(codesOf(area).map((code) => [`level-${code}`, String(level)]));

async function submitAll(person: Person, level: number): Promise<void> {
  for (const area of AREAS) {
    const response = await person.post(`/assessment/${area}`, fields(area, level));
    expect(response.status).toBe(303);
  }
  expect((await person.post('/assessment/submit')).status).toBe(303);
}

const checked = (html: string) =>
  [...html.matchAll(/name="level-([A-Z]{3}-\d\d)" value="(\d)" checked/g)].map(
    ([, code, level]) => `${code}=${level}`,
  );

describe('starting', () => {
  it.each(['/assessment', '/assessment/GOV', '/assessment/review', '/gap'])(
    '%s asks to sign in',
    async (path) => {
      const response = await app.agent().get(path);
      expect([response.status, response.headers['location']]).toEqual([
        303,
        `/login?next=${encodeURIComponent(path)}`,
      ]);
    },
  );

  it('explains itself and lets somebody without a cluster choose among all roles', async () => {
    const person = await app.signIn();
    const { text } = await person.get('/assessment').expect(200);
    expect(text).toContain('28 competencies, about 40 minutes');
    expect([...text.matchAll(/type="radio" name="role" value="(..)"/g)].map(([, role]) => role)).toEqual([
      'CM',
      'PO',
      'IO',
      'CB',
    ]);
  });

  it('takes the role from the membership and refuses another', async () => {
    const person = await app.signIn();
    await join(person, 'IO', { name: 'Alpine Cluster' });
    const { text } = await person.get('/assessment');
    expect(text).toContain('your role in Alpine Cluster: Internationalisation officer');
    expect(text).not.toContain('type="radio"');

    const refused = await person.post('/assessment/start', { role: 'CM' });
    expect(refused.status).toBe(422);
    expect(await select('select 1 from assessments')).toEqual([]);

    const accepted = await person.post('/assessment/start', { role: 'IO' });
    expect(accepted.headers['location']).toBe('/assessment/GOV');
  });

  it.each(['', 'XX', 'admin'])('refuses the role "%s" with the form shown again', async (role) => {
    const person = await app.signIn();
    const response = await person.post('/assessment/start', { role });
    expect(response.status).toBe(422);
    expect(response.text).toContain('href="#role"');
  });

  it('opens one assessment however often it is asked', async () => {
    const person = await app.signIn();
    await Promise.all(Array.from({ length: 8 }, () => person.post('/assessment/start', { role: 'CM' })));
    expect(await select('select 1 from assessments')).toHaveLength(1);
  });

  it('sends whoever has not started back to the start', async () => {
    const person = await app.signIn();
    for (const path of ['/assessment/GOV', '/assessment/review']) {
      expect((await person.get(path)).headers['location']).toBe('/assessment');
    }
    expect((await person.post('/assessment/GOV', fields('GOV', 2))).status).toBe(409);
    expect((await person.post('/assessment/submit')).status).toBe(404);
  });
});

describe('answering', () => {
  it('shows each level of each competency by what one can see a person do', async () => {
    const person = await begin();
    const text = (await person.get('/assessment/FAC')).text.replaceAll('&#x27;', "'");
    for (const { descriptors } of FRAMEWORK.competencies.filter(({ area }) => area === 'FAC')) {
      for (const { en } of descriptors) expect(text).toContain(en);
    }
    expect(text.match(/type="radio"/g)).toHaveLength(5 * 6);
    expect(checked(text)).toEqual([]);
  });

  it('leads through the areas to the review and keeps answers and notes', async () => {
    const person = await begin();
    const note = 'Visited 30 firms <2026>,\r\nsee https://example.org/visits';
    const after = await person.post('/assessment/MEM', { 'level-MEM-01': '4', 'note-MEM-01': note });
    expect([after.status, after.headers['location']]).toEqual([303, '/assessment/STK']);
    const last = await person.post('/assessment/FAC', fields('FAC', 0));
    expect(last.headers['location']).toBe('/assessment/review');

    const { text } = await person.get('/assessment/MEM');
    expect(checked(text)).toEqual(['MEM-01=4']);
    expect(text).toContain('Visited 30 firms &lt;2026&gt;,\nsee https://example.org/visits</textarea>');
    const { text: review } = await person.get('/assessment/review');
    expect(review).toContain('6 of 28');
    expect(review).toContain('href="/assessment/MEM#level-MEM-02"');
    expect(review).not.toContain('href="/assessment/MEM#level-MEM-01"');
  });

  it('resumes on another device where the answers stopped', async () => {
    const person = await begin();
    await person.post('/assessment/GOV', fields('GOV', 3));
    await person.post('/assessment/STR/answers', { 'level-STR-01': '2' });

    const other = app.agent();
    await other.post('/login', { email: person.email, password: 'a password for tests' });
    const { text } = await other.get('/assessment');
    expect(text).toContain('5 of 28');
    expect(text).toContain('href="/assessment/STR">Continue with Strategy and foresight');
    expect(checked((await other.get('/assessment/STR')).text)).toEqual(['STR-01=2']);
  });

  it('does not lose an answer to a form that was loaded before it was given', async () => {
    const person = await begin();
    await person.post('/assessment/GOV/answers', { 'level-GOV-01': '4', 'level-GOV-02': '1' });
    await person.post('/assessment/GOV/answers', { 'level-GOV-02': '2' });
    expect(checked((await person.get('/assessment/GOV')).text)).toEqual(['GOV-01=4', 'GOV-02=2']);
  });

  it('autosaves without a body to read', async () => {
    const person = await begin();
    const response = await person.post('/assessment/GOV/answers', {
      'level-GOV-01': '5',
      'note-GOV-01': 'Note',
    });
    expect([response.status, response.text]).toEqual([204, '']);
    expect((await answers()).filter(({ level }) => level !== null)).toEqual([
      { competency_code: 'GOV-01', level: 5, note: 'Note' },
    ]);
  });

  const refused: [string, Record<string, string | string[]>][] = [
    ['a level beyond the scale', { 'level-GOV-01': '9' }],
    ['a level between two', { 'level-GOV-01': '2.5' }],
    ['no number at all', { 'level-GOV-01': 'NaN' }],
    ['two levels for one competency', { 'level-GOV-01': ['1', '5'] }],
    ['a competency that does not exist', { 'level-GOV-99': '3' }],
    ['a competency of another area', { 'level-STR-01': '3' }],
    ['a foreign field', { user_id: 'somebody', 'level-GOV-01': '3' }],
    ['a note of more than 2,000 characters', { 'level-GOV-01': '3', 'note-GOV-01': 'x'.repeat(2001) }],
  ];

  it.each(refused)('refuses %s, by autosave and by form, and saves nothing of it', async (_, sent) => {
    const person = await begin();
    const autosave = await person.post('/assessment/GOV/answers', sent);
    expect(autosave.status).toBe(422);
    expect(Object.values(autosave.body.errors)).toEqual([expect.stringMatching(/\.$/)]);

    const form = await person.post('/assessment/GOV', { ...sent, 'note-GOV-02': 'What I typed' });
    expect(form.status).toBe(422);
    expect(form.text).toContain('error-summary');
    expect(form.text).toContain('What I typed</textarea>');
    expect(await answers()).toEqual([]);
  });

  it('takes a note of exactly 2,000 characters with line breaks counted once, and drops what text cannot hold', async () => {
    const person = await begin();
    const note = `${'x'.repeat(1998)}\r\ny`;
    const response = await person.post('/assessment/GOV/answers', {
      'note-GOV-01': note,
      'note-GOV-02': 'a\u0000b',
    });
    expect(response.status).toBe(204);
    const saved = await answers();
    expect(saved.map((answer) => answer.note).slice(0, 2)).toEqual([note.replace('\r', ''), 'ab']);
  });

  it('knows no area that the framework does not have', async () => {
    const person = await begin();
    await person.get('/assessment/XYZ').expect(404);
    expect((await person.post('/assessment/gov', {})).status).toBe(404);
    expect((await person.post('/assessment/__proto__/answers', {})).status).toBe(404);
  });

  it('refuses a request without the token of the session', async () => {
    const person = await begin();
    await person.raw.post('/assessment/GOV/answers').type('form').send(fields('GOV', 3)).expect(403);
    expect(await answers()).toEqual([]);
  });
});

describe('targets before submission', () => {
  /** What a page says apart from what differs between two people and versions anyway. */
  const comparable = (html: string) =>
    html
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
      .replaceAll(/(csrf-token" content|_csrf" value)="[^"]+"/g, '$1="TOKEN"')
      .replaceAll(/Person \d+/g, 'PERSON')
      .replaceAll(/>P\d+</g, '>P<');

  function withOtherTargets(): Framework {
    const framework = referenceFramework();
    framework.version = '2.0';
    for (const profile of framework.profiles) {
      const entries = Object.entries(profile.targets).slice(3);
      profile.targets = Object.fromEntries(
        entries.map(([code, { level }]) => [code, { level: (5 - level) as Level, weight: 1 }]),
      );
    }
    framework.overlays.stages = {};
    return framework;
  }

  async function pages(): Promise<string[]> {
    const person = await begin('CB');
    const seen = [];
    for (const area of AREAS) {
      const refused = await person.post(`/assessment/${area}`, { [`level-${area}-01`]: '7' });
      const saved = await person.post(`/assessment/${area}/answers`, { [`level-${area}-01`]: '2' });
      const { text } = await person.get(`/assessment/${area}`);
      seen.push(text, refused.text, JSON.stringify([saved.status, saved.body]));
    }
    for (const path of ['/assessment', '/assessment/review']) seen.push((await person.get(path)).text);
    return seen.map(comparable);
  }

  it('show in no page of the assessment: two versions that differ in targets only give the same pages', async () => {
    const first = await pages();
    const profile = comparable((await app.agent().get('/profile')).text);
    await app.services.frameworks.service.publishVersion(withOtherTargets());
    expect(comparable((await app.agent().get('/profile')).text)).not.toEqual(profile);
    expect(await pages()).toEqual(first);
  });
});

describe('submitting', () => {
  it('turns answers into claims, level 0 included, and leaves the unanswered without evidence', async () => {
    const person = await begin();
    await person.post('/assessment/GOV', {
      'level-GOV-01': '0',
      'level-GOV-03': '4',
      'note-GOV-04': 'only a note',
    });
    const response = await person.post('/assessment/submit');
    expect([response.status, response.headers['location']]).toEqual([303, '/gap']);
    expect(await evidence()).toMatchObject([
      { competency_code: 'GOV-01', level: '0.00', source: 'self', user_id: person.userId },
      { competency_code: 'GOV-03', level: '4.00', source: 'self', user_id: person.userId },
    ]);
  });

  it('needs at least one answer', async () => {
    const person = await begin();
    await person.post('/assessment/GOV', { 'note-GOV-01': 'only a note' });
    const response = await person.post('/assessment/submit');
    expect(response.status).toBe(422);
    expect(response.text).toContain('Nothing is answered yet');
    expect(await select('select 1 from assessments where submitted_at is null')).toHaveLength(1);
  });

  it('is one submission under twenty at once', async () => {
    const person = await begin();
    for (const area of AREAS) await person.post(`/assessment/${area}`, fields(area, 3));
    const responses = await Promise.all(Array.from({ length: 20 }, () => person.post('/assessment/submit')));
    expect(new Set(responses.map(({ status, headers }) => `${status} ${headers['location']}`))).toEqual(
      new Set(['303 /gap']),
    );
    expect(await evidence()).toHaveLength(28);
    expect(await select(`select 1 from audit_entries where action = 'assessment.submitted'`)).toHaveLength(1);
  });

  it('closes the answers: a later save is refused and changes nothing', async () => {
    const person = await begin();
    await person.post('/assessment/GOV', fields('GOV', 2));
    await person.post('/assessment/submit');
    const before = await answers();
    const late = await person.raw
      .post('/assessment/GOV/answers')
      .set('Accept', 'application/json')
      .type('form')
      .send({ _csrf: await token(person), ...fields('GOV', 5) });
    expect([late.status, late.body.error.message]).toEqual([
      409,
      expect.stringContaining('has been submitted'),
    ]);
    expect((await person.post('/assessment/GOV', fields('GOV', 5))).status).toBe(409);
    expect(await answers()).toEqual(before);
  });

  it('counts a racing save whole or not at all', async () => {
    const person = await begin();
    await person.post('/assessment/GOV', fields('GOV', 1));
    const saves = Array.from({ length: 6 }, (_, i) =>
      person.post('/assessment/GOV/answers', fields('GOV', (i % 4) + 2)),
    );
    await Promise.all([...saves, person.post('/assessment/submit')]);
    const saved = (await answers()).map(({ competency_code, level }) => [competency_code, Number(level)]);
    const claimed = (await evidence()).map(({ competency_code, level }) => [competency_code, Number(level)]);
    expect(claimed).toEqual(saved);
    expect(new Set(claimed.map(([, level]) => level)).size).toBe(1);
  });

  it('lets nobody touch the assessment of somebody else, even with its id', async () => {
    const mine = await begin();
    await mine.post('/assessment/GOV', fields('GOV', 2));
    const [assessment] = await select<{ id: string }>('select id from assessments');
    const before = await answers();
    const other = await begin();
    const forged = { ...fields('GOV', 5), assessment: assessment?.id ?? '' };
    expect((await other.post('/assessment/GOV', forged)).status).toBe(409);
    expect((await other.post('/assessment/GOV/answers', forged)).status).toBe(409);
    expect((await other.post('/assessment/submit', { assessment: assessment?.id ?? '' })).status).toBe(404);
    expect(await answers()).toEqual(before);
    expect(await evidence()).toEqual([]);
    expect(checked((await other.get('/assessment/GOV')).text)).toEqual([]);
  });

  it('starts again with empty answers, into which an old tab cannot write', async () => {
    const person = await begin();
    const stale =
      /name="assessment" value="([^"]+)"/.exec((await person.get('/assessment/GOV')).text)?.[1] ?? '';
    await submitAll(person, 2);
    expect((await person.get('/assessment')).text).toContain('Assess again');
    await person.post('/assessment/start', { role: 'PO' });
    expect(checked((await person.get('/assessment/GOV')).text)).toEqual([]);

    const late = await person.post('/assessment/GOV/answers', { ...fields('GOV', 5), assessment: stale });
    expect(late.status).toBe(409);
    expect((await person.post('/assessment/submit', { assessment: stale })).headers['location']).toBe('/gap');
    expect(checked((await person.get('/assessment/GOV')).text)).toEqual([]);
    expect(await evidence()).toHaveLength(28);
  });
});

async function token(person: Person): Promise<string> {
  return /name="csrf-token" content="([^"]+)"/.exec((await person.get('/assessment')).text)?.[1] ?? '';
}

describe('evidence and the gap', () => {
  const service = () => app.services.assessments.service;
  const profileOf = async (person: Person) => {
    const profile = await service().gapProfile(person.userId, Date.now());
    if (!profile) throw new Error('no profile');
    return profile;
  };
  const gapOf = async (person: Person, code: string) =>
    (await profileOf(person)).gaps.find(({ competency }) => competency === code);
  const verified = (person: Person, competency: string, level: number): EvidenceEntry => ({
    userId: person.userId,
    competency,
    source: 'workplace',
    level,
    originType: 'test',
    originId: 'field-work',
    observedAt: new Date(),
  });

  it('is empty before the first assessment and says what to do', async () => {
    const person = await app.signIn();
    const { text } = await person.get('/gap').expect(200);
    expect(text).toContain('href="/assessment">Start the self-assessment');
    expect(await service().gapProfile(person.userId, Date.now())).toBeNull();
    await person.post('/assessment/start', { role: 'CM' });
    expect((await person.get('/gap')).text).toContain('Continue the self-assessment');
  });

  it('takes role and overlays from the membership', async () => {
    const person = await app.signIn();
    await join(person, 'CM', { type: 'IND', stage: 'mature' });
    const { role, cluster, targets, hasEvidence } = await profileOf(person);
    expect([role, cluster?.type, hasEvidence]).toEqual(['CM', 'IND', false]);
    // 3/2 in the profile; industrial adds 1/1, mature adds weight 1, capped at 3.
    expect(targets['STR-01']).toEqual({ level: 4, weight: 3 });
  });

  it('shows claims as claims, in the summary, the charts and the table', async () => {
    const person = await begin();
    await person.post('/assessment/GOV', { 'level-GOV-01': '5', 'level-GOV-02': '1' });
    await person.post('/assessment/submit');
    const { text } = await person.get('/gap').expect(200);
    const row = (code: string) => text.split(`<tr id="${code}">`)[1]?.split('</tr>')[0] ?? '';
    expect(row('GOV-01')).toContain('Met (claim)');
    expect(row('GOV-02')).toContain('Not yet (claim)');
    expect(row('GOV-03')).toContain('Not enough evidence');
    expect(row('GOV-03')).not.toContain('>0<');
    expect(text.match(/chart__bar is-claim" fill="url\(#claim-hatch\)" width="\d+%"/g)).toHaveLength(2);
    expect(text.match(/<title id="bar-/g)).toHaveLength(28);
    expect(text).toContain('It rests on your own rating alone and is not verified.');
    expect(text).toContain('Framework CM 1.0, published');
    expect(text).toContain('href="/path"');
  });

  it('sets competent apart from claimed once evidence is verified', async () => {
    const person = await begin();
    await submitAll(person, 2);
    await service().recordEvidence([verified(person, 'GOV-01', 3)]);
    const gap = await gapOf(person, 'GOV-01');
    expect(gap).toMatchObject({
      open: false,
      estimate: { claimOnly: false, counts: { self: 1, workplace: 1 } },
    });
    expect(await service().verifiedLevels(person.userId)).toMatchObject({ 'GOV-01': 3, 'GOV-02': 0 });
    const { text } = await person.get('/gap');
    expect(text).toMatch(/<dt>Competent<\/dt><dd>1 /);
    // The only target of a cluster manager at level 2 is INT-01.
    expect(text).toMatch(/<dt>Claimed<\/dt><dd>1 /);
    expect(text.split('<tr id="GOV-01">')[1]?.split('</tr>')[0]).toMatch(/status--competent.*Met</s);
  });

  it('records the same origin once, however often it arrives', async () => {
    const person = await begin();
    const entry = verified(person, 'GOV-01', 3);
    const counts = await Promise.all(
      Array.from({ length: 5 }, () => service().recordEvidence([entry, verified(person, 'GOV-02', 2)])),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await service().recordEvidence([{ ...entry, level: 5 }])).toBe(0);
    expect((await evidence()).map(({ level }) => level)).toEqual(['3.00', '2.00']);
    await service().withdrawEvidence('test', 'field-work');
    expect(await evidence()).toEqual([]);
  });

  it('counts only the latest of several self-ratings', async () => {
    const once = await begin();
    await submitAll(once, 4);
    const twice = await begin();
    await submitAll(twice, 1);
    await twice.post('/assessment/start', { role: 'CM' });
    await submitAll(twice, 4);
    const [first, second] = [await gapOf(once, 'FAC-01'), await gapOf(twice, 'FAC-01')];
    expect(second?.estimate?.counts).toEqual({ self: 1 });
    expect(second?.estimate?.level).toBeCloseTo(first?.estimate?.level ?? Number.NaN, 6);
  });

  it('keeps the earlier rating of a competency that the later assessment left out', async () => {
    const person = await begin();
    await submitAll(person, 3);
    await person.post('/assessment/start', { role: 'CM' });
    await person.post('/assessment/GOV', { 'level-GOV-01': '1' });
    await person.post('/assessment/submit');
    expect((await gapOf(person, 'GOV-02'))?.estimate?.counts).toEqual({ self: 1 });
    expect((await gapOf(person, 'GOV-01'))?.estimate?.ordinal).toBeLessThan(2);
  });

  it('does not ask a chair for what the role does not need', async () => {
    const person = await begin('CB');
    await submitAll(person, 3);
    const { text } = await person.get('/gap');
    expect(text).not.toContain('<tr id="FIN-03">');
    expect(text).toContain('Not asked for in the role Chair or board member: Project delivery and reporting');
  });

  it('speaks Italian', async () => {
    const person = await begin();
    await submitAll(person, 3);
    const { text } = await person.get('/gap?lang=it').expect(200);
    expect(text).toContain('A che punto sei');
    expect(text).toMatch(/3 <span class="soft">\(2,\d\)/);
    expect(text).toContain('Si basa soltanto sulla tua valutazione');
  });

  it('keeps within the budgets', async () => {
    const person = await begin();
    const budget = async (path: string, kilobytes: number, statements: number) => {
      app.statements.length = 0;
      const { text, status } = await person.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect([path, Buffer.byteLength(text) < kilobytes * 1000, app.statements.length <= statements]).toEqual(
        [path, true, true],
      );
    };
    await budget('/assessment', 20, 5);
    await budget('/assessment/MEM', 30, 4);
    await budget('/assessment/review', 20, 4);
    await submitAll(person, 2);
    await service().recordEvidence(
      FRAMEWORK.competencies.flatMap(({ code }) => [
        verified(person, code, 2),
        { ...verified(person, code, 2), source: 'quiz' as const, originId: 'quiz' },
      ]),
    );
    await budget('/gap', 60, 4);
    await budget('/gap?lang=it', 60, 4);
  });
});
