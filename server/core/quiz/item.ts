/**
 * Quiz items: what an author writes, what a learner answers and what scoring says about it.
 * `Item` holds the key and every feedback text, so it never leaves the server: learners see `present.ts` and `review.ts`.
 * server/content/item-schema.ts checks files and forms against these types; courses/README.md documents them for authors.
 */
import type { Level, LocalizedText } from '../framework';

export const DIFFICULTIES = ['easy', 'medium', 'hard'] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

/** Level of competency that an item asks for; level 0 needs no evidence. */
export type ItemLevel = Exclude<Level, 0>;

export const QUESTION_TYPES = [
  'single',
  'multiple',
  'truefalse',
  'matching',
  'ordering',
  'numeric',
  'shorttext',
  'cloze',
  'essay',
] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];

export const ITEM_TYPES = [...QUESTION_TYPES, 'scenario'] as const;
export type ItemType = (typeof ITEM_TYPES)[number];

type QuestionBase = {
  /** Unique within its quiz or bank, stages within their scenario. Never reused. */
  id: string;
  /** Most points that can be earned; more than 0. Default 1. */
  points?: number;
  /** Markdown. */
  stem: LocalizedText;
  /** Shown with every answer, right or wrong. */
  feedback?: LocalizedText;
};

export type Option = {
  id: string;
  text: LocalizedText;
  correct?: boolean;
  /** Share of the points for choosing it, −1 to 1. Replaces the default share of the type's scoring rule. */
  fraction?: number;
  /** For whoever chooses it. */
  feedback?: LocalizedText;
};

export type SingleQuestion = QuestionBase & {
  type: 'single';
  /** Exactly one is correct. */
  options: Option[];
  /** `false` keeps the author's order ("All of the above"). Default true. */
  shuffle?: boolean;
};

export type MultipleQuestion = QuestionBase & {
  type: 'multiple';
  /** At least one is correct. */
  options: Option[];
  shuffle?: boolean;
  /** `exact`: all the right choices and no other, or nothing. */
  scoring?: 'exact';
};

export type TrueFalseQuestion = QuestionBase & {
  type: 'truefalse';
  answer: boolean;
  feedbackTrue?: LocalizedText;
  feedbackFalse?: LocalizedText;
};

export type MatchingQuestion = QuestionBase & {
  type: 'matching';
  /** `match` is the id of a choice; several prompts may share one. */
  prompts: { id: string; text: LocalizedText; match: string; feedback?: LocalizedText }[];
  /** Includes the distractors: choices that no prompt matches. */
  choices: { id: string; text: LocalizedText }[];
  scoring?: 'exact';
};

export type OrderingQuestion = QuestionBase & {
  type: 'ordering';
  /** In the right order. */
  elements: { id: string; text: LocalizedText }[];
  /** Default: by pairs in the right order. `position`: by places that are right. `exact`: all or nothing. */
  scoring?: 'position' | 'exact';
};

/** A number that earns `fraction` (default 1) of the points, give or take an absolute tolerance or one in per cent of `value`. */
export type AcceptedNumber = {
  value: number;
  tolerance?: number;
  tolerancePercent?: number;
  fraction?: number;
  feedback?: LocalizedText;
};

export type NumberKey = {
  /** The first that fits counts. */
  answers: AcceptedNumber[];
  /** The number written with a unit is multiplied by its factor. The first unit is the one meant when none is written. */
  units?: { name: string; factor: number }[];
  unitRequired?: boolean;
  /** For numbers that fit no answer. */
  otherFeedback?: LocalizedText;
};

/** A text that earns `fraction` (default 1) of the points; `*` stands for any characters, `\*` for an asterisk. */
export type AcceptedText = { text: LocalizedText; fraction?: number; feedback?: LocalizedText };

export type TextKey = {
  /** The first that fits counts, whatever language the learner reads in. */
  accepted: AcceptedText[];
  /** Default false: "isin" is "ISIN". */
  matchCase?: boolean;
  /** Default false: "perche" is "perché". */
  matchAccents?: boolean;
  otherFeedback?: LocalizedText;
};

export type NumericQuestion = QuestionBase & { type: 'numeric' } & NumberKey;
export type ShortTextQuestion = QuestionBase & { type: 'shorttext' } & TextKey;

type GapBase = {
  id: string;
  /** Weight among the item's gaps; more than 0. Default 1. */
  weight?: number;
};
export type ChoiceGap = GapBase & { kind: 'choice'; options: Option[]; shuffle?: boolean };
export type TextGap = GapBase & { kind: 'text' } & TextKey;
export type NumberGap = GapBase & { kind: 'number' } & NumberKey;
export type Gap = ChoiceGap | TextGap | NumberGap;

export type ClozeQuestion = QuestionBase & {
  type: 'cloze';
  /** Markdown with each gap once in each language, as `{{gap-id}}`. */
  text: LocalizedText;
  gaps: Gap[];
  scoring?: 'exact';
};

export type RubricCriterion = {
  id: string;
  text: LocalizedText;
  /** From the lowest points to the highest; the lowest is 0. */
  levels: { points: number; text: LocalizedText }[];
};
export type Rubric = { criteria: RubricCriterion[] };

export type EssayQuestion = QuestionBase & {
  type: 'essay';
  rubric: Rubric;
  /** Advice to the writer; not enforced. */
  minWords?: number;
  maxWords?: number;
  modelAnswer?: LocalizedText;
  /** For graders only. */
  graderNotes?: LocalizedText;
};

export type Question =
  | SingleQuestion
  | MultipleQuestion
  | TrueFalseQuestion
  | MatchingQuestion
  | OrderingQuestion
  | NumericQuestion
  | ShortTextQuestion
  | ClozeQuestion
  | EssayQuestion;

/** A case (its stem) with questions asked one after the other. Worth what its stages are worth. */
export type Scenario = {
  type: 'scenario';
  id: string;
  stem: LocalizedText;
  feedback?: LocalizedText;
  stages: Question[];
};

/** What random draws and results are grouped by. */
export type ItemTags = { competency: string; level: ItemLevel; difficulty: Difficulty };

export type Item = (Question | Scenario) & ItemTags;

/**
 * What a learner answered, as it is stored. Ids are the author's; texts are what was typed, so that a regrade
 * with a corrected key starts from the same evidence as the first scoring.
 */
export type QuestionAnswer =
  | { type: 'single'; option: string }
  | { type: 'multiple'; options: string[] }
  | { type: 'truefalse'; value: boolean }
  /** Prompt id → choice id; prompts without an answer are absent. */
  | { type: 'matching'; pairs: Record<string, string> }
  /** Element id → place, from 1; elements without a place are absent. */
  | { type: 'ordering'; places: Record<string, number> }
  | { type: 'numeric'; text: string }
  | { type: 'shorttext'; text: string }
  /** Gap id → option id or typed text; empty gaps are absent. */
  | { type: 'cloze'; gaps: Record<string, string> }
  | { type: 'essay'; text: string };

export type ScenarioAnswer = {
  type: 'scenario';
  /** Index of the open stage. Those before it are closed and keep their answer; those after it are not yet visible. */
  open: number;
  stages: Record<string, QuestionAnswer>;
};

export type Answer = QuestionAnswer | ScenarioAnswer;

/** What graders gave: question id (an essay's, or an essay stage's) → criterion id → points on the rubric. */
export type Grades = Record<string, Record<string, number>>;

export type Correctness = 'correct' | 'partial' | 'incorrect' | 'unanswered' | 'needs-grading';

export type Score = {
  /** Between 0 and max. */
  points: number;
  max: number;
  correctness: Correctness;
  parts: ScorePart[];
};

/**
 * One chosen option, prompt, element, gap, criterion or stage. Its points are what it added, which is below zero for a
 * wrong choice; parts explain a score, they need not add up to it.
 */
export type ScorePart = Score & { id: string };

/** Most points that a question or item can earn. */
export function maxPoints(item: Question | Scenario): number {
  return item.type === 'scenario'
    ? item.stages.reduce((sum, stage) => sum + maxPoints(stage), 0)
    : (item.points ?? 1);
}

/** Own property of a record whose keys come from outside: `constructor` and `__proto__` are absent unless stored. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
