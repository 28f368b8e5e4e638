import { arrangeItem } from './draw';
import { sample } from './fixtures/sample-items';
import { type Answer, ITEM_TYPES, type Item } from './item';
import { presentItem } from './present';
import { rightAnswer } from './score';

function shown(item: Item, answer: Answer | null = null): string {
  return JSON.stringify(presentItem(item, arrangeItem(item, 'seed'), 'en', answer));
}

describe('presentItem', () => {
  it.each(ITEM_TYPES)('shows of %s nothing that answers it', (type) => {
    const item = sample(type);
    const answers = [null, item.type === 'scenario' ? null : rightAnswer(item)];
    for (const answer of answers) {
      const json = shown(item, answer);
      expect(json).toContain(item.stem.en);
      for (const key of [
        'SECRET',
        'correct',
        'fraction',
        'eedback',
        'tolerance',
        'accepted',
        'match":',
        '"id"',
        'rubric',
        'levels',
      ]) {
        expect(json).not.toContain(key);
      }
      expect(json).not.toMatch(/"assembly"|"fees"|"p1|"c1|"e1|g-firms|g-close/u);
    }
  });

  it('uses the wanted language and says where it fell back', () => {
    expect(presentItem(sample('single'), { options: ['assembly', 'board', 'manager'] }, 'it', null)).toEqual({
      type: 'single',
      points: 1,
      stem: { text: 'Chi approva il bilancio?', lang: 'it' },
      field: 'choice',
      options: [
        { ref: '0', text: { text: "L'assemblea", lang: 'it' }, chosen: false },
        { ref: '1', text: { text: 'The board', lang: 'en' }, chosen: false },
        { ref: '2', text: { text: 'The manager', lang: 'en' }, chosen: false },
      ],
    });
  });

  it('shows what was answered so far', () => {
    const arrangement = { prompts: ['p2', 'p1', 'p3', 'p4'], choices: ['c4', 'c3', 'c2', 'c1'] };
    const item = presentItem(sample('matching'), arrangement, 'en', {
      type: 'matching',
      pairs: { p1: 'c3' },
    });
    expect(item.type === 'matching' && item.prompts.map(({ field, chosen }) => [field, chosen])).toEqual([
      ['prompt-0', null],
      ['prompt-1', '1'],
      ['prompt-2', null],
      ['prompt-3', null],
    ]);
  });

  it('numbers gaps alike in every language', () => {
    const item = sample('cloze');
    const inItalian = presentItem(item, arrangeItem(item, 'seed'), 'it', null);
    expect(inItalian.type === 'cloze' && inItalian.text.text).toBe(
      'Il cluster ha {{2}} {{0}} che sono {{1}}.',
    );
  });

  it('tells the unit to assume, but not the one to find', () => {
    const item = sample('numeric');
    expect(presentItem(item, {}, 'en', null)).toMatchObject({ unit: { use: 'optional', unit: '€' } });
    expect(presentItem({ ...item, unitRequired: true }, {}, 'en', null)).toMatchObject({
      unit: { use: 'required' },
    });
    expect(shown({ ...item, unitRequired: true })).not.toContain('€');
  });

  it('opens the stages of a scenario one by one', () => {
    const item = sample('scenario');
    expect(shown(item)).toContain('What do you find out first?');
    expect(shown(item)).not.toContain('stage one');
    const second = shown(item, {
      type: 'scenario',
      open: 1,
      stages: { risk: { type: 'single', option: 'boss' } },
    });
    expect(second).toContain('stage one is closed');
    expect(second).not.toContain('stage two');
    expect(presentItem(item, {}, 'en', { type: 'scenario', open: 3, stages: {} })).toMatchObject({
      stageCount: 3,
      stages: [{ closed: true }, { closed: true }, { closed: true }],
      next: null,
    });
  });
});
