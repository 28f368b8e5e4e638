import { arrangeItem, drawAttempt, type Slot } from './draw';
import { sample } from './fixtures/sample-items';
import type { Difficulty, Item, ItemLevel } from './item';

function bankItem(
  id: string,
  level: ItemLevel,
  difficulty: Difficulty = 'easy',
  competency = 'STR-01',
): Item {
  return { ...sample('single'), id, level, difficulty, competency };
}

const bank: Item[] = [
  ...['a1', 'a2', 'a3'].map((id) => bankItem(id, 1)),
  ...['b1', 'b2'].map((id) => bankItem(id, 2, 'hard')),
  bankItem('c1', 2, 'easy', 'GOV-01'),
];

function drawn(slots: Slot[], seed: string): string[] {
  const result = drawAttempt(slots, bank, seed);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.items.map(({ itemId }) => itemId);
}

describe('drawAttempt', () => {
  it('keeps fixed items in place and draws the others by their tags, none twice', () => {
    const slots: Slot[] = [
      { kind: 'random', count: 2, level: 1 },
      { kind: 'fixed', itemId: 'a2' },
      { kind: 'random', count: 1, competency: 'GOV-01' },
      { kind: 'random', count: 1, difficulty: 'hard' },
    ];
    const [first, second, third, fourth, fifth] = drawn(slots, 'seed');
    expect(new Set([first, second])).toEqual(new Set(['a1', 'a3']));
    expect([third, fourth]).toEqual(['a2', 'c1']);
    expect(['b1', 'b2']).toContain(fifth);
  });

  it('is the same for the same seed, whatever the order of the bank', () => {
    const slots: Slot[] = [{ kind: 'random', count: 4 }];
    const once = drawAttempt(slots, bank, 'seed');
    expect(drawAttempt(slots, bank, 'seed')).toEqual(once);
    expect(drawAttempt(slots, bank.toReversed(), 'seed')).toEqual(once);
  });

  it('draws every item equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 3000; seed += 1) {
      for (const id of drawn([{ kind: 'random', count: 2 }], `seed-${seed}`))
        counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    // 3000 draws of 2 from 6: 1000 each, standard deviation 26.
    expect([...counts.values()].map((count) => Math.abs(count - 1000) < 130)).toEqual(Array(6).fill(true));
  });

  it('lets no slot starve another that overlaps it', () => {
    const slots: Slot[] = [
      { kind: 'random', count: 4 },
      { kind: 'random', count: 1, level: 2 },
      { kind: 'random', count: 1, competency: 'GOV-01' },
    ];
    for (let seed = 0; seed < 200; seed += 1) {
      expect(new Set(drawn(slots, `seed-${seed}`)).size).toBe(6);
    }
  });

  it('says which slots cannot be filled', () => {
    const slots: Slot[] = [
      { kind: 'fixed', itemId: 'a1' },
      { kind: 'fixed', itemId: 'gone' },
      { kind: 'fixed', itemId: 'a1' },
      { kind: 'random', count: 3, level: 1 },
    ];
    expect(drawAttempt(slots, bank, 'seed')).toEqual({
      ok: false,
      problems: [
        { slot: 1, reason: 'unknown-item', itemId: 'gone' },
        { slot: 2, reason: 'repeated-item', itemId: 'a1' },
        { slot: 3, reason: 'too-few-items', wanted: 3, available: 2 },
      ],
    });
  });
});

describe('arrangeItem', () => {
  it('shows an ordering question in every order but the right one, equally often', () => {
    const item = { ...sample('ordering'), elements: sample('ordering').elements.slice(0, 3) };
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 5000; seed += 1) {
      const order = arrangeItem(item, `seed-${seed}`)['elements']?.join(' ') ?? '';
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.has('e1 e2 e3')).toBe(false);
    // 5000 over 5 orders: 1000 each, standard deviation 28.
    expect([...counts.values()].map((count) => Math.abs(count - 1000) < 140)).toEqual(Array(5).fill(true));
  });

  it('shuffles prompts and choices independently, so that places tell nothing about pairs', () => {
    const item = { ...sample('matching'), prompts: sample('matching').prompts.slice(0, 3) };
    const together = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed += 1) {
      const { prompts = [], choices = [] } = arrangeItem(item, `seed-${seed}`);
      const places = `${prompts.indexOf('p1')} ${choices.indexOf('c1')}`;
      together.set(places, (together.get(places) ?? 0) + 1);
    }
    // 6000 over 3 × 4 pairs of places: 500 each, standard deviation 21.
    expect([...together.values()].map((count) => Math.abs(count - 500) < 110)).toEqual(Array(12).fill(true));
  });

  it('keeps the order that the author fixed', () => {
    const item = { ...sample('multiple'), shuffle: false };
    expect(arrangeItem(item, 'seed')).toEqual({
      options: ['fees', 'services', 'grant', 'projects', 'donations'],
    });
  });

  it('arranges stages and gaps under their own names', () => {
    expect(Object.keys(arrangeItem(sample('scenario'), 'seed'))).toEqual(['risk/options']);
    expect(Object.keys(arrangeItem(sample('cloze'), 'seed'))).toEqual(['gap:g-close']);
  });
});
