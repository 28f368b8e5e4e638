import type { ModuleMode } from './curriculum';

/** What a trainer recorded of a module that is not done alone at the screen. */
export type RecordOutcome = 'achieved' | 'attended' | 'absent';

/** Everything that decides how far a learner is in one module. */
export type ModuleFacts = {
  modes: readonly ModuleMode[];
  /** The module has lessons in this course version. */
  open: boolean;
  /** Every prerequisite is completed or its levels are verified. */
  prerequisitesMet: boolean;
  lessons: number;
  lessonsDone: number;
  /** Lessons opened at least once. */
  lessonsSeen: number;
  hasQuiz: boolean;
  quizPassed: boolean;
  record: RecordOutcome | null;
};

/**
 * `soon` has no lessons yet · `locked` waits for prerequisites · `todo` may be started · `progress` was started ·
 * `awaiting` the learner has done their part and a trainer's record is missing · `done`.
 */
export type ModuleStatus = 'soon' | 'locked' | 'todo' | 'progress' | 'awaiting' | 'done';

/** What is still missing for completion, in the order in which a learner meets it. */
export type Missing = 'lessons' | 'record' | 'quiz';

export type ModuleProgress = { status: ModuleStatus; missing: Missing[] };

/** Modes in which somebody must see the learner do it; reading alone never completes them. */
export function needsRecord(modes: readonly ModuleMode[]): boolean {
  return modes.some((mode) => mode !== 'O');
}

/**
 * Where a learner stands in a module. The only place where completion is decided: every lesson read, the quiz passed
 * where there is one, and, for any mode but online, an outcome "achieved" recorded by a trainer.
 * Completion is not competence: it only makes the module's evidence count.
 */
export function moduleProgress(facts: ModuleFacts): ModuleProgress {
  if (!facts.open) return { status: 'soon', missing: [] };
  const missing: Missing[] = [];
  if (facts.lessonsDone < facts.lessons) missing.push('lessons');
  if (needsRecord(facts.modes) && facts.record !== 'achieved') missing.push('record');
  if (facts.hasQuiz && !facts.quizPassed) missing.push('quiz');
  if (missing.length === 0) return { status: 'done', missing };
  if (!facts.prerequisitesMet) return { status: 'locked', missing };
  if (missing.every((part) => part === 'record')) return { status: 'awaiting', missing };
  const started = facts.lessonsSeen > 0 || facts.lessonsDone > 0 || facts.quizPassed || facts.record !== null;
  return { status: started ? 'progress' : 'todo', missing };
}

/** Whether a course is complete: every module that it has is done. A module that opens soon keeps it open. */
export function courseComplete(modules: readonly ModuleProgress[]): boolean {
  return modules.length > 0 && modules.every((module) => module.status === 'done');
}
