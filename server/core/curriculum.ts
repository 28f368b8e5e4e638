/** The curriculum as the path planner, the catalogue and the lesson player see it. Types only. */

import type { LocalizedText } from './framework';

/** O online, L live, W workshop, F field, P peer, PAN panel. A module may combine two (W and F). */
export const MODULE_MODES = ['O', 'L', 'W', 'F', 'P', 'PAN'] as const;
export type ModuleMode = (typeof MODULE_MODES)[number];

/** Highest level a module of each mode can evidence (framework 3.1). A combination takes the highest. */
export const MODE_CAP: Readonly<Record<ModuleMode, number>> = { O: 2, L: 3, W: 3, F: 4, P: 4, PAN: 5 };

export type PlannableModule = {
  code: string;
  minutes: number;
  modes: ModuleMode[];
  /** Competency code → level reached by completing the module. */
  levels: Record<string, number>;
  /** Codes of the modules that must be completed before this one. Binding. */
  prerequisites: string[];
};

/** A lesson in a course's outline: its text lives elsewhere, one per language. */
export type LessonOutline = { slug: string; minutes: number; title: LocalizedText };

export type ModuleOutline = PlannableModule & {
  title: LocalizedText;
  summary: LocalizedText;
  outcomes: LocalizedText[];
  /** Has lessons. A module without is shown as "opens soon". */
  open: boolean;
  lessons: LessonOutline[];
  /** Pass mark in per cent of the points, and the number of items a learner meets. */
  quiz: { passMark: number; items: number } | null;
};

/** One immutable version of a course without its lesson texts and items. */
export type CourseOutline = {
  code: string;
  slug: string;
  title: LocalizedText;
  summary: LocalizedText;
  tasks: string[];
  advised: string[];
  modules: ModuleOutline[];
};
