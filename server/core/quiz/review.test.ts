import type { Arrangement } from './draw';
import { sample } from './fixtures/sample-items';
import { type Answer, ITEM_TYPES, type Item } from './item';
import { type ReviewItem, type ReviewWindow, reviewItem } from './review';
import { rightAnswer, scoreAnswer } from './score';

const CLOSED: ReviewWindow = { marks: false, correctness: false, rightAnswer: false, feedback: false };
const OPEN: ReviewWindow = { marks: true, correctness: true, rightAnswer: true, feedback: true };

function review(
  item: Item,
  answer: Answer | null,
  window: ReviewWindow,
  arrangement: Arrangement = {},
): ReviewItem {
  return reviewItem(item, arrangement, answer, scoreAnswer(item, answer), 'en', window);
}

const arrangement: Arrangement = { options: ['manager', 'assembly', 'board'] };
const board: Answer = { type: 'single', option: 'board' };

describe('each window opens alone', () => {
  it.each<[keyof ReviewWindow, object]>([
    ['marks', { marks: { points: 0.5, max: 1 } }],
    ['correctness', { correctness: 'partial' }],
    [
      'rightAnswer',
      { rightAnswer: [{ ref: '1', kind: 'text', text: { text: 'The assembly', lang: 'en' } }] },
    ],
    [
      'feedback',
      {
        feedback: {
          general: { text: 'SECRET general', lang: 'en' },
          answers: [{ ref: '2', text: { text: 'SECRET partly', lang: 'en' } }],
        },
      },
    ],
  ])('%s', (name, expected) => {
    const { item, ...rest } = review(sample('single'), board, { ...CLOSED, [name]: true }, arrangement);
    expect(item).toMatchObject({ options: [{ chosen: false }, { chosen: false }, { chosen: true }] });
    expect(rest).toEqual({ ...expected, parts: [], stages: [] });
  });

  it.each(ITEM_TYPES)('%s shows nothing more than before while all are closed', (type) => {
    const item = sample(type);
    const answer = item.type === 'scenario' ? null : rightAnswer(item);
    const json = JSON.stringify(review(item, answer, CLOSED));
    expect(json).not.toMatch(/SECRET|correct|right|eedback|marks|"max"/u);
  });

  it.each(ITEM_TYPES)('%s shows feedback only where feedback is open', (type) => {
    const item = sample(type);
    const answer: Answer | null =
      item.type === 'scenario'
        ? { type: 'scenario', open: 0, stages: { risk: { type: 'single', option: 'cost' } } }
        : rightAnswer(item);
    const json = JSON.stringify(review(item, answer, { ...OPEN, feedback: false, rightAnswer: false }));
    expect(json).not.toContain('SECRET');
  });
});

describe('right answers', () => {
  const lines = (item: Item, order: Arrangement = {}): unknown[] =>
    (review(item, null, OPEN, order).rightAnswer ?? []).map((line) => {
      const { ref } = line;
      if (line.kind === 'text') return [ref, line.text.text];
      return line.kind === 'number' ? [ref, line.value, line.tolerance, line.unit] : [ref];
    });

  it.each<[Item, Arrangement, unknown[]]>([
    [
      sample('multiple'),
      { options: ['grant', 'services', 'fees'] },
      [
        ['2', 'Fees'],
        ['1', 'Services'],
      ],
    ],
    [sample('truefalse'), {}, [['false']]],
    [
      sample('matching'),
      { prompts: ['p2', 'p1'] },
      [
        ['prompt-1', 'Sets the direction'],
        ['prompt-0', 'Gives advice'],
        ['prompt-2', 'Runs the services'],
        ['prompt-3', 'Gives advice'],
      ],
    ],
    [
      sample('ordering'),
      { elements: ['e4', 'e3', 'e2', 'e1'] },
      [
        ['element-3', 'Analyse'],
        ['element-2', 'Choose'],
        ['element-1', 'Act'],
        ['element-0', 'Review'],
      ],
    ],
    [sample('numeric'), {}, [['text', 20000, 0, '€']]],
    [sample('shorttext'), {}, [['text', 'facilitator']]],
    [
      sample('cloze'),
      {},
      [
        ['gap-0', 'firms'],
        ['gap-1', 'near each other'],
        ['gap-2', 80, 5, ''],
      ],
    ],
    [sample('essay'), {}, [['text', 'SECRET model']]],
  ])('%#', (item, order, expected) => {
    expect(lines(item, order)).toEqual(expected);
  });
});

describe('feedback on what was answered', () => {
  it.each<[Item, Answer, string[]]>([
    [sample('multiple'), { type: 'multiple', options: ['grant', 'services'] }, ['SECRET grant']],
    [sample('truefalse'), { type: 'truefalse', value: true }, ['SECRET true']],
    [sample('matching'), { type: 'matching', pairs: { p1: 'c4' } }, ['SECRET p1']],
    [sample('numeric'), { type: 'numeric', text: '20,5 k€' }, ['SECRET nearly']],
    [sample('numeric'), { type: 'numeric', text: '1' }, ['SECRET other number']],
    [sample('shorttext'), { type: 'shorttext', text: 'Moderatore' }, ['SECRET close word']],
    [sample('shorttext'), { type: 'shorttext', text: 'boss' }, ['SECRET other word']],
    [
      sample('cloze'),
      { type: 'cloze', gaps: { 'g-close': 'unknown', 'g-eighty': '76' } },
      ['SECRET unknown', 'SECRET 80'],
    ],
    [sample('essay'), { type: 'essay', text: 'Text' }, []],
  ])('%#', (item, answer, expected) => {
    expect(review(item, answer, OPEN).feedback?.answers.map(({ text }) => text.text)).toEqual(expected);
  });
});

describe('parts', () => {
  it('marks each choice, not the options that were left alone', () => {
    const order = { options: ['grant', 'services', 'fees', 'projects', 'donations'] };
    const item = sample('multiple');
    expect(
      review(item, { type: 'multiple', options: ['fees', 'grant'] }, { ...CLOSED, correctness: true }, order)
        .parts,
    ).toEqual([
      { ref: '2', correctness: 'correct' },
      { ref: '0', correctness: 'incorrect' },
    ]);
  });
});

describe('scenario', () => {
  const answer: Answer = { type: 'scenario', open: 1, stages: { risk: { type: 'single', option: 'boss' } } };

  it('reviews the stages that were reached, each with its own score', () => {
    const { stages } = review(sample('scenario'), answer, { ...OPEN, rightAnswer: false });
    expect(stages.map(({ marks, correctness }) => [marks?.points, correctness])).toEqual([
      [0, 'incorrect'],
      [0, 'unanswered'],
    ]);
  });

  it('shows all stages together with the right answers', () => {
    expect(review(sample('scenario'), answer, OPEN).stages).toHaveLength(3);
  });
});
