import fc from 'fast-check';
import {
  type Ability,
  eap,
  type ItemParameters,
  information,
  map,
  probability,
  type ScoredResponse,
} from './ability';
import published from './fixtures/adaptive-bank.json';
import lsat6 from './fixtures/lsat6.json';

const item = fc.record({
  a: fc.double({ min: 0.3, max: 2.5, noNaN: true }),
  b: fc.double({ min: -3, max: 3, noNaN: true }),
});
const guessed = fc.record({
  a: fc.double({ min: 0.3, max: 2.5, noNaN: true }),
  b: fc.double({ min: -3, max: 3, noNaN: true }),
  c: fc.double({ min: 0, max: 0.4, noNaN: true }),
});
const theta = fc.double({ min: -4, max: 4, noNaN: true });
const responses = fc.array(fc.record({ item, isRight: fc.boolean() }), { maxLength: 20 });
const estimators = [
  ['eap', eap],
  ['map', map],
] as const;

describe('probability and information', () => {
  const bank = published.bank.map(([a = 0, b = 0, c = 0]) => ({ a, b, c }));

  it.each(published.curves)('at θ = %f, item %i of the published bank', (at, number, p, info) => {
    const parameters = bank[(number ?? 0) - 1] ?? { a: 0, b: 0 };
    expect(probability(at ?? 0, parameters)).toBeCloseTo(p ?? 0, 8);
    expect(information(at ?? 0, parameters)).toBeCloseTo(info ?? 0, 8);
  });

  it('is P′² / (P (1 − P))', () => {
    fc.assert(
      fc.property(guessed, theta, (parameters, at) => {
        const p = probability(at, parameters);
        const step = 1e-5;
        const change = (probability(at + step, parameters) - probability(at - step, parameters)) / (2 * step);
        expect(information(at, parameters)).toBeCloseTo(change ** 2 / (p * (1 - p)), 5);
      }),
    );
  });

  it('stays a number however far the item is', () => {
    for (const c of [0, 0.2]) {
      for (const at of [-1e6, 1e6]) {
        expect(information(at, { a: 3, b: 0, c })).toBeCloseTo(0, 12);
        const extreme = [false, true].map((isRight) => ({ item: { a: 3, b: at, c }, isRight }));
        for (const [, estimate] of estimators) {
          const { theta: where, sd } = estimate(extreme);
          expect(Number.isFinite(where) && sd > 0 && sd <= 1.000001).toBe(true);
        }
      }
    }
  });
});

describe('estimates for the patterns of LSAT section 6', () => {
  const model = lsat6.models.find(({ model: name }) => name === '2pl');
  const items = model?.a.map((a, index): ItemParameters => ({ a, b: model.b[index] ?? 0 })) ?? [];
  const scored = (pattern: string): ScoredResponse[] =>
    items.map((each, index) => ({ item: each, isRight: pattern[index] === '1' }));

  it.each(lsat6.patterns as [string, number, number, number, number, number][])(
    '%s',
    (pattern, _, eapTheta, eapSd, mapTheta, mapSd) => {
      const mean = eap(scored(pattern));
      const mode = map(scored(pattern));
      expect(Math.abs(mean.theta - eapTheta)).toBeLessThan(0.001);
      expect(Math.abs(mean.sd - eapSd)).toBeLessThan(0.001);
      expect(Math.abs(mode.theta - mapTheta)).toBeLessThan(0.001);
      expect(Math.abs(mode.sd - mapSd)).toBeLessThan(0.001);
    },
  );
});

describe.each(estimators)('%s', (_, estimate) => {
  it('is the prior without answers', () => {
    const { theta: mean, sd } = estimate([], { theta: 0.7, sd: 1.3 });
    expect(mean).toBeCloseTo(0.7, 9);
    expect(sd).toBeCloseTo(1.3, 6);
  });

  it('does not depend on the order of the answers', () => {
    fc.assert(
      fc.property(responses, (given) => {
        const forwards = estimate(given);
        const backwards = estimate(given.toReversed());
        expect(backwards.theta).toBeCloseTo(forwards.theta, 9);
        expect(backwards.sd).toBeCloseTo(forwards.sd, 9);
      }),
    );
  });

  it('moves and stretches with the scale', () => {
    const shift = fc.double({ min: -5, max: 5, noNaN: true });
    const factor = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(
      fc.property(responses, shift, factor, (given, by, times) => {
        const moved = given.map(({ item: { a, b }, isRight }) => ({
          item: { a: a / times, b: times * b + by },
          isRight,
        }));
        const before = estimate(given);
        const after = estimate(moved, { theta: by, sd: times });
        expect(after.theta).toBeCloseTo(times * before.theta + by, 7);
        expect(after.sd).toBeCloseTo(times * before.sd, 7);
      }),
    );
  });

  it('rises with a right answer and falls with a wrong one', () => {
    fc.assert(
      fc.property(responses, guessed, (given, next) => {
        const now = estimate(given).theta;
        expect(estimate([...given, { item: next, isRight: true }]).theta).toBeGreaterThan(now - 1e-9);
        expect(estimate([...given, { item: next, isRight: false }]).theta).toBeLessThan(now + 1e-9);
      }),
    );
  });
});

describe('what answers do to precision', () => {
  it('is in sum the law of total variance: on average the posterior narrows by what the mean will move', () => {
    fc.assert(
      fc.property(responses, guessed, (given, next) => {
        const now = eap(given);
        const right = eap([...given, { item: next, isRight: true }]);
        const wrong = eap([...given, { item: next, isRight: false }]);
        const chance = predicted(now, right, wrong);
        const average = chance * right.sd ** 2 + (1 - chance) * wrong.sd ** 2;
        const movement =
          chance * (right.theta - now.theta) ** 2 + (1 - chance) * (wrong.theta - now.theta) ** 2;
        expect(chance).toBeGreaterThan(0);
        expect(chance).toBeLessThan(1);
        expect(average + movement).toBeCloseTo(now.sd ** 2, 8);
      }),
    );
  });

  it('never leaves the posterior of a two-parameter test wider than the prior', () => {
    fc.assert(
      fc.property(responses, (given) => {
        expect(eap(given).sd).toBeLessThanOrEqual(1 + 1e-6);
        expect(map(given).sd).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('makes map the top of the posterior, and of the higher of two tops', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ item: guessed, isRight: fc.boolean() })), theta, (given, other) => {
        const height = (at: number): number =>
          given.reduce(
            (sum, { item: each, isRight }) => {
              const p = probability(at, each);
              return sum + Math.log(isRight ? p : 1 - p);
            },
            -(at ** 2) / 2,
          );
        const top = map(given).theta;
        for (const at of [other, top - 0.01, top + 0.01]) {
          expect(height(top)).toBeGreaterThanOrEqual(height(at) - 1e-9);
        }
      }),
    );
  });
});

/** Chance of a right answer that makes today's mean the average of tomorrow's, as any posterior mean must be. */
function predicted(now: Ability, right: Ability, wrong: Ability): number {
  return (now.theta - wrong.theta) / (right.theta - wrong.theta);
}
