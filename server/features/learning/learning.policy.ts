import type { ModuleOutline } from '../../core/curriculum';
import { type ModuleProgress, moduleProgress } from '../../core/progress';
import type { LearnerCourse } from './learning.read-model';

/** Levels that verified evidence credits to a person: competency → level. */
export type VerifiedLevels = Readonly<Record<string, number>>;

/** Prerequisites of a module that the learner has neither completed nor been credited with, as codes. */
export function openPrerequisites(
  course: LearnerCourse,
  module: ModuleOutline,
  levelsOf: (moduleCode: string) => Record<string, number> | null,
  verified: VerifiedLevels,
): string[] {
  return module.prerequisites.filter((code) => {
    if (course.completedModules.includes(code)) return false;
    const levels = levelsOf(code);
    if (levels === null) return true;
    return !Object.entries(levels).every(([competency, level]) => (verified[competency] ?? 0) >= level);
  });
}

/** Where the learner stands in one module of their course. */
export function progressInModule(
  course: LearnerCourse,
  module: ModuleOutline,
  prerequisitesMet: boolean,
): ModuleProgress {
  const seen = course.lessons.filter((row) => row.module === module.code);
  const slugs = new Set(module.lessons.map((lesson) => lesson.slug));
  return moduleProgress({
    modes: module.modes,
    open: module.open,
    prerequisitesMet,
    lessons: module.lessons.length,
    lessonsDone: seen.filter((row) => row.done && slugs.has(row.lesson)).length,
    lessonsSeen: seen.length,
    hasQuiz: module.quiz !== null,
    quizPassed: course.quizzesPassed.includes(module.code),
    record: course.records.find((record) => record.module === module.code)?.outcome ?? null,
  });
}

/**
 * Where "Continue" leads: the lesson last opened if it is unfinished, else the next unfinished lesson of the first
 * module that can go on, else its quiz. Null when the learner's part is done or waits for somebody.
 */
export function nextStep(
  course: LearnerCourse,
  progress: readonly ModuleProgress[],
): { module: string; lesson: string } | { module: string; quiz: true } | null {
  const last = course.lessons.at(-1);
  if (last && !last.done) {
    const module = course.outline.modules.find((candidate) => candidate.code === last.module);
    if (module?.lessons.some((lesson) => lesson.slug === last.lesson))
      return { module: last.module, lesson: last.lesson };
  }
  for (const [i, module] of course.outline.modules.entries()) {
    const { status, missing } = progress[i] ?? { status: 'soon', missing: [] };
    if (status !== 'todo' && status !== 'progress') continue;
    if (missing.includes('lessons')) {
      const lesson = module.lessons.find(
        ({ slug }) =>
          !course.lessons.some((row) => row.module === module.code && row.lesson === slug && row.done),
      );
      if (lesson) return { module: module.code, lesson: lesson.slug };
    }
    if (missing.includes('quiz')) return { module: module.code, quiz: true };
  }
  return null;
}

/** Minutes of reading left in a module: the stated minutes of its unfinished lessons. */
export function minutesLeft(course: LearnerCourse, module: ModuleOutline): number {
  return module.lessons
    .filter(
      ({ slug }) =>
        !course.lessons.some((row) => row.module === module.code && row.lesson === slug && row.done),
    )
    .reduce((sum, lesson) => sum + lesson.minutes, 0);
}

/** Address of the next thing to do in a course; the course's own page when nothing can go on. */
export function continueHref(course: LearnerCourse, progress: readonly ModuleProgress[]): string {
  const step = nextStep(course, progress);
  if (!step) return `/courses/${course.outline.slug}`;
  return `/learn/${course.outline.slug}/${step.module}/${'quiz' in step ? 'quiz' : step.lesson}`;
}
