/** What a learner sees of an answered item once it may be reviewed. Each part shows only if its window is open. */
import type { ContentLanguage, LocalizedText } from '../framework';
import type { Arrangement } from './draw';
import {
  type Answer,
  type Correctness,
  type Item,
  type NumberKey,
  own,
  type Question,
  type QuestionAnswer,
  type Scenario,
  type Score,
  type ScorePart,
  type TextKey,
} from './item';
import {
  arranged,
  localize,
  PLAIN,
  type PublicItem,
  type PublicText,
  presentItem,
  presentQuestion,
  type Scope,
  stageScope,
} from './present';
import { isRight, matchNumber, matchText } from './score';

export type ReviewWindow = { marks: boolean; correctness: boolean; rightAnswer: boolean; feedback: boolean };

/**
 * `ref` names what a line is about: an option's ref for choices, `true` or `false`, otherwise the field of the
 * prompt, element, gap or text, all as in `PublicItem`.
 */
export type RightAnswer = { ref: string } & (
  | { kind: 'text'; text: PublicText }
  | { kind: 'boolean' }
  | { kind: 'number'; value: number; tolerance: number; unit: string }
);

export type ReviewPart = { ref: string; points?: number; max?: number; correctness?: Correctness };

export type ReviewItem = {
  /** As it was shown, with the learner's answer; nothing in it can be answered any more. */
  item: PublicItem;
  marks?: { points: number; max: number };
  correctness?: Correctness;
  /** Per chosen option, prompt, element or gap; empty unless marks or correctness show and the type has parts. */
  parts: ReviewPart[];
  /** For ordering, the elements in the right order. */
  rightAnswer?: RightAnswer[];
  feedback?: { general: PublicText | null; answers: { ref: string; text: PublicText }[] };
  /** One per stage of a scenario: those reached, or all of them where the right answer shows. */
  stages: ReviewItem[];
};

/** Builds the review of one item. `score` is the stored one, so that what the learner reads is what counted. */
export function reviewItem(
  item: Item,
  arrangement: Arrangement,
  answer: Answer | null,
  score: Score,
  lang: ContentLanguage,
  window: ReviewWindow,
): ReviewItem {
  if (item.type !== 'scenario') {
    const given = answer?.type === 'scenario' ? null : answer;
    return reviewQuestion(item, arrangement, given, score, lang, window, PLAIN);
  }
  const given = answer?.type === 'scenario' ? answer : null;
  const shown = presentItem(item, arrangement, lang, given);
  const stages = item.stages
    .map((stage, index) =>
      reviewQuestion(
        stage,
        arrangement,
        own(given?.stages ?? {}, stage.id) ?? null,
        stageScore(score, stage.id),
        lang,
        window,
        stageScope(item, index),
      ),
    )
    .filter((_, index) => window.rightAnswer || index <= (given?.open ?? 0));
  return { ...summary(item, shown, score, lang, window), stages };
}

function reviewQuestion(
  question: Question,
  arrangement: Arrangement,
  answer: QuestionAnswer | null,
  score: Score,
  lang: ContentLanguage,
  window: ReviewWindow,
  scope: Scope,
): ReviewItem {
  const refs = refsOf(question, arrangement, scope);
  const shown = presentQuestion(question, arrangement, lang, answer, scope);
  const review = summary(question, shown, score, lang, window);
  if (window.marks || window.correctness)
    review.parts = score.parts.map((part) => reviewPart(part, refs, window));
  if (window.rightAnswer) review.rightAnswer = rightAnswers(question, refs, lang);
  if (review.feedback && answer) review.feedback.answers = answerFeedback(question, answer, refs, lang);
  return review;
}

function summary(
  item: Question | Scenario,
  shown: PublicItem,
  score: Score,
  lang: ContentLanguage,
  window: ReviewWindow,
): ReviewItem {
  return {
    item: shown,
    ...(window.marks && { marks: { points: score.points, max: score.max } }),
    ...(window.correctness && { correctness: score.correctness }),
    ...(window.feedback && {
      feedback: { general: item.feedback ? localize(item.feedback, lang) : null, answers: [] },
    }),
    parts: [],
    stages: [],
  };
}

function reviewPart(part: ScorePart, refs: Refs, window: ReviewWindow): ReviewPart {
  return {
    ref: refs(part.id),
    ...(window.marks && { points: part.points, max: part.max }),
    ...(window.correctness && { correctness: part.correctness }),
  };
}

/** From an author's id to what the learner's browser knows the part by. */
type Refs = (id: string) => string;

function refsOf(question: Question, arrangement: Arrangement, scope: Scope): Refs {
  const refs = new Map<string, string>();
  const index = (name: string, parts: readonly { id: string }[], prefix: string): void => {
    arranged(parts, own(arrangement, scope.order + name)).forEach(({ id }, at) =>
      refs.set(id, `${prefix}${at}`),
    );
  };
  if (question.type === 'single' || question.type === 'multiple') index('options', question.options, '');
  if (question.type === 'matching') index('prompts', question.prompts, `${scope.field}prompt-`);
  if (question.type === 'ordering') index('elements', question.elements, `${scope.field}element-`);
  if (question.type === 'cloze') {
    question.gaps.forEach(({ id }, at) => refs.set(id, `${scope.field}gap-${at}`));
  }
  if (question.type === 'essay') {
    question.rubric.criteria.forEach(({ id }, at) => refs.set(id, `${scope.field}criterion-${at}`));
  }
  return (id) => refs.get(id) ?? `${scope.field}text`;
}

function rightAnswers(question: Question, refs: Refs, lang: ContentLanguage): RightAnswer[] {
  const line = (id: string, text: LocalizedText): RightAnswer => ({
    ref: refs(id),
    kind: 'text',
    text: localize(text, lang),
  });
  switch (question.type) {
    case 'single':
    case 'multiple':
      return question.options.filter(isRight).map(({ id, text }) => line(id, text));
    case 'truefalse':
      return [{ ref: String(question.answer), kind: 'boolean' }];
    case 'matching':
      return question.prompts.flatMap((prompt) => {
        const choice = question.choices.find(({ id }) => id === prompt.match);
        return choice ? [line(prompt.id, choice.text)] : [];
      });
    case 'ordering':
      return question.elements.map(({ id, text }) => line(id, text));
    case 'numeric':
      return rightNumbers(question, refs(''));
    case 'shorttext':
      return rightTexts(question, refs(''), lang);
    case 'cloze':
      return question.gaps.flatMap((gap) => {
        if (gap.kind === 'number') return rightNumbers(gap, refs(gap.id));
        if (gap.kind === 'text') return rightTexts(gap, refs(gap.id), lang);
        return gap.options.filter(isRight).map(({ text }) => line(gap.id, text));
      });
    default:
      return question.modelAnswer ? [line('', question.modelAnswer)] : [];
  }
}

function rightNumbers(key: NumberKey, ref: string): RightAnswer[] {
  return fullCredit(key.answers).map(({ value, tolerance, tolerancePercent = 0 }) => ({
    ref,
    kind: 'number',
    value,
    tolerance: tolerance ?? (Math.abs(value) * tolerancePercent) / 100,
    unit: key.units?.[0]?.name ?? '',
  }));
}

/** Patterns with wildcards are for the computer; people see them only where there is nothing else. */
function rightTexts(key: TextKey, ref: string, lang: ContentLanguage): RightAnswer[] {
  const texts = fullCredit(key.accepted).map(({ text }) => localize(text, lang));
  const plain = texts.filter(({ text }) => !/(?<!\\)\*/u.test(text));
  return (plain.length > 0 ? plain : texts).map(({ text, lang: actual }) => ({
    ref,
    kind: 'text',
    text: { text: text.replaceAll('\\*', '*'), lang: actual },
  }));
}

function fullCredit<T extends { fraction?: number }>(accepted: readonly T[]): T[] {
  return accepted.filter(({ fraction = 1 }) => fraction === 1);
}

type Feedback = { ref: string; text: PublicText };

function answerFeedback(
  question: Question,
  answer: QuestionAnswer,
  refs: Refs,
  lang: ContentLanguage,
): Feedback[] {
  const line = (ref: string, text: LocalizedText | undefined): Feedback[] =>
    text ? [{ ref, text: localize(text, lang) }] : [];
  switch (question.type) {
    case 'single':
    case 'multiple': {
      const chosen =
        answer.type === 'single' ? [answer.option] : answer.type === 'multiple' ? answer.options : [];
      return question.options
        .filter(({ id }) => chosen.includes(id))
        .flatMap(({ id, feedback }) => line(refs(id), feedback));
    }
    case 'truefalse':
      if (answer.type !== 'truefalse') return [];
      return line(String(answer.value), answer.value ? question.feedbackTrue : question.feedbackFalse);
    case 'matching':
      if (answer.type !== 'matching') return [];
      return question.prompts
        .filter(({ id }) => Object.hasOwn(answer.pairs, id))
        .flatMap(({ id, feedback }) => line(refs(id), feedback));
    case 'numeric':
      return answer.type === 'numeric' ? line(refs(''), numberFeedback(question, answer.text)) : [];
    case 'shorttext':
      return answer.type === 'shorttext' ? line(refs(''), textFeedback(question, answer.text)) : [];
    case 'cloze':
      if (answer.type !== 'cloze') return [];
      return question.gaps.flatMap((gap) => {
        const given = own(answer.gaps, gap.id);
        if (given === undefined) return [];
        if (gap.kind === 'number') return line(refs(gap.id), numberFeedback(gap, given));
        if (gap.kind === 'text') return line(refs(gap.id), textFeedback(gap, given));
        return line(refs(gap.id), gap.options.find(({ id }) => id === given)?.feedback);
      });
    default:
      return [];
  }
}

function numberFeedback(key: NumberKey, text: string): LocalizedText | undefined {
  const match = matchNumber(key, text);
  return match ? match.feedback : key.otherFeedback;
}

function textFeedback(key: TextKey, text: string): LocalizedText | undefined {
  const match = matchText(key, text);
  return match ? match.feedback : key.otherFeedback;
}

function stageScore(score: Score, stageId: string): Score {
  return (
    score.parts.find(({ id }) => id === stageId) ?? {
      points: 0,
      max: 0,
      correctness: 'unanswered',
      parts: [],
    }
  );
}
