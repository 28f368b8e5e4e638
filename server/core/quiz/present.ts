/**
 * What a learner sees of an item before its review: the only form that may leave the server by then. Everything is
 * built from a list of what may show, so that a field added to items stays hidden until somebody shows it here.
 */
import type { ContentLanguage, LocalizedText } from '../framework';
import type { Arrangement } from './draw';
import {
  type Answer,
  type ClozeQuestion,
  type Gap,
  type Item,
  maxPoints,
  own,
  type Question,
  type QuestionAnswer,
  type Scenario,
  type ScenarioAnswer,
} from './item';

/** A text with the language it is really in: the wanted one, or English where the translation is missing. */
export type PublicText = { text: string; lang: ContentLanguage };

/** `ref` is the place at which the option is shown in this attempt, from "0". It says nothing about the author's file. */
export type PublicOption = { ref: string; text: PublicText; chosen: boolean };

/** What a number may carry: no unit, one of several (`unit` is meant when none is written), or one that is part of the answer. */
export type PublicUnit = { use: 'none' } | { use: 'optional'; unit: string } | { use: 'required' };

export type PublicGap = { field: string } & (
  | { kind: 'choice'; options: PublicOption[] }
  | { kind: 'text'; value: string }
  | { kind: 'number'; value: string; unit: PublicUnit }
);

type PublicBase = { points: number; stem: PublicText };

/** `field` is the name of the form control; `chosen`, `place` and `value` are what the learner answered so far. */
export type PublicQuestion = PublicBase &
  (
    | { type: 'single' | 'multiple'; field: string; options: PublicOption[] }
    | { type: 'truefalse'; field: string; chosen: 'true' | 'false' | null }
    | {
        type: 'matching';
        prompts: { field: string; text: PublicText; chosen: string | null }[];
        choices: { ref: string; text: PublicText }[];
      }
    | { type: 'ordering'; elements: { field: string; text: PublicText; place: number | null }[] }
    | { type: 'numeric'; field: string; value: string; unit: PublicUnit }
    | { type: 'shorttext'; field: string; value: string }
    /** `text` marks the place of gap n, in the order of `gaps`, by `{{n}}`. */
    | { type: 'cloze'; text: PublicText; gaps: PublicGap[] }
    | {
        type: 'essay';
        field: string;
        value: string;
        criteria: PublicText[];
        minWords: number | null;
        maxWords: number | null;
      }
  );

export type PublicScenario = PublicBase & {
  type: 'scenario';
  /** Stages up to the open one. A closed stage shows its answer and takes no other. */
  stages: (PublicQuestion & { closed: boolean })[];
  stageCount: number;
  /** Name of the control that closes the open stage, and its value; null once all are closed. */
  next: { field: string; value: string } | null;
};

export type PublicItem = PublicQuestion | PublicScenario;

/** The text in the wanted language, or in English. Empty translations count as missing. */
export function localize(text: LocalizedText, lang: ContentLanguage): PublicText {
  const wanted = text[lang];
  return wanted ? { text: wanted, lang } : { text: text.en, lang: 'en' };
}

/** Presents an item in the order and with the answer of one attempt. Fields are named as `parseAnswer` expects them. */
export function presentItem(
  item: Item,
  arrangement: Arrangement,
  lang: ContentLanguage,
  answer: Answer | null,
): PublicItem {
  if (item.type !== 'scenario') {
    return presentQuestion(item, arrangement, lang, answer?.type === 'scenario' ? null : answer, PLAIN);
  }
  return presentScenario(item, arrangement, lang, answer?.type === 'scenario' ? answer : null);
}

/** Names within an item: `order` precedes list names of the arrangement, `field` the names of form controls. */
export type Scope = { order: string; field: string };
export const PLAIN: Scope = { order: '', field: '' };

/** Names within a scenario's stage; its index, not its id, is what the learner's browser sees. */
export function stageScope(scenario: Scenario, index: number): Scope {
  return { order: `${scenario.stages[index]?.id ?? ''}/`, field: `stage-${index}.` };
}

/** Presents a scenario up to its open stage. */
function presentScenario(
  scenario: Scenario,
  arrangement: Arrangement,
  lang: ContentLanguage,
  answer: ScenarioAnswer | null,
): PublicScenario {
  const open = answer?.open ?? 0;
  const visible = scenario.stages.slice(0, open + 1);
  return {
    type: 'scenario',
    points: maxPoints(scenario),
    stem: localize(scenario.stem, lang),
    stages: visible.map((stage, index) => ({
      ...presentQuestion(
        stage,
        arrangement,
        lang,
        own(answer?.stages ?? {}, stage.id) ?? null,
        stageScope(scenario, index),
      ),
      closed: index < open,
    })),
    stageCount: scenario.stages.length,
    next: open < scenario.stages.length ? { field: 'next', value: String(open) } : null,
  };
}

/** Presents one question; also used for the stages of a scenario, each in its scope. */
export function presentQuestion(
  question: Question,
  arrangement: Arrangement,
  lang: ContentLanguage,
  answer: QuestionAnswer | null,
  scope: Scope,
): PublicQuestion {
  const base: PublicBase = { points: maxPoints(question), stem: localize(question.stem, lang) };
  const choice = `${scope.field}choice`;
  const text = `${scope.field}text`;
  const list = <T extends { id: string }>(name: string, parts: readonly T[]): T[] =>
    arranged(parts, own(arrangement, scope.order + name));
  switch (question.type) {
    case 'single':
    case 'multiple': {
      const chosen = chosenOptions(answer);
      const options = presentOptions(list('options', question.options), lang, chosen);
      return { ...base, type: question.type, field: choice, options };
    }
    case 'truefalse': {
      const chosen = answer?.type === 'truefalse' ? (`${answer.value}` as const) : null;
      return { ...base, type: 'truefalse', field: choice, chosen };
    }
    case 'matching': {
      const pairs = answer?.type === 'matching' ? answer.pairs : {};
      const choices = list('choices', question.choices);
      const refOf = (id: string | undefined): string | null => {
        const index = choices.findIndex((each) => each.id === id);
        return index < 0 ? null : String(index);
      };
      return {
        ...base,
        type: 'matching',
        prompts: list('prompts', question.prompts).map((prompt, index) => ({
          field: `${scope.field}prompt-${index}`,
          text: localize(prompt.text, lang),
          chosen: refOf(own(pairs, prompt.id)),
        })),
        choices: choices.map((each, index) => ({ ref: String(index), text: localize(each.text, lang) })),
      };
    }
    case 'ordering': {
      const places = answer?.type === 'ordering' ? answer.places : {};
      return {
        ...base,
        type: 'ordering',
        elements: list('elements', question.elements).map((element, index) => ({
          field: `${scope.field}element-${index}`,
          text: localize(element.text, lang),
          place: own(places, element.id) ?? null,
        })),
      };
    }
    case 'numeric': {
      const value = answer?.type === 'numeric' ? answer.text : '';
      return { ...base, type: 'numeric', field: text, value, unit: presentUnit(question) };
    }
    case 'shorttext':
      return {
        ...base,
        type: 'shorttext',
        field: text,
        value: answer?.type === 'shorttext' ? answer.text : '',
      };
    case 'cloze': {
      const given = answer?.type === 'cloze' ? answer.gaps : {};
      return {
        ...base,
        type: 'cloze',
        text: presentClozeText(question, lang),
        gaps: question.gaps.map((gap, index) => presentGap(gap, index, own(given, gap.id) ?? '')),
      };
    }
    default:
      return {
        ...base,
        type: 'essay',
        field: text,
        value: answer?.type === 'essay' ? answer.text : '',
        criteria: question.rubric.criteria.map((criterion) => localize(criterion.text, lang)),
        minWords: question.minWords ?? null,
        maxWords: question.maxWords ?? null,
      };
  }

  function presentGap(gap: Gap, index: number, given: string): PublicGap {
    const field = `${scope.field}gap-${index}`;
    switch (gap.kind) {
      case 'choice':
        return {
          field,
          kind: 'choice',
          options: presentOptions(list(`gap:${gap.id}`, gap.options), lang, [given]),
        };
      case 'text':
        return { field, kind: 'text', value: given };
      default:
        return { field, kind: 'number', value: given, unit: presentUnit(gap) };
    }
  }
}

/** The parts in the order of the attempt. Parts that the order does not name come last, so that nothing is ever unreachable. */
export function arranged<T extends { id: string }>(parts: readonly T[], order: readonly string[] = []): T[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const placeOf = (part: T): number => place.get(part.id) ?? order.length;
  return [...parts].sort((a, b) => placeOf(a) - placeOf(b));
}

/** Gap marks of a cloze text: `{{gap-id}}`. */
export const GAP_MARK = /\{\{\s*([A-Za-z0-9][\w.-]*)\s*\}\}/gu;

/** The author's gap ids give way to numbers, since an id such as "turin" would answer its gap. */
function presentClozeText(question: ClozeQuestion, lang: ContentLanguage): PublicText {
  const { text, lang: actual } = localize(question.text, lang);
  const marked = text.replace(GAP_MARK, (mark, id: string) => {
    const index = question.gaps.findIndex((gap) => gap.id === id);
    return index < 0 ? mark : `{{${index}}}`;
  });
  return { text: marked, lang: actual };
}

function presentOptions(
  options: readonly { id: string; text: LocalizedText }[],
  lang: ContentLanguage,
  chosen: readonly string[],
): PublicOption[] {
  return options.map(({ id, text }, index) => ({
    ref: String(index),
    text: localize(text, lang),
    chosen: chosen.includes(id),
  }));
}

function presentUnit({
  units = [],
  unitRequired = false,
}: {
  units?: { name: string }[];
  unitRequired?: boolean;
}): PublicUnit {
  const [first] = units;
  if (!first) return { use: 'none' };
  return unitRequired ? { use: 'required' } : { use: 'optional', unit: first.name };
}

function chosenOptions(answer: QuestionAnswer | null): string[] {
  if (answer?.type === 'single') return [answer.option];
  return answer?.type === 'multiple' ? answer.options : [];
}
