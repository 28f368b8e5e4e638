import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import {
  selectOptionalCourse,
  selectOptionalLessonText,
  selectPlannableModules,
} from '../../server/features/catalogue/catalogue.read-model';
import { fromRoot } from '../../server/platform/root';
import { createTestApp, type TestApp } from '../support/app';

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>';
const FILES: Record<string, string> = {
  'first-steps/course.yaml': `code: C01
title: {en: First steps, it: Primi passi}
summary: {en: Where every cluster begins., it: Da dove comincia ogni cluster.}
tasks: [T1]
advised: []
modules:
  - code: C01-M1
    title: {en: Counting members, it: Contare i soci}
    summary: {en: Who belongs and who does not., it: Chi fa parte e chi no.}
    outcomes:
      - {en: Count the members., it: Contare i soci.}
    minutes: 60
    modes: [O]
    levels: {STR-01: 2}
    prerequisites: []
  - code: C01-M2
    title: {en: First workshop, it: Primo laboratorio}
    summary: {en: You meet., it: Ci si incontra.}
    outcomes:
      - {en: Hold a meeting., it: Condurre un incontro.}
    minutes: 240
    modes: [W, F]
    levels: {FAC-01: 3}
    prerequisites: [C01-M1]
`,
  'first-steps/m1/01-members.en.md': `---
title: Members
minutes: 20
---

A [[cluster]] has members. The **hydroponics** firm is one.

![A bar](figures/bar.svg "One bar")

[Form](files/list.csv)

::: facilitator
Ask for the minutes book.
:::
`,
  'first-steps/m1/01-members.it.md': `---
title: Soci
minutes: 20
---

Perché un cluster ha dei soci? La città è piccola, le attività sono molte. Come a Győr.
`,
  'first-steps/m1/02-only-english.en.md':
    '---\ntitle: Untranslated\nminutes: 10\n---\n\nNot yet in Italian.\n',
  'first-steps/m1/figures/bar.svg': SVG,
  'first-steps/m1/files/list.csv': 'name;town\n',
  'first-steps/m1/quiz.yaml': quiz('Is it so?'),
  'second-steps/course.yaml': `code: C02
title: {en: Second steps}
summary: {en: "After the first: governance."}
tasks: [T2]
advised: [C01]
modules:
  - code: C02-M1
    title: {en: Boards}
    summary: {en: Who decides.}
    outcomes:
      - {en: Read the statutes.}
    minutes: 120
    modes: [L]
    levels: {GOV-01: 3, STR-01: 1}
    prerequisites: [C01-M1]
`,
};

function quiz(stem: string): string {
  const item = (id: string, text: string) => `
  - id: ${id}
    type: truefalse
    competency: STR-01
    level: 1
    difficulty: easy
    stem: {en: "${text}"}
    answer: true`;
  return `passMark: 70\nitems:${item('q-b', stem)}${item('q-a', 'Is it always so?')}\n`;
}

let app: TestApp;
let folder: string;

beforeAll(async () => {
  app = await createTestApp();
  const framework = readFileSync(fromRoot('seeds', 'reference', 'framework-cm-1.0.yaml'), 'utf8');
  await app.services.frameworks.service.publishVersion(parse(framework));
  folder = join(mkdtempSync(join(tmpdir(), 'identikit-catalogue-')), 'courses');
  write(FILES);
  await load();
});
afterAll(async () => {
  await app.close();
  rmSync(dirname(folder), { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

const load = () => app.services.catalogue.service.importCourses(folder);
const rows = <T>(sql: string, values: unknown[] = []) => app.db.dataSource.query<T[]>(sql, values);
const page = async (path: string) => (await app.agent().get(path).expect(200)).text;
const statusOf = async (path: string) => (await app.agent().get(path)).status;
/** Codes of the modules on a catalogue page, in order. */
const found = async (path: string) =>
  [...(await page(path)).matchAll(/class="card__link" href="[^"]*#(C\d\d-M\d)"/g)].map((match) => match[1]);

async function course(slug: string) {
  const selected = await selectOptionalCourse(app.db, slug);
  if (!selected) throw new Error(`no course ${slug}`);
  return selected;
}

async function lesson(language: string) {
  const { versionId } = await course('first-steps');
  const text = await selectOptionalLessonText(app.db, versionId, 'C01-M1', 'members', language);
  if (!text) throw new Error('no lesson');
  return text;
}

describe('importing courses', () => {
  it('a second time changes nothing', async () => {
    const before = await rows('select id, number from course_versions order by id');
    expect(await load()).toMatchObject({ changed: [], unchanged: ['C01', 'C02'], archived: [] });
    expect(await rows('select id, number from course_versions order by id')).toEqual(before);
  });

  it('with a changed question makes a version of the course and of that question only, and leaves the old ones alone', async () => {
    const old = await course('first-steps');
    const quizOf = async (versionId: string) => {
      const [row] = await rows<{ ids: string[] }>(
        'select item_version_ids as ids from quizzes where course_version_id = $1',
        [versionId],
      );
      return row?.ids ?? [];
    };
    const frozen = () =>
      rows(
        `select v.id, v.outline, v.content_hash, l.html, q.item_version_ids, i.document
         from course_versions v join lesson_texts l on l.course_version_id = v.id
         join quizzes q on q.course_version_id = v.id join item_versions i on i.id = any(q.item_version_ids)
         where v.id = $1 order by l.language, i.id`,
        [old.versionId],
      );
    const before = await frozen();
    expect(before.length).toBeGreaterThan(0);

    write({ 'first-steps/m1/quiz.yaml': quiz('Is it really so?') });
    expect(await load()).toMatchObject({ changed: ['C01'], unchanged: ['C02'] });

    const changed = await course('first-steps');
    expect(changed.id).toBe(old.id);
    expect(changed.versionId).not.toBe(old.versionId);
    const [first, second] = await quizOf(old.versionId);
    const [changedFirst, sameSecond] = await quizOf(changed.versionId);
    expect(changedFirst).not.toBe(first);
    expect(sameSecond).toBe(second);
    expect(
      await rows(
        `select i.key, v.number, v.document -> 'stem' ->> 'en' as stem, v.id = i.current_version_id as current
         from items i join item_versions v on v.item_id = i.id order by i.key, v.number`,
      ),
    ).toEqual([
      { key: 'q-a', number: 1, stem: 'Is it always so?', current: true },
      { key: 'q-b', number: 1, stem: 'Is it so?', current: false },
      { key: 'q-b', number: 2, stem: 'Is it really so?', current: true },
    ]);
    expect(await frozen()).toEqual(before);
  });

  it('retires a question that was removed and brings it back', async () => {
    const retired = async () => rows(`select key from items where retired_at is not null`);
    const all = quiz('Is it really so?');
    write({ 'first-steps/m1/quiz.yaml': all.slice(0, all.indexOf('\n  - id: q-a')) });
    await load();
    expect(await retired()).toEqual([{ key: 'q-a' }]);
    write({ 'first-steps/m1/quiz.yaml': all });
    await load();
    expect(await retired()).toEqual([]);
  });

  it('keeps a course as it was when its files have an error', async () => {
    const before = await course('second-steps');
    write({ 'second-steps/course.yaml': 'code: C02\n' });
    const result = await load();
    expect(result).toMatchObject({ changed: [], archived: [] });
    expect(result.issues.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
    expect(await course('second-steps')).toEqual(before);
    write(FILES);
    write({ 'first-steps/m1/quiz.yaml': quiz('Is it really so?') });
  });

  it('archives a course that was removed, deletes nothing, and takes it up again where it was', async () => {
    const before = await course('second-steps');
    const away = join(dirname(folder), 'away');
    renameSync(join(folder, 'second-steps'), away);
    expect(await load()).toMatchObject({ archived: ['C02'] });
    expect(await statusOf('/courses/second-steps')).toBe(404);
    expect((await selectPlannableModules(app.db)).map(({ code }) => code)).toEqual(['C01-M1', 'C01-M2']);
    expect(await rows(`select 1 from course_versions where id = $1`, [before.versionId])).toHaveLength(1);

    renameSync(away, join(folder, 'second-steps'));
    expect(await load()).toMatchObject({ changed: ['C02'], archived: [] });
    expect(await course('second-steps')).toEqual(before);
    expect((await selectPlannableModules(app.db)).map(({ code }) => code)).toContain('C02-M1');
  });

  it('does not take an empty folder for the end of all courses', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'identikit-empty-'));
    expect(await app.services.catalogue.service.importCourses(empty)).toMatchObject({ archived: [] });
    rmSync(empty, { recursive: true });
    expect(await statusOf('/courses/first-steps')).toBe(200);
  });

  it('by two processes at once ends in one new version', async () => {
    const count = async () => (await rows('select 1 from course_versions')).length;
    const before = await count();
    const lessonFile = 'first-steps/m1/02-only-english.en.md';
    write({ [lessonFile]: FILES[lessonFile]?.replace('Not yet', 'Still not') ?? '' });
    await Promise.all([load(), load(), load()]);
    expect(await count()).toBe(before + 1);
  });

  it('follows a course to a new address', async () => {
    cpSync(join(folder, 'second-steps'), join(folder, 'next-steps'), { recursive: true });
    rmSync(join(folder, 'second-steps'), { recursive: true });
    await load();
    expect(await statusOf('/courses/next-steps')).toBe(200);
    expect(await statusOf('/courses/second-steps')).toBe(404);
    renameSync(join(folder, 'next-steps'), join(folder, 'second-steps'));
    await load();
  });
});

describe('what planners and the lesson player read', () => {
  it('modules with their titles, open only if they have lessons', async () => {
    const modules = await selectPlannableModules(app.db);
    expect(modules[1]).toEqual({
      code: 'C01-M2',
      minutes: 240,
      modes: ['W', 'F'],
      levels: { 'FAC-01': 3 },
      prerequisites: ['C01-M1'],
      open: false,
      title: { en: 'First workshop', it: 'Primo laboratorio' },
      courseCode: 'C01',
      courseSlug: 'first-steps',
      courseTitle: { en: 'First steps', it: 'Primi passi' },
    });
    expect(modules.map(({ open }) => open)).toEqual([true, false, false]);
  });

  it('lessons in the language asked for, in English where there is no other, and the facilitator apart', async () => {
    const { versionId } = await course('first-steps');
    expect(await lesson('it')).toMatchObject({ title: 'Soci', language: 'it' });
    expect(await lesson('en')).toMatchObject({
      language: 'en',
      facilitatorHtml: expect.stringContaining('minutes book'),
    });
    expect((await lesson('en')).html).not.toContain('minutes book');
    const fallback = await selectOptionalLessonText(app.db, versionId, 'C01-M1', 'only-english', 'it');
    expect(fallback).toMatchObject({ title: 'Untranslated', language: 'en' });
    expect(await selectOptionalLessonText(app.db, versionId, 'C01-M1', 'none', 'it')).toBeNull();
  });
});

describe('the catalogue', () => {
  it('is public and shows every module, those without lessons as opening soon', async () => {
    expect(await found('/catalogue')).toEqual(['C01-M1', 'C01-M2', 'C02-M1']);
    expect((await page('/catalogue')).match(/Opens soon/g)).toHaveLength(2);
  });

  it.each([
    ['words of a lesson', '/catalogue?q=hydroponics', ['C01-M1']],
    ['another form of the word', '/catalogue?q=counted', ['C01-M1']],
    ['words of the course', '/catalogue?q=governance', ['C02-M1']],
    ['no word of the facilitator’s guide', '/catalogue?q=minutes+book', []],
    ['Italian without accents', '/catalogue?lang=it&q=citta', ['C01-M1']],
    ['Italian with accents', '/catalogue?lang=it&q=citt%C3%A0', ['C01-M1']],
    ['a foreign name with its accents', '/catalogue?lang=it&q=Gy%C5%91r', ['C01-M1']],
    ['a foreign name without its accents', '/catalogue?lang=it&q=gyor', ['C01-M1']],
    ['Italian in capitals', '/catalogue?lang=it&q=ATTIVITA', ['C01-M1']],
    ['an English course for an Italian reader', '/catalogue?lang=it&q=boards', ['C02-M1']],
    ['a competency', '/catalogue?competency=STR-01', ['C01-M1', 'C02-M1']],
    ['a competency at a level', '/catalogue?competency=STR-01&level=1', ['C02-M1']],
    ['a level', '/catalogue?level=3', ['C01-M2', 'C02-M1']],
    ['a task', '/catalogue?task=T2', ['C02-M1']],
    ['a mode', '/catalogue?mode=F', ['C01-M2']],
    ['a length', '/catalogue?length=medium', ['C02-M1']],
    ['lessons in a language', '/catalogue?language=it', ['C01-M1']],
    [
      'all of it at once',
      '/catalogue?competency=STR-01&level=2&mode=O&task=T1&length=short&q=members',
      ['C01-M1'],
    ],
    [
      'filters of no meaning',
      '/catalogue?competency=%27%3B&level=99&mode=X&length=0&task=T1%27&q=',
      ['C01-M1', 'C01-M2', 'C02-M1'],
    ],
    ['a parameter given twice', '/catalogue?mode=F&mode=O', ['C01-M1', 'C01-M2', 'C02-M1']],
  ])('finds by %s', async (_, path, codes) => {
    expect(await found(path)).toEqual(codes);
  });

  it.each(["'", '"', '"unclosed', '-', '!!&|', ')(', '<b>', '\\', '\0', 'a\0b'])(
    'survives the search for %j',
    async (q) => {
      expect(await page(`/catalogue?q=${encodeURIComponent(q)}`)).not.toContain('<b>');
    },
  );

  it('cuts what is too long to be a search', async () => {
    expect(await page(`/catalogue?q=${'a'.repeat(3000)}`)).toContain(`value="${'a'.repeat(200)}"`);
  });

  it('keeps the filters in the form and offers a way out when nothing fits', async () => {
    const text = await page('/catalogue?q=zebra&mode=F');
    expect(text).toContain('value="zebra"');
    expect(text).toContain('<option value="F" selected>');
    expect(text).toContain('No module fits');
  });

  it('needs few statements', async () => {
    await page('/catalogue');
    app.statements.length = 0;
    await page('/catalogue?q=members');
    expect(app.statements.length).toBeLessThanOrEqual(2);
    app.statements.length = 0;
    await page('/courses/first-steps');
    expect(app.statements.length).toBeLessThanOrEqual(3);
  });
});

describe('a course page', () => {
  it('says what it takes and what it gives, with links to the profile and to prerequisites', async () => {
    const text = await page('/courses/second-steps');
    expect(text).toContain('id="C02-M1"');
    expect(text).toContain('Live session');
    expect(text).toContain('href="/profile#GOV-01"');
    expect(text).toContain('href="/courses/first-steps#C01-M1">C01-M1 Counting members</a>');
    expect(text).toContain('href="/courses/first-steps">C01 First steps</a>');
    expect(text).toContain('Opens soon');
  });

  it('marks what is not in the reader’s language', async () => {
    const text = await page('/courses/second-steps?lang=it');
    expect(text).toContain('<h1 lang="en">Second steps</h1>');
    expect(text).toContain('non è ancora tradotto');
    expect(await page('/courses/first-steps?lang=it')).not.toContain('non è ancora tradotto');
  });

  it.each(['/courses/none', '/courses/First-Steps', '/courses/%00', '/courses/..%2ffirst-steps'])(
    'has no other address: %s',
    async (path) => {
      expect(await statusOf(path)).toBe(404);
    },
  );
});

describe('pictures and downloads', () => {
  const address = async (pattern: RegExp) => {
    const match = pattern.exec((await lesson('en')).html)?.[1];
    if (match === undefined) throw new Error('no address');
    return match;
  };

  it('of a lesson are served for good, without a right to run anything', async () => {
    const response = await app
      .agent()
      .get(await address(/<img src="([^"]+)"/))
      .expect(200);
    expect(response.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers['content-security-policy']).toContain('sandbox');
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
    expect(String(response.body)).toBe(SVG);
  });

  it('that are downloads arrive as files', async () => {
    const response = await app
      .agent()
      .get(await address(/href="([^"]+list\.csv[^"]*)"/))
      .expect(200);
    expect(response.headers['content-disposition']).toBe('attachment; filename=list.csv');
  });

  it('stay at their address when a newer one takes their place', async () => {
    const old = await address(/<img src="([^"]+)"/);
    write({ 'first-steps/m1/figures/bar.svg': SVG.replace('40 20', '80 20') });
    await load();
    const current = await address(/<img src="([^"]+)"/);
    expect(current).not.toBe(old);
    expect(String((await app.agent().get(old).expect(200)).body)).toBe(SVG);
    expect(String((await app.agent().get(current).expect(200)).body)).toContain('80 20');
  });

  it.each([
    'm1/figures/bar.svg',
    'm1/figures/bar.svg?v=%25',
    'm1/figures/bar.svg?v=______________',
    'm1/figures/bar.svg?v=000000000000',
    '../course.yaml?v=000000000000',
    '..%2fcourse.yaml?v=000000000000',
    '%2e%2e/%2e%2e/package.json?v=000000000000',
    '%2e%2e%2f%2e%2e%2fpackage.json?v=000000000000',
    '..%5c..%5cpackage.json?v=000000000000',
    'm1%5cfigures%5cbar.svg?v=000000000000',
    '/etc/passwd?v=000000000000',
    'm1/figures/bar.svg%00?v=000000000000',
    '?v=000000000000',
  ])('are nowhere else: %s', async (path) => {
    expect(await statusOf(`/courses/first-steps/media/${path}`)).toBe(404);
  });

  it.each([
    'm1%2ffigures%2f..%2ffigures%2fbar.svg',
    'm1/figures%2fx/../bar.svg',
    'm1/figures/bar.svg/',
    'M1/figures/bar.svg',
  ])('are not found under another path even with a valid version: %s', async (path) => {
    const [, version] = (await address(/<img src="([^"]+)"/)).split('?v=');
    expect(await statusOf(`/courses/first-steps/media/m1/figures/bar.svg?v=${version}`)).toBe(200);
    expect(await statusOf(`/courses/first-steps/media/${path}?v=${version}`)).toBe(404);
  });

  it('belong to one course', async () => {
    const [, version] = (await address(/<img src="([^"]+)"/)).split('?v=');
    expect(await statusOf(`/courses/second-steps/media/m1/figures/bar.svg?v=${version}`)).toBe(404);
  });
});

describe('the glossary', () => {
  it('gives each term an address and its names in the other languages', async () => {
    const text = await page('/glossary?lang=it');
    expect(text).toMatch(/<dt id="cluster-organisation"><strong>organizzazione di cluster<\/strong>/);
    expect(text).toContain('<span lang="pl">organizacja klastrowa</span>');
    expect(text.match(/<dt /g)).toHaveLength(86);
  });

  it.each([
    ['klastrova organizacia', ['cluster-organisation']],
    ['KLASTROVÁ ORGANIZÁCIA', ['cluster-organisation']],
    ['zzz', []],
  ])('is searched in every language, with or without accents: %s', async (q, ids) => {
    const text = await page(`/glossary?q=${encodeURIComponent(q)}`);
    expect([...text.matchAll(/<dt id="([^"]+)"/g)].map((match) => match[1])).toEqual(ids);
  });
});

describe('the ready-made paths', () => {
  it('show those of their modules that exist', async () => {
    const text = await page('/catalogue/paths');
    expect(text).toContain('Essentials (onboarding)');
    expect(text).toContain('href="/courses/first-steps#C01-M1"');
    expect(text).toContain('Prerequisites do not apply on this path.');
  });
});
