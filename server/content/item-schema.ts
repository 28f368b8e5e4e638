/**
 * Reads quiz items from their file form (courses/README.md, "quiz.yaml"), from the authoring studio and from importers.
 * Structure is checked by zod, meaning by the functions below it. Messages are for authors: each stands beside the path
 * of the field that it is about.
 */
import { z } from 'zod';
import { CONTENT_LANGUAGES, type LocalizedText } from '../core/framework';
import { drawAttempt, type Slot } from '../core/quiz/draw';
import {
  type ChoiceGap,
  type ClozeQuestion,
  DIFFICULTIES,
  type EssayQuestion,
  ITEM_TYPES,
  type Item,
  type MatchingQuestion,
  type MultipleQuestion,
  type NumberKey,
  type Option,
  QUESTION_TYPES,
  type Question,
  type TextKey,
} from '../core/quiz/item';
import { GAP_MARK } from '../core/quiz/present';
import { rightAnswer, scoreAnswer } from '../core/quiz/score';
import { MAX_SHORT_TEXT } from '../core/quiz/text-match';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
};

/** Zod's findings in an author's words. */
function explain(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => `“${key}”`).join(', ');
    return issue.keys.some((key) => key.includes(' '))
      ? `Unknown field ${names}. A text with a comma, between braces, needs quotation marks.`
      : `Unknown field ${names}. Check its spelling, or whether this type of item has it.`;
  }
  if (issue.input === undefined) return 'Missing.';
  if (issue.code === 'invalid_value') return `Must be one of ${issue.values.map(String).join(', ')}.`;
  if (issue.code === 'invalid_type') return `Must be ${KINDS[issue.expected] ?? issue.expected}.`;
  return 'Not valid.';
}

/** Message of a union of item types for an unknown or missing type. */
function explainType(types: readonly string[]): (issue: z.core.$ZodRawIssue) => string {
  return (issue) =>
    issue.code === 'invalid_union' ? `The type must be one of ${types.join(', ')}.` : explain(issue);
}

const error = explain;
const group = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject(shape, { error });
const list = <S extends z.ZodType>(schema: S, least: number, what: string) =>
  z.array(schema, { error }).min(least, `At least ${least} ${what}.`).max(200, `At most 200 ${what}.`);
const number = (least: number, most: number) =>
  z.number({ error }).min(least, `Must be ${least} or more.`).max(most, `Must be ${most} or less.`);
const oneOf = <const V extends readonly (string | number)[]>(values: V) =>
  z.literal([...values] as V[number][], { error });
const flag = z.boolean({ error });
const id = z
  .string({ error })
  .regex(
    /^[A-Za-z0-9][\w.-]{0,99}$/u,
    'Letters without accents, digits, hyphens, points and underscores; 100 at most.',
  );

const words = z
  .string({ error })
  .regex(/\S/u, 'Empty. Leave the field out if there is no text.')
  .max(100_000, 'Too long: 100,000 characters at most.');
const translation = words.exactOptional();
const text = group({
  en: words,
  it: translation,
  de: translation,
  pl: translation,
  cs: translation,
  sk: translation,
  sl: translation,
  hu: translation,
});

/** An accepted text may be written once for all languages: `text: "2012"`, or even `text: 2012`. */
const acceptedText = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'number' ? { en: String(value) } : value),
  text,
);

const base = {
  id,
  points: number(0.01, 1000).exactOptional(),
  stem: text,
  feedback: text.exactOptional(),
};
const tags = {
  competency: z.string({ error }).regex(/\S/u, 'Empty.'),
  level: oneOf([1, 2, 3, 4, 5]),
  difficulty: oneOf(DIFFICULTIES),
};
const exact = z.literal('exact', { error }).exactOptional();
const share = number(0, 1).exactOptional();

const option = group({
  id,
  text,
  correct: flag.exactOptional(),
  fraction: number(-1, 1).exactOptional(),
  feedback: text.exactOptional(),
});
const options = list(option, 2, 'options');
const choiceKey = { options, shuffle: flag.exactOptional() };

const numberKey = {
  answers: list(
    group({
      value: number(-1e15, 1e15),
      tolerance: number(0, 1e15).exactOptional(),
      tolerancePercent: number(0, 100).exactOptional(),
      fraction: share,
      feedback: text.exactOptional(),
    }),
    1,
    'answer',
  ),
  units: list(group({ name: words, factor: number(1e-12, 1e12) }), 1, 'unit').exactOptional(),
  unitRequired: flag.exactOptional(),
  otherFeedback: text.exactOptional(),
};
const textKey = {
  accepted: list(
    group({ text: acceptedText, fraction: share, feedback: text.exactOptional() }),
    1,
    'accepted answer',
  ),
  matchCase: flag.exactOptional(),
  matchAccents: flag.exactOptional(),
  otherFeedback: text.exactOptional(),
};

const gapBase = { id, weight: number(0.01, 100).exactOptional() };
const gap = z.discriminatedUnion(
  'kind',
  [
    group({ ...gapBase, kind: z.literal('choice'), ...choiceKey }),
    group({ ...gapBase, kind: z.literal('text'), ...textKey }),
    group({ ...gapBase, kind: z.literal('number'), ...numberKey }),
  ],
  { error: 'The kinds of gap are choice, text, number.' },
);

const criterion = group({
  id,
  text,
  levels: list(group({ points: number(0, 1000), text }), 2, 'levels'),
});
const wordCount = z.int({ error }).min(1, 'Must be 1 or more.').max(20_000, 'Must be 20,000 or less.');
const named = (parts: string) => list(group({ id, text }), 2, parts);

const shapes = {
  single: { ...base, type: z.literal('single'), ...choiceKey },
  multiple: { ...base, type: z.literal('multiple'), ...choiceKey, scoring: exact },
  truefalse: {
    ...base,
    type: z.literal('truefalse'),
    answer: flag,
    feedbackTrue: text.exactOptional(),
    feedbackFalse: text.exactOptional(),
  },
  matching: {
    ...base,
    type: z.literal('matching'),
    prompts: list(group({ id, text, match: id, feedback: text.exactOptional() }), 2, 'prompts'),
    choices: named('choices'),
    scoring: exact,
  },
  ordering: {
    ...base,
    type: z.literal('ordering'),
    elements: list(group({ id, text }), 3, 'elements, since two leave nothing to find out'),
    scoring: oneOf(['position', 'exact']).exactOptional(),
  },
  numeric: { ...base, type: z.literal('numeric'), ...numberKey },
  shorttext: { ...base, type: z.literal('shorttext'), ...textKey },
  cloze: { ...base, type: z.literal('cloze'), text, gaps: list(gap, 1, 'gap'), scoring: exact },
  essay: {
    ...base,
    type: z.literal('essay'),
    rubric: group({ criteria: list(criterion, 1, 'criterion') }),
    minWords: wordCount.exactOptional(),
    maxWords: wordCount.exactOptional(),
    modelAnswer: text.exactOptional(),
    graderNotes: text.exactOptional(),
  },
};

const stage = z.discriminatedUnion(
  'type',
  [
    group(shapes.single),
    group(shapes.multiple),
    group(shapes.truefalse),
    group(shapes.matching),
    group(shapes.ordering),
    group(shapes.numeric),
    group(shapes.shorttext),
    group(shapes.cloze),
    group(shapes.essay),
  ],
  { error: explainType(QUESTION_TYPES) },
);

const scenario = {
  type: z.literal('scenario'),
  id,
  stem: text,
  feedback: text.exactOptional(),
  stages: list(stage, 1, 'stage'),
};

const anyItem: z.ZodType<Item> = z.discriminatedUnion(
  'type',
  [
    group({ ...tags, ...shapes.single }),
    group({ ...tags, ...shapes.multiple }),
    group({ ...tags, ...shapes.truefalse }),
    group({ ...tags, ...shapes.matching }),
    group({ ...tags, ...shapes.ordering }),
    group({ ...tags, ...shapes.numeric }),
    group({ ...tags, ...shapes.shorttext }),
    group({ ...tags, ...shapes.cloze }),
    group({ ...tags, ...shapes.essay }),
    group({ ...tags, ...scenario }),
  ],
  { error: explainType(ITEM_TYPES) },
);

type Path = (string | number)[];
type Report = (path: Path, message: string) => void;

/** One item in its file form. What it lets through can be drawn, shown, answered and scored. */
export const itemSchema: z.ZodType<Item> = anyItem.superRefine((item, context) => {
  checkItem(item, (path, message) => context.addIssue({ code: 'custom', path, message }));
});

const slot = z.union(
  [
    group({ item: id }),
    group({
      draw: z.int({ error }).min(1, 'Must be 1 or more.').max(100, 'Must be 100 or less.'),
      competency: tags.competency.exactOptional(),
      level: tags.level.exactOptional(),
      difficulty: tags.difficulty.exactOptional(),
    }),
  ],
  {
    error:
      'Write either “item:” with the id of an item, or “draw:” with a number and, if wanted, competency, level, difficulty.',
  },
);

/** A quiz file: its items, and what an attempt takes from them. */
export type QuizFile = { passMark: number; items: Item[]; slots: Slot[] };

/** A whole quiz.yaml. Without `slots`, an attempt has every item in the order of the file. */
export const quizFileSchema: z.ZodType<QuizFile> = group({
  passMark: number(0, 100),
  items: list(itemSchema, 1, 'item'),
  slots: list(slot, 1, 'slot').exactOptional(),
})
  .transform(
    ({ passMark, items, slots }): QuizFile => ({
      passMark,
      items,
      slots: slots
        ? slots.map((each): Slot => {
            if ('item' in each) return { kind: 'fixed', itemId: each.item };
            const { draw, ...wanted } = each;
            return { kind: 'random', count: draw, ...wanted };
          })
        : items.map((item) => ({ kind: 'fixed', itemId: item.id })),
    }),
  )
  .superRefine((quiz, context) => {
    const report: Report = (path, message) => context.addIssue({ code: 'custom', path, message });
    checkUnique(quiz.items, ['items'], report);
    const draw = drawAttempt(quiz.slots, quiz.items, '');
    for (const problem of draw.ok ? [] : draw.problems) {
      if (problem.reason === 'too-few-items') {
        const { slot: at, wanted, available } = problem;
        report(
          ['slots', at, 'draw'],
          `Draws ${wanted} items, but ${available} fit and are not taken by other slots.`,
        );
      } else if (problem.reason === 'unknown-item') {
        report(['slots', problem.slot, 'item'], `No item has the id “${problem.itemId}”.`);
      }
    }
  });

function checkItem(item: Item, report: Report): void {
  if (item.type !== 'scenario') return checkQuestion(item, [], report);
  checkUnique(item.stages, ['stages'], report);
  item.stages.forEach((each, index) => checkQuestion(each, ['stages', index], report));
}

function checkQuestion(question: Question, path: Path, report: Report): void {
  let isSound = true;
  const note: Report = (where, message) => {
    isSound = false;
    report([...path, ...where], message);
  };
  switch (question.type) {
    case 'single':
      checkOneCorrect(question, [], note);
      break;
    case 'multiple':
      checkMultiple(question, note);
      break;
    case 'matching':
      checkMatching(question, note);
      break;
    case 'ordering':
      checkUnique(question.elements, ['elements'], note);
      break;
    case 'numeric':
      checkNumbers(question, [], note);
      break;
    case 'shorttext':
      checkTexts(question, [], note);
      break;
    case 'cloze':
      checkCloze(question, note);
      break;
    case 'essay':
      checkEssay(question, note);
      break;
    default:
  }
  const answer = isSound ? rightAnswer(question) : null;
  if (answer && scoreAnswer(question, answer).correctness !== 'correct') {
    note(
      [],
      'The right answer does not earn all the points: an earlier accepted answer fits it too. Put those worth most first.',
    );
  }
}

function checkUnique(parts: readonly { id: string }[], path: Path, report: Report): void {
  const seen = new Set<string>();
  parts.forEach((each, index) => {
    if (seen.has(each.id)) report([...path, index, 'id'], `The id “${each.id}” is used twice.`);
    seen.add(each.id);
  });
}

function checkOneCorrect({ options: parts }: { options: Option[] }, path: Path, report: Report): void {
  checkUnique(parts, [...path, 'options'], report);
  const correct = parts.filter((each) => each.correct).length;
  if (correct !== 1) {
    report(
      [...path, 'options'],
      `Exactly one option must have “correct: true”; here ${correct === 0 ? 'none has' : `${correct} have`} it.`,
    );
  }
  parts.forEach((each, index) => {
    const where = [...path, 'options', index, 'fraction'];
    if (each.correct && each.fraction !== undefined)
      report(where, 'The correct option earns all the points; leave “fraction” out.');
    if (!each.correct && each.fraction === 1) report(where, 'Only the correct option earns all the points.');
  });
}

function checkMultiple({ options: parts, scoring }: MultipleQuestion, report: Report): void {
  checkUnique(parts, ['options'], report);
  const correct = parts.filter((each) => each.correct);
  if (correct.length === 0) report(['options'], 'At least one option must have “correct: true”.');
  if (scoring === 'exact' && parts.some((each) => each.fraction !== undefined)) {
    report(['scoring'], 'With “scoring: exact” options have no “fraction”.');
  }
  const weighted = correct.filter((each) => each.fraction !== undefined);
  const sum = weighted.reduce((total, each) => total + (each.fraction ?? 0), 0);
  if (weighted.length > 0 && weighted.length < correct.length) {
    report(['options'], 'Either every correct option has a “fraction” or none has.');
  } else if (weighted.length > 0 && Math.abs(sum - 1) > 0.01) {
    report(
      ['options'],
      `The fractions of the correct options must add up to 1; they add up to ${Math.round(sum * 1000) / 1000}.`,
    );
  }
  parts.forEach(({ correct: isCorrect, fraction = 0 }, index) => {
    if (isCorrect && fraction < 0)
      report(['options', index, 'fraction'], 'A correct option cannot cost points.');
    if (!isCorrect && fraction > 0)
      report(['options', index, 'fraction'], 'A wrong option can only cost points: 0 or less.');
  });
}

function checkMatching({ prompts, choices }: MatchingQuestion, report: Report): void {
  checkUnique(prompts, ['prompts'], report);
  checkUnique(choices, ['choices'], report);
  prompts.forEach(({ match }, index) => {
    if (!choices.some((each) => each.id === match))
      report(['prompts', index, 'match'], `No choice has the id “${match}”.`);
  });
}

function checkNumbers({ answers, units = [], unitRequired }: NumberKey, path: Path, report: Report): void {
  answers.forEach(({ tolerance, tolerancePercent }, index) => {
    if (tolerance !== undefined && tolerancePercent !== undefined) {
      report([...path, 'answers', index], 'Give either “tolerance” or “tolerancePercent”, not both.');
    }
  });
  checkFullCredit(answers, [...path, 'answers'], report);
  if (unitRequired && units.length === 0) report([...path, 'unitRequired'], 'Needs “units”.');
  const [first] = units;
  if (first && first.factor !== 1) {
    report([...path, 'units', 0, 'factor'], 'The first unit is the one of the answers: its factor is 1.');
  }
  const names = units.map(({ name }) => ({ id: name.replace(/\s+/gu, '') }));
  checkUnique(names, [...path, 'units'], report);
}

function checkTexts({ accepted }: TextKey, path: Path, report: Report): void {
  checkFullCredit(accepted, [...path, 'accepted'], report);
  accepted.forEach((each, index) => {
    if (Object.values(each.text).some((pattern) => pattern.length > MAX_SHORT_TEXT)) {
      report(
        [...path, 'accepted', index, 'text'],
        `Longer than an answer can be: ${MAX_SHORT_TEXT} characters.`,
      );
    }
  });
}

function checkFullCredit(accepted: readonly { fraction?: number }[], path: Path, report: Report): void {
  if (!accepted.some(({ fraction = 1 }) => fraction === 1))
    report(path, 'At least one answer must earn all the points.');
}

function checkCloze({ text: cloze, gaps }: ClozeQuestion, report: Report): void {
  checkUnique(gaps, ['gaps'], report);
  for (const language of CONTENT_LANGUAGES) checkMarks(cloze, language, gaps, report);
  gaps.forEach((each, index) => {
    const path = ['gaps', index];
    if (each.kind === 'choice') checkOneCorrect(each satisfies ChoiceGap, path, report);
    if (each.kind === 'number') checkNumbers(each, path, report);
    if (each.kind === 'text') checkTexts(each, path, report);
  });
}

function checkMarks(
  cloze: LocalizedText,
  language: keyof LocalizedText,
  gaps: readonly { id: string }[],
  report: Report,
): void {
  const written = cloze[language];
  if (written === undefined) return;
  const marks = [...written.matchAll(GAP_MARK)].map(([, mark = '']) => mark);
  for (const mark of new Set(marks)) {
    if (!gaps.some((each) => each.id === mark))
      report(['text', language], `{{${mark}}} is not the id of a gap.`);
  }
  for (const each of gaps) {
    const times = marks.filter((mark) => mark === each.id).length;
    if (times !== 1)
      report(
        ['text', language],
        `{{${each.id}}} must stand in the text once; it stands there ${times} times.`,
      );
  }
}

function checkEssay(
  { rubric, minWords = 1, maxWords = Number.POSITIVE_INFINITY }: EssayQuestion,
  report: Report,
): void {
  checkUnique(rubric.criteria, ['rubric', 'criteria'], report);
  rubric.criteria.forEach(({ levels }, index) => {
    const points = levels.map((level) => level.points);
    const isRising = points.every((value, at) => at === 0 || value > (points[at - 1] ?? 0));
    if (points[0] !== 0 || !isRising) {
      report(
        ['rubric', 'criteria', index, 'levels'],
        'Levels start at 0 points and rise from each to the next.',
      );
    }
  });
  if (minWords > maxWords) report(['maxWords'], 'Fewer than “minWords”.');
}
