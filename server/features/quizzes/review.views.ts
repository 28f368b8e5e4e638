/** An answered question to read: what was answered, and after submission how it counted and why. */
import type { Correctness } from '../../core/quiz/item';
import type { PublicItem, PublicQuestion } from '../../core/quiz/present';
import type { ReviewItem, RightAnswer } from '../../core/quiz/review';
import { formatNumber } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import { clozePieces, type TextView, textView } from './item-texts';

/** One line of an answer: an author's text or words typed, under the prompt, place or gap it belongs to. */
export type AnswerLine = {
  label: TextView | null;
  text: TextView | null;
  typed: string;
  mark: { kind: string; text: string } | null;
  feedback: TextView[];
};

export type ReviewView = {
  id: string;
  heading: string;
  stem: TextView;
  /** A cloze's text with its gaps numbered. */
  cloze: TextView | null;
  tone: 'right' | 'partly' | 'wrong' | 'open';
  status: { kind: string; text: string };
  given: AnswerLine[];
  rightTitle: string;
  right: AnswerLine[];
  general: TextView | null;
  stages: ReviewView[];
};

const MARKS: Readonly<Record<Correctness, { kind: string; tone: ReviewView['tone'] }>> = {
  correct: { kind: 'done', tone: 'right' },
  partial: { kind: 'progress', tone: 'partly' },
  incorrect: { kind: 'todo', tone: 'wrong' },
  unanswered: { kind: 'todo', tone: 'wrong' },
  'needs-grading': { kind: 'waiting', tone: 'open' },
};

type Words = { t: Translate; locale: Locale };

export function reviewView(review: ReviewItem, id: string, heading: string, words: Words): ReviewView {
  const { t, locale } = words;
  const { item, marks, correctness = 'unanswered' } = review;
  const { kind, tone } = MARKS[correctness];
  const points = marks ? pointsText(marks.points, marks.max, words) : null;
  const verdict = t(`quizzes.correctness.${correctness}`);
  return {
    id,
    heading,
    stem: textView(item.stem, locale),
    cloze: item.type === 'cloze' ? numberedCloze(item, locale) : null,
    tone,
    status: { kind, text: points ? `${verdict} · ${points}` : verdict },
    given: item.type === 'scenario' ? [] : givenLines(item, words, review),
    rightTitle: t(item.type === 'essay' ? 'quizzes.modelAnswer' : 'quizzes.rightAnswer'),
    // The right answer of a question that was answered right would only repeat it.
    right:
      item.type === 'scenario' || correctness === 'correct'
        ? []
        : rightLines(item, review.rightAnswer ?? [], words),
    general: review.feedback?.general ? textView(review.feedback.general, locale) : null,
    stages: review.stages.map((stage, index) =>
      reviewView(
        stage,
        `${id}-${index + 1}`,
        t('quizzes.stage', { number: index + 1, total: review.stages.length }),
        words,
      ),
    ),
  };
}

/** "0.5 of 2 points". */
export function pointsText(points: number, max: number, { t, locale }: Words): string {
  const given = { points: formatNumber(points, locale, 2), max: formatNumber(max, locale, 2) };
  return t('quizzes.pointsOf', { count: max, ...given });
}

/** What the learner answered, a line per chosen option, prompt, place or gap. Empty if nothing. */
export function givenLines(
  question: PublicQuestion,
  { t, locale }: Words,
  review?: ReviewItem,
): AnswerLine[] {
  const line = (ref: string, given: Partial<AnswerLine>): AnswerLine => ({
    label: null,
    text: null,
    typed: '',
    mark: partMark(ref, review, t),
    feedback: (review?.feedback?.answers ?? [])
      .filter((each) => each.ref === ref)
      .map(({ text }) => textView(text, locale)),
    ...given,
  });
  switch (question.type) {
    case 'single':
    case 'multiple':
      return question.options
        .filter(({ chosen }) => chosen)
        .map(({ ref, text }) => {
          const given = line(ref, { text: textView(text, locale) });
          return question.type === 'single' ? { ...given, mark: null } : given;
        });
    case 'truefalse':
      return question.chosen ? [line(question.chosen, { typed: t(`quizzes.${question.chosen}`) })] : [];
    case 'matching':
      return question.prompts.map(({ field, text, chosen }) => {
        const choice = question.choices.find(({ ref }) => ref === chosen);
        const answer = choice ? { text: textView(choice.text, locale) } : { typed: t('quizzes.notAnswered') };
        return line(field, { label: labelView(textView(text, locale)), ...answer });
      });
    case 'ordering':
      return [...question.elements]
        .sort((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity))
        .map(({ field, text, place }) =>
          line(field, {
            label: place === null ? wordsView('–') : wordsView(`${place}.`),
            text: textView(text, locale),
          }),
        );
    case 'cloze':
      return question.gaps.map((gap, index) => {
        const label = wordsView(`${t('quizzes.gap', { number: index + 1 })}:`);
        if (gap.kind !== 'choice')
          return line(gap.field, { label, typed: gap.value || t('quizzes.notAnswered') });
        const chosen = gap.options.find((option) => option.chosen);
        const answer = chosen ? { text: textView(chosen.text, locale) } : { typed: t('quizzes.notAnswered') };
        return line(gap.field, { label, ...answer });
      });
    default:
      return question.value === '' ? [] : [line(question.field, { typed: question.value })];
  }
}

function partMark(ref: string, review: ReviewItem | undefined, t: Translate): AnswerLine['mark'] {
  const correctness = review?.parts.find((part) => part.ref === ref)?.correctness;
  if (!correctness || correctness === 'unanswered' || correctness === 'needs-grading') return null;
  return { kind: MARKS[correctness].kind, text: t(`quizzes.correctness.${correctness}`) };
}

function rightLines(question: PublicQuestion, right: RightAnswer[], { t, locale }: Words): AnswerLine[] {
  return right.map((answer, index): AnswerLine => {
    const line = {
      label: rightLabel(question, answer.ref, index, { t, locale }),
      text: null,
      typed: '',
      mark: null,
      feedback: [],
    };
    if (answer.kind === 'text') return { ...line, text: textView(answer.text, locale) };
    if (answer.kind === 'boolean') return { ...line, typed: t(`quizzes.${answer.ref}`) };
    const { value, tolerance, unit } = answer;
    const number = formatNumber(value, locale, 10);
    const around = tolerance > 0 ? ` ± ${formatNumber(tolerance, locale, 10)}` : '';
    return { ...line, typed: `${number}${around}${unit ? ` ${unit}` : ''}` };
  });
}

function rightLabel(
  question: PublicQuestion,
  ref: string,
  index: number,
  { t, locale }: Words,
): TextView | null {
  if (question.type === 'ordering') return wordsView(`${index + 1}.`);
  if (question.type === 'matching') {
    const prompt = question.prompts.find(({ field }) => field === ref);
    return prompt ? labelView(textView(prompt.text, locale)) : null;
  }
  if (question.type !== 'cloze') return null;
  const gap = question.gaps.findIndex(({ field }) => field === ref);
  return wordsView(`${t('quizzes.gap', { number: gap + 1 })}:`);
}

function numberedCloze(item: Extract<PublicItem, { type: 'cloze' }>, locale: Locale): TextView {
  const html = clozePieces(item.text, locale)
    .map(({ html: piece, gap }) => (gap === null ? piece : `${piece}<strong>[${gap + 1}]</strong>`))
    .join('');
  return { ...textView(item.text, locale), html };
}

function labelView(text: TextView): TextView {
  return { ...text, html: `${text.html}:` };
}

/** Words of ours as a text. They hold nothing that HTML would read. */
function wordsView(words: string): TextView {
  return { html: words, lang: null, inline: true };
}
