import { sample } from './fixtures/sample-items';
import type { Answer, MultipleQuestion, NumericQuestion, OrderingQuestion } from './item';
import { rightAnswer, scoreAnswer, scoreQuiz } from './score';

function result(
  item: Parameters<typeof scoreAnswer>[0],
  answer: Answer | null,
  grades = {},
): [number, string] {
  const { points, correctness } = scoreAnswer(item, answer, grades);
  return [points, correctness];
}

describe('single', () => {
  it.each([
    ['assembly', 1, 'correct'],
    ['board', 0.5, 'partial'],
    ['manager', 0, 'incorrect'],
    ['__proto__', 0, 'incorrect'],
  ])('%s earns %d', (option, points, correctness) => {
    expect(result(sample('single'), { type: 'single', option })).toEqual([points, correctness]);
  });

  it('never goes below zero', () => {
    const item = sample('single');
    item.options.push({ id: 'trap', text: { en: 'Trap' }, fraction: -1 });
    expect(result(item, { type: 'single', option: 'trap' })).toEqual([0, 'incorrect']);
  });

  it('takes an answer of another type for none', () => {
    expect(result(sample('single'), { type: 'essay', text: 'assembly' })).toEqual([0, 'unanswered']);
  });
});

describe('multiple: two of five are right', () => {
  it.each<[string[], number, string]>([
    [['fees', 'services'], 1, 'correct'],
    [['services', 'fees', 'fees'], 1, 'correct'],
    [['fees'], 0.5, 'partial'],
    [['fees', 'services', 'grant'], 0.6666667, 'partial'],
    [['fees', 'grant'], 0.1666667, 'partial'],
    [['grant'], 0, 'incorrect'],
    [['fees', 'services', 'grant', 'projects', 'donations'], 0, 'incorrect'],
    [['forged'], 0, 'incorrect'],
    [['fees', 'services', 'forged'], 1, 'correct'],
    [[], 0, 'unanswered'],
  ])('%j earns %d', (options, points, correctness) => {
    expect(result(sample('multiple'), { type: 'multiple', options })).toEqual([points, correctness]);
  });

  it('takes or leaves with exact scoring', () => {
    const item: MultipleQuestion = { ...sample('multiple'), scoring: 'exact' };
    expect(result(item, { type: 'multiple', options: ['fees', 'services'] })).toEqual([1, 'correct']);
    expect(result(item, { type: 'multiple', options: ['fees'] })).toEqual([0, 'incorrect']);
  });

  it("uses the author's fractions, thirds included", () => {
    const item: MultipleQuestion = {
      ...sample('multiple'),
      points: 3,
      options: ['a', 'b', 'c', 'd'].map((id) => ({
        id,
        text: { en: id },
        ...(id === 'd' ? { fraction: -1 } : { correct: true, fraction: 0.33333 }),
      })),
    };
    expect(result(item, { type: 'multiple', options: ['a', 'b', 'c'] })).toEqual([3, 'correct']);
    expect(result(item, { type: 'multiple', options: ['a'] })).toEqual([0.99999, 'partial']);
    expect(result(item, { type: 'multiple', options: ['a', 'b', 'd'] })).toEqual([0, 'incorrect']);
  });

  it('says of each choice what it added or cost', () => {
    const { parts } = scoreAnswer(sample('multiple'), { type: 'multiple', options: ['fees', 'grant'] });
    expect(parts.map(({ id, points, correctness }) => [id, points, correctness])).toEqual([
      ['fees', 0.5, 'correct'],
      ['grant', -0.3333333, 'incorrect'],
    ]);
  });
});

describe('true or false', () => {
  it('is right or wrong', () => {
    expect(result(sample('truefalse'), { type: 'truefalse', value: false })).toEqual([1, 'correct']);
    expect(result(sample('truefalse'), { type: 'truefalse', value: true })).toEqual([0, 'incorrect']);
  });
});

describe('matching: four prompts', () => {
  it.each<[Record<string, string>, number, string]>([
    [{ p1: 'c1', p2: 'c2', p3: 'c3', p4: 'c2' }, 1, 'correct'],
    [{ p1: 'c1', p2: 'c2', p3: 'c4' }, 0.5, 'partial'],
    [{ p1: 'c2' }, 0, 'incorrect'],
    [{ forged: 'c1' }, 0, 'unanswered'],
  ])('%j earns %d', (pairs, points, correctness) => {
    expect(result(sample('matching'), { type: 'matching', pairs })).toEqual([points, correctness]);
  });
});

describe('ordering: four elements', () => {
  const inOrder = (...ids: string[]): Answer => ({
    type: 'ordering',
    places: Object.fromEntries(ids.map((id, index) => [id, index + 1])),
  });

  it.each<[string[], number, string]>([
    [['e1', 'e2', 'e3', 'e4'], 1, 'correct'],
    [['e2', 'e1', 'e3', 'e4'], 0.6666667, 'partial'],
    [['e4', 'e1', 'e2', 'e3'], 0, 'incorrect'],
    [['e4', 'e3', 'e2', 'e1'], 0, 'incorrect'],
  ])('by pairs, %j earns %d', (ids, points, correctness) => {
    expect(result(sample('ordering'), inOrder(...ids))).toEqual([points, correctness]);
  });

  it('by place or exactly, where the author wants it', () => {
    const byPlace: OrderingQuestion = { ...sample('ordering'), scoring: 'position' };
    expect(result(byPlace, inOrder('e2', 'e1', 'e3', 'e4'))).toEqual([0.5, 'partial']);
    expect(result({ ...byPlace, scoring: 'exact' }, inOrder('e2', 'e1', 'e3', 'e4'))).toEqual([
      0,
      'incorrect',
    ]);
    expect(result({ ...byPlace, scoring: 'exact' }, inOrder('e1', 'e2', 'e3', 'e4'))).toEqual([1, 'correct']);
  });

  it('gains nothing from giving every element the same place, or impossible ones', () => {
    const all = (place: number): Answer => ({
      type: 'ordering',
      places: { e1: place, e2: place, e3: place, e4: place },
    });
    expect(result(sample('ordering'), all(1))).toEqual([0, 'incorrect']);
    expect(result(sample('ordering'), all(Number.NaN))).toEqual([0, 'incorrect']);
    expect(result(sample('ordering'), { type: 'ordering', places: {} })).toEqual([0, 'unanswered']);
  });
});

describe('numeric: 20,000 €, half for 5 %', () => {
  it.each<[string, number, string]>([
    ['20000', 1, 'correct'],
    ['20.000', 1, 'correct'],
    ['20 000 €', 1, 'correct'],
    ['20 k€', 1, 'correct'],
    ['2e4', 1, 'correct'],
    ['21000', 0.5, 'partial'],
    ['21000,01', 0, 'incorrect'],
    ['20000 $', 0, 'incorrect'],
    ['-20000', 0, 'incorrect'],
    ['NaN', 0, 'incorrect'],
    ['Infinity', 0, 'incorrect'],
    ['1e309', 0, 'incorrect'],
    ['', 0, 'unanswered'],
    [' \n', 0, 'unanswered'],
  ])('%j earns %d', (text, points, correctness) => {
    expect(result(sample('numeric'), { type: 'numeric', text })).toEqual([points, correctness]);
  });

  it('includes the limits of a tolerance in spite of binary rounding', () => {
    const item: NumericQuestion = { ...sample('numeric'), answers: [{ value: 0.3, tolerance: 0.1 }] };
    expect(result(item, { type: 'numeric', text: '0.4' })).toEqual([1, 'correct']);
    expect(result(item, { type: 'numeric', text: '0,2' })).toEqual([1, 'correct']);
    expect(result(item, { type: 'numeric', text: '0.401' })).toEqual([0, 'incorrect']);
  });

  it('counts −0 as 0', () => {
    const item: NumericQuestion = { ...sample('numeric'), answers: [{ value: 0 }] };
    expect(result(item, { type: 'numeric', text: '-0' })).toEqual([1, 'correct']);
  });

  it('reads a megabyte as a wrong answer, quickly', () => {
    const started = performance.now();
    expect(result(sample('numeric'), { type: 'numeric', text: '1'.repeat(1_000_000) })).toEqual([
      0,
      'incorrect',
    ]);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('short text', () => {
  it.each<[string, number, string]>([
    ['Facilitator', 1, 'correct'],
    ['facilitatrice', 1, 'correct'],
    ['moderator', 0.5, 'partial'],
    ['chair', 0, 'incorrect'],
    ['   ', 0, 'unanswered'],
  ])('%j earns %d', (text, points, correctness) => {
    expect(result(sample('shorttext'), { type: 'shorttext', text })).toEqual([points, correctness]);
  });
});

describe('cloze: weights 1, 1, 2 of 4 points', () => {
  it.each<[Record<string, string>, number, string]>([
    [{ 'g-firms': 'imprese', 'g-close': 'close', 'g-eighty': '84' }, 4, 'correct'],
    [{ 'g-firms': 'firms' }, 1, 'partial'],
    [{ 'g-eighty': '80' }, 2, 'partial'],
    [{ 'g-close': 'unknown' }, 0, 'incorrect'],
    [{ forged: 'close' }, 0, 'unanswered'],
  ])('%j earns %d', (gaps, points, correctness) => {
    expect(result(sample('cloze'), { type: 'cloze', gaps })).toEqual([points, correctness]);
  });
});

describe('essay: 3 + 1 rubric points, 4 points', () => {
  const answer: Answer = { type: 'essay', text: 'Criteria first.' };
  it.each<[string, object, number, string]>([
    ['no grade', {}, 0, 'needs-grading'],
    ['half a grade', { facts: 3 }, 0, 'needs-grading'],
    ['a broken grade', { facts: 3, interests: Number.NaN }, 0, 'needs-grading'],
    ['full marks', { facts: 3, interests: 1 }, 4, 'correct'],
    ['part', { facts: 1.5, interests: 0 }, 1.5, 'partial'],
    ['nothing', { facts: 0, interests: 0 }, 0, 'incorrect'],
    ['marks out of range', { facts: Number.POSITIVE_INFINITY, interests: -5 }, 3, 'partial'],
  ])('%s', (_, grade, points, correctness) => {
    expect(result(sample('essay'), answer, { 's-essay': grade })).toEqual([points, correctness]);
  });

  it('needs no grader for a blank page', () => {
    expect(result(sample('essay'), { type: 'essay', text: ' \n ' })).toEqual([0, 'unanswered']);
  });
});

describe('scenario: 1 + 2 + 3 points', () => {
  const stages = {
    risk: { type: 'single', option: 'cost' },
    move: { type: 'shorttext', text: 'precedents' },
    note: { type: 'essay', text: 'Dear colleague' },
  } as const;

  it('adds up its stages', () => {
    const answer: Answer = { type: 'scenario', open: 3, stages };
    expect(scoreAnswer(sample('scenario'), answer).max).toBe(6);
    expect(result(sample('scenario'), answer)).toEqual([3, 'needs-grading']);
    expect(result(sample('scenario'), answer, { note: { tone: 1 } })).toEqual([4.5, 'partial']);
    expect(result(sample('scenario'), answer, { note: { tone: 2 } })).toEqual([6, 'correct']);
  });

  it('earns nothing for stages without an answer', () => {
    expect(result(sample('scenario'), { type: 'scenario', open: 1, stages: { risk: stages.risk } })).toEqual([
      1,
      'partial',
    ]);
    expect(result(sample('scenario'), null)).toEqual([0, 'unanswered']);
  });
});

describe('scoreQuiz', () => {
  const items = [
    sample('single'),
    { ...sample('truefalse'), competency: 'STR-01', points: 3 },
    sample('essay'),
  ];

  it('adds up points by competency and compares with the pass mark', () => {
    const answers = {
      's-single': rightAnswer(sample('single')),
      's-truefalse': rightAnswer(sample('truefalse')),
    };
    expect(scoreQuiz(items, answers, 50)).toEqual({
      points: 4,
      max: 8,
      percent: 50,
      passed: true,
      pending: 0,
      perCompetency: { 'GOV-01': { points: 1, max: 5, items: 2 }, 'STR-01': { points: 3, max: 3, items: 1 } },
    });
    expect(scoreQuiz(items, answers, 50.1).passed).toBe(false);
  });

  it('says how many points wait for a grader', () => {
    const answers: Record<string, Answer> = {
      's-essay': { type: 'essay', text: 'Text' },
      's-scenario': { type: 'scenario', open: 2, stages: { note: { type: 'essay', text: 'Text' } } },
    };
    expect(scoreQuiz([...items, sample('scenario')], answers, 50)).toMatchObject({
      pending: 7,
      passed: false,
    });
  });

  it('passes nobody in a quiz worth nothing, and finds no answers in the prototype', () => {
    expect(scoreQuiz([], {}, 0)).toMatchObject({ percent: 0, passed: false });
    expect(scoreQuiz([{ ...sample('single'), id: 'constructor' }], {}, 50).points).toBe(0);
  });

  it('does not fail a pass mark for binary rounding', () => {
    const ten = Array.from({ length: 10 }, (_, index) => ({
      ...sample('truefalse'),
      id: `q${index}`,
      points: 0.1,
    }));
    const answers = Object.fromEntries(
      ten.slice(0, 7).map(({ id }) => [id, { type: 'truefalse', value: false } as const]),
    );
    expect(scoreQuiz(ten, answers, 70).passed).toBe(true);
  });
});
