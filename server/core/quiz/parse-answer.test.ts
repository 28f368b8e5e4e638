import type { Arrangement } from './draw';
import { sample } from './fixtures/sample-items';
import type { Answer, Item, NumericQuestion, ScenarioAnswer } from './item';
import { MAX_ESSAY, parseAnswer } from './parse-answer';

function parsed(item: Item, arrangement: Arrangement, raw: unknown, previous: Answer | null = null): unknown {
  const result = parseAnswer(item, arrangement, raw, previous);
  return result.ok ? result.answer : result.problems.map(({ field, code }) => `${field}: ${code}`);
}

const SINGLE: Arrangement = { options: ['manager', 'assembly', 'board'] };
const MATCHING: Arrangement = { prompts: ['p4', 'p1', 'p3', 'p2'], choices: ['c3', 'c1', 'c4', 'c2'] };
const ORDERING: Arrangement = { elements: ['e3', 'e1', 'e4', 'e2'] };

describe('what a form says', () => {
  it('reads places as the options shown there', () => {
    expect(parsed(sample('single'), SINGLE, { choice: '1' })).toEqual({ type: 'single', option: 'assembly' });
    expect(
      parsed(
        sample('multiple'),
        { options: ['grant', 'services', 'fees', 'projects', 'donations'] },
        {
          choice: ['2', '0', '2'],
        },
      ),
    ).toEqual({ type: 'multiple', options: ['fees', 'grant'] });
    expect(parsed(sample('truefalse'), {}, { choice: 'false' })).toEqual({ type: 'truefalse', value: false });
    expect(
      parsed(sample('matching'), MATCHING, { 'prompt-0': '3', 'prompt-1': '1', 'prompt-2': '' }),
    ).toEqual({
      type: 'matching',
      pairs: { p4: 'c2', p1: 'c1' },
    });
    expect(parsed(sample('ordering'), ORDERING, { 'element-0': '3', 'element-1': '1' })).toEqual({
      type: 'ordering',
      places: { e3: 3, e1: 1 },
    });
    expect(
      parsed(
        sample('cloze'),
        { 'gap:g-close': ['unknown', 'close'] },
        { 'gap-0': ' firms', 'gap-1': '1', 'gap-2': '80' },
      ),
    ).toEqual({ type: 'cloze', gaps: { 'g-firms': ' firms', 'g-close': 'close', 'g-eighty': '80' } });
  });

  it('keeps typed text as typed, without what cannot be stored', () => {
    expect(parsed(sample('numeric'), {}, { text: '20 000,0 €' })).toEqual({
      type: 'numeric',
      text: '20 000,0 €',
    });
    expect(parsed(sample('essay'), {}, { text: 'One\r\ntwo\u0000\ud800 e\u0301' })).toEqual({
      type: 'essay',
      text: 'One\ntwo\ufffd é',
    });
  });

  it.each([
    'single',
    'multiple',
    'truefalse',
    'matching',
    'ordering',
    'numeric',
    'shorttext',
    'cloze',
    'essay',
    'scenario',
  ] as const)('takes an empty %s form for no answer', (type) => {
    expect(parsed(sample(type), {}, {})).toBeNull();
    expect(parsed(sample(type), {}, Object.create(null))).toBeNull();
  });
});

describe('what is refused', () => {
  it.each<[string, Item, unknown, string[]]>([
    ['a place that is not shown', sample('single'), { choice: '3' }, ['choice: unknown-option']],
    ["an author's id", sample('single'), { choice: 'assembly' }, ['choice: unknown-option']],
    ['a negative place', sample('single'), { choice: '-1' }, ['choice: unknown-option']],
    ['two choices on a single', sample('single'), { choice: ['0', '1'] }, ['choice: too-many-choices']],
    ['an object for a choice', sample('single'), { choice: { $ne: '' } }, ['choice: malformed']],
    ['a number for a choice', sample('single'), { choice: 1 }, ['choice: malformed']],
    [
      'one forged choice among good ones',
      sample('multiple'),
      { choice: ['0', '9'] },
      ['choice: unknown-option'],
    ],
    ['a third truth value', sample('truefalse'), { choice: 'maybe' }, ['choice: unknown-option']],
    ['a field of another item', sample('single'), { choice: '0', 'gap-0': 'x' }, ['gap-0: unknown-field']],
    ['a score', sample('single'), { choice: '0', points: '1' }, ['points: unknown-field']],
    ['a place beyond the last', sample('ordering'), { 'element-0': '5' }, ['element-0: unknown-option']],
    ['place zero', sample('ordering'), { 'element-0': '0' }, ['element-0: unknown-option']],
    ['words for a number', sample('numeric'), { text: 'many' }, ['text: not-a-number']],
    ['NaN', sample('numeric'), { text: 'NaN' }, ['text: not-a-number']],
    ['Infinity', sample('numeric'), { text: 'Infinity' }, ['text: not-a-number']],
    ['1e309', sample('numeric'), { text: '1e309' }, ['text: not-a-number']],
    ['a megabyte', sample('numeric'), { text: '1'.repeat(1_000_000) }, ['text: too-long']],
    ['a megabyte of words', sample('shorttext'), { text: 'a'.repeat(1_000_000) }, ['text: too-long']],
    ['a long essay', sample('essay'), { text: 'a'.repeat(MAX_ESSAY + 1) }, ['text: too-long']],
    ['a list', sample('essay'), ['text'], [': malformed']],
    ['nothing', sample('essay'), null, [': malformed']],
  ])('%s', (_, item, raw, expected) => {
    expect(parsed(item, {}, raw)).toEqual(expected);
  });

  it('asks for a unit, or for none, without telling which ones count', () => {
    const withUnits = sample('numeric');
    const withoutUnits: NumericQuestion & Item = { ...withUnits, units: [] };
    expect(parsed({ ...withUnits, unitRequired: true }, {}, { text: '5' })).toEqual(['text: unit-missing']);
    expect(parsed(withoutUnits, {}, { text: '5 €' })).toEqual(['text: unit-not-expected']);
    expect(parsed(withUnits, {}, { text: '5 apples' })).toEqual({ type: 'numeric', text: '5 apples' });
  });
});

describe('a scenario', () => {
  const item = sample('scenario');
  const arrangement: Arrangement = { 'risk/options': ['boss', 'cost'] };
  const afterFirst: ScenarioAnswer = {
    type: 'scenario',
    open: 1,
    stages: { risk: { type: 'single', option: 'cost' } },
  };

  it('stays at its stage until the learner goes on', () => {
    expect(parsed(item, arrangement, { 'stage-0.choice': '1' })).toEqual({ ...afterFirst, open: 0 });
    expect(parsed(item, arrangement, { 'stage-0.choice': '1', next: '0' })).toEqual(afterFirst);
  });

  it('does not go on without an answer', () => {
    expect(parsed(item, arrangement, { next: '0' })).toEqual(['next: stage-unanswered']);
  });

  it('refuses stages that are not open yet, and jumps', () => {
    expect(parsed(item, arrangement, { 'stage-1.text': 'x' })).toEqual(['stage-1.: stage-not-open']);
    expect(parsed(item, arrangement, { 'stage-0.choice': '1', next: '1' })).toEqual(['next: stage-not-open']);
    expect(parsed(item, arrangement, { next: '99' })).toEqual(['next: malformed']);
  });

  it('keeps closed stages as they are', () => {
    expect(parsed(item, arrangement, { 'stage-0.choice': '0' }, afterFirst)).toEqual([
      'stage-0.: stage-closed',
    ]);
    expect(parsed(item, arrangement, { 'stage-1.text': 'a precedent' }, afterFirst)).toEqual({
      ...afterFirst,
      stages: { ...afterFirst.stages, move: { type: 'shorttext', text: 'a precedent' } },
    });
  });

  it('takes a second submit of the same stage for the same submit', () => {
    const again = { 'stage-0.choice': '1', next: '0' };
    expect(parsed(item, arrangement, again, afterFirst)).toEqual(afterFirst);
    const typedOn: ScenarioAnswer = {
      ...afterFirst,
      stages: { ...afterFirst.stages, move: { type: 'shorttext', text: 'a precedent' } },
    };
    expect(parsed(item, arrangement, again, typedOn)).toEqual(typedOn);
  });

  it('is complete once its last stage is closed', () => {
    const atLast: ScenarioAnswer = {
      type: 'scenario',
      open: 2,
      stages: { ...afterFirst.stages, move: { type: 'shorttext', text: 'x' } },
    };
    expect(parsed(item, arrangement, { 'stage-2.text': 'Dear colleague', next: '2' }, atLast)).toEqual({
      type: 'scenario',
      open: 3,
      stages: { ...atLast.stages, note: { type: 'essay', text: 'Dear colleague' } },
    });
  });
});
