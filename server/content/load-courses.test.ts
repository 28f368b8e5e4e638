import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatIssue } from './issues';
import { loadCourses } from './load-courses';

const REFERENCES = {
  competencies: new Set(['STR-01', 'GOV-01']),
  tasks: new Set(['T1']),
  glossary: [{ id: 'cluster', term: { en: 'cluster', it: 'cluster' }, definition: { en: 'x' } }],
};

const COURSE = `code: C01
title: {en: First, it: Primo}
summary: {en: About it., it: In breve.}
tasks: [T1]
advised: []
modules:
  - code: C01-M1
    title: {en: One, it: Uno}
    summary: {en: What it is., it: Che cos'è.}
    outcomes:
      - {en: Tell one from two., it: Distinguere uno da due.}
    minutes: 10
    modes: [O]
    levels: {STR-01: 2}
    prerequisites: []
`;
const SECOND = COURSE.replaceAll('C01', 'C02').replace('prerequisites: []', 'prerequisites: [C01-M1]');
const LESSON = '---\ntitle: A lesson\nminutes: 5\n---\n\nA [[cluster]] is here.\n';
const QUIZ = `passMark: 70
items:
  - id: q1
    type: truefalse
    competency: STR-01
    level: 1
    difficulty: easy
    stem: {en: Is it so?, it: È così?}
    answer: true
`;

let root: string;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'identikit-courses-')), 'courses');
  mkdirSync(root);
});
afterEach(() => rmSync(dirname(root), { recursive: true, force: true }));

function write(files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** A sound course "first", with the given files changed or added. */
async function load(files: Record<string, string | Buffer> = {}) {
  write({
    'first/course.yaml': COURSE,
    'first/m1/01-a-lesson.en.md': LESSON,
    'first/m1/01-a-lesson.it.md': LESSON,
    'first/m1/quiz.yaml': QUIZ,
    ...files,
  });
  const loaded = await loadCourses(root, REFERENCES);
  return { ...loaded, lines: loaded.issues.map(({ file, line, severity }) => `${file}:${line} ${severity}`) };
}

const withoutWorkload = (lines: string[]) =>
  lines.filter((line) => line !== 'courses/first/course.yaml:12 warning');

describe('a sound course', () => {
  it('loads with its outline, lessons and quiz', async () => {
    const { courses, lines } = await load();
    expect(withoutWorkload(lines)).toEqual([]);
    expect(courses[0]?.outline).toEqual({
      code: 'C01',
      slug: 'first',
      title: { en: 'First', it: 'Primo' },
      summary: { en: 'About it.', it: 'In breve.' },
      tasks: ['T1'],
      advised: [],
      modules: [
        {
          code: 'C01-M1',
          title: { en: 'One', it: 'Uno' },
          summary: { en: 'What it is.', it: "Che cos'è." },
          outcomes: [{ en: 'Tell one from two.', it: 'Distinguere uno da due.' }],
          minutes: 10,
          modes: ['O'],
          levels: { 'STR-01': 2 },
          prerequisites: [],
          open: true,
          lessons: [{ slug: 'a-lesson', minutes: 5, title: { en: 'A lesson', it: 'A lesson' } }],
          quiz: { passMark: 70, items: 1 },
        },
      ],
    });
    expect(courses[0]?.lessons.map(({ language, words }) => [language, words])).toEqual([
      ['en', 4],
      ['it', 4],
    ]);
    expect(courses[0]?.quizzes[0]?.items.map(({ id }) => id)).toEqual(['q1']);
  });

  it('has the same hash until something changes that a learner sees', async () => {
    const first = await load();
    const commented = await load({ 'first/course.yaml': `# A comment\n${COURSE}` });
    const changed = await load({ 'first/m1/01-a-lesson.en.md': LESSON.replace('here', 'there') });
    expect(commented.courses[0]?.hash).toBe(first.courses[0]?.hash);
    expect(changed.courses[0]?.hash).not.toBe(first.courses[0]?.hash);
  });

  it('opens a module when it has an English lesson', async () => {
    write({ 'first/course.yaml': COURSE });
    const { courses } = await loadCourses(root, REFERENCES);
    expect(courses[0]?.outline.modules[0]).toMatchObject({ open: false, lessons: [], quiz: null });
  });
});

describe('a problem is reported with file and line', () => {
  it.each<[string, Record<string, string | Buffer>, string, string]>([
    [
      'an unknown field',
      { 'first/course.yaml': COURSE.replace('    minutes: 10', '    minuets: 10\n    minutes: 10') },
      'courses/first/course.yaml:12 error',
      'There is no field "modules.1.minuets".',
    ],
    [
      'a missing field',
      { 'first/course.yaml': COURSE.replace('    minutes: 10\n', '') },
      'courses/first/course.yaml:7 error',
      '"modules.1.minutes" is missing.',
    ],
    [
      'a missing English text',
      { 'first/course.yaml': COURSE.replace('{en: One, it: Uno}', '{it: Uno}') },
      'courses/first/course.yaml:8 error',
      '"modules.1.title.en" is missing.',
    ],
    [
      'a missing translation',
      { 'first/course.yaml': COURSE.replace(', it: Distinguere uno da due.', '') },
      'courses/first/course.yaml:11 warning',
      '"modules.1.outcomes.1" has no text in "it".',
    ],
    [
      'a level beyond the mode',
      { 'first/course.yaml': COURSE.replace('STR-01: 2', 'STR-01: 3') },
      'courses/first/course.yaml:14 error',
      'C01-M1 promises level 3 in STR-01; mode O evidences at most level 2.',
    ],
    [
      'an unknown competency',
      { 'first/course.yaml': COURSE.replace('STR-01: 2', 'STR-01: 2, STR-09: 1') },
      'courses/first/course.yaml:14 error',
      'There is no competency STR-09.',
    ],
    [
      'an unknown task',
      { 'first/course.yaml': COURSE.replace('[T1]', '[T1, T9]') },
      'courses/first/course.yaml:4 error',
      'There is no task T9.',
    ],
    [
      'a prerequisite that does not exist',
      { 'first/course.yaml': COURSE.replace('prerequisites: []', 'prerequisites: [C07-M1]') },
      'courses/first/course.yaml:15 error',
      'The prerequisite C07-M1 does not exist.',
    ],
    [
      'YAML that is none',
      { 'first/course.yaml': COURSE.replace('title: {en: First, it: Primo}', 'title: First: a course') },
      'courses/first/course.yaml:2 error',
      'This is not valid YAML: Nested mappings are not allowed in compact mappings.',
    ],
    [
      'a lesson without front matter',
      { 'first/m1/01-a-lesson.en.md': 'Text.\n' },
      'courses/first/m1/01-a-lesson.en.md:1 error',
      'The lesson has no front matter.',
    ],
    [
      'front matter with a wrong value',
      { 'first/m1/01-a-lesson.en.md': LESSON.replace('minutes: 5', 'minutes: five') },
      'courses/first/m1/01-a-lesson.en.md:3 error',
      'minutes: Invalid input: expected number, received string.',
    ],
    [
      'a term outside the glossary',
      { 'first/m1/01-a-lesson.en.md': LESSON.replace('[[cluster]]', '[[klaster]]') },
      'courses/first/m1/01-a-lesson.en.md:6 error',
      '"klaster" is not in the glossary.',
    ],
    [
      'a picture that is not there',
      { 'first/m1/01-a-lesson.it.md': `${LESSON}\n![A map](figures/map.svg)\n` },
      'courses/first/m1/01-a-lesson.it.md:8 error',
      'There is no picture figures/map.svg.',
    ],
    [
      'a picture that runs a script',
      { 'first/m1/figures/map.svg': '<svg><script/></svg>' },
      'courses/first/m1/figures/map.svg:1 error',
      'The SVG element <script> is not allowed.',
    ],
    [
      'a file that nothing shows',
      { 'first/m1/files/notes.csv': 'a;b\n' },
      'courses/first/m1/files/notes.csv:1 warning',
      'No lesson shows or offers this file.',
    ],
    [
      'a file that nothing reads',
      { 'first/m9/01-lost.en.md': LESSON },
      'courses/first/m9/01-lost.en.md:1 warning',
      'Nothing reads this file.',
    ],
    [
      'a lesson without English',
      { 'first/m1/02-more.it.md': LESSON },
      'courses/first/m1/02-more.it.md:1 error',
      'This lesson has no English text.',
    ],
    [
      'a lesson without translation',
      { 'first/m1/02-more.en.md': LESSON },
      'courses/first/m1/02-more.en.md:1 warning',
      'There is no m1/02-more.it.md.',
    ],
    [
      'two lessons with one number',
      { 'first/m1/01-more.en.md': LESSON, 'first/m1/01-more.it.md': LESSON },
      'courses/first/m1/01-more.en.md:1 error',
      '01-more and 01-a-lesson share their number or name.',
    ],
    [
      'a question with a wrong key',
      { 'first/m1/quiz.yaml': QUIZ.replace('answer: true', 'answer: maybe') },
      'courses/first/m1/quiz.yaml:9 error',
      'items.1.answer: Must be true or false.',
    ],
    [
      'a question on an unknown competency',
      { 'first/m1/quiz.yaml': QUIZ.replace('STR-01', 'STR-09') },
      'courses/first/m1/quiz.yaml:5 error',
      'There is no competency STR-09.',
    ],
    [
      'a question on what the module does not teach',
      { 'first/m1/quiz.yaml': QUIZ.replace('STR-01', 'GOV-01') },
      'courses/first/m1/quiz.yaml:5 warning',
      'The question asks for GOV-01, which the module does not teach.',
    ],
    [
      'a pass mark of nothing',
      { 'first/m1/quiz.yaml': QUIZ.replace('70', '0') },
      'courses/first/m1/quiz.yaml:1 error',
      'The pass mark is a whole number from 1 to 100.',
    ],
    [
      'an id used in two quizzes',
      { 'second/course.yaml': SECOND, 'second/m1/quiz.yaml': QUIZ },
      'courses/second/m1/quiz.yaml:3 error',
      'The id q1 is used in C01-M1 already.',
    ],
    [
      'a code used in two courses',
      { 'second/course.yaml': SECOND.replace('code: C02\n', 'code: C01\n') },
      'courses/second/course.yaml:1 error',
      'The code C01 belongs to the course "first" already.',
    ],
    [
      'a folder that is no course',
      { 'second/notes.txt': 'x' },
      'courses/second/course.yaml:1 error',
      'The course has no course.yaml.',
    ],
    [
      'a folder that is no address',
      { 'Second Course/course.yaml': SECOND },
      'courses/Second Course/course.yaml:1 error',
      '"Second Course" cannot be an address.',
    ],
  ])('%s', async (_, files, place, message) => {
    const { issues, lines } = await load(files);
    expect(issues.map((issue) => issue.message)).toContain(message);
    expect(lines[issues.findIndex((issue) => issue.message === message)]).toBe(place);
    expect(issues.every(({ advice }) => advice.endsWith('.'))).toBe(true);
  });

  it('a circle of prerequisites, with the whole circle', async () => {
    const { issues, courses } = await load({
      'first/course.yaml': COURSE.replace('prerequisites: []', 'prerequisites: [C03-M1]'),
      'second/course.yaml': SECOND,
      'third/course.yaml': COURSE.replaceAll('C01', 'C03').replace(
        'prerequisites: []',
        'prerequisites: [C02-M1]',
      ),
      'fourth/course.yaml': COURSE.replaceAll('C01', 'C04'),
    });
    const circles = issues.filter(({ severity }) => severity === 'error').map(formatIssue);
    expect(circles).toEqual([
      'courses/first/course.yaml:15: error: These prerequisites run in a circle: C01-M1 → C03-M1 → C02-M1 → C01-M1. Nobody could ever start: remove one of them.',
    ]);
    expect(courses.map(({ outline }) => outline.code)).toEqual(['C02', 'C03', 'C04']);
  });

  it('a workload far from the texts', async () => {
    const near = LESSON.replace('here.', `${'word '.repeat(130 * 8)}.`);
    expect((await load({ 'first/m1/01-a-lesson.en.md': near })).lines).toEqual([]);
    const far = LESSON.replace('here.', `${'word '.repeat(130 * 20)}.`);
    const { issues, lines } = await load({ 'first/m1/01-a-lesson.en.md': far });
    expect(lines).toEqual(['courses/first/course.yaml:12 warning']);
    expect(issues[0]?.message).toBe(
      'C01-M1 states 10 minutes; its texts, exercises and questions take about 22.',
    );
  });
});

describe('a course with an error', () => {
  it('is left out while the others go in, and is still known to exist', async () => {
    const { courses, slugs } = await load({
      'second/course.yaml': SECOND.replace('tasks: [T1]', 'tasks: []'),
    });
    expect(courses.map(({ outline }) => outline.slug)).toEqual(['first']);
    expect(slugs).toEqual(['first', 'second']);
  });

  it('never makes the loader throw, whatever its files hold', async () => {
    for (const content of [
      '',
      '[]',
      'null',
      '- a',
      '\0',
      '{{{',
      '&a [*a]',
      'a: &a {b: *a}',
      '!!js/function x',
    ]) {
      const { courses, issues } = await load({ 'first/course.yaml': content });
      expect(courses).toEqual([]);
      expect(issues.filter(({ severity }) => severity === 'error')).not.toEqual([]);
    }
    for (const content of [
      '',
      '---\n---\n',
      '---\n: :\n---\n',
      '---\ntitle: x\nminutes: 5\n---\n',
      '\uFFFE',
    ]) {
      expect((await load({ 'first/m1/01-a-lesson.en.md': content })).courses).toEqual([]);
    }
  });

  it('cannot reach files outside its folder through a link', async () => {
    write({ 'first/m1/figures/.keep': '' });
    const secret = join(dirname(root), 'secret.svg');
    writeFileSync(secret, '<svg viewBox="0 0 1 1"></svg>');
    symlinkSync(secret, join(root, 'first/m1/figures/secret.svg'));
    const { issues, courses } = await load({
      'first/m1/01-a-lesson.en.md': `${LESSON}\n![x](figures/secret.svg)\n`,
    });
    expect(issues.map(({ message }) => message)).toContain('There is no picture figures/secret.svg.');
    expect(courses).toEqual([]);
  });
});
