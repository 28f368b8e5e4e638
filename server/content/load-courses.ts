import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CourseOutline, MODE_CAP, type ModuleMode, type ModuleOutline } from '../core/curriculum';
import { CONTENT_LANGUAGES, type ContentLanguage, type LocalizedText } from '../core/framework';
import type { Slot } from '../core/quiz/draw';
import type { Item } from '../core/quiz/item';
import { type CourseFile, courseSchema, frontMatterSchema } from './course-schema';
import { type GlossaryTerm, indexGlossary, type TermLookup } from './glossary-index';
import { type ContentIssue, type Report, reporterFor, sortIssues } from './issues';
import { type QuizFile, quizFileSchema } from './item-schema';
import { type MediaFile, type RenderedLesson, renderLesson } from './markdown';
import { inspectMedia, type MediaFacts } from './media';
import { parseYaml, reportMissingTranslations, reportSchemaIssues, type YamlFile } from './yaml-file';

/** What courses may refer to besides one another. */
export type ContentReferences = {
  competencies: ReadonlySet<string>;
  tasks: ReadonlySet<string>;
  glossary: readonly GlossaryTerm[];
};

export type LoadedLesson = {
  module: string;
  slug: string;
  language: ContentLanguage;
  title: string;
  html: string;
  facilitatorHtml: string;
  words: number;
  /** The lesson as plain text, for the search index. */
  text: string;
};
export type LoadedQuiz = { module: string; passMark: number; slots: Slot[]; items: Item[] };
export type LoadedMedia = { path: string; hash: string; mime: string; body: Buffer };
export type LoadedCourse = {
  outline: CourseOutline;
  lessons: LoadedLesson[];
  quizzes: LoadedQuiz[];
  media: LoadedMedia[];
  /** Over everything that reaches a learner, so that a new renderer counts as a change and a moved comment does not. */
  hash: string;
};
export type LoadedContent = {
  /** Sorted by code; those with an error are left out. */
  courses: LoadedCourse[];
  /** Every folder, so that a course with an error is not mistaken for one that was removed. */
  slugs: string[];
  issues: ContentIssue[];
};

/** Languages in which content is meant to be complete; a text that lacks one is worth a warning. */
const TRANSLATED: readonly ContentLanguage[] = ['it'];
const FORMAT = 'See courses/README.md.';
const WORDS_PER_MINUTE = 130;
const MINUTES_PER_QUESTION = 1.5;
const MINUTES_PER_SCENARIO = 4;
const TOLERANCE = 0.2;

type Draft = {
  slug: string;
  report: Report;
  yaml: YamlFile;
  file: CourseFile;
  course: LoadedCourse;
  quizFiles: { module: string; yaml: YamlFile; report: Report; quiz: QuizFile }[];
};

/**
 * Reads every course under `folder`. Problems never throw: they are collected with file and line.
 * @throws when the folder itself cannot be read.
 */
export async function loadCourses(folder: string, references: ContentReferences): Promise<LoadedContent> {
  const issues: ContentIssue[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  const slugs = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
  const terms = indexGlossary(references.glossary);
  const drafts: Draft[] = [];
  for (const slug of slugs) {
    const draft = await readCourse(folder, slug, { references, terms, issues });
    if (draft) drafts.push(draft);
  }
  checkAcross(drafts);
  const broken = new Set(
    issues.filter(({ severity }) => severity === 'error').map(({ file }) => file.split('/')[1]),
  );
  const courses = drafts
    .filter(({ slug }) => !broken.has(slug))
    .map(({ course }) => ({ ...course, hash: hashOf(course) }))
    .sort((a, b) => (a.outline.code < b.outline.code ? -1 : 1));
  return { courses, slugs, issues: sortIssues(issues) };
}

type Reading = { references: ContentReferences; terms: TermLookup; issues: ContentIssue[] };

async function readCourse(folder: string, slug: string, reading: Reading): Promise<Draft | null> {
  const nameOf = (path: string) => `${basename(folder)}/${slug}/${path}`;
  const reporter = (path: string) => reporterFor(nameOf(path), reading.issues);
  const report = reporter('course.yaml');
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) {
    report(
      'error',
      1,
      `"${slug}" cannot be an address.`,
      'Name the folder with lower-case letters, digits and hyphens.',
    );
    return null;
  }
  const files = await readFolder(join(folder, slug));
  const source = files.get('course.yaml');
  if (!source) {
    report('error', 1, 'The course has no course.yaml.', FORMAT);
    return null;
  }
  const yaml = parseYaml(source.toString('utf8'), report);
  if (!yaml) return null;
  const parsed = courseSchema.safeParse(yaml.value);
  if (!parsed.success) {
    reportSchemaIssues(parsed.error.issues, yaml, { report, advice: FORMAT });
    return null;
  }
  const file = parsed.data;
  reportMissingTranslations(yaml.value, yaml, { report, languages: TRANSLATED });
  checkCourse(file, yaml, report, reading.references);

  const course: LoadedCourse = {
    outline: { ...file, slug, modules: [] },
    lessons: [],
    quizzes: [],
    media: [],
    hash: '',
  };
  const quizFiles: Draft['quizFiles'] = [];
  const used = new Set(['course.yaml']);
  for (const [index, module] of file.modules.entries()) {
    const moduleFolder = module.code.split('-')[1]?.toLowerCase() ?? '';
    const media = readMedia(moduleFolder, files, { slug, used, reporter });
    course.media.push(...media.files);
    const lessons = readLessons(module.code, moduleFolder, files, {
      terms: reading.terms,
      media,
      used,
      reporter,
    });
    course.lessons.push(...lessons.texts);
    media.reportUnused();

    const quiz = readQuiz(module.code, moduleFolder, files, {
      used,
      reporter,
      references: reading.references,
    });
    if (quiz) quizFiles.push({ module: module.code, ...quiz });
    for (const item of quiz?.quiz.items ?? []) {
      if (item.competency in module.levels || !reading.references.competencies.has(item.competency)) continue;
      const line = quiz?.yaml.lineAt(['items', quiz.quiz.items.indexOf(item), 'competency']) ?? 1;
      const message = `The question asks for ${item.competency}, which the module does not teach.`;
      quiz?.report(
        'warning',
        line,
        message,
        'Ask for one of its levels in course.yaml, or add the competency there.',
      );
    }
    if (quiz) course.quizzes.push({ module: module.code, ...quiz.quiz });

    course.outline.modules.push({
      ...module,
      open: lessons.outline.length > 0,
      lessons: lessons.outline,
      quiz: quiz ? { passMark: quiz.quiz.passMark, items: questionsMet(quiz.quiz) } : null,
    });
    checkMinutes(module, lessons.minutes, quiz?.quiz ?? null, (message, advice) =>
      report('warning', yaml.lineAt(['modules', index, 'minutes']), message, advice),
    );
  }
  for (const path of files.keys()) {
    if (used.has(path)) continue;
    reporter(path)(
      'warning',
      1,
      'Nothing reads this file.',
      'Check its name and folder, or remove it. See courses/README.md.',
    );
  }
  return { slug, report, yaml, file, course, quizFiles };
}

/** Every file of a course, by its path with forward slashes. Hidden files and symbolic links are not read. */
async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const walk = async (path: string): Promise<void> => {
    const entries = await readdir(join(folder, path), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const child = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) await walk(child);
      else if (entry.isFile()) files.set(child, await readFile(join(folder, child)));
    }
  };
  await walk('');
  return files;
}

function checkCourse(file: CourseFile, yaml: YamlFile, report: Report, references: ContentReferences): void {
  const error = (path: PropertyKey[], message: string, advice: string) =>
    report('error', yaml.lineAt(path), message, advice);
  for (const [index, task] of file.tasks.entries()) {
    if (!references.tasks.has(task)) {
      error(
        ['tasks', index],
        `There is no task ${task}.`,
        `The tasks are ${[...references.tasks].join(', ')}.`,
      );
    }
  }
  for (const [index, module] of file.modules.entries()) {
    const path = ['modules', index];
    if (!module.code.startsWith(`${file.code}-`)) {
      error(
        [...path, 'code'],
        `${module.code} does not belong to ${file.code}.`,
        `Begin the code with ${file.code}-M.`,
      );
    }
    const cap = modeCap(module.modes);
    for (const [competency, level] of Object.entries(module.levels)) {
      const place = [...path, 'levels', competency];
      if (!references.competencies.has(competency)) {
        error(place, `There is no competency ${competency}.`, 'Use a code of the competence framework.');
      }
      if (level > cap) {
        const message = `${module.code} promises level ${level} in ${competency}; mode ${module.modes.join(' + ')} evidences at most level ${cap}.`;
        error(place, message, 'Lower the level, or choose a mode in which it can be shown.');
      }
    }
  }
}

function modeCap(modes: readonly ModuleMode[]): number {
  return Math.max(...modes.map((mode) => MODE_CAP[mode]));
}

type Media = {
  files: LoadedMedia[];
  find(path: string): MediaFile | null;
  reportUnused(): void;
};
type Files = ReadonlyMap<string, Buffer>;
type Reporter = (path: string) => Report;

function readMedia(
  moduleFolder: string,
  files: Files,
  given: { slug: string; used: Set<string>; reporter: Reporter },
): Media {
  const found: (LoadedMedia & { facts: MediaFacts })[] = [];
  for (const [path, body] of files) {
    const [folder, kind, name, ...deeper] = path.split('/');
    if (folder !== moduleFolder || (kind !== 'figures' && kind !== 'files') || !name || deeper.length > 0)
      continue;
    given.used.add(path);
    const report = given.reporter(path);
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) {
      report(
        'error',
        1,
        `The file name "${name}" cannot be an address.`,
        'Use lower-case letters, digits, hyphens and points.',
      );
      continue;
    }
    const inspected = inspectMedia(name, kind, body);
    if (!inspected.ok) {
      report(
        'error',
        1,
        `${inspected.problem}.`,
        'Save it again in an accepted format, without scripts and outside references.',
      );
      continue;
    }
    const hash = createHash('sha256').update(body).digest('hex');
    found.push({ path, hash, mime: inspected.facts.mime, body, facts: inspected.facts });
  }
  const named = new Set<string>();
  return {
    files: found.map(({ path, hash, mime, body }) => ({ path, hash, mime, body })),
    find(path) {
      const file = found.find((candidate) => candidate.path === `${moduleFolder}/${path}`);
      if (!file) return null;
      named.add(file.path);
      const { width, height } = file.facts;
      return {
        href: `/courses/${given.slug}/media/${file.path}?v=${file.hash.slice(0, MEDIA_VERSION)}`,
        width,
        height,
      };
    },
    reportUnused() {
      for (const { path } of found) {
        if (!named.has(path))
          given.reporter(path)(
            'warning',
            1,
            'No lesson shows or offers this file.',
            'Refer to it, or remove it.',
          );
      }
    },
  };
}

/** Letters of the content hash that an address of a picture or download carries. */
export const MEDIA_VERSION = 12;

type LessonFile = { path: string; number: string; slug: string; language: ContentLanguage };
type ReadLesson = LessonFile & { title: string; minutes: number; rendered: RenderedLesson };

function readLessons(
  module: string,
  moduleFolder: string,
  files: Files,
  given: { terms: TermLookup; media: Media; used: Set<string>; reporter: Reporter },
): { texts: LoadedLesson[]; outline: ModuleOutline['lessons']; minutes: number } {
  const lessons: ReadLesson[] = [];
  for (const [path, body] of files) {
    const name = lessonName(path, moduleFolder);
    if (!name) continue;
    given.used.add(path);
    const lesson = readLesson({ path, ...name }, body.toString('utf8'), given);
    if (lesson) lessons.push(lesson);
  }
  const english = lessons.filter(({ language }) => language === 'en');
  checkLessonSets(lessons, english, given.reporter);
  const outline = english.map(({ slug, minutes, title }) => {
    const titles: LocalizedText = { en: title };
    for (const lesson of lessons) if (lesson.slug === slug) titles[lesson.language] = lesson.title;
    return { slug, minutes, title: titles };
  });
  const texts = lessons
    .filter(({ slug }) => outline.some((lesson) => lesson.slug === slug))
    .map(({ slug, language, title, rendered: { html, facilitatorHtml, words, text } }) => ({
      module,
      slug,
      language,
      title,
      html,
      facilitatorHtml,
      words,
      text,
    }));
  const minutes = english.reduce(
    (sum, { rendered }) => sum + rendered.words / WORDS_PER_MINUTE + rendered.exerciseMinutes,
    0,
  );
  return { texts, outline, minutes };
}

/** `m1/01-what-a-cluster-is.en.md` → number, slug and language; null for any other path. */
function lessonName(path: string, moduleFolder: string): Omit<LessonFile, 'path'> | null {
  const match = /^([^/]+)\/(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)\.([a-z]{2})\.md$/.exec(path);
  const language = CONTENT_LANGUAGES.find((known) => known === match?.[4]);
  if (!match || match[1] !== moduleFolder || !language) return null;
  return { number: match[2] ?? '', slug: match[3] ?? '', language };
}

function readLesson(
  file: LessonFile,
  text: string,
  given: { terms: TermLookup; media: Media; reporter: Reporter },
): ReadLesson | null {
  const report = given.reporter(file.path);
  const normalised = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const matter = /^---\n([\s\S]*?)\n---\n/.exec(normalised);
  if (!matter) {
    report(
      'error',
      1,
      'The lesson has no front matter.',
      'Begin with "---", the title, the minutes and "---". See courses/README.md.',
    );
    return null;
  }
  const yaml = parseYaml(matter[1] ?? '', report, 2);
  if (!yaml) return null;
  const parsed = frontMatterSchema.safeParse(yaml.value);
  if (!parsed.success) {
    reportSchemaIssues(parsed.error.issues, yaml, {
      report,
      advice: 'The front matter is "title" and "minutes". See courses/README.md.',
    });
    return null;
  }
  const rendered = renderLesson(normalised.slice(matter[0].length), {
    language: file.language,
    report,
    firstLine: matter[0].split('\n').length,
    terms: given.terms,
    media: given.media.find,
  });
  if (rendered.words === 0)
    report(
      'error',
      1,
      'The lesson has no text.',
      'Write it, or remove the file: the module then "opens soon".',
    );
  return { ...file, ...parsed.data, rendered };
}

/** Every language has the lessons that English has, under the same numbers and with the same minutes. */
function checkLessonSets(
  lessons: readonly ReadLesson[],
  english: readonly ReadLesson[],
  reporter: Reporter,
): void {
  const languages = new Set([...TRANSLATED, ...lessons.map(({ language }) => language)]);
  for (const lesson of english) {
    for (const other of english) {
      if (other !== lesson && (other.number === lesson.number || other.slug === lesson.slug)) {
        const message = `${lesson.number}-${lesson.slug} and ${other.number}-${other.slug} share their number or name.`;
        reporter(lesson.path)('error', 1, message, 'Give each lesson of a module its own number and name.');
      }
    }
    for (const language of languages) {
      if (lessons.some((text) => text.language === language && text.slug === lesson.slug)) continue;
      const path = lesson.path.replace(/\.en\.md$/, `.${language}.md`);
      reporter(lesson.path)(
        'warning',
        1,
        `There is no ${path}.`,
        'Readers of that language see the English lesson until it is translated.',
      );
    }
  }
  for (const lesson of lessons) {
    const original = english.find(({ slug }) => slug === lesson.slug);
    if (!original) {
      reporter(lesson.path)(
        'error',
        1,
        'This lesson has no English text.',
        'English is what the other languages fall back to: write it first, under the same name.',
      );
    } else if (original.number !== lesson.number || original.minutes !== lesson.minutes) {
      reporter(lesson.path)(
        'warning',
        2,
        'Number or minutes differ from the English lesson.',
        'The English ones count; make them equal.',
      );
    }
  }
}

function readQuiz(
  module: string,
  moduleFolder: string,
  files: Files,
  given: { used: Set<string>; reporter: Reporter; references: ContentReferences },
): { yaml: YamlFile; report: Report; quiz: QuizFile } | null {
  const path = `${moduleFolder}/quiz.yaml`;
  const source = files.get(path);
  if (!source) return null;
  given.used.add(path);
  const report = given.reporter(path);
  const yaml = parseYaml(source.toString('utf8'), report);
  if (!yaml) return null;
  const parsed = quizFileSchema.safeParse(yaml.value);
  if (!parsed.success) {
    reportSchemaIssues(parsed.error.issues, yaml, { report, advice: 'See courses/README.md, "quiz.yaml".' });
    return null;
  }
  const quiz = parsed.data;
  reportMissingTranslations(yaml.value, yaml, { report, languages: TRANSLATED });
  if (!Number.isInteger(quiz.passMark) || quiz.passMark < 1) {
    report(
      'error',
      yaml.lineAt(['passMark']),
      'The pass mark is a whole number from 1 to 100.',
      'It is the per cent of the points needed.',
    );
  }
  for (const [index, { competency }] of quiz.items.entries()) {
    if (given.references.competencies.has(competency)) continue;
    const line = yaml.lineAt(['items', index, 'competency']);
    report(
      'error',
      line,
      `There is no competency ${competency}.`,
      `Use a code of the competence framework that ${module} teaches.`,
    );
  }
  return { yaml, report, quiz };
}

/** Number of items in one attempt. */
function questionsMet({ slots }: QuizFile): number {
  return slots.reduce((sum, slot) => sum + (slot.kind === 'random' ? slot.count : 1), 0);
}

/** Reading, exercises and questions of an online module are its workload; other modes have meetings and field work besides. */
function checkMinutes(
  module: CourseFile['modules'][number],
  lessonMinutes: number,
  quiz: QuizFile | null,
  warn: (message: string, advice: string) => void,
): void {
  if (lessonMinutes === 0 || module.modes.some((mode) => mode !== 'O')) return;
  const scenarios = quiz?.items.filter(({ type }) => type === 'scenario').length ?? 0;
  const questions = quiz ? questionsMet(quiz) - scenarios : 0;
  const estimate = lessonMinutes + questions * MINUTES_PER_QUESTION + scenarios * MINUTES_PER_SCENARIO;
  if (Math.abs(estimate - module.minutes) <= module.minutes * TOLERANCE) return;
  warn(
    `${module.code} states ${module.minutes} minutes; its texts, exercises and questions take about ${Math.round(estimate)}.`,
    'Change the workload or the texts: the two should lie within a fifth of each other.',
  );
}

/** What can only be seen with all courses at hand: codes and ids used twice, prerequisites that do not exist or run in a circle. */
function checkAcross(drafts: readonly Draft[]): void {
  const courses = new Map<string, string>();
  const modules = new Map<string, { prerequisites: string[]; draft: Draft; index: number }>();
  const items = new Map<string, string>();
  for (const draft of drafts) {
    const { file, yaml, report, slug } = draft;
    const twice = courses.get(file.code);
    if (twice !== undefined) {
      report(
        'error',
        yaml.lineAt(['code']),
        `The code ${file.code} belongs to the course "${twice}" already.`,
        'Give each course its own code.',
      );
    }
    courses.set(file.code, slug);
    for (const [index, module] of file.modules.entries()) {
      if (modules.has(module.code)) {
        report(
          'error',
          yaml.lineAt(['modules', index, 'code']),
          `The code ${module.code} is used twice.`,
          'Give each module its own code.',
        );
      }
      modules.set(module.code, { prerequisites: module.prerequisites, draft, index });
    }
    for (const quizFile of draft.quizFiles) {
      for (const [index, { id }] of quizFile.quiz.items.entries()) {
        const owner = items.get(id);
        if (owner !== undefined) {
          const line = quizFile.yaml.lineAt(['items', index, 'id']);
          quizFile.report(
            'error',
            line,
            `The id ${id} is used in ${owner} already.`,
            'Ids are unique across all courses and never used again.',
          );
        }
        items.set(id, quizFile.module);
      }
    }
  }
  for (const { file, yaml, report } of drafts) {
    for (const [index, code] of file.advised.entries()) {
      if (courses.has(code) || modules.has(code)) continue;
      report(
        'error',
        yaml.lineAt(['advised', index]),
        `There is no course or module ${code}.`,
        'Advise one that exists.',
      );
    }
    for (const [index, module] of file.modules.entries()) {
      for (const [position, code] of module.prerequisites.entries()) {
        if (modules.has(code)) continue;
        const line = yaml.lineAt(['modules', index, 'prerequisites', position]);
        report(
          'error',
          line,
          `The prerequisite ${code} does not exist.`,
          'Name a module of these courses, or remove it.',
        );
      }
    }
  }
  for (const loop of findLoops(
    new Map([...modules].map(([code, { prerequisites }]) => [code, prerequisites])),
  )) {
    const first = modules.get(loop[0] ?? '');
    if (!first) continue;
    const line = first.draft.yaml.lineAt(['modules', first.index, 'prerequisites']);
    const message = `These prerequisites run in a circle: ${[...loop, loop[0]].join(' → ')}.`;
    first.draft.report('error', line, message, 'Nobody could ever start: remove one of them.');
  }
}

/** Circles among prerequisites, each once, beginning with its smallest code. */
function findLoops(prerequisites: ReadonlyMap<string, readonly string[]>): string[][] {
  const loops = new Map<string, string[]>();
  const settled = new Set<string>();
  const visit = (code: string, trail: readonly string[]): void => {
    const at = trail.indexOf(code);
    if (at >= 0) {
      const loop = trail.slice(at);
      const smallest = loop.indexOf(loop.toSorted()[0] ?? '');
      const turned = [...loop.slice(smallest), ...loop.slice(0, smallest)];
      loops.set(turned.join(), turned);
      return;
    }
    if (settled.has(code)) return;
    for (const next of prerequisites.get(code) ?? []) visit(next, [...trail, code]);
    settled.add(code);
  };
  for (const code of [...prerequisites.keys()].sort()) visit(code, []);
  return [...loops.values()];
}

function hashOf({ outline, lessons, quizzes, media }: LoadedCourse): string {
  const files = media.map(({ path, hash }) => [path, hash]);
  return createHash('sha256').update(JSON.stringify({ outline, lessons, quizzes, files })).digest('hex');
}
