import fc from 'fast-check';
import sheet from './fixtures/classical-statistics.json';
import {
  choiceStatistics,
  FEW_ATTEMPTS,
  type ItemStatistics,
  itemFlags,
  type QuizStatistics,
  quizStatistics,
} from './statistics';

function statistics(attempts: number[][], maxima: number[]): QuizStatistics {
  return quizStatistics({ values: Float64Array.from(attempts.flat()), maxima });
}

/** Items of a quiz with one item per given column of marks. */
function columns(...marks: number[][]): number[][] {
  return (marks[0] ?? []).map((_, attempt) => marks.map((column) => column[attempt] ?? 0));
}

describe('quizStatistics on 22 attempts at 20 items', () => {
  const { items } = statistics(sheet.attempts, sheet.maxima);
  const times = (value: number | null, factor: number): number | null =>
    value === null ? null : value * factor;
  const near = (value: number | null): unknown =>
    value === null ? null : expect.closeTo(value, -Math.log10(2 * sheet.tolerance));

  it.each(sheet.expected.map((expected, index) => ({ index, ...expected })))(
    'agrees with the spreadsheet on item $index',
    ({ index, facility100, deviation1000, effectiveWeight, discrimination, efficiency }) => {
      const item = items[index];
      expect([
        times(item?.facility ?? null, 100),
        times(item?.standardDeviation ?? null, 1000),
        item?.effectiveWeight,
        item?.discriminationIndex,
        item?.discriminativeEfficiency,
      ]).toEqual([facility100, deviation1000, effectiveWeight, discrimination, efficiency].map(near));
    },
  );

  it('weighs by points and by spread, each adding up to 100 %', () => {
    const sum = (pick: (item: ItemStatistics) => number | null): number =>
      items.reduce((total, item) => total + (pick(item) ?? 0), 0);
    expect(sum((item) => item.intendedWeight)).toBeCloseTo(100, 9);
    expect(sum((item) => item.effectiveWeight)).toBeCloseTo(100, 9);
  });
});

describe('quizStatistics of totals', () => {
  // The figures of the documentation of SKEW and KURT in spreadsheets.
  const totals = [3, 4, 5, 2, 3, 4, 5, 6, 4, 7];

  it('gives skewness and kurtosis from k-statistics', () => {
    const result = statistics(columns(totals), [10]);
    expect(result.skewness).toBeCloseTo(0.359543, 6);
    expect(result.kurtosis).toBeCloseTo(-0.151799637, 8);
    expect([result.mean, result.median]).toEqual([4.3, 4]);
  });

  it('prints a negative consistency and an error ratio above 100 %', () => {
    // Variances 0.3 and 0.3, of the total 0.2: α = 2·(1 − 3) = −400 %, √5 = 2.236.
    const result = statistics(columns([1, 0, 1, 0, 1], [0, 1, 0, 1, 1]), [1, 1]);
    expect(result.internalConsistency).toBeCloseTo(-400, 9);
    expect(result.errorRatio).toBeCloseTo(100 * Math.sqrt(5), 9);
    expect(result.standardError).toBeCloseTo(Math.sqrt(5) * Math.sqrt(0.2), 9);
  });

  it('is entirely consistent where every item says the same', () => {
    const result = statistics(columns([1, 0, 1, 0], [1, 0, 1, 0], [1, 0, 1, 0]), [1, 1, 1]);
    expect(result.internalConsistency).toBeCloseTo(100, 9);
    expect(result.standardError).toBeCloseTo(0, 6);
    expect(result.items[0]).toMatchObject({ facility: 0.5, discriminationIndex: expect.closeTo(100, 9) });
  });

  it('says null rather than guess', () => {
    expect(statistics([], [1, 1])).toMatchObject({
      attempts: 0,
      mean: null,
      median: null,
      internalConsistency: null,
    });
    expect(statistics([[1, 0]], [1, 1])).toMatchObject({
      mean: 1,
      standardDeviation: null,
      items: [{ facility: 1, standardDeviation: null, effectiveWeight: null, discriminationIndex: null }, {}],
    });
    expect(statistics(columns([0, 1], [1, 1]), [1, 1])).toMatchObject({ skewness: null, kurtosis: null });
    expect(statistics(columns([0, 1, 1], [1, 0, 1]), [1, 1])).toMatchObject({ kurtosis: null });
    expect(statistics(columns([1, 1, 1, 1], [0, 0, 0, 0]), [1, 1])).toMatchObject({
      standardDeviation: 0,
      skewness: null,
      kurtosis: null,
      internalConsistency: null,
      errorRatio: null,
      standardError: null,
    });
  });

  it('leaves an item that works against the total out of the effective weights', () => {
    const { items } = statistics(columns([0, 0, 1, 1], [0, 0, 4, 4], [1, 1, 0, 0]), [1, 4, 1]);
    expect(items.map(({ effectiveWeight }) => effectiveWeight)).toEqual([
      expect.closeTo((100 * 1) / 3, 9),
      expect.closeTo((100 * 2) / 3, 9),
      null,
    ]);
    expect(items[2]?.discriminationIndex).toBeCloseTo(-100, 9);
  });

  it('does not take the rounding of the machine for spread', () => {
    const tenths = Array.from({ length: 30 }, (_, attempt) => [0.1, 0.2, 0.3, attempt % 2]);
    const { items } = statistics(tenths, [1, 1, 1, 1]);
    expect(items.map(({ discriminationIndex }) => discriminationIndex)).toEqual([null, null, null, null]);
    expect(items.map(({ effectiveWeight }) => effectiveWeight)).toEqual([0, 0, 0, expect.closeTo(100, 9)]);
  });

  it('judges a drawn item by the attempts that had it', () => {
    const result = statistics(
      [
        [1, Number.NaN, 1],
        [0, Number.NaN, 0],
        [Number.NaN, 1, 1],
        [Number.NaN, 1, 0],
      ],
      [1, 1, 1],
    );
    expect(result.items.map(({ attempts, facility }) => [attempts, facility])).toEqual([
      [2, 0.5],
      [2, 1],
      [4, 0.5],
    ]);
    expect(result.internalConsistency).toBeNull();
  });
});

describe('quizStatistics of any marks', () => {
  it('keeps its figures within their bounds, whatever the order of attempts', () => {
    const quiz = fc
      .record({ width: fc.integer({ min: 1, max: 6 }), attempts: fc.integer({ min: 0, max: 25 }) })
      .chain(({ width, attempts }) =>
        fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: width, maxLength: width }), {
          minLength: attempts,
          maxLength: attempts,
        }),
      );
    fc.assert(
      fc.property(quiz, (marks) => {
        const maxima = (marks[0] ?? [0]).map(() => 4);
        const result = statistics(marks, maxima);
        for (const item of result.items) {
          expect(item.facility ?? 0).toBeGreaterThanOrEqual(0);
          expect(item.facility ?? 0).toBeLessThanOrEqual(1);
          expect(Math.abs(item.discriminationIndex ?? 0)).toBeLessThanOrEqual(100 + 1e-9);
          expect(item.discriminativeEfficiency ?? 0).toBeLessThanOrEqual(100 + 1e-9);
          // An efficiency exaggerates a correlation, as no correlation exceeds its bound.
          expect(Math.abs(item.discriminativeEfficiency ?? 0) + 1e-9).toBeGreaterThanOrEqual(
            item.discriminationIndex !== null && item.discriminationIndex > 0 ? item.discriminationIndex : 0,
          );
        }
        expect(result.internalConsistency ?? 0).toBeLessThanOrEqual(100 + 1e-9);
        const reversed = statistics(marks.toReversed(), maxima);
        const facilities = (each: QuizStatistics): number[] =>
          each.items.map(({ facility }) => facility ?? -1);
        expect(facilities(reversed)).toEqual(
          facilities(result).map((facility) => expect.closeTo(facility, 9)),
        );
      }),
    );
  });

  it('takes 20,000 attempts at 40 items in its stride', () => {
    const values = Float64Array.from({ length: 20_000 * 40 }, (_, index) => ((index * 7919) % 101) / 100);
    const started = performance.now();
    const result = quizStatistics({ values, maxima: Array(40).fill(1) });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(result.items).toHaveLength(40);
  });
});

describe('choiceStatistics', () => {
  // Three options of one item: the two best attempts chose the first, the two worst the second, nobody the third.
  const chosen = Uint8Array.from([1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0]);
  const rest = Float64Array.from([8, 8, 2, 2]);

  it('says who chose what', () => {
    expect(choiceStatistics(chosen, rest, 3)).toEqual([
      { count: 2, share: 0.5, meanRest: 8, discrimination: expect.closeTo(100, 9) },
      { count: 2, share: 0.5, meanRest: 2, discrimination: expect.closeTo(-100, 9) },
      { count: 0, share: 0, meanRest: null, discrimination: null },
    ]);
  });

  it('says nothing without attempts', () => {
    expect(choiceStatistics(new Uint8Array(), new Float64Array(), 1)).toEqual([
      { count: 0, share: null, meanRest: null, discrimination: null },
    ]);
  });
});

describe('itemFlags', () => {
  const sound: ItemStatistics = {
    attempts: FEW_ATTEMPTS,
    facility: 0.6,
    standardDeviation: 0.4,
    intendedWeight: 10,
    effectiveWeight: 10,
    discriminationIndex: 35,
    discriminativeEfficiency: 40,
    markVariance: 0.16,
    restVariance: 4,
    covariance: 0.3,
    largestCovariance: 0.7,
  };
  const option = (isRight: boolean, share: number, discrimination: number) => ({
    isRight,
    statistics: { count: Math.round(share * 100), share, meanRest: 5, discrimination },
  });

  it.each<[string, Partial<ItemStatistics>, ReturnType<typeof option>[], string[]]>([
    ['a sound item', {}, [option(true, 0.6, 35), option(false, 0.4, -35)], []],
    ['few attempts', { attempts: FEW_ATTEMPTS - 1, discriminationIndex: -50 }, [], ['few-attempts']],
    ['everybody right', { facility: 0.97, discriminationIndex: null }, [], ['too-easy']],
    ['everybody wrong', { facility: 0.1 }, [], ['too-hard']],
    ['a wrong key', { discriminationIndex: -3 }, [], ['negative-discrimination']],
    ['little discrimination', { discriminationIndex: 19 }, [], ['weak-discrimination']],
    ['a distractor for nobody', {}, [option(false, 0.01, 0)], ['unused-distractor']],
    ['a distractor for the best', {}, [option(false, 0.3, 12)], ['attractive-distractor']],
    ['a right option for the best', {}, [option(true, 0.3, 12)], []],
  ])('%s', (_, change, options, expected) => {
    expect(itemFlags({ ...sound, ...change }, options)).toEqual(expected);
  });
});
