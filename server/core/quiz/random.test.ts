import { createRandom, shuffled, xoshiro128 } from './random';

describe('xoshiro128', () => {
  it('gives the first numbers of the reference implementation for the state 1, 2, 3, 4', () => {
    const next = xoshiro128([1, 2, 3, 4]);
    expect(Array.from({ length: 5 }, next)).toEqual([11520, 0, 5927040, 70819200, 2031721883]);
  });
});

describe('createRandom', () => {
  it('differs from seed to seed, also from neighbours and the empty one', () => {
    const seeds = ['', 'a', 'b', 'ab', 'ba', 'seed-1', 'seed-2', '\u0000', '\u0000\u0000'];
    const first = seeds.map((seed) => createRandom(seed).integer(2 ** 32));
    expect(new Set(first).size).toBe(seeds.length);
  });

  it('shuffles into every order equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 12_000; seed += 1) {
      const order = shuffled(['a', 'b', 'c', 'd'], createRandom(`seed-${seed}`)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    // 12,000 over 24 orders: 500 each. χ² with 23 degrees of freedom exceeds 49.7 once in a thousand.
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
    expect(counts.size).toBe(24);
    expect(chiSquare).toBeLessThan(49.7);
  });
});
