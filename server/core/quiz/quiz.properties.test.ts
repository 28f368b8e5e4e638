import fc from 'fast-check';
import { itemSchema } from '../../content/item-schema';
import { arrangeItem, drawAttempt } from './draw';
import {
  type Answer,
  type Item,
  type Option,
  own,
  type Question,
  type QuestionAnswer,
  type Scenario,
} from './item';
import { parseAnswer } from './parse-answer';
import { type PublicQuestion, presentItem } from './present';
import { reviewItem } from './review';
import { rightAnswer, scoreAnswer, scoreQuiz } from './score';

type Stripped<T> = T extends unknown ? Omit<T, 'id' | 'stem'> : never;

const word = fc.stringMatching(/^[a-zà-ü]{1,12}$/u);
const text = word.map((en) => ({ en }));
const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const exactOrNot = fc.constantFrom({}, { scoring: 'exact' as const });
const feedback = text.map(({ en }) => ({ en: `SECRET ${en}` }));

function options(correct: readonly number[], count: number): fc.Arbitrary<Option[]> {
  return fc.tuple(
    ...ids('o', count).map((id, index) =>
      fc.record({ text, feedback }).map(
        (parts): Option => ({
          id,
          ...parts,
          ...(correct.includes(index) ? { correct: true } : {}),
        }),
      ),
    ),
  );
}

const oneCorrect = fc
  .tuple(fc.integer({ min: 2, max: 6 }), fc.nat())
  .chain(([count, at]) => options([at % count], count));
const someCorrect = fc
  .integer({ min: 2, max: 7 })
  .chain((count) =>
    fc.subarray([...Array(count).keys()], { minLength: 1 }).chain((correct) => options(correct, count)),
  );
const value = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
);
const numberKey = fc.record({
  answers: fc.tuple(fc.record({ value, tolerance: fc.double({ min: 0, max: 10, noNaN: true }), feedback })),
  units: fc.constant<{ name: string; factor: number }[]>([
    { name: '€', factor: 1 },
    { name: 'k€', factor: 1000 },
  ]),
  unitRequired: fc.boolean(),
});
const textKey = fc.record({
  accepted: fc.tuple(fc.record({ text, feedback })),
  matchCase: fc.boolean(),
  matchAccents: fc.boolean(),
});

const body: fc.Arbitrary<Stripped<Question>> = fc.oneof(
  oneCorrect.map((list) => ({ type: 'single' as const, options: list })),
  fc
    .tuple(someCorrect, exactOrNot)
    .map(([list, rule]) => ({ type: 'multiple' as const, options: list, ...rule })),
  fc.record({ type: fc.constant('truefalse' as const), answer: fc.boolean(), feedbackTrue: feedback }),
  fc
    .tuple(
      fc.array(fc.tuple(text, fc.nat()), { minLength: 2, maxLength: 6 }),
      fc.array(text, { minLength: 2, maxLength: 6 }),
      exactOrNot,
    )
    .map(([prompts, choices, rule]) => ({
      type: 'matching' as const,
      prompts: prompts.map(([prompt, at], index) => ({
        id: `p${index}`,
        text: prompt,
        match: `c${at % choices.length}`,
      })),
      choices: choices.map((choice, index) => ({ id: `c${index}`, text: choice })),
      ...rule,
    })),
  fc
    .tuple(
      fc.array(text, { minLength: 3, maxLength: 7 }),
      fc.constantFrom({}, { scoring: 'exact' as const }, { scoring: 'position' as const }),
    )
    .map(([elements, rule]) => ({
      type: 'ordering' as const,
      elements: elements.map((element, index) => ({ id: `e${index}`, text: element })),
      ...rule,
    })),
  numberKey.map((key) => ({ type: 'numeric' as const, ...key })),
  textKey.map((key) => ({ type: 'shorttext' as const, ...key })),
  fc
    .tuple(oneCorrect, numberKey, textKey, fc.double({ min: 0.1, max: 9, noNaN: true }), exactOrNot)
    .map(([list, numbers, texts, weight, rule]) => ({
      type: 'cloze' as const,
      text: { en: 'One {{g0}}, two {{g1}}, three {{g2}}.' },
      gaps: [
        { id: 'g0', kind: 'choice' as const, weight, options: list },
        { id: 'g1', kind: 'number' as const, ...numbers },
        { id: 'g2', kind: 'text' as const, ...texts },
      ],
      ...rule,
    })),
);

const question: fc.Arbitrary<Question> = fc
  .tuple(body, fc.record({ stem: text, points: fc.double({ min: 0.1, max: 20, noNaN: true }) }))
  .map(([fields, common]) => ({ id: 'q', ...common, ...fields }));

const TAGS = { competency: 'STR-01', level: 1, difficulty: 'easy' } as const;
const plainItem: fc.Arbitrary<Item> = question.map((each) => ({ ...TAGS, ...each }));
const scenarioItem: fc.Arbitrary<Item> = fc
  .tuple(text, fc.array(question, { minLength: 1, maxLength: 4 }))
  .map(([stem, stages]) => ({
    ...TAGS,
    id: 'q',
    type: 'scenario',
    stem,
    stages: stages.map((stage, index) => ({ ...stage, id: `s${index}` })),
  }));
const anyItem = fc.oneof({ weight: 4, arbitrary: plainItem }, { weight: 1, arbitrary: scenarioItem });

/** Answers as they could be stored, for the right type or another, with ids that exist or not. */
const someId = fc.oneof(
  fc.constantFrom('o0', 'o1', 'p0', 'c0', 'c1', 'e0', 'e1', 'g0', 'g1', 'g2', '__proto__', 'constructor'),
  fc.string(),
);
const someText = fc.oneof(
  fc.string({ unit: 'binary' }),
  value.map(String),
  fc.constantFrom('NaN', '1e309', '1,5', '-0', 'o1'),
);
const someAnswer: fc.Arbitrary<QuestionAnswer> = fc.oneof(
  fc.record({ type: fc.constant('single' as const), option: someId }),
  fc.record({ type: fc.constant('multiple' as const), options: fc.array(someId) }),
  fc.record({ type: fc.constant('truefalse' as const), value: fc.boolean() }),
  fc.record({ type: fc.constant('matching' as const), pairs: fc.dictionary(someId, someId) }),
  fc.record({
    type: fc.constant('ordering' as const),
    places: fc.dictionary(someId, fc.oneof(fc.integer(), fc.double())),
  }),
  fc.record({
    type: fc.constantFrom('numeric' as const, 'shorttext' as const, 'essay' as const),
    text: someText,
  }),
  fc.record({ type: fc.constant('cloze' as const), gaps: fc.dictionary(someId, someText) }),
);

function allRight(item: Question | Scenario): Answer | null {
  if (item.type !== 'scenario') return rightAnswer(item);
  const stages = item.stages.flatMap((stage) => {
    const answer = rightAnswer(stage);
    return answer ? [[stage.id, answer] as const] : [];
  });
  return { type: 'scenario', open: item.stages.length, stages: Object.fromEntries(stages) };
}

/** What a browser would send for a presented question with its controls as they are. */
function formOf(shown: PublicQuestion): Record<string, string | string[]> {
  const chosen = (list: { ref: string; chosen: boolean }[]): string[] =>
    list.filter((each) => each.chosen).map(({ ref }) => ref);
  switch (shown.type) {
    case 'single':
    case 'multiple':
      return { [shown.field]: chosen(shown.options) };
    case 'truefalse':
      return { [shown.field]: shown.chosen ?? '' };
    case 'matching':
      return Object.fromEntries(shown.prompts.map((prompt) => [prompt.field, prompt.chosen ?? '']));
    case 'ordering':
      return Object.fromEntries(
        shown.elements.map(({ field, place }) => [field, place === null ? '' : String(place)]),
      );
    case 'cloze':
      return Object.fromEntries(
        shown.gaps.map((gap) => [gap.field, gap.kind === 'choice' ? chosen(gap.options) : gap.value]),
      );
    default:
      return { [shown.field]: shown.value };
  }
}

/** The same item with another key: whatever decides between right and wrong is changed, whatever is shown is kept. */
function withOtherKey(item: Question): Question {
  const rotated = (list: readonly Option[]): Option[] =>
    list.map(({ id, text: shown }, index) => ({
      id,
      text: shown,
      ...(list[(index + 1) % list.length]?.correct ? { correct: true } : { fraction: -0.5 }),
      feedback: { en: 'SECRET other' },
    }));
  switch (item.type) {
    case 'single':
    case 'multiple':
      return { ...item, options: rotated(item.options) };
    case 'truefalse':
      return { ...item, answer: !item.answer };
    case 'matching':
      return { ...item, prompts: item.prompts.map((prompt) => ({ ...prompt, match: 'c1' })) };
    case 'ordering':
      return { ...item, elements: item.elements.toReversed() };
    case 'numeric':
      return {
        ...item,
        answers: [{ value: 1 }, { value: 2, fraction: 0.5 }],
        units: [...(item.units ?? []), { name: 'ct', factor: 0.01 }],
      };
    case 'shorttext':
      return { ...item, accepted: [{ text: { en: 'other' } }], matchCase: !item.matchCase };
    case 'cloze':
      return {
        ...item,
        gaps: item.gaps.map((gap) => {
          if (gap.kind === 'choice') return { ...gap, weight: 3, options: rotated(gap.options) };
          return gap.kind === 'number'
            ? { ...gap, answers: [{ value: 7 }] }
            : { ...gap, accepted: [{ text: { en: 'other' } }] };
        }),
      };
    default:
      return item;
  }
}

/** Name and ids of the list of an item that is always shuffled. */
function shuffledPartsOf(item: Item | undefined): [string, string[]] {
  const idsOf = (parts: readonly { id: string }[]): string[] => parts.map(({ id }) => id);
  if (item?.type === 'multiple' || item?.type === 'single') return ['options', idsOf(item.options)];
  if (item?.type === 'matching') return ['choices', idsOf(item.choices)];
  return item?.type === 'ordering' ? ['elements', idsOf(item.elements)] : ['', []];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

describe('scoring', () => {
  it('works on items that the schema accepts', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        expect(itemSchema.parse(item)).toEqual(item);
      }),
    );
  });

  it('stays between 0 and the maximum, whatever is answered', () => {
    fc.assert(
      fc.property(
        anyItem,
        someAnswer,
        fc.array(someAnswer, { minLength: 4, maxLength: 4 }),
        (item, answer, others) => {
          const stages = Object.fromEntries(others.map((each, index) => [`s${index}`, each]));
          for (const given of [answer, { type: 'scenario', open: 9, stages } as const]) {
            const { points, max } = scoreAnswer(item, given);
            expect(points).toBeGreaterThanOrEqual(0);
            expect(points).toBeLessThanOrEqual(max);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('gives the declared right answer everything and no answer nothing', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        const right = scoreAnswer(item, allRight(item));
        expect([right.points, right.correctness]).toEqual([right.max, 'correct']);
        expect(scoreAnswer(item, null)).toMatchObject({ points: 0, correctness: 'unanswered' });
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order in which options are submitted', () => {
    fc.assert(
      fc.property(someCorrect, fc.array(fc.nat(6)), fc.infiniteStream(fc.nat()), (list, chosen, keys) => {
        const item: Question = { id: 'q', type: 'multiple', stem: { en: 'Stem' }, options: list };
        const given = chosen.map((at) => `o${at}`);
        const shuffled = given
          .map((id) => [keys.next().value, id] as const)
          .sort(([a], [b]) => a - b)
          .map(([, id]) => id);
        expect(scoreAnswer(item, { type: 'multiple', options: shuffled }).points).toBe(
          scoreAnswer(item, { type: 'multiple', options: given }).points,
        );
      }),
    );
  });

  it('earns nothing by ticking everything, unless everything is right', () => {
    fc.assert(
      fc.property(someCorrect, (list) => {
        const item: Question = { id: 'q', type: 'multiple', stem: { en: 'Stem' }, options: list };
        const { points } = scoreAnswer(item, { type: 'multiple', options: list.map(({ id }) => id) });
        expect(points).toBe(list.every((option) => option.correct) ? 1 : 0);
      }),
    );
  });

  it('adds competencies up to the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyItem, fc.boolean(), fc.constantFrom('STR-01', 'GOV-01')), { maxLength: 8 }),
        (drawn) => {
          const items = drawn.map(
            ([item, , competency], index): Item => ({ ...item, id: `q${index}`, competency }),
          );
          const answers = Object.fromEntries(
            items.map((item, index) => [item.id, drawn[index]?.[1] ? allRight(item) : null]),
          );
          const result = scoreQuiz(items, answers, 70);
          const sums = Object.values(result.perCompetency);
          expect(sums.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(result.points, 5);
          expect(sums.reduce((sum, each) => sum + each.items, 0)).toBe(items.length);
          expect(result.percent).toBeLessThanOrEqual(100);
          for (const { points, max } of sums) expect(points).toBeLessThanOrEqual(max);
          const allAnswers = Object.fromEntries(items.map((item) => [item.id, allRight(item)]));
          expect(scoreQuiz(items, allAnswers, 100)).toMatchObject(
            items.length === 0 ? { percent: 0, passed: false } : { percent: 100, passed: true },
          );
        },
      ),
    );
  });
});

describe('a form', () => {
  it('says what was answered: what is shown, submitted and read back is the same', () => {
    fc.assert(
      fc.property(plainItem, fc.string(), (item, seed) => {
        const arrangement = arrangeItem(item, seed);
        const answer = allRight(item);
        const shown = presentItem(item, arrangement, 'en', answer);
        if (shown.type === 'scenario') throw new Error('not a question');
        expect(parseAnswer(item, arrangement, formOf(shown), null)).toEqual({ ok: true, answer });
      }),
      { numRuns: 500 },
    );
  });

  it('can hold anything without an exception, and what it lets through can be scored and reviewed', () => {
    const field = fc.constantFrom(
      'choice',
      'text',
      'prompt-0',
      'element-0',
      'element-1',
      'gap-0',
      'gap-1',
      'stage-0.choice',
      'stage-0.text',
      'next',
    );
    const sent = fc.oneof(
      fc.constantFrom('', '0', '1', 'true', '5 €', '1,5', '-0'),
      fc.string(),
      fc.anything(),
    );
    fc.assert(
      fc.property(anyItem, fc.oneof(fc.dictionary(field, sent), fc.anything()), (item, raw) => {
        const arrangement = arrangeItem(item, 'seed');
        const result = parseAnswer(item, arrangement, raw, null);
        const answer = result.ok ? result.answer : null;
        const score = scoreAnswer(item, answer);
        const window = { marks: true, correctness: true, rightAnswer: true, feedback: true };
        expect(reviewItem(item, arrangement, answer, score, 'it', window).marks?.max).toBe(score.max);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a presentation', () => {
  it('is the same for two items that differ only in their key, and holds no feedback', () => {
    fc.assert(
      fc.property(question, fc.string(), (item, seed) => {
        const arrangement = arrangeItem(item, seed);
        const json = JSON.stringify(presentItem({ ...TAGS, ...item }, arrangement, 'en', null));
        expect(JSON.stringify(presentItem({ ...TAGS, ...withOtherKey(item) }, arrangement, 'en', null))).toBe(
          json,
        );
        expect(json).not.toMatch(/SECRET|correct|fraction/u);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a draw', () => {
  it('is reproducible, and its orders are permutations', () => {
    fc.assert(
      fc.property(
        fc.array(anyItem, { minLength: 1, maxLength: 8 }),
        fc.string(),
        fc.nat(),
        (list, seed, n) => {
          const bank = list.map((item, index): Item => ({ ...item, id: `q${index}` }));
          const slots = [{ kind: 'random' as const, count: 1 + (n % bank.length) }];
          const result = drawAttempt(slots, bank, seed);
          expect(drawAttempt(slots, bank, seed)).toEqual(result);
          if (!result.ok) throw new Error('the bank is large enough');
          expect(new Set(result.items.map(({ itemId }) => itemId)).size).toBe(slots[0]?.count);
          for (const { itemId, arrangement } of result.items) {
            const item = bank.find(({ id }) => id === itemId);
            const [name, parts] = shuffledPartsOf(item);
            const order = own(arrangement, name) ?? [];
            expect(order.toSorted(compare)).toEqual(parts.toSorted(compare));
            expect(item?.type === 'ordering' && order.join() === parts.join()).toBe(false);
          }
        },
      ),
    );
  });
});
