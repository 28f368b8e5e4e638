import fc from 'fast-check';
import { eap, information, type ScoredResponse } from './ability';
import { type AdaptiveTest, adaptiveStep, type ItemAnswer, nextItem, type PoolItem } from './adaptive';
import published from './fixtures/adaptive-bank.json';
import { answers, createChance } from './fixtures/simulate';

const GROUPS = ['g0', 'g1', 'g2', 'g3', 'g4', 'g5', 'g6'];
const EQUAL = Object.fromEntries(GROUPS.map((group) => [group, 1]));

/** As large as the smallest bank to be used: 4 items for each of 28 competencies, in 7 areas. */
function bankOf(seed: string, size = 112): PoolItem[] {
  const chance = createChance(seed);
  return Array.from({ length: size }, (_, index) => ({
    id: `i${index}`,
    group: GROUPS[index % GROUPS.length] ?? '',
    a: 0.8 + 1.2 * chance.uniform(),
    b: -2.5 + 5 * chance.uniform(),
  }));
}

type Run = { asked: string[]; sd: number; reason: string };

function run(test: AdaptiveTest, isRight: (item: PoolItem) => boolean): Run {
  const given: ItemAnswer[] = [];
  while (true) {
    const step = adaptiveStep(test, given);
    if (step.kind === 'stop') {
      return { asked: given.map(({ id }) => id), sd: step.ability.sd, reason: step.reason };
    }
    given.push({ id: step.item.id, isRight: isRight(step.item) });
  }
}

function countBy<T>(list: readonly T[], key: (each: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of list) counts.set(key(each), (counts.get(key(each)) ?? 0) + 1);
  return counts;
}

describe('the published adaptive test', () => {
  const pool = published.bank.map(
    ([a = 0, b = 0, c = 0], index): PoolItem => ({ id: `${index + 1}`, group: 'all', a, b, c }),
  );
  const replay = published.replay.map(([item, isRight, theta = 0, sd = 0]) => ({
    answer: { id: `${item}`, isRight: isRight === 1 },
    theta,
    sd,
  }));
  const stop = { minimumItems: replay.length, maximumItems: replay.length, standardError: 0 };
  const onGrid: typeof eap = (responses, prior) => eap(responses, prior, published.grid);

  it.each([
    { name: 'on the nodes it was made with', estimate: onGrid, digits: 8 },
    { name: 'on finer ones', estimate: eap, digits: 2.7 },
  ])('is reproduced item by item $name', ({ estimate, digits }) => {
    for (const [index, expected] of replay.entries()) {
      const before = adaptiveStep(
        { pool, stop, estimate },
        replay.slice(0, index).map(({ answer }) => answer),
      );
      expect(before.kind === 'ask' && before.item.id).toBe(expected.answer.id);
      const after = adaptiveStep(
        { pool, stop, estimate },
        replay.slice(0, index + 1).map(({ answer }) => answer),
      );
      expect(after.ability.theta).toBeCloseTo(expected.theta, digits);
      expect(after.ability.sd).toBeCloseTo(expected.sd, digits);
    }
    const end = adaptiveStep(
      { pool, stop, estimate },
      replay.map(({ answer }) => answer),
    );
    expect(end).toMatchObject({ kind: 'stop', reason: 'length', asked: 15 });
  });
});

describe('nextItem', () => {
  const pool = bankOf('pool', 40);
  const theta = fc.double({ min: -4, max: 4, noNaN: true });
  const some = fc.subarray(
    pool.map(({ id }) => id),
    { maxLength: 39 },
  );

  it('takes the most informative item not asked yet, whatever the order of the pool', () => {
    fc.assert(
      fc.property(theta, some, fc.shuffledSubarray(pool, { minLength: 40 }), (at, asked, mixed) => {
        const item = nextItem(at, mixed, asked);
        const open = pool.filter(({ id }) => !asked.includes(id));
        const best = Math.max(...open.map((each) => information(at, each)));
        expect(item && information(at, item)).toBe(best);
        expect(item).toEqual(nextItem(at, pool, asked));
        expect(asked).not.toContain(item?.id);
      }),
    );
  });

  it('ends with the pool, and decides ties by id', () => {
    const ids = pool.map(({ id }) => id);
    expect(nextItem(0, pool, ids)).toBeNull();
    expect(nextItem(0, pool, ids, { targets: EQUAL, exposure: { seed: 's', cap: 0.1 } })).toBeNull();
    const twins = ['b', 'a', 'c'].map((id): PoolItem => ({ id, group: 'g0', a: 1, b: 0 }));
    expect(nextItem(0, twins, [])?.id).toBe('a');
  });

  it('draws among the most informative ones by the seed', () => {
    const open = pool.map(({ id }) => id);
    const ranked = pool.toSorted((x, y) => information(0.3, y) - information(0.3, x));
    const drawn = Array.from({ length: 200 }, (_, index) => {
      const selection = { exposure: { seed: `person ${index}`, among: 4 } };
      const item = nextItem(0.3, pool, [], selection);
      expect(nextItem(0.3, pool, [], selection)).toBe(item);
      return item?.id ?? '';
    });
    const counts = countBy(drawn, (id) => id);
    expect([...counts.keys()].toSorted()).toEqual(
      ranked
        .slice(0, 4)
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(Math.min(...counts.values())).toBeGreaterThan(25);
    const last = nextItem(0.3, pool, open.slice(1), { exposure: { seed: 'x', among: 4 } });
    expect(last?.id).toBe(open[0]);
  });

  it('shows the best item to the share of tests it may be in', () => {
    const best = nextItem(0.3, pool, [])?.id;
    const first = Array.from({ length: 400 }, (_, index) =>
      nextItem(0.3, pool, [], { exposure: { seed: `person ${index}`, cap: 0.3 } }),
    );
    const share = first.filter((item) => item?.id === best).length / 400;
    expect(Math.abs(share - 0.3)).toBeLessThan(3 * Math.sqrt((0.3 * 0.7) / 400));
  });

  it('begins with the group of the largest weight', () => {
    fc.assert(
      fc.property(fc.constantFrom(...GROUPS), theta, (group, at) => {
        expect(nextItem(at, pool, [], { targets: { ...EQUAL, [group]: 2 } })?.group).toBe(group);
      }),
    );
  });

  it('never lets a group lead its target by an item, with any weights', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 11 }), theta, (each, length, at) => {
        const targets = Object.fromEntries(GROUPS.map((group, index) => [group, each[index] ?? 0]));
        const total = each.reduce((sum, weight) => sum + weight, 0);
        const large = bankOf('large', 84);
        const asked: PoolItem[] = [];
        for (let n = 1; n <= length; n += 1) {
          const item = nextItem(
            at,
            large,
            asked.map(({ id }) => id),
            { targets },
          );
          if (item !== null) asked.push(item);
          for (const [group, count] of countBy(asked, (one) => one.group)) {
            expect(count).toBeLessThan(((targets[group] ?? 0) / total) * n + 1);
          }
        }
        expect(asked).toHaveLength(length);
      }),
    );
  });

  it('gives every group as many items when the weights are equal, and others only when those are used up', () => {
    const stray: PoolItem = { id: 'stray', group: 'other', a: 3, b: 0 };
    const stop = { minimumItems: 0, maximumItems: 100, standardError: 0 };
    const { asked, reason } = run(
      { pool: [...bankOf('equal', 28), stray], targets: EQUAL, stop },
      () => true,
    );
    expect(reason).toBe('pool');
    expect(asked.at(-1)).toBe('stray');
    for (let round = 0; round < 4; round += 1) {
      const groups = asked.slice(7 * round, 7 * round + 7).map((id) => Number(id.slice(1)) % 7);
      expect(new Set(groups).size).toBe(7);
    }
  });

  it('passes over a group that has nothing left', () => {
    const few = bankOf('few', 28).filter(({ group }) => group !== 'g3');
    const stop = { minimumItems: 0, maximumItems: 14, standardError: 0 };
    expect(run({ pool: few, targets: EQUAL, stop }, () => false).asked).toHaveLength(14);
  });

  it('does not take names of built-in properties for groups', () => {
    const odd = ['constructor', '__proto__', 'toString'].map(
      (group, index): PoolItem => ({ id: group, group, a: 1 + index, b: 0 }),
    );
    expect(nextItem(0, [...odd, ...pool], [], { targets: { g2: 1 } })?.group).toBe('g2');
  });
});

describe('adaptiveStep', () => {
  const pool = bankOf('steps');

  it('stops when precise enough, not before the fewest items, and at the longest', () => {
    const rule = { minimumItems: 12, maximumItems: 30, standardError: 0.6 };
    const isRight = (item: PoolItem): boolean => item.b < 0.4;
    expect(run({ pool, stop: rule }, isRight)).toMatchObject({ reason: 'precision', asked: { length: 12 } });
    const long = run({ pool, stop: { ...rule, standardError: 0.1 } }, isRight);
    expect(long).toMatchObject({ reason: 'length', asked: { length: 30 } });
    const precise = run({ pool, stop: { ...rule, standardError: 0.35 } }, isRight);
    expect(precise.reason).toBe('precision');
    expect(precise.sd).toBeLessThanOrEqual(0.35);
  });

  it('refuses answers it cannot place', () => {
    const stop = { minimumItems: 1, maximumItems: 5, standardError: 0.3 };
    const answer = { id: 'i1', isRight: true };
    expect(() => adaptiveStep({ pool, stop }, [{ id: 'gone', isRight: true }])).toThrow(RangeError);
    expect(() => adaptiveStep({ pool, stop }, [answer, answer])).toThrow(RangeError);
  });

  describe('in a simulation of 120 people', () => {
    const stop = { minimumItems: 5, maximumItems: 112, standardError: 0.4 };
    const people = Array.from({ length: 120 }, (_, index) => index);

    it('needs at least 40 % fewer items than a fixed form, and shows no item to more than its share', () => {
      const chance = createChance('simulation');
      const cap = 0.6;
      const shown: string[] = [];
      let [adaptive, fixed] = [0, 0];
      for (const person of people) {
        const theta = chance.normal();
        const exposure = { seed: `person ${person}`, among: 4, cap };
        const { asked } = run({ pool, stop, targets: EQUAL, exposure }, (item) =>
          answers(chance, theta, item),
        );
        shown.push(...asked);
        adaptive += asked.length;

        const form: ScoredResponse[] = [];
        for (const item of pool) {
          form.push({ item, isRight: answers(chance, theta, item) });
          if (eap(form).sd <= stop.standardError) break;
        }
        fixed += form.length;
      }
      expect(adaptive).toBeLessThan(0.6 * fixed);
      const rates = [...countBy(shown, (id) => id).values()].map((count) => count / people.length);
      // Three standard errors of such a share.
      expect(Math.max(...rates)).toBeLessThan(cap + 3 * Math.sqrt((cap * (1 - cap)) / people.length));
    });

    it('says how precise it is: the truth is within the standard deviation as often as it should be', () => {
      const chance = createChance('honesty');
      let squares = 0;
      for (const _ of people) {
        const theta = chance.normal();
        const given: ItemAnswer[] = [];
        let step = adaptiveStep({ pool, stop }, given);
        while (step.kind === 'ask') {
          given.push({ id: step.item.id, isRight: answers(chance, theta, step.item) });
          step = adaptiveStep({ pool, stop }, given);
        }
        squares += ((theta - step.ability.theta) / step.ability.sd) ** 2;
      }
      // A mean of squares of standard normals, three of its standard errors either way.
      expect(Math.abs(squares / people.length - 1)).toBeLessThan(3 * Math.sqrt(2 / people.length));
    });
  });
});
