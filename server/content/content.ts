import type { CourseOutline } from '../core/curriculum';
import type { ContentLanguage } from '../core/framework';
import type { Slot } from '../core/quiz/draw';
import type { Item } from '../core/quiz/item';
import type { GlossaryTerm } from './glossary-index';
import type { ContentIssue, Report } from './issues';

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

/** The files of one course: path with forward slashes → content. */
export type Files = ReadonlyMap<string, Buffer>;

/** Who takes the problems of the file at a path. */
export type Reporter = (path: string) => Report;

/** Languages in which content is meant to be complete; a text that lacks one is worth a warning. */
export const TRANSLATED: readonly ContentLanguage[] = ['it'];
