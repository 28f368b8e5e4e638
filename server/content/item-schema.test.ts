import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ITEM_TYPES } from '../core/quiz/item';
import { itemSchema, quizFileSchema } from './item-schema';

/** The examples of the authors' guide: whole files, and lists of items. */
const guide = readFileSync(join(__dirname, '../../courses/README.md'), 'utf8').split('## quiz.yaml')[1] ?? '';
const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/gu)].map(([, yaml = '']): unknown => parse(yaml));
const exampleItems = examples.flatMap((example) => (Array.isArray(example) ? (example as unknown[]) : []));

const tags = { competency: 'STR-01', level: 1, difficulty: 'easy' };
const text = { en: 'Text' };

function problems(value: unknown): string[] {
  const result = itemSchema.safeParse(value);
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function single(change: object): object {
  return {
    id: 'q1',
    type: 'single',
    ...tags,
    stem: text,
    options: [
      { id: 'a', text, correct: true },
      { id: 'b', text },
    ],
    ...change,
  };
}

describe("the authors' guide", () => {
  it('gives a whole file that reads as a quiz', () => {
    const [file] = examples;
    expect(quizFileSchema.parse(file)).toMatchObject({
      passMark: 70,
      slots: [
        { kind: 'fixed', itemId: 'c01-m1-q01' },
        { kind: 'random', count: 1, competency: 'STR-01', level: 1, difficulty: 'easy' },
      ],
    });
  });

  it('has an example of every type, each of which is accepted', () => {
    const parsed = exampleItems.map((example) => itemSchema.parse(example));
    expect(parsed.map(({ type }) => type)).toEqual([...ITEM_TYPES]);
  });

  it('keeps every field of the examples', () => {
    // The one form that is not kept as written: an accepted text without a language.
    const written = JSON.stringify(exampleItems).replaceAll('"*chair*"', '{"en":"*chair*"}');
    expect(exampleItems.map((example) => itemSchema.parse(example))).toEqual(JSON.parse(written));
  });
});

describe('itemSchema says where and what', () => {
  it.each<[string, object, string[]]>([
    [
      'no correct option',
      single({
        options: [
          { id: 'a', text },
          { id: 'b', text },
        ],
      }),
      ['options: Exactly one option must have “correct: true”; here none has it.'],
    ],
    [
      'two correct options',
      single({
        options: [
          { id: 'a', text, correct: true },
          { id: 'b', text, correct: true },
        ],
      }),
      ['options: Exactly one option must have “correct: true”; here 2 have it.'],
    ],
    [
      'an id used twice',
      single({
        options: [
          { id: 'a', text, correct: true },
          { id: 'a', text },
        ],
      }),
      ['options.1.id: The id “a” is used twice.'],
    ],
    [
      'a misspelt field',
      single({ stm: text }),
      [': Unknown field “stm”. Check its spelling, or whether this type of item has it.'],
    ],
    [
      'a comma without quotation marks',
      single({ stem: { en: 'Firms', 'mostly small': null } }),
      ['stem: Unknown field “mostly small”. A text with a comma, between braces, needs quotation marks.'],
    ],
    ['a missing text', single({ stem: { it: 'Testo' } }), ['stem.en: Missing.']],
    [
      'an empty translation',
      single({ stem: { en: 'Text', it: ' ' } }),
      ['stem.it: Empty. Leave the field out if there is no text.'],
    ],
    ['a wrong level', single({ level: 6 }), ['level: Must be one of 1, 2, 3, 4, 5.']],
    ['points below zero', single({ points: -1 }), ['points: Must be 0.01 or more.']],
    ['a number that is none', single({ points: Number.NaN }), ['points: Must be a number.']],
    [
      'an unknown type',
      single({ type: 'hotspot' }),
      [`type: The type must be one of ${ITEM_TYPES.join(', ')}.`],
    ],
    [
      'fractions that do not add up',
      {
        ...single({ type: 'multiple' }),
        options: [
          { id: 'a', text, correct: true, fraction: 0.5 },
          { id: 'b', text, fraction: 0.2 },
        ],
      },
      [
        'options: The fractions of the correct options must add up to 1; they add up to 0.5.',
        'options.1.fraction: A wrong option can only cost points: 0 or less.',
      ],
    ],
    [
      'a match that leads nowhere',
      {
        id: 'q1',
        type: 'matching',
        ...tags,
        stem: text,
        prompts: [
          { id: 'p', text, match: 'c' },
          { id: 'q', text, match: 'x' },
        ],
        choices: [
          { id: 'c', text },
          { id: 'd', text },
        ],
      },
      ['prompts.1.match: No choice has the id “x”.'],
    ],
    [
      'an order of two',
      {
        id: 'q1',
        type: 'ordering',
        ...tags,
        stem: text,
        elements: [
          { id: 'a', text },
          { id: 'b', text },
        ],
      },
      ['elements: At least 3 elements, since two leave nothing to find out.'],
    ],
    [
      'two tolerances',
      {
        id: 'q1',
        type: 'numeric',
        ...tags,
        stem: text,
        answers: [{ value: 1, tolerance: 1, tolerancePercent: 1 }],
      },
      ['answers.0: Give either “tolerance” or “tolerancePercent”, not both.'],
    ],
    [
      'a base unit with a factor',
      {
        id: 'q1',
        type: 'numeric',
        ...tags,
        stem: text,
        answers: [{ value: 1 }],
        units: [{ name: 'k€', factor: 1000 }],
      },
      ['units.0.factor: The first unit is the one of the answers: its factor is 1.'],
    ],
    [
      'no text with full credit',
      {
        id: 'q1',
        type: 'shorttext',
        ...tags,
        stem: text,
        accepted: [{ text: 'x', fraction: 0.5 }],
      },
      ['accepted: At least one answer must earn all the points.'],
    ],
    [
      'a right answer shadowed by an earlier one',
      {
        id: 'q1',
        type: 'shorttext',
        ...tags,
        stem: text,
        accepted: [{ text: '*', fraction: 0 }, { text: 'right' }],
      },
      [
        ': The right answer does not earn all the points: an earlier accepted answer fits it too. Put those worth most first.',
      ],
    ],
    [
      'gaps that a language lacks or invents',
      {
        id: 'q1',
        type: 'cloze',
        ...tags,
        stem: text,
        text: { en: 'A {{one}}.', it: 'Un {{uno}}.' },
        gaps: [{ id: 'one', kind: 'text', accepted: [{ text: 'x' }] }],
      },
      [
        'text.it: {{uno}} is not the id of a gap.',
        'text.it: {{one}} must stand in the text once; it stands there 0 times.',
      ],
    ],
    [
      'a rubric that falls',
      {
        id: 'q1',
        type: 'essay',
        ...tags,
        stem: text,
        rubric: {
          criteria: [
            {
              id: 'c',
              text,
              levels: [
                { points: 0, text },
                { points: 2, text },
                { points: 1, text },
              ],
            },
          ],
        },
      },
      ['rubric.criteria.0.levels: Levels start at 0 points and rise from each to the next.'],
    ],
    [
      'a fault in a stage',
      {
        id: 'q1',
        type: 'scenario',
        ...tags,
        stem: text,
        stages: [
          {
            id: 's',
            type: 'single',
            stem: text,
            options: [
              { id: 'a', text },
              { id: 'b', text },
            ],
          },
        ],
      },
      ['stages.0.options: Exactly one option must have “correct: true”; here none has it.'],
    ],
  ])('%s', (_, value, expected) => {
    expect(problems(value)).toEqual(expected);
  });

  it.each([null, 'text', 7, [], {}, { __proto__: { type: 'single' } }])(
    'refuses %p without throwing',
    (value) => {
      expect(itemSchema.safeParse(value).success).toBe(false);
    },
  );
});

describe('quizFileSchema', () => {
  it('says which slot draws more than there is', () => {
    const result = quizFileSchema.safeParse({
      passMark: 70,
      items: [single({}), single({ id: 'q2', level: 2 })],
      slots: [{ item: 'q9' }, { draw: 2, level: 2 }],
    });
    expect(result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      'slots.0.item: No item has the id “q9”.',
      'slots.1.draw: Draws 2 items, but 1 fit and are not taken by other slots.',
    ]);
  });

  it('refuses an id used twice', () => {
    const result = quizFileSchema.safeParse({ passMark: 70, items: [single({}), single({})] });
    expect(result.error?.issues.map(({ path }) => path.join('.'))).toContain('items.1.id');
  });
});
