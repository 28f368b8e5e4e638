/**
 * Scoring: one rule per type of question, stated at its function. No rule takes a score below zero or above the
 * points of the question, and the declared right answer always earns all of them.
 */
import {
  type AcceptedNumber,
  type AcceptedText,
  type Answer,
  type ClozeQuestion,
  type Correctness,
  type EssayQuestion,
  type Gap,
  type Grades,
  type Item,
  type MatchingQuestion,
  type MultipleQuestion,
  maxPoints,
  type NumberKey,
  type NumericQuestion,
  type Option,
  type OrderingQuestion,
  own,
  type Question,
  type QuestionAnswer,
  type Scenario,
  type ScenarioAnswer,
  type Score,
  type ScorePart,
  type ShortTextQuestion,
  type SingleQuestion,
  type TextKey,
  type TrueFalseQuestion,
} from './item';
import { valuesOf } from './number-input';
import { matchesText, plainText } from './text-match';

type AnswerTo<T extends QuestionAnswer['type']> = Extract<QuestionAnswer, { type: T }>;

/** Points are rounded to this many units, so that 0.1 + 0.2 scores 0.3. */
const PRECISION = 1e7;

/**
 * Scores an answer. `null` is an answer not given: 0 points, "unanswered". An answer of another type than the item's,
 * or with ids the item does not have, earns nothing for that part. `grades` is needed for essays only.
 */
export function scoreAnswer(item: Question | Scenario, answer: Answer | null, grades: Grades = {}): Score {
  if (item.type === 'scenario') {
    return scoreScenario(item, answer?.type === 'scenario' ? answer : null, grades);
  }
  return scoreQuestion(item, answer?.type === 'scenario' ? null : answer, grades);
}

function scoreQuestion(question: Question, answer: QuestionAnswer | null, grades: Grades): Score {
  switch (question.type) {
    case 'single':
      return answer?.type === 'single' ? scoreSingle(question, answer) : unanswered(question);
    case 'multiple':
      return answer?.type === 'multiple' ? scoreMultiple(question, answer) : unanswered(question);
    case 'truefalse':
      return answer?.type === 'truefalse' ? scoreTrueFalse(question, answer) : unanswered(question);
    case 'matching':
      return answer?.type === 'matching' ? scoreMatching(question, answer) : unanswered(question);
    case 'ordering':
      return answer?.type === 'ordering' ? scoreOrdering(question, answer) : unanswered(question);
    case 'numeric':
      return answer?.type === 'numeric' ? scoreNumeric(question, answer) : unanswered(question);
    case 'shorttext':
      return answer?.type === 'shorttext' ? scoreShortText(question, answer) : unanswered(question);
    case 'cloze':
      return answer?.type === 'cloze' ? scoreCloze(question, answer) : unanswered(question);
    default:
      return answer?.type === 'essay' ? scoreEssay(question, answer, grades) : unanswered(question);
  }
}

/** The correct option earns all points, another its `fraction` (default 0, never below 0). */
export function scoreSingle(question: SingleQuestion, answer: AnswerTo<'single'>): Score {
  const max = maxPoints(question);
  return scored(optionFraction(question.options, answer.option) * max, max);
}

/**
 * Partial credit that guessing does not raise: with R right and W wrong options, each right choice adds 1/R and each
 * wrong one takes 1/W, so that ticking everything, or ticking at random, earns nothing on average. An option's own
 * `fraction` replaces its share. Never below zero. With `exact`, all points for the right set and none otherwise.
 */
export function scoreMultiple(question: MultipleQuestion, answer: AnswerTo<'multiple'>): Score {
  const max = maxPoints(question);
  const chosen = question.options.filter((option) => answer.options.includes(option.id));
  if (answer.options.length === 0) return unanswered(question);
  const right = question.options.filter(isRight);
  const wrongCount = question.options.length - right.length;
  const share = (option: Option): number =>
    option.fraction ?? (isRight(option) ? 1 / right.length : -1 / wrongCount);
  const parts = chosen.map((option): ScorePart => {
    const correct = isRight(option);
    return {
      id: option.id,
      points: question.scoring === 'exact' ? 0 : rounded(share(option) * max),
      max: question.scoring === 'exact' ? 0 : rounded(Math.max(0, share(option)) * max),
      correctness: correct ? 'correct' : 'incorrect',
      parts: [],
    };
  });
  const isKey = chosen.length === right.length && chosen.every(isRight);
  if (isKey) return scored(max, max, parts);
  const sum = chosen.reduce((total, option) => total + share(option), 0);
  return scored(question.scoring === 'exact' ? 0 : sum * max, max, parts);
}

/** All points for the right answer, none for the wrong one. */
export function scoreTrueFalse(question: TrueFalseQuestion, answer: AnswerTo<'truefalse'>): Score {
  const max = maxPoints(question);
  return scored(answer.value === question.answer ? max : 0, max);
}

/** Each prompt with its choice earns an equal share; with `exact`, all of them or nothing. */
export function scoreMatching(question: MatchingQuestion, answer: AnswerTo<'matching'>): Score {
  const max = maxPoints(question);
  const share = max / question.prompts.length;
  const parts = question.prompts.map((prompt): ScorePart => {
    const choice = own(answer.pairs, prompt.id);
    if (choice === undefined) return part(prompt.id, 'unanswered', share);
    return part(prompt.id, choice === prompt.match ? 'correct' : 'incorrect', share);
  });
  return scoredByParts(parts, max, question.scoring);
}

/**
 * By default Kendall's rank correlation τ between the given and the right order, negative values counting as 0:
 * of all pairs of elements, the share in the right order minus the share not in it. One misplaced element costs a
 * little, guessing earns 0 on average before the floor, the reverse order earns 0. Elements without a place, or
 * sharing one, make their pairs wrong. With `position`, the share of elements in their place; with `exact`, all or nothing.
 */
export function scoreOrdering(question: OrderingQuestion, answer: AnswerTo<'ordering'>): Score {
  const max = maxPoints(question);
  const count = question.elements.length;
  const places = question.elements.map(({ id }) => own(answer.places, id));
  const parts = question.elements.map(({ id }, index): ScorePart => {
    const place = places[index];
    if (place === undefined) return part(id, 'unanswered', max / count);
    return part(id, place === index + 1 ? 'correct' : 'incorrect', max / count);
  });
  if (question.scoring) return scoredByParts(parts, max, question.scoring);
  if (places.every((place) => place === undefined)) return unanswered(question);
  let concordant = 0;
  for (const [index, place] of places.entries()) {
    for (const later of places.slice(index + 1)) {
      if (place !== undefined && later !== undefined && place < later) concordant += 1;
    }
  }
  const pairs = (count * (count - 1)) / 2;
  return scored(pairs === 0 ? max : ((2 * concordant) / pairs - 1) * max, max, parts);
}

/** The first accepted number within its tolerance decides the fraction; see `matchNumber`. */
export function scoreNumeric(question: NumericQuestion, answer: AnswerTo<'numeric'>): Score {
  if (isBlank(answer.text)) return unanswered(question);
  const max = maxPoints(question);
  return scored(numberFraction(question, answer.text) * max, max);
}

/** The first accepted text that fits decides the fraction; see `matchText`. */
export function scoreShortText(question: ShortTextQuestion, answer: AnswerTo<'shorttext'>): Score {
  if (isBlank(answer.text)) return unanswered(question);
  const max = maxPoints(question);
  return scored(textFraction(question, answer.text) * max, max);
}

/** Mean of the gaps' fractions by weight, each gap scored as a question of its kind; with `exact`, all of them or nothing. */
export function scoreCloze(question: ClozeQuestion, answer: AnswerTo<'cloze'>): Score {
  const max = maxPoints(question);
  const weights = question.gaps.reduce((sum, gap) => sum + (gap.weight ?? 1), 0);
  const parts = question.gaps.map((gap): ScorePart => {
    const share = (max * (gap.weight ?? 1)) / weights;
    const given = own(answer.gaps, gap.id);
    if (given === undefined || isBlank(given)) return part(gap.id, 'unanswered', share);
    return { id: gap.id, ...scored(gapFraction(gap, given) * share, share) };
  });
  return scoredByParts(parts, max, question.scoring);
}

/**
 * Sum of the graders' points over the sum of the criteria's highest levels, times the item's points. Points outside a
 * criterion's range count as its nearest end. Until every criterion has points, 0 and "needs-grading".
 */
export function scoreEssay(question: EssayQuestion, answer: AnswerTo<'essay'>, grades: Grades): Score {
  if (isBlank(answer.text)) return unanswered(question);
  const max = maxPoints(question);
  const given = own(grades, question.id) ?? {};
  const tops = question.rubric.criteria.map((criterion) =>
    Math.max(...criterion.levels.map(({ points }) => points)),
  );
  const total = tops.reduce((sum, top) => sum + top, 0);
  const parts = question.rubric.criteria.map((criterion, index): ScorePart => {
    const top = tops[index] ?? 0;
    const share = (max * top) / total;
    const points = own(given, criterion.id);
    if (points === undefined || Number.isNaN(points)) return part(criterion.id, 'needs-grading', share);
    return { id: criterion.id, ...scored((share * points) / top, share) };
  });
  if (parts.some(({ correctness }) => correctness === 'needs-grading')) {
    return { points: 0, max, correctness: 'needs-grading', parts };
  }
  return scoredByParts(parts, max);
}

/** The stages' points added up. Stages without an answer earn 0; one that waits for a grader makes the scenario wait. */
export function scoreScenario(scenario: Scenario, answer: ScenarioAnswer | null, grades: Grades): Score {
  const parts = scenario.stages.map(
    (stage): ScorePart => ({
      id: stage.id,
      ...scoreQuestion(stage, own(answer?.stages ?? {}, stage.id) ?? null, grades),
    }),
  );
  const max = maxPoints(scenario);
  const total = scoredByParts(parts, max);
  return parts.some(({ correctness }) => correctness === 'needs-grading')
    ? { ...total, correctness: 'needs-grading' }
    : total;
}

/**
 * The first accepted number that the text fits, or undefined. A text with two readings ("1,234") counts in its better
 * one. The tolerance includes its limits, with a relative slack of 10⁻⁹ for binary rounding (0.4 is within 0.3 ± 0.1).
 */
export function matchNumber(key: NumberKey, text: string): AcceptedNumber | undefined {
  const matches = valuesOf(text, key).map((value) =>
    key.answers.find((accepted) => isWithin(value, accepted)),
  );
  return matches.reduce(
    (best, match) => (match && (!best || (match.fraction ?? 1) > (best.fraction ?? 1)) ? match : best),
    undefined,
  );
}

/** The first accepted text that the typed one fits in any language, or undefined. */
export function matchText(key: TextKey, typed: string): AcceptedText | undefined {
  return key.accepted.find(({ text }) =>
    Object.values(text).some((pattern) => matchesText(typed, pattern, key)),
  );
}

/** Whether an option belongs to the right answer. */
export function isRight(option: Option): boolean {
  return option.correct === true;
}

/** The declared right answer; null for essays, which have none. Wildcards of an accepted text stand for nothing. */
export function rightAnswer(question: Question): QuestionAnswer | null {
  switch (question.type) {
    case 'single':
      return { type: 'single', option: question.options.find(isRight)?.id ?? '' };
    case 'multiple':
      return { type: 'multiple', options: question.options.filter(isRight).map(({ id }) => id) };
    case 'truefalse':
      return { type: 'truefalse', value: question.answer };
    case 'matching':
      return {
        type: 'matching',
        pairs: Object.fromEntries(question.prompts.map(({ id, match }) => [id, match])),
      };
    case 'ordering':
      return {
        type: 'ordering',
        places: Object.fromEntries(question.elements.map(({ id }, index) => [id, index + 1])),
      };
    case 'numeric':
      return { type: 'numeric', text: rightNumber(question) };
    case 'shorttext':
      return { type: 'shorttext', text: rightText(question) };
    case 'cloze':
      return { type: 'cloze', gaps: Object.fromEntries(question.gaps.map((gap) => [gap.id, rightGap(gap)])) };
    default:
      return null;
  }
}

export type QuizResult = {
  points: number;
  max: number;
  /** 0–100; 0 for a quiz worth nothing. */
  percent: number;
  passed: boolean;
  /** Points that a grader can still give; `passed` counts none of them. */
  pending: number;
  perCompetency: Record<string, { points: number; max: number; items: number }>;
};

/**
 * Result of an attempt: answers by item id, pass mark in per cent of the points. The pass mark counts as reached from
 * 10⁻⁹ below it, so that binary rounding fails nobody.
 */
export function scoreQuiz(
  items: readonly Item[],
  answers: Readonly<Record<string, Answer | null>>,
  passMark: number,
  grades: Grades = {},
): QuizResult {
  const scores = items.map((item) => ({
    item,
    score: scoreAnswer(item, own(answers, item.id) ?? null, grades),
  }));
  const sums = new Map<string, { points: number; max: number; items: number }>();
  for (const { item, score } of scores) {
    const sum = sums.get(item.competency) ?? { points: 0, max: 0, items: 0 };
    sums.set(item.competency, {
      points: sum.points + score.points,
      max: sum.max + score.max,
      items: sum.items + 1,
    });
  }
  const max = scores.reduce((sum, { score }) => sum + score.max, 0);
  const points = earned(
    scores.reduce((sum, { score }) => sum + score.points, 0),
    max,
  );
  // Divided first, since 100·x/x is not always 100.
  const percent = max > 0 ? (points / max) * 100 : 0;
  return {
    points,
    max,
    percent,
    passed: max > 0 && percent + 1e-9 >= passMark,
    pending: scores.reduce((sum, { score }) => sum + pendingPoints(score), 0),
    perCompetency: Object.fromEntries(
      [...sums].map(([code, sum]) => [code, { ...sum, points: earned(sum.points, sum.max) }]),
    ),
  };
}

function pendingPoints(score: Score): number {
  if (score.correctness !== 'needs-grading') return 0;
  const inParts = score.parts.reduce((sum, each) => sum + pendingPoints(each), 0);
  // An essay waits as a whole, a scenario only for the stages that wait.
  return score.parts.some(({ parts }) => parts.length > 0) ? inParts : score.max;
}

function gapFraction(gap: Gap, given: string): number {
  switch (gap.kind) {
    case 'choice':
      return optionFraction(gap.options, given);
    case 'number':
      return numberFraction(gap, given);
    default:
      return textFraction(gap, given);
  }
}

function optionFraction(options: readonly Option[], id: string): number {
  const chosen = options.find((option) => option.id === id);
  if (!chosen) return 0;
  return isRight(chosen) ? 1 : (chosen.fraction ?? 0);
}

function numberFraction(key: NumberKey, text: string): number {
  const match = matchNumber(key, text);
  return match ? (match.fraction ?? 1) : 0;
}

function textFraction(key: TextKey, text: string): number {
  const match = matchText(key, text);
  return match ? (match.fraction ?? 1) : 0;
}

function isWithin(value: number, accepted: AcceptedNumber): boolean {
  const tolerance = accepted.tolerance ?? (Math.abs(accepted.value) * (accepted.tolerancePercent ?? 0)) / 100;
  const slack = 1e-9 * Math.max(Math.abs(accepted.value), tolerance);
  return Math.abs(value - accepted.value) <= tolerance + slack;
}

function rightNumber(key: NumberKey): string {
  const accepted = key.answers.find(({ fraction = 1 }) => fraction === 1) ?? key.answers[0];
  return `${accepted?.value ?? ''}${key.unitRequired ? ` ${key.units?.[0]?.name ?? ''}` : ''}`;
}

function rightText(key: TextKey): string {
  return plainText(
    (key.accepted.find(({ fraction = 1 }) => fraction === 1) ?? key.accepted[0])?.text.en ?? '',
  );
}

function rightGap(gap: Gap): string {
  switch (gap.kind) {
    case 'choice':
      return gap.options.find(isRight)?.id ?? '';
    case 'number':
      return rightNumber(gap);
    default:
      return rightText(gap);
  }
}

function scoredByParts(parts: ScorePart[], max: number, scoring?: 'exact' | 'position'): Score {
  if (parts.every(({ correctness }) => correctness === 'unanswered')) {
    return { points: 0, max, correctness: 'unanswered', parts };
  }
  if (parts.every(({ correctness }) => correctness === 'correct')) return scored(max, max, parts);
  if (scoring === 'exact') return scored(0, max, parts);
  return scored(
    parts.reduce((sum, { points }) => sum + points, 0),
    max,
    parts,
  );
}

function scored(points: number, max: number, parts: ScorePart[] = []): Score {
  const got = earned(points, max);
  return {
    points: got,
    max,
    correctness: got === max ? 'correct' : got > 0 ? 'partial' : 'incorrect',
    parts,
  };
}

/** Points within [0, max], rounded; all of them where only rounding is missing. */
function earned(points: number, max: number): number {
  return rounded(points) >= rounded(max) ? max : Math.max(0, rounded(points));
}

function part(id: string, correctness: Correctness, max: number): ScorePart {
  return { id, points: correctness === 'correct' ? max : 0, max, correctness, parts: [] };
}

function unanswered(question: Question): Score {
  return { points: 0, max: maxPoints(question), correctness: 'unanswered', parts: [] };
}

function rounded(value: number): number {
  return Math.round(value * PRECISION) / PRECISION;
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
