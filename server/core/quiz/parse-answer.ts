/** From submitted form fields to a typed answer. Nothing a browser can send makes it throw. */
import type { Arrangement } from './draw';
import {
  type Answer,
  type Item,
  own,
  type Question,
  type QuestionAnswer,
  type Scenario,
  type ScenarioAnswer,
} from './item';
import { readNumber } from './number-input';
import { arranged, PLAIN, type Scope, stageScope } from './present';
import { MAX_SHORT_TEXT } from './text-match';

/** Longest essay, in characters. */
export const MAX_ESSAY = 50_000;

/**
 * Why an answer was refused. The learner can correct `not-a-number`, `unit-not-expected`, `unit-missing`, `too-long`
 * and `stage-unanswered`; the others come from a stale page or a forged request.
 */
export type AnswerProblemCode =
  | 'not-a-number'
  | 'unit-not-expected'
  | 'unit-missing'
  | 'too-long'
  | 'stage-unanswered'
  | 'malformed'
  | 'unknown-field'
  | 'unknown-option'
  | 'too-many-choices'
  | 'stage-closed'
  | 'stage-not-open';

export type AnswerProblem = { field: string; code: AnswerProblemCode };

/** `answer` is null when nothing was answered. */
export type ParseResult = { ok: true; answer: Answer | null } | { ok: false; problems: AnswerProblem[] };

/**
 * Reads the fields that `presentItem` named. `raw` is whatever the body parser made of them: an object of strings and
 * lists of strings, without the prefix by which the page tells its items apart. Fields left out are unanswered, so a
 * form is always submitted whole; only a scenario keeps what `previous` holds for its closed stages. The field
 * `next` closes the open stage, once; sending it again, or a closed stage unchanged, changes nothing.
 */
export function parseAnswer(
  item: Item,
  arrangement: Arrangement,
  raw: unknown,
  previous: Answer | null,
): ParseResult {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { ok: false, problems: [{ field: '', code: 'malformed' }] };
  }
  const form = new Form(raw);
  const answer =
    item.type === 'scenario'
      ? readScenario(item, arrangement, form, previous?.type === 'scenario' ? previous : null)
      : readQuestion(item, arrangement, form, PLAIN);
  const problems = form.allProblems();
  return problems.length > 0 ? { ok: false, problems } : { ok: true, answer };
}

/** The submitted fields, which of them were read, and what was wrong with them. */
class Form {
  private readonly fields: ReadonlyMap<string, unknown>;
  private readonly known = new Set<string>();
  private readonly problems: AnswerProblem[] = [];

  constructor(raw: object) {
    this.fields = new Map(Object.entries(raw));
  }

  has(prefix: string): boolean {
    return [...this.fields.keys()].some((field) => field.startsWith(prefix));
  }

  refuse(field: string, code: AnswerProblemCode): undefined {
    this.problems.push({ field, code });
  }

  /** All values of a field; empty ones are dropped. */
  values(field: string): string[] {
    this.known.add(field);
    const value = this.fields.get(field);
    const list: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
    const strings = list.filter((each): each is string => typeof each === 'string');
    if (strings.length < list.length) this.refuse(field, 'malformed');
    return strings.filter((each) => each !== '');
  }

  /** The one value of a field, or undefined where it is empty or refused. */
  value(field: string): string | undefined {
    const values = this.values(field);
    if (values.length > 1) return this.refuse(field, 'too-many-choices');
    return values[0];
  }

  /** The part shown at the place that the value names. */
  at<T>(field: string, ref: string, parts: readonly T[]): T | undefined {
    const part = /^\d{1,3}$/u.test(ref) ? parts[Number(ref)] : undefined;
    return part ?? this.refuse(field, 'unknown-option');
  }

  text(field: string, longest: number): string | undefined {
    const value = this.value(field);
    if (value === undefined) return undefined;
    // Before anything that takes time in proportion to the length.
    if (value.length > longest) return this.refuse(field, 'too-long');
    const clean = cleanText(value);
    return clean.trim() === '' ? undefined : clean;
  }

  allProblems(): AnswerProblem[] {
    const unknown = [...this.fields.keys()].filter((field) => !this.known.has(field));
    return [...this.problems, ...unknown.map((field): AnswerProblem => ({ field, code: 'unknown-field' }))];
  }
}

function readScenario(
  scenario: Scenario,
  arrangement: Arrangement,
  form: Form,
  previous: ScenarioAnswer | null,
): ScenarioAnswer | null {
  const open = previous?.open ?? 0;
  const next = form.value('next');
  if (next !== undefined && !(/^\d{1,3}$/u.test(next) && Number(next) < scenario.stages.length)) {
    form.refuse('next', 'malformed');
    return null;
  }
  const stages: Record<string, QuestionAnswer> = {};
  // A form from before the last stage was closed says nothing about the stage that is open now.
  let isStale = next !== undefined && Number(next) < open;
  for (const [index, stage] of scenario.stages.entries()) {
    const scope = stageScope(scenario, index);
    const stored = own(previous?.stages ?? {}, stage.id);
    const isSubmitted = form.has(scope.field);
    const given = isSubmitted ? readQuestion(stage, arrangement, form, scope) : null;
    if (index < open && isSubmitted) {
      isStale = true;
      if (!sameAnswer(given, stored)) form.refuse(scope.field, 'stage-closed');
    }
    if (index > open && isSubmitted) form.refuse(scope.field, 'stage-not-open');
    const kept = index < open || (isStale && !isSubmitted) ? stored : given;
    if (kept && index <= open) stages[stage.id] = kept;
  }

  const current = scenario.stages[open];
  const closes = next !== undefined && Number(next) === open && current !== undefined;
  if (next !== undefined && Number(next) > open) form.refuse('next', 'stage-not-open');
  if (closes && !Object.hasOwn(stages, current.id)) form.refuse('next', 'stage-unanswered');
  const isEmpty = open === 0 && Object.keys(stages).length === 0;
  return isEmpty ? null : { type: 'scenario', open: closes ? open + 1 : open, stages };
}

function readQuestion(
  question: Question,
  arrangement: Arrangement,
  form: Form,
  scope: Scope,
): QuestionAnswer | null {
  const choice = `${scope.field}choice`;
  const text = `${scope.field}text`;
  const list = <T extends { id: string }>(name: string, parts: readonly T[]): T[] =>
    arranged(parts, own(arrangement, scope.order + name));
  switch (question.type) {
    case 'single': {
      const ref = form.value(choice);
      const option = ref === undefined ? undefined : form.at(choice, ref, list('options', question.options));
      return option ? { type: 'single', option: option.id } : null;
    }
    case 'multiple': {
      const shown = list('options', question.options);
      const chosen = new Set(form.values(choice).map((ref) => form.at(choice, ref, shown)?.id));
      // In the author's order, so that the order of submission leaves no trace.
      const options = question.options.map(({ id }) => id).filter((id) => chosen.has(id));
      return options.length > 0 ? { type: 'multiple', options } : null;
    }
    case 'truefalse': {
      const ref = form.value(choice);
      if (ref === undefined) return null;
      if (ref === 'true' || ref === 'false') return { type: 'truefalse', value: ref === 'true' };
      form.refuse(choice, 'unknown-option');
      return null;
    }
    case 'matching': {
      const choices = list('choices', question.choices);
      const pairs = answeredOnly(
        list('prompts', question.prompts).map((prompt, index): Entry<string> => {
          const field = `${scope.field}prompt-${index}`;
          const ref = form.value(field);
          return [prompt.id, ref === undefined ? undefined : form.at(field, ref, choices)?.id];
        }),
      );
      return Object.keys(pairs).length > 0 ? { type: 'matching', pairs } : null;
    }
    case 'ordering': {
      const places = answeredOnly(
        list('elements', question.elements).map((element, index): Entry<number> => {
          const field = `${scope.field}element-${index}`;
          const place = form.value(field);
          if (place === undefined) return [element.id, undefined];
          const isPlace = /^[1-9]\d{0,2}$/u.test(place) && Number(place) <= question.elements.length;
          return [element.id, isPlace ? Number(place) : form.refuse(field, 'unknown-option')];
        }),
      );
      return Object.keys(places).length > 0 ? { type: 'ordering', places } : null;
    }
    case 'numeric': {
      const typed = readNumberField(form, text, question);
      return typed === undefined ? null : { type: 'numeric', text: typed };
    }
    case 'shorttext': {
      const typed = form.text(text, MAX_SHORT_TEXT);
      return typed === undefined ? null : { type: 'shorttext', text: typed };
    }
    case 'cloze': {
      const gaps = answeredOnly(
        question.gaps.map((gap, index): Entry<string> => {
          const field = `${scope.field}gap-${index}`;
          if (gap.kind === 'text') return [gap.id, form.text(field, MAX_SHORT_TEXT)];
          if (gap.kind === 'number') return [gap.id, readNumberField(form, field, gap)];
          const ref = form.value(field);
          const options = list(`gap:${gap.id}`, gap.options);
          return [gap.id, ref === undefined ? undefined : form.at(field, ref, options)?.id];
        }),
      );
      return Object.keys(gaps).length > 0 ? { type: 'cloze', gaps } : null;
    }
    default: {
      const typed = form.text(text, MAX_ESSAY);
      return typed === undefined ? null : { type: 'essay', text: typed };
    }
  }
}

/**
 * A typed number as it was typed. Which units count is not told here, where it would be an oracle: an unknown unit is
 * accepted wherever units exist, and scored as wrong.
 */
function readNumberField(
  form: Form,
  field: string,
  key: { units?: unknown[]; unitRequired?: boolean },
): string | undefined {
  const typed = form.text(field, MAX_SHORT_TEXT);
  if (typed === undefined) return undefined;
  const number = readNumber(typed);
  if (!number) return form.refuse(field, 'not-a-number');
  const hasUnits = (key.units ?? []).length > 0;
  if (number.unit !== '' && !hasUnits) return form.refuse(field, 'unit-not-expected');
  if (number.unit === '' && key.unitRequired) return form.refuse(field, 'unit-missing');
  return typed;
}

/** One normal form, Unix line ends, and none of the characters that PostgreSQL cannot store or nobody can see. */
function cleanText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/gu, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\p{Cs}/gu, '\uFFFD');
}

type Entry<T> = [id: string, value: T | undefined];

function answeredOnly<T>(entries: Entry<T>[]): Record<string, T> {
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined));
}

function sameAnswer(a: QuestionAnswer | null, b: QuestionAnswer | undefined): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b ?? null));
}

/** Key order does not survive jsonb, so it must not matter. */
function canonical(answer: QuestionAnswer | null): unknown {
  if (!answer) return null;
  return Object.entries(answer)
    .map(([key, value]) => [key, isRecord(value) ? Object.entries(value).sort(byKey) : value])
    .sort(byKey);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function byKey([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}
