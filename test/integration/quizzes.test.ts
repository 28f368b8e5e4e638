import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { LoadedQuiz } from '../../server/content/content';
import { importCourses } from '../../server/content/import-courses';
import type { ModuleOutline } from '../../server/core/curriculum';
import type { Framework } from '../../server/core/framework';
import { sample } from '../../server/core/quiz/fixtures/sample-items';
import type { Item } from '../../server/core/quiz/item';
import { type Browser, createTestApp, csrfToken, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';

let t: TestApp;
type Learner = Browser & { userId: string };

const COURSE = '/learn/quiz-course';

/** Every type of question but the essay, whose grading is not part of an attempt. */
const ITEMS: Item[] = [
  sample('single'),
  sample('multiple'),
  sample('truefalse'),
  sample('matching'),
  sample('ordering'),
  { ...sample('numeric'), competency: 'FIN-01' },
  { ...sample('shorttext'), competency: 'FIN-01' },
  { ...sample('cloze'), competency: 'FIN-01' },
  { ...sample('scenario'), stages: sample('scenario').stages.slice(0, 2) },
];
const [SINGLE, MULTIPLE, TRUEFALSE, MATCHING, ORDERING, NUMERIC, SHORTTEXT, CLOZE, SCENARIO] = ITEMS.map(
  (_, index) => index + 1,
) as [number, number, number, number, number, number, number, number, number];

const outline = (code: string, given: Partial<ModuleOutline>): ModuleOutline => ({
  code,
  minutes: 30,
  modes: ['O'],
  levels: { 'GOV-01': 2 },
  prerequisites: [],
  title: { en: `Module ${code}`, it: `Modulo ${code}` },
  summary: { en: 'Summary' },
  outcomes: [{ en: 'Outcome' }],
  open: true,
  lessons: [{ slug: '01-read', minutes: 10, title: { en: 'The lesson' } }],
  quiz: { passMark: 70, items: ITEMS.length },
  ...given,
});

const easy = (number: number): Item => ({ ...sample('truefalse'), id: `easy-${number}` });
const QUIZZES: LoadedQuiz[] = [
  {
    module: 'C90-M1',
    passMark: 70,
    items: ITEMS,
    slots: ITEMS.map(({ id }) => ({ kind: 'fixed', itemId: id })),
  },
  // Two of five are drawn. The module claims less than its items touch, and its mode allows less than it claims.
  {
    module: 'C90-M2',
    passMark: 100,
    items: [1, 2, 3, 4, 5].map(easy),
    slots: [{ kind: 'random', count: 2, competency: 'GOV-01' }],
  },
  {
    module: 'C90-M3',
    passMark: 50,
    items: [
      { ...easy(6), competency: 'GOV-01' },
      { ...easy(7), competency: 'STR-01' },
    ],
    slots: [
      { kind: 'fixed', itemId: 'easy-6' },
      { kind: 'fixed', itemId: 'easy-7' },
    ],
  },
];

beforeAll(async () => {
  t = await createTestApp();
  const framework = parse(readFileSync('seeds/reference/framework-cm-1.0.yaml', 'utf8')) as Framework;
  await t.services.frameworks.service.publishVersion(framework);
  const modules = [
    outline('C90-M1', { levels: { 'GOV-01': 2, 'FIN-01': 1, 'MEM-01': 1 } }),
    outline('C90-M2', { prerequisites: ['C90-M1'], quiz: { passMark: 100, items: 2 } }),
    outline('C90-M3', { levels: { 'GOV-01': 3 }, quiz: { passMark: 50, items: 2 } }),
  ];
  const lessons = modules.map(({ code }) => ({
    module: code,
    slug: '01-read',
    language: 'en' as const,
    title: 'The lesson',
    html: '<p>Read.</p>',
    facilitatorHtml: '',
    words: 1,
    text: 'Read.',
  }));
  const course = {
    outline: {
      code: 'C90',
      slug: 'quiz-course',
      title: { en: 'Quiz course' },
      summary: { en: 'Summary' },
      tasks: ['T1'],
      advised: [],
      modules,
    },
    lessons,
    quizzes: QUIZZES,
    media: [],
    hash: 'one',
  };
  await importCourses(t.db, { courses: [course], slugs: ['quiz-course'], issues: [] });
});
afterAll(() => t.close());

/** A learner who has read the lessons of the given modules. */
async function learner(modules = ['C90-M1'], locale: 'en' | 'it' = 'en'): Promise<Learner> {
  const person = await t.signIn('learner', { locale });
  await person.post('/courses/quiz-course/enrol');
  for (const module of modules) {
    await t.db.query(
      'test.read',
      `insert into lesson_progress (enrolment_id, module_code, lesson_slug, position, completed_at)
       select id, $2, '01-read', 1, now() from enrolments where user_id = $1`,
      [person.userId, module],
    );
  }
  return person;
}

async function start(person: Browser, module = 'C90-M1'): Promise<string> {
  const response = await person.post(`${COURSE}/${module}/quiz/start`);
  expect(response.status).toBe(303);
  return location(response);
}

const location = (response: { headers: Record<string, string> }) => response.headers['location'] ?? '';

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Value of the radio button or checkbox that stands before these words. */
function choice(html: string, words: string): string {
  return new RegExp(`value="([^"]*)"[^>]*><span[^>]*>${escaped(words)}<`).exec(html)?.[1] ?? 'missing';
}

/** Name of the drop-down list or field with this label. */
function labelled(html: string, words: string): string {
  return new RegExp(`for="([^"]*)"[^>]*>${escaped(words)}<`).exec(html)?.[1] ?? 'missing';
}

/** Value of the option of a drop-down list with these words. */
function optionOf(html: string, words: string): string {
  return new RegExp(`<option value="([^"]*)"[^>]*>${escaped(words)}<`).exec(html)?.[1] ?? 'missing';
}

async function page(person: Browser, attempt: string, number: number): Promise<string> {
  const response = await person.get(`${attempt}?question=${number}`);
  expect(response.status).toBe(200);
  return response.text;
}

type Fields = Record<string, string | string[]>;
const save = (person: Browser, attempt: string, number: number, fields: Fields) =>
  person.post(`${attempt}/answers/${number}`, fields);

/** The right answer to each question, found in the page by its words as a person would. */
const RIGHT: Record<number, (html: string) => Fields> = {
  [SINGLE]: (html) => ({ choice: choice(html, 'The assembly') }),
  [MULTIPLE]: (html) => ({ choice: [choice(html, 'Fees'), choice(html, 'Services')] }),
  [TRUEFALSE]: () => ({ choice: 'false' }),
  [MATCHING]: (html) => ({
    [labelled(html, 'Strategic body')]: optionOf(html, 'Sets the direction'),
    [labelled(html, 'Advisory body')]: optionOf(html, 'Gives advice'),
    [labelled(html, 'Management')]: optionOf(html, 'Runs the services'),
    [labelled(html, 'Thematic group')]: optionOf(html, 'Gives advice'),
  }),
  [ORDERING]: (html) =>
    Object.fromEntries(
      ['Analyse', 'Choose', 'Act', 'Review'].map((text, i) => [labelled(html, text), `${i + 1}`]),
    ),
  [NUMERIC]: () => ({ text: '20 k€' }),
  [SHORTTEXT]: () => ({ text: 'Facilitator' }),
  [CLOZE]: (html) => ({ 'gap-0': 'firms', 'gap-1': optionOf(html, 'near each other'), 'gap-2': '80' }),
};

async function answerAll(person: Browser, attempt: string): Promise<void> {
  for (const [number, fields] of Object.entries(RIGHT)) {
    const html = await page(person, attempt, Number(number));
    const response = await save(person, attempt, Number(number), fields(html));
    expect([number, response.status]).toEqual([number, 303]);
  }
  const html = await page(person, attempt, SCENARIO);
  const cost = choice(html, 'What signing would cost');
  await save(person, attempt, SCENARIO, { 'stage-0.choice': cost, next: '0' });
  await save(person, attempt, SCENARIO, { 'stage-1.text': 'precedents' });
}

const idOf = (attempt: string) => attempt.split('/').at(-1) ?? '';

type Stored = { slot: number; answer: unknown; flagged: boolean; points: string | null };
const stored = (attempt: string) =>
  t.db.query<Stored>(
    'test.answers',
    'select slot, answer, flagged, points from attempt_answers where attempt_id = $1 order by slot',
    [idOf(attempt)],
  );
const answerTo = async (attempt: string, number: number) =>
  (await stored(attempt)).find(({ slot }) => slot === number)?.answer ?? null;

type Row = { number: number; points: number | null; max_points: number | null; passed: boolean | null };
const attemptsOf = (userId: string) =>
  t.db.query<Row>(
    'test.attempts',
    `select number, points::float8, max_points::float8, passed from quiz_attempts where user_id = $1 order by number`,
    [userId],
  );
const evidenceOf = (userId: string) =>
  t.db.query<{ competency_code: string; source: string; level: number; cap: number; items: number }>(
    'test.evidence',
    `select competency_code, source, level::float8, cap, items from evidence where user_id = $1 order by competency_code`,
    [userId],
  );
const completionsOf = async (userId: string) =>
  (
    await t.db.query<{ module_code: string }>(
      'test.completions',
      `select module_code from module_completions join enrolments e on e.id = enrolment_id where user_id = $1 order by 1`,
      [userId],
    )
  ).map((row) => row.module_code);

/** The whole state that quizzes write, to prove that something changed nothing. */
const snapshot = async () =>
  JSON.stringify(
    await t.db.query(
      'test.snapshot',
      `select (select json_agg(a order by id) from quiz_attempts a) as attempts,
         (select json_agg(w order by attempt_id, slot) from attempt_answers w) as answers,
         (select count(*) from evidence) as evidence, (select count(*) from module_completions) as completions`,
    ),
  );

describe('the way to a quiz', () => {
  it('says which lessons and modules come first and lets nobody start before', async () => {
    const person = await learner([]);
    const first = await person.get(`${COURSE}/C90-M1/quiz`);
    expect(first.text).toContain('href="/learn/quiz-course/C90-M1/01-read"');
    expect(first.text).not.toContain('/quiz/start');
    expect((await person.post(`${COURSE}/C90-M1/quiz/start`)).status).toBe(409);

    const second = await person.get(`${COURSE}/C90-M2/quiz`);
    expect(second.text).toContain('Complete C90-M1.');
    expect((await person.post(`${COURSE}/C90-M2/quiz/start`)).status).toBe(409);
    expect(await attemptsOf(person.userId)).toEqual([]);
  });

  it('is closed to those who are not enrolled and leads passers-by to sign in', async () => {
    const person = await t.signIn();
    expect((await person.get(`${COURSE}/C90-M1/quiz`)).status).toBe(404);
    expect((await person.post(`${COURSE}/C90-M1/quiz/start`)).status).toBe(404);
    expect(location(await t.agent().get(`${COURSE}/C90-M1/quiz`))).toMatch(/^\/login\?next=/);
    expect(await attemptsOf(person.userId)).toEqual([]);
  });

  it('leads to one attempt however often it is started at once', async () => {
    const person = await learner();
    const token = await csrfToken(person.raw);
    const started = await Promise.all(
      Array.from({ length: 20 }, () =>
        person.raw.post(`${COURSE}/C90-M1/quiz/start`).type('form').send({ _csrf: token }),
      ),
    );
    expect(new Set(started.map(({ status }) => status))).toEqual(new Set([303]));
    expect(new Set(started.map(location)).size).toBe(1);
    expect(await attemptsOf(person.userId)).toHaveLength(1);
    // The quiz's own page leads back to it.
    expect(location(await person.get(`${COURSE}/C90-M1/quiz`))).toBe(location(started[0] ?? { headers: {} }));
  });

  it('asks the questions of the version in which the learner is enrolled', async () => {
    const person = await learner();
    const attempt = await start(person);
    const [row] = await t.db.query<{ same: boolean }>(
      'test.version',
      `select q.course_version_id = e.course_version_id as same from quiz_attempts a
       join quizzes q on q.id = a.quiz_id join enrolments e on e.id = a.enrolment_id where a.id = $1`,
      [idOf(attempt)],
    );
    expect(row).toEqual({ same: true });
  });
});

describe('an attempt', () => {
  it('goes from the first question to a result that scores everything', async () => {
    const person = await learner();
    const attempt = await start(person);
    await answerAll(person, attempt);
    const review = await person.get(`${attempt}/review`);
    expect(review.text).toContain('All questions are answered.');
    const submitted = await person.post(`${attempt}/submit`);
    expect(location(submitted)).toBe(`${attempt}/result`);
    const result = await person.get(`${attempt}/result`);
    expect(result.text).toContain('<h1>Passed</h1>');
    expect(result.text).toContain('100%');
    expect(await attemptsOf(person.userId)).toEqual([
      { number: 1, points: 14, max_points: 14, passed: true },
    ]);
    expect((await stored(attempt)).map(({ points }) => Number(points))).toEqual([1, 1, 1, 1, 1, 1, 1, 4, 3]);
  });

  it('leads on after saving: next, previous, stay, and from the last question to the review', async () => {
    const person = await learner();
    const attempt = await start(person);
    const to = async (number: number, go: string) =>
      location(await save(person, attempt, number, { choice: '', go })).replace(attempt, '');
    expect(await to(TRUEFALSE, 'next')).toBe(`?question=${TRUEFALSE + 1}`);
    expect(await to(TRUEFALSE, 'previous')).toBe(`?question=${TRUEFALSE - 1}`);
    expect(await to(TRUEFALSE, 'stay')).toBe(`?question=${TRUEFALSE}`);
    expect(location(await save(person, attempt, SCENARIO, { go: 'next' }))).toBe(`${attempt}/review`);
  });

  it('goes on in another browser where it was left, with answers and flags, in the same order', async () => {
    const email = 'two-devices@test.example';
    const first = await t.signIn('learner', { email });
    await first.post('/courses/quiz-course/enrol');
    await first.post(`${COURSE}/C90-M1/01-read/done`);
    const attempt = await start(first);
    const before = await page(first, attempt, MULTIPLE);
    await save(first, attempt, SINGLE, { choice: '1' });
    await save(first, attempt, MULTIPLE, { choice: ['0', '3'], flagged: '1' });

    const second = t.agent();
    await second.post('/login', { email, password: 'a password for tests' });
    const resumed = await second.get(location(await second.get(`${COURSE}/C90-M1/quiz`)));
    // The first question that has no answer yet.
    expect(resumed.text).toContain(`Question ${TRUEFALSE} of ${ITEMS.length}`);
    const html = await page(second, attempt, MULTIPLE);
    const boxes = [...html.matchAll(/name="choice" value="(\d)"( checked)?/g)];
    expect(boxes.filter((box) => box[2]).map((box) => box[1])).toEqual(['0', '3']);
    expect(html).toMatch(/name="flagged" value="1" checked/);
    const order = (text: string) =>
      [...text.matchAll(/name="choice"[^>]*><span>([^<]*)</g)].map((match) => match[1]);
    expect(order(html)).toEqual(order(before));
    expect(order(html)).toHaveLength(5);
  });

  it('never changes its order on reload, and differs between attempts', async () => {
    const orders = new Set<string>();
    for (let i = 0; i < 4; i++) {
      const person = await learner();
      const attempt = await start(person);
      const texts = async () => {
        const html = `${await page(person, attempt, MULTIPLE)}${await page(person, attempt, MATCHING)}${await page(person, attempt, ORDERING)}`;
        return [...html.matchAll(/(?:<span>|<label[^>]*>|<option[^>]*>)([A-Z][^<]+)</g)]
          .map((match) => match[1])
          .join();
      };
      const once = await texts();
      expect(await texts()).toBe(once);
      orders.add(once);
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it('draws the same number of items for everybody, none twice', async () => {
    const person = await learner(['C90-M1', 'C90-M2']);
    await t.db.query(
      'test.complete',
      `insert into module_completions (enrolment_id, module_code) select id, 'C90-M1' from enrolments where user_id = $1`,
      [person.userId],
    );
    const attempt = await start(person, 'C90-M2');
    const [row] = await t.db.query<{ slots: { itemVersionId: string }[] }>(
      'test.slots',
      'select slots from quiz_attempts where id = $1',
      [idOf(attempt)],
    );
    expect(new Set(row?.slots.map(({ itemVersionId }) => itemVersionId)).size).toBe(2);
    expect((await person.get(`${attempt}?question=3`)).status).toBe(404);
  });

  it('saves in the background and says when', async () => {
    const person = await learner();
    const attempt = await start(person);
    const token = await csrfToken(person.raw);
    const autosave = (fields: Fields) =>
      person.raw
        .post(`${attempt}/answers/${SHORTTEXT}`)
        .set('Accept', 'application/json')
        .type('form')
        .send({ _csrf: token, ...fields });
    const saved = await autosave({ text: 'moderator', flagged: '1' });
    expect(saved.status).toBe(200);
    expect(Date.parse(saved.body.savedAt)).toBeGreaterThan(0);
    expect(await answerTo(attempt, SHORTTEXT)).toEqual({ type: 'shorttext', text: 'moderator' });
    // Emptied again.
    expect((await autosave({ text: '' })).status).toBe(200);
    expect(await answerTo(attempt, SHORTTEXT)).toBeNull();
    const refused = await autosave({ text: 'x'.repeat(501) });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toEqual({ text: expect.stringContaining('too long') });
  });

  it('lists before submission what is unanswered, half answered and flagged', async () => {
    const person = await learner();
    const attempt = await start(person);
    await save(person, attempt, TRUEFALSE, { choice: 'true', flagged: '1' });
    await save(person, attempt, MATCHING, { 'prompt-0': '0' });
    const { text } = await person.get(`${attempt}/review`);
    const states = [...text.matchAll(/Question (\d)<\/a><\/th><td>.*?<span>([^<]*)<\/span>(.*?)<\/td>/gs)];
    const state = (number: number) => states.find((match) => match[1] === `${number}`);
    expect(state(SINGLE)?.[2]).toBe('Not answered');
    expect(state(MATCHING)?.[2]).toBe('Answered in part');
    expect(state(TRUEFALSE)?.[2]).toBe('Answered');
    expect(state(TRUEFALSE)?.[3]).toContain('To come back to');
    expect(text).toContain('8 questions are not fully answered');
  });

  it('speaks Italian, and marks what is not translated', async () => {
    const person = await learner(['C90-M1'], 'it');
    const attempt = await start(person);
    const single = await page(person, attempt, SINGLE);
    expect(single).toContain('Chi approva il bilancio?');
    expect(single).toMatch(/lang="en">The board/);
    const multiple = await page(person, attempt, MULTIPLE);
    expect(multiple).toMatch(/<legend[^>]* lang="en">Which incomes/);
    expect(multiple).toContain('non è ancora tradotta');
  });
});

describe('a case told in stages', () => {
  it('shows the next part only after an answer, and then keeps the earlier one', async () => {
    const person = await learner();
    const attempt = await start(person);
    const first = await page(person, attempt, SCENARIO);
    expect(first).not.toContain('what do you bring');
    const empty = await save(person, attempt, SCENARIO, { next: '0' });
    expect(empty.status).toBe(422);
    expect(empty.text).toContain('Answer this part before');
    expect(await answerTo(attempt, SCENARIO)).toBeNull();

    const cost = choice(first, 'What signing would cost');
    const other = choice(first, 'Who is above');
    await save(person, attempt, SCENARIO, { 'stage-0.choice': cost, next: '0' });
    const second = await page(person, attempt, SCENARIO);
    expect(second).toContain('what do you bring');
    expect(second).not.toContain('stage-0.choice');

    const before = await answerTo(attempt, SCENARIO);
    const changed = await save(person, attempt, SCENARIO, { 'stage-0.choice': other });
    expect(changed.status).toBe(422);
    expect(changed.text).toContain('This part of the case is closed');
    expect(await answerTo(attempt, SCENARIO)).toEqual(before);
  });

  it('refuses an answer to a part that is not open yet', async () => {
    const person = await learner();
    const attempt = await start(person);
    const ahead = await save(person, attempt, SCENARIO, { 'stage-1.text': 'precedent' });
    expect(ahead.status).toBe(422);
    expect(await answerTo(attempt, SCENARIO)).toBeNull();
  });

  it('closes a part once when its form is sent twice at the same time', async () => {
    const person = await learner();
    const attempt = await start(person);
    const token = await csrfToken(person.raw);
    await Promise.all(
      Array.from({ length: 6 }, () =>
        person.raw
          .post(`${attempt}/answers/${SCENARIO}`)
          .type('form')
          .send({ _csrf: token, 'stage-0.choice': '0', next: '0' }),
      ),
    );
    expect(await answerTo(attempt, SCENARIO)).toMatchObject({ open: 1 });
  });
});

describe('scores', () => {
  it('give partial credit within the points of a question', async () => {
    const person = await learner();
    const attempt = await start(person);
    const points: Record<number, number> = {};
    const multiple = await page(person, attempt, MULTIPLE);
    await save(person, attempt, MULTIPLE, { choice: choice(multiple, 'Fees') });
    points[MULTIPLE] = 0.5;
    const single = await page(person, attempt, SINGLE);
    await save(person, attempt, SINGLE, { choice: choice(single, 'The board') });
    points[SINGLE] = 0.5;
    await save(person, attempt, NUMERIC, { text: '20.500' });
    points[NUMERIC] = 0.5;
    await save(person, attempt, CLOZE, { 'gap-0': 'FIRMS' });
    points[CLOZE] = 1;
    await person.post(`${attempt}/submit`);
    const rows = await stored(attempt);
    expect(rows.map(({ points: given }) => Number(given))).toEqual(
      ITEMS.map((_, index) => points[index + 1] ?? 0),
    );
    expect(await attemptsOf(person.userId)).toEqual([
      { number: 1, points: 2.5, max_points: 14, passed: false },
    ]);
    expect((await person.get(`${attempt}/result`)).text).toContain('17%');
  });

  it('give nothing for ticking every box', async () => {
    const person = await learner();
    const attempt = await start(person);
    await save(person, attempt, MULTIPLE, { choice: ['0', '1', '2', '3', '4'] });
    await person.post(`${attempt}/submit`);
    expect((await attemptsOf(person.userId))[0]?.points).toBe(0);
  });

  it('of a failed attempt leave no evidence; a later pass completes the module once', async () => {
    const person = await learner();
    const failed = await start(person);
    await person.post(`${failed}/submit`);
    expect((await person.get(`${failed}/result`)).text).toContain('<h1>Not passed yet</h1>');
    expect(await evidenceOf(person.userId)).toEqual([]);
    expect(await completionsOf(person.userId)).toEqual([]);

    const passed = await start(person);
    expect(passed).not.toBe(failed);
    await answerAll(person, passed);
    await person.post(`${passed}/submit`);
    // MEM-01 is no item's competency. A level-1 competency's questions show "at least 1" and cannot contradict a higher claim.
    const expected = [
      { competency_code: 'FIN-01', source: 'quiz', level: 1, cap: 1, items: 3 },
      { competency_code: 'GOV-01', source: 'quiz', level: 2, cap: 2, items: 6 },
    ];
    expect(await evidenceOf(person.userId)).toEqual(expected);
    expect(await completionsOf(person.userId)).toEqual(['C90-M1']);

    const practised = await start(person);
    await answerAll(person, practised);
    await person.post(`${practised}/submit`);
    const unanswered = await start(person);
    await person.post(`${unanswered}/submit`);
    expect(await evidenceOf(person.userId)).toEqual(expected);
    expect(await completionsOf(person.userId)).toEqual(['C90-M1']);
    expect((await attemptsOf(person.userId)).map(({ passed: each }) => each)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const intro = await person.get(`${COURSE}/C90-M1/quiz`);
    expect(intro.text).toContain('You have passed this quiz.');
    expect(intro.text).toContain(`href="${failed}/result"`);
  });

  it('evidence no more than the mode allows, and only competencies that the module teaches', async () => {
    const person = await learner(['C90-M3']);
    const attempt = await start(person, 'C90-M3');
    await save(person, attempt, 1, { choice: 'false' });
    await person.post(`${attempt}/submit`);
    expect(await evidenceOf(person.userId)).toEqual([
      { competency_code: 'GOV-01', source: 'quiz', level: 2, cap: 2, items: 1 },
    ]);
  });
});

describe('submission', () => {
  it('counts once of twenty at the same moment', async () => {
    const person = await learner();
    const attempt = await start(person);
    await answerAll(person, attempt);
    const token = await csrfToken(person.raw);
    const submitted = await Promise.all(
      Array.from({ length: 20 }, () =>
        person.raw.post(`${attempt}/submit`).type('form').send({ _csrf: token }),
      ),
    );
    expect(new Set(submitted.map((response) => `${response.status} ${location(response)}`))).toEqual(
      new Set([`303 ${attempt}/result`]),
    );
    expect(await attemptsOf(person.userId)).toHaveLength(1);
    expect(await evidenceOf(person.userId)).toHaveLength(2);
    expect(await completionsOf(person.userId)).toEqual(['C90-M1']);
    const audit = await t.db.query(
      'test.audit',
      `select 1 from audit_entries where action = 'quiz.submitted' and object_id = $1`,
      [idOf(attempt)],
    );
    expect(audit).toHaveLength(1);
  });

  it('refuses every later answer and leaves the saved ones as they are', async () => {
    const person = await learner();
    const attempt = await start(person);
    await save(person, attempt, TRUEFALSE, { choice: 'true' });
    await person.post(`${attempt}/submit`);
    const before = await snapshot();
    expect((await save(person, attempt, TRUEFALSE, { choice: 'false' })).status).toBe(409);
    const token = await csrfToken(person.raw);
    const autosave = await person.raw
      .post(`${attempt}/answers/${TRUEFALSE}`)
      .set('Accept', 'application/json')
      .type('form')
      .send({ _csrf: token, choice: 'false' });
    expect(autosave.status).toBe(409);
    expect(await snapshot()).toBe(before);
    expect(location(await person.get(attempt))).toBe(`${attempt}/result`);
    expect(location(await person.get(`${attempt}/review`))).toBe(`${attempt}/result`);
  });

  it('racing with a save scores what is stored, never something else', async () => {
    for (let round = 0; round < 5; round++) {
      const person = await learner();
      const attempt = await start(person);
      const token = await csrfToken(person.raw);
      const [saved] = await Promise.all([
        person.raw
          .post(`${attempt}/answers/${TRUEFALSE}`)
          .type('form')
          .send({ _csrf: token, choice: 'false' }),
        person.raw.post(`${attempt}/submit`).type('form').send({ _csrf: token }),
      ]);
      const [row] = await attemptsOf(person.userId);
      const wasSaved = saved.status === 303;
      expect([303, 409]).toContain(saved.status);
      expect(row?.points).toBe(wasSaved ? 1 : 0);
      expect(await answerTo(attempt, TRUEFALSE)).toEqual(
        wasSaved ? { type: 'truefalse', value: false } : null,
      );
    }
  });

  it('makes an answer that comes during it wait, and then refuses it', async () => {
    const person = await learner();
    const attempt = await start(person);
    const submission = await t.db.pool.connect();
    try {
      await submission.query('begin');
      await submission.query('select 1 from quiz_attempts where id = $1 for no key update', [idOf(attempt)]);
      let answered = false;
      const saving = save(person, attempt, TRUEFALSE, { choice: 'false' }).finally(() => {
        answered = true;
      });
      await eventually(async () => {
        const waiting = await t.db.query(
          'test.waiting',
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        expect(answered || waiting.length === 1).toBe(true);
      });
      await submission.query(
        `update quiz_attempts set submitted_at = now(), points = 0, max_points = 14, passed = false where id = $1`,
        [idOf(attempt)],
      );
      await submission.query('commit');
      expect((await saving).status).toBe(409);
      expect(await stored(attempt)).toEqual([]);
    } finally {
      submission.release();
    }
  });

  it('ignores a score, a pass or a person that a form brings along', async () => {
    const person = await learner();
    const attempt = await start(person);
    await person.post(`${attempt}/submit`, {
      points: '14',
      passed: 'true',
      userId: randomUUID(),
      score: '100',
    });
    expect(await attemptsOf(person.userId)).toEqual([
      { number: 1, points: 0, max_points: 14, passed: false },
    ]);
    const forged = await start(person);
    const refused = await save(person, forged, TRUEFALSE, { choice: 'true', points: '1' });
    expect(refused.status).toBe(422);
    expect(await stored(forged)).toEqual([]);
  });

  it('shows the result only afterwards', async () => {
    const person = await learner();
    const attempt = await start(person);
    expect(location(await person.get(`${attempt}/result`))).toBe(attempt);
  });
});

describe('other people', () => {
  it('find nothing at the address of an attempt, whoever they are, and change nothing', async () => {
    const owner = await learner();
    const attempt = await start(owner);
    await save(owner, attempt, TRUEFALSE, { choice: 'true' });
    const finished = await learner();
    const result = await start(finished);
    await finished.post(`${result}/submit`);
    const before = await snapshot();
    for (const other of [await learner(), await t.signIn('trainer'), await t.signIn('admin')]) {
      for (const path of [
        attempt,
        `${attempt}?question=2`,
        `${attempt}/review`,
        `${attempt}/result`,
        `${result}/result`,
      ]) {
        expect([path, (await other.get(path)).status]).toEqual([path, 404]);
      }
      expect((await save(other, attempt, TRUEFALSE, { choice: 'false' })).status).toBe(404);
      expect((await other.post(`${attempt}/submit`)).status).toBe(404);
    }
    const stranger = t.agent();
    expect(location(await stranger.get(attempt))).toMatch(/^\/login/);
    expect(location(await stranger.post(`${attempt}/submit`))).toBe('/login');
    expect(await snapshot()).toBe(before);
  });

  it.each(['/attempts/1', `/attempts/${randomUUID()}`, '/attempts/..%2f', '/attempts/%00'])(
    'find nothing at %s',
    async (path) => {
      const person = await t.signIn();
      expect((await person.get(path)).status).toBe(404);
      expect((await person.post(`${path}/submit`)).status).toBe(404);
    },
  );
});

describe('answers that no page of ours sends', () => {
  const forged: [string, () => number, Fields][] = [
    ['an option that does not exist', () => SINGLE, { choice: '3' }],
    ['an option by the author’s id', () => SINGLE, { choice: 'assembly' }],
    ['two options of one', () => SINGLE, { choice: ['0', '1'] }],
    ['a negative option', () => SINGLE, { choice: '-1' }],
    ['a field of another question', () => SINGLE, { text: 'facilitator' }],
    ['a choice beyond the list', () => MATCHING, { 'prompt-0': '9' }],
    ['a prompt beyond the list', () => MATCHING, { 'prompt-9': '0' }],
    ['a place that does not exist', () => ORDERING, { 'element-0': '5' }],
    ['a place of nought', () => ORDERING, { 'element-0': '0' }],
    ['a gap that does not exist', () => CLOZE, { 'gap-3': 'x' }],
    ['an unknown gap option', () => CLOZE, { 'gap-1': '7' }],
    ['neither true nor false', () => TRUEFALSE, { choice: '1' }],
    ['a property of every object', () => TRUEFALSE, { constructor: 'x' }],
    ['a prototype', () => TRUEFALSE, { '__proto__[x]': '1' }],
    ['a part of a case that is no number', () => SCENARIO, { 'stage-0.choice': '0', next: 'NaN' }],
  ];
  it.each(forged)('are refused with nothing stored: %s', async (_, number, fields) => {
    const person = await learner();
    const attempt = await start(person);
    const response = await save(person, attempt, number(), fields);
    expect(response.status).toBe(422);
    expect(response.text).toContain('role="alert"');
    expect(await stored(attempt)).toEqual([]);
  });

  it.each(['0', '10', '-1', '1e1', 'NaN', '999999999999'])('to question %s are not found', async (number) => {
    const person = await learner();
    const attempt = await start(person);
    const response = await person.post(`${attempt}/answers/${number}`, { choice: '0' });
    expect(response.status).toBe(404);
    expect(await stored(attempt)).toEqual([]);
  });

  it.each(['NaN', 'Infinity', '1e309', 'twelve', '9'.repeat(600), 'x'.repeat(50_000)])(
    'that are no number come back beside their field: %.12s',
    async (text) => {
      const person = await learner();
      const attempt = await start(person);
      const response = await save(person, attempt, NUMERIC, { text });
      expect(response.status).toBe(422);
      expect(response.text).toContain('id="text-error"');
      expect(response.text).toContain('href="#text"');
      expect(response.text).toContain(`value="${text}"`);
      expect(await stored(attempt)).toEqual([]);
    },
  );

  it('of a megabyte are too large, and keep what was saved', async () => {
    const person = await learner();
    const attempt = await start(person);
    await save(person, attempt, NUMERIC, { text: '1,5' });
    const response = await save(person, attempt, NUMERIC, { text: '9'.repeat(1_000_000) });
    expect(response.status).toBe(413);
    expect(await answerTo(attempt, NUMERIC)).toEqual({ type: 'numeric', text: '1,5' });
  });

  it('come back at an address that can be reloaded', async () => {
    const person = await learner();
    const attempt = await start(person);
    const again = await person.get(`${attempt}/answers/${NUMERIC}`);
    expect(location(again)).toBe(`${attempt}?question=${NUMERIC}`);
  });

  it('keep everything typed when one gap is wrong', async () => {
    const person = await learner();
    const attempt = await start(person);
    const near = optionOf(await page(person, attempt, CLOZE), 'near each other');
    const response = await save(person, attempt, CLOZE, {
      'gap-0': '<b>firms',
      'gap-1': near,
      'gap-2': 'many',
      flagged: '1',
    });
    expect(response.status).toBe(422);
    expect(response.text).toContain('value="&lt;b&gt;firms"');
    expect(response.text).toMatch(/<option value="\d" selected>near each other/);
    expect(response.text).toContain('value="many"');
    expect(response.text).toMatch(/name="flagged" value="1" checked/);
    expect(response.text).toContain('Gap 3: Enter a number');
  });

  it('in another form than ours change nothing', async () => {
    const person = await learner();
    const attempt = await start(person);
    await save(person, attempt, TRUEFALSE, { choice: 'true' });
    const token = await csrfToken(person.raw);
    const before = await stored(attempt);
    const json = await person.raw
      .post(`${attempt}/answers/${TRUEFALSE}`)
      .set('x-csrf-token', token)
      .send({ choice: 'false' });
    expect(json.status).toBe(400);
    const without = await person.raw
      .post(`${attempt}/answers/${TRUEFALSE}`)
      .type('form')
      .send({ choice: 'false' });
    expect(without.status).toBe(403);
    expect(await stored(attempt)).toEqual(before);
  });
});

describe('the key', () => {
  it('is in no response before submission, and the feedback is in the result', async () => {
    const person = await learner();
    const attempt = await start(person);
    const token = await csrfToken(person.raw);
    const responses: string[] = [];
    const keep = async (response: PromiseLike<{ text: string; headers: unknown }>) => {
      const { text, headers } = await response;
      responses.push(`${JSON.stringify(headers)}${text}`);
    };
    for (const item of [`${COURSE}/C90-M1/quiz`, attempt, `${attempt}/review`, `${attempt}/result`]) {
      await keep(person.get(item));
      await keep(person.get(item).set('Accept', 'application/json'));
    }
    const wrong: Fields[] = [
      { choice: '2' },
      { choice: 'false' },
      { text: '1' },
      { text: 'x' },
      { 'gap-0': 'firms' },
      {},
    ];
    for (let number = 1; number <= ITEMS.length; number++) {
      await keep(person.get(`${attempt}?question=${number}`));
      for (const fields of wrong) {
        for (const accept of ['application/json', 'text/html']) {
          await keep(
            person.raw
              .post(`${attempt}/answers/${number}`)
              .set('Accept', accept)
              .type('form')
              .send({ _csrf: token, ...fields }),
          );
        }
      }
      await keep(person.get(`${attempt}?question=${number}`));
    }
    const all = responses.join('\n').replaceAll('To correct:', '');
    // Every secret text of the samples begins with this word, and so do the stages of the case.
    expect(all).not.toContain('SECRET');
    expect(all).not.toMatch(/correct|fraction|feedback|tolerance|accepted/i);
    // Neither the authors' ids nor what the order was made from.
    expect(all).not.toMatch(/s-(single|multiple|scenario)|"(assembly|board|fees|grant|e1|p1|c1|g-firms)"/);
    const [row] = await t.db.query<{ seed: string; versions: string[] }>(
      'test.seed',
      `select seed::text, (select array_agg(s ->> 'itemVersionId') from jsonb_array_elements(slots) s) as versions
       from quiz_attempts where id = $1`,
      [idOf(attempt)],
    );
    for (const hidden of [row?.seed ?? 'none', ...(row?.versions ?? [])]) expect(all).not.toContain(hidden);
    expect(responses.length).toBeGreaterThan(100);

    await answerAll(person, attempt);
    await person.post(`${attempt}/submit`);
    const result = `${(await person.get(`${attempt}/result`)).text}${(await person.get(`${attempt}/result?page=2`)).text}`;
    for (const feedback of [
      'SECRET yes',
      'SECRET general',
      'SECRET fees',
      'SECRET false',
      'SECRET exactly',
      'SECRET case',
    ]) {
      expect(result).toContain(feedback);
    }
    // Feedback belongs to the option that was chosen.
    expect(result).not.toContain('SECRET grant');
  });
});

describe('pages', () => {
  it('take at most twelve statements and forty kilobytes', async () => {
    const person = await learner();
    const before = `${COURSE}/C90-M1/quiz`;
    const measured: [string, number, number][] = [];
    const measure = async (path: string) => {
      t.statements.length = 0;
      const response = await person.get(path);
      expect([path, response.status]).toEqual([path, 200]);
      measured.push([path, t.statements.length, Buffer.byteLength(response.text)]);
    };
    await measure(before);
    const attempt = await start(person);
    await answerAll(person, attempt);
    for (let number = 1; number <= ITEMS.length; number++) await measure(`${attempt}?question=${number}`);
    await measure(`${attempt}/review`);
    t.statements.length = 0;
    await person.raw
      .post(`${attempt}/answers/${TRUEFALSE}`)
      .set('Accept', 'application/json')
      .type('form')
      .send({ _csrf: await csrfToken(person.raw), choice: 'false' });
    expect(t.statements.length).toBeLessThanOrEqual(6);
    await person.post(`${attempt}/submit`);
    await measure(`${attempt}/result`);
    await measure(`${attempt}/result?page=2`);
    await measure(before);
    for (const [path, statements, bytes] of measured) {
      expect([path, statements <= 12, bytes <= 40_000]).toEqual([path, true, true]);
    }
  });
});
