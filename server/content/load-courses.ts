import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MODE_CAP, type ModuleMode } from '../core/curriculum';
import { type ContentReferences, type LoadedContent, type LoadedCourse, TRANSLATED } from './content';
import { type CourseFile, courseSchema } from './course-schema';
import { type CourseFiles, checkAcross } from './cross-checks';
import { indexGlossary, type TermLookup } from './glossary-index';
import { type ContentIssue, type Report, reporterFor, sortIssues } from './issues';
import type { QuizFile } from './item-schema';
import { readLessons } from './read-lessons';
import { readMedia } from './read-media';
import { questionsMet, readQuiz } from './read-quiz';
import { parseYaml, reportMissingTranslations, reportSchemaIssues, type YamlFile } from './yaml-file';

const FORMAT = 'See courses/README.md.';
const MINUTES_PER_QUESTION = 1.5;
const MINUTES_PER_SCENARIO = 4;
const TOLERANCE = 0.2;

type Draft = CourseFiles & { course: LoadedCourse };

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
  const quizFiles: CourseFiles['quizFiles'] = [];
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

function hashOf({ outline, lessons, quizzes, media }: LoadedCourse): string {
  const files = media.map(({ path, hash }) => [path, hash]);
  return createHash('sha256').update(JSON.stringify({ outline, lessons, quizzes, files })).digest('hex');
}
