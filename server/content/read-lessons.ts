import type { ModuleOutline } from '../core/curriculum';
import { CONTENT_LANGUAGES, type ContentLanguage, type LocalizedText } from '../core/framework';
import { type Files, type LoadedLesson, type Reporter, TRANSLATED } from './content';
import { frontMatterSchema } from './course-schema';
import type { TermLookup } from './glossary-index';
import { type RenderedLesson, renderLesson } from './markdown';
import type { Media } from './read-media';
import { parseYaml, reportSchemaIssues } from './yaml-file';

const WORDS_PER_MINUTE = 130;

type LessonFile = { path: string; number: string; slug: string; language: ContentLanguage };
type ReadLesson = LessonFile & { title: string; minutes: number; rendered: RenderedLesson };

/** The lessons of a module, rendered; `minutes` is what reading and exercises take in English. */
export function readLessons(
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
