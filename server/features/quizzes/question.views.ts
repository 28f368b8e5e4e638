/** One question as a form: from what `presentItem` lets out, and nothing else. */
import { MAX_ESSAY } from '../../core/quiz/parse-answer';
import type { PublicGap, PublicQuestion, PublicUnit } from '../../core/quiz/present';
import { MAX_SHORT_TEXT } from '../../core/quiz/text-match';
import type { FieldErrors } from '../../platform/http/forms';
import { formatNumber } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import { clozePieces, plainView, type TextView, textView } from './item-texts';

type OptionView = TextView & { id: string; value: string; checked: boolean };
type SelectOption = { value: string; html: string; lang: string | null; selected: boolean };
type ChoicesView = {
  name: string;
  type: 'radio' | 'checkbox';
  options: OptionView[];
};
type RowsView = {
  intro: string;
  short: boolean;
  rows: { id: string; label: TextView; options: SelectOption[]; error: string | null }[];
};
type InputView = {
  id: string;
  label: string;
  value: string;
  hint: string | null;
  error: string | null;
  inputmode: 'decimal' | 'text';
  maxlength: number;
};
type EssayView = {
  id: string;
  value: string;
  hint: string;
  criteria: TextView[];
  maxlength: number;
  error: string | null;
};
type GapView = {
  id: string;
  label: string;
  kind: 'choice' | 'text';
  value: string;
  options: SelectOption[];
  inputmode: 'decimal' | 'text';
  maxlength: number;
  error: string | null;
};
type ClozeView = {
  lang: string | null;
  inline: boolean;
  pieces: { html: string; gap: GapView | null }[];
  errors: { id: string; text: string }[];
};

type Body =
  | { partial: 'quizzes/choices'; choices: ChoicesView }
  | { partial: 'quizzes/rows'; table: RowsView }
  | { partial: 'quizzes/input'; input: InputView }
  | { partial: 'quizzes/essay'; essay: EssayView }
  | { partial: 'quizzes/cloze'; cloze: ClozeView };

export type QuestionView = {
  /** Unique in the page. */
  id: string;
  stem: TextView;
  marks: string;
  body: Body;
  /** Of the first control, where an error of the question as a whole leads. */
  firstId: string;
  /** What is wrong with the question as a whole; errors of single fields stand beside them. */
  error: string | null;
};

/** What a refused form held, so that it comes back as it was typed; null to show what is saved. */
export type TypedFields = Readonly<Record<string, unknown>> | null;

type Given = { typed: TypedFields; errors: FieldErrors; t: Translate; locale: Locale };

export function questionView(question: PublicQuestion, id: string, given: Given): QuestionView {
  const { t, locale, errors } = given;
  const { body, firstId } = questionBody(question, given);
  const points = t('quizzes.points', {
    count: question.points,
    points: formatNumber(question.points, locale, 2),
  });
  const what = t(`quizzes.instruction.${question.type}`);
  const error =
    errors[id] ?? (body.partial === 'quizzes/choices' ? errors[body.choices.name] : undefined) ?? null;
  return { id, stem: textView(question.stem, locale), marks: `${points} · ${what}`, body, firstId, error };
}

function questionBody(question: PublicQuestion, given: Given): { body: Body; firstId: string } {
  const { typed, errors, t, locale } = given;
  const error = (name: string): string | null => errors[name] ?? null;
  switch (question.type) {
    case 'single':
    case 'multiple': {
      const { field: name } = question;
      const options = question.options.map(({ ref, text, chosen }): OptionView => {
        const checked = isChosen(typed, name, ref, chosen);
        return { ...textView(text, locale), id: optionId(name, ref), value: ref, checked };
      });
      const type = question.type === 'single' ? 'radio' : 'checkbox';
      const body = { partial: 'quizzes/choices', choices: { name, type, options } } as const;
      return { body, firstId: optionId(name, '0') };
    }
    case 'truefalse': {
      const { field: name } = question;
      const options = (['true', 'false'] as const).map(
        (ref): OptionView => ({
          id: optionId(name, ref),
          html: t(`quizzes.${ref}`),
          lang: null,
          inline: true,
          value: ref,
          checked: isChosen(typed, name, ref, question.chosen === ref),
        }),
      );
      const body = { partial: 'quizzes/choices', choices: { name, type: 'radio', options } } as const;
      return { body, firstId: optionId(name, 'true') };
    }
    case 'matching': {
      const rows = question.prompts.map(({ field, text, chosen }) => ({
        id: field,
        label: textView(text, locale),
        options: [
          emptyOption(t('quizzes.choose')),
          ...question.choices.map(({ ref, text: choice }): SelectOption => {
            const { html, lang } = plainView(choice, locale);
            return { value: ref, html, lang, selected: isChosen(typed, field, ref, chosen === ref) };
          }),
        ],
        error: error(field),
      }));
      const table: RowsView = { intro: t('quizzes.matchEach'), short: false, rows };
      return { body: { partial: 'quizzes/rows', table }, firstId: rows[0]?.id ?? '' };
    }
    case 'ordering': {
      const rows = question.elements.map(({ field, text, place }) => ({
        id: field,
        label: textView(text, locale),
        options: [
          emptyOption(t('quizzes.choosePlace')),
          ...question.elements.map((_, index): SelectOption => {
            const value = String(index + 1);
            return {
              value,
              html: value,
              lang: null,
              selected: isChosen(typed, field, value, place === index + 1),
            };
          }),
        ],
        error: error(field),
      }));
      const table: RowsView = { intro: t('quizzes.orderEach', { count: rows.length }), short: true, rows };
      return { body: { partial: 'quizzes/rows', table }, firstId: rows[0]?.id ?? '' };
    }
    case 'numeric':
    case 'shorttext': {
      const isNumber = question.type === 'numeric';
      const input: InputView = {
        id: question.field,
        label: t('quizzes.yourAnswer'),
        value: valueOf(typed, question.field, question.value),
        hint: isNumber ? unitHint(question.unit, t) : null,
        error: error(question.field),
        inputmode: isNumber && question.unit.use === 'none' ? 'decimal' : 'text',
        maxlength: MAX_SHORT_TEXT,
      };
      return { body: { partial: 'quizzes/input', input }, firstId: input.id };
    }
    case 'cloze': {
      const gaps = question.gaps.map((gap, index) => gapView(gap, index, given));
      const { lang, inline } = textView(question.text, locale);
      const cloze: ClozeView = {
        lang,
        inline,
        pieces: clozePieces(question.text, locale).map(({ html, gap }) => ({
          html,
          gap: gap === null ? null : (gaps[gap] ?? null),
        })),
        errors: gaps.flatMap(({ id, label, error: text }) =>
          text ? [{ id, text: `${label}: ${text}` }] : [],
        ),
      };
      return { body: { partial: 'quizzes/cloze', cloze }, firstId: gaps[0]?.id ?? '' };
    }
    default: {
      const essay: EssayView = {
        id: question.field,
        value: valueOf(typed, question.field, question.value),
        hint: essayHint(question.minWords, question.maxWords, t),
        criteria: question.criteria.map((text) => textView(text, locale)),
        maxlength: MAX_ESSAY,
        error: error(question.field),
      };
      return { body: { partial: 'quizzes/essay', essay }, firstId: essay.id };
    }
  }
}

function gapView(gap: PublicGap, index: number, { typed, errors, t, locale }: Given): GapView {
  const options =
    gap.kind === 'choice'
      ? [
          emptyOption(t('quizzes.choose')),
          ...gap.options.map(({ ref, text, chosen }): SelectOption => {
            const { html, lang } = plainView(text, locale);
            return { value: ref, html, lang, selected: isChosen(typed, gap.field, ref, chosen) };
          }),
        ]
      : [];
  return {
    id: gap.field,
    label: t('quizzes.gap', { number: index + 1 }),
    kind: gap.kind === 'choice' ? 'choice' : 'text',
    value: gap.kind === 'choice' ? '' : valueOf(typed, gap.field, gap.value),
    options,
    inputmode: gap.kind === 'number' && gap.unit.use === 'none' ? 'decimal' : 'text',
    maxlength: MAX_SHORT_TEXT,
    error: errors[gap.field] ?? null,
  };
}

function unitHint(unit: PublicUnit, t: Translate): string {
  if (unit.use === 'optional') return t('quizzes.unit.optional', { unit: unit.unit });
  return t(`quizzes.unit.${unit.use}`);
}

function essayHint(minWords: number | null, maxWords: number | null, t: Translate): string {
  if (minWords !== null && maxWords !== null)
    return t('quizzes.words.between', { min: minWords, max: maxWords });
  if (minWords !== null) return t('quizzes.words.min', { count: minWords });
  return maxWords === null ? t('quizzes.words.free') : t('quizzes.words.max', { count: maxWords });
}

const optionId = (name: string, ref: string): string => `${name}-${ref}`;

const emptyOption = (text: string): SelectOption => ({ value: '', html: text, lang: null, selected: false });

function isChosen(typed: TypedFields, name: string, ref: string, saved: boolean): boolean {
  if (!typed) return saved;
  const value = typed[name];
  return Array.isArray(value) ? value.includes(ref) : value === ref;
}

function valueOf(typed: TypedFields, name: string, saved: string): string {
  if (!typed) return saved;
  const value = typed[name];
  return typeof value === 'string' ? value : '';
}
