import fc from 'fast-check';
import { quizStatistics } from '../quiz/statistics';
import type { ItemParameters } from './ability';
import {
  type Calibration,
  type CalibrationModel,
  calibrate,
  type ItemCalibration,
  MINIMUM_RESPONSES,
  SLOPE_RANGE,
} from './calibrate';
import lsat6 from './fixtures/lsat6.json';
import { answers, createChance } from './fixtures/simulate';
import { NOT_PRESENTED, type Responses } from './marginal';

const MODELS: readonly CalibrationModel[] = ['rasch', '1pl', '2pl'];
const patterns = lsat6.patterns as [string, number, number, number, number, number][];
const lsat: Required<Responses> = {
  values: Int8Array.from(patterns.flatMap(([pattern]) => [...pattern].map(Number))),
  items: 5,
  counts: patterns.map(([, count]) => count),
};

type Calibrated = Extract<Calibration, { outcome: 'calibrated' }>;
type Estimated = Extract<ItemCalibration, { a: number }>;

function calibrated(result: Calibration): Calibrated {
  if (result.outcome !== 'calibrated') throw new Error(result.outcome);
  return result;
}

function estimated(result: Calibration): Estimated[] {
  return calibrated(result).items.map((item) => {
    if (!('a' in item)) throw new Error(item.outcome);
    return item;
  });
}

function rows(...list: readonly string[]): Responses {
  const symbols = { '1': 1, '0': 0, '-': NOT_PRESENTED };
  const values = [...list.join('')].map((symbol) => symbols[symbol as keyof typeof symbols]);
  return { values: Int8Array.from(values), items: list[0]?.length ?? 0 };
}

/** The same people, one row each. */
function oneByOne({ values, items, counts }: Required<Responses>): number[][] {
  return Array.from(counts, (count, row) =>
    Array.from({ length: count }, () => [...values.subarray(row * items, (row + 1) * items)]),
  ).flat();
}

type World = { items: ItemParameters[]; responses: Responses };

/** People with standard normal θ who answer by the model; `absent` is the share of items each was not presented. */
function world(seed: string, people: number, count: number, { absent = 0, slope = 0 } = {}): World {
  const chance = createChance(seed);
  const items = Array.from({ length: count }, (_, index) => ({
    a: slope || 0.6 + 1.4 * chance.uniform(),
    b: -2 + (4 * index) / (count - 1),
  }));
  const values = Array.from({ length: people }, () => {
    const theta = chance.normal();
    return items.map((item) => {
      if (chance.uniform() < absent) return NOT_PRESENTED;
      return answers(chance, theta, item) ? 1 : 0;
    });
  });
  return { items, responses: { values: Int8Array.from(values.flat()), items: count } };
}

describe('LSAT section 6', () => {
  it.each(lsat6.models)(
    'gives the published $model estimates',
    ({ model, logLik, parameters, a, b, errors }) => {
      const result = calibrated(calibrate(lsat, model as CalibrationModel));
      expect(result).toMatchObject({ converged: true, persons: 1000, parameters });
      expect(Math.abs(result.logLik - logLik)).toBeLessThan(0.001);
      for (const [index, item] of estimated(result).entries()) {
        expect(Math.abs(item.a - (a[index] ?? 0))).toBeLessThan(0.003);
        expect(Math.abs(item.b - (b[index] ?? 0))).toBeLessThan(0.003);
        if (errors === null) continue;
        expect(Math.abs((item.standardErrors?.a ?? 0) - (errors.a[index] ?? 0))).toBeLessThan(0.002);
        expect(Math.abs((item.standardErrors?.b ?? 0) - (errors.b[index] ?? 0))).toBeLessThan(0.002);
      }
    },
  );

  it('takes far fewer steps than the 89 of plain EM', () => {
    expect(calibrated(calibrate(lsat, '2pl')).iterations).toBeLessThan(50);
  });

  it('has the published coefficient of internal consistency', () => {
    const marks = { values: Float64Array.from(oneByOne(lsat).flat()), maxima: [1, 1, 1, 1, 1] };
    expect((quizStatistics(marks).internalConsistency ?? 0) / 100).toBeCloseTo(lsat6.alpha, 6);
  });

  it('fits no worse with more parameters', () => {
    const [rasch = 0, common = 0, each = 0] = MODELS.map(
      (model) => calibrated(calibrate(lsat, model)).logLik,
    );
    expect(common).toBeGreaterThan(rasch);
    expect(each).toBeGreaterThan(common);
  });
});

describe.each(MODELS)('calibrate: %s', (model) => {
  it('gives the same to the last bit whatever the order of people, counted or one by one', () => {
    const people = oneByOne(lsat);
    const mixed = people.map((_, index) => people[(index * 387) % people.length] ?? []);
    expect(calibrate({ values: Int8Array.from(mixed.flat()), items: 5 }, model)).toEqual(
      calibrate(lsat, model),
    );
  });

  it('gives the same whatever the order of items', () => {
    const order = [3, 0, 4, 2, 1];
    const mixed = oneByOne(lsat).map((person) => order.map((index) => person[index] ?? 0));
    const straight = estimated(calibrate(lsat, model));
    const turned = estimated(calibrate({ values: Int8Array.from(mixed.flat()), items: 5 }, model));
    for (const [place, index] of order.entries()) {
      expect(turned[place]?.a).toBeCloseTo(straight[index]?.a ?? 0, 4);
      expect(turned[place]?.b).toBeCloseTo(straight[index]?.b ?? 0, 4);
    }
  });

  it('mirrors difficulties when right and wrong trade places', () => {
    const mirrored = { ...lsat, values: lsat.values.map((value) => 1 - value) };
    const [straight, turned] = [calibrated(calibrate(lsat, model)), calibrated(calibrate(mirrored, model))];
    expect(turned.logLik).toBeCloseTo(straight.logLik, 6);
    for (const [index, item] of estimated(turned).entries()) {
      expect(item.a).toBeCloseTo(estimated(straight)[index]?.a ?? 0, 4);
      expect(item.b).toBeCloseTo(-(estimated(straight)[index]?.b ?? 0), 3);
    }
  });

  it('is surer by √4 with four times the same people', () => {
    const fourfold = { ...lsat, counts: Array.from(lsat.counts, (count) => 4 * count) };
    const [once, often] = [calibrated(calibrate(lsat, model)), calibrated(calibrate(fourfold, model))];
    expect(often.logLik).toBeCloseTo(4 * once.logLik, 5);
    for (const [index, item] of estimated(often).entries()) {
      expect(item.b).toBeCloseTo(estimated(once)[index]?.b ?? 0, 6);
      expect(2 * (item.standardErrors?.b ?? 0)).toBeCloseTo(
        estimated(once)[index]?.standardErrors?.b ?? 0,
        6,
      );
    }
  });

  it('takes no notice of people who were presented nothing, nor of items below the threshold', () => {
    const people = oneByOne(lsat);
    const wider = [
      ...people.map((person, index) => [...person, index < 150 ? index % 2 : NOT_PRESENTED]),
      ...Array.from({ length: 40 }, () => Array.from({ length: 6 }, () => NOT_PRESENTED)),
    ];
    const result = calibrated(calibrate({ values: Int8Array.from(wider.flat()), items: 6 }, model));
    const plain = calibrated(calibrate(lsat, model));
    expect(result).toEqual({
      ...plain,
      items: [...plain.items, { outcome: 'too-few-responses', responses: 150 }],
    });
  });

  it.each([
    { name: 'everybody answered everything', absent: 0 },
    { name: 'everybody was presented half the items', absent: 0.5 },
  ])('finds the items that made the responses when $name', ({ absent }) => {
    const slope = { rasch: 1, '1pl': 1.4, '2pl': 0 }[model];
    const { items, responses } = world(`recovery ${model}`, 2500, 16, { absent, slope });
    const result = calibrated(calibrate(responses, model));
    expect(result.converged).toBe(true);
    for (const [index, item] of estimated(result).entries()) {
      const { a = 0, b = 0 } = items[index] ?? {};
      const { a: errorA, b: errorB } = item.standardErrors ?? { a: 0, b: 0 };
      expect(Math.abs(item.b - b)).toBeLessThan(4 * errorB);
      expect(Math.abs(item.a - a)).toBeLessThanOrEqual(4 * errorA);
      expect(errorB).toBeLessThan(absent === 0 ? 0.2 : 0.4);
      expect(errorA).toBeLessThan(absent === 0 ? 0.2 : 0.4);
    }
  });

  it('answers any table with finite numbers or a reason', () => {
    const table = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 25 }))
      .chain(([items, people]) =>
        fc.record({
          items: fc.constant(items),
          values: fc
            .array(fc.constantFrom(NOT_PRESENTED, 0, 1), {
              minLength: items * people,
              maxLength: items * people,
            })
            .map((values) => Int8Array.from(values)),
        }),
      );
    fc.assert(
      fc.property(table, (responses) => {
        const result = calibrate(responses, model, { minimumResponses: 1, maximumSteps: 200 });
        if (result.outcome !== 'calibrated') return;
        const numbers = [
          result.logLik,
          ...result.items.flatMap((item) =>
            'a' in item
              ? [item.a, item.b, item.standardErrors?.a ?? 0, item.standardErrors?.b ?? 0]
              : [item.responses],
          ),
        ];
        expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
        expect(result.logLik).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('calibrate with less than it needs', () => {
  it('refuses below 200 responses to an item, or what the caller asks for', () => {
    const { responses } = world('small', MINIMUM_RESPONSES - 1, 6);
    expect(calibrate(responses, '2pl')).toEqual({
      outcome: 'too-few-responses',
      required: 200,
      responses: [199, 199, 199, 199, 199, 199],
    });
    expect(calibrate(responses, '2pl', { minimumResponses: 199 }).outcome).toBe('calibrated');
    expect(calibrate({ values: new Int8Array(0), items: 4 }, 'rasch', { minimumResponses: 0 }).outcome).toBe(
      'too-few-responses',
    );
  });

  it('leaves out items that everybody or nobody answered right, without a change to the others', () => {
    const wider = oneByOne(lsat).map((person) => [1, ...person, 0]);
    const result = calibrated(calibrate({ values: Int8Array.from(wider.flat()), items: 7 }, '2pl'));
    const plain = calibrated(calibrate(lsat, '2pl'));
    expect(result.items).toEqual([
      { outcome: 'all-right', responses: 1000 },
      ...plain.items,
      { outcome: 'all-wrong', responses: 1000 },
    ]);
    expect(result.logLik).toBe(plain.logLik);
  });

  it('says so when too few items tell anything', () => {
    const table = { ...rows('110', '010', '111', '011'), counts: [100, 100, 100, 100] };
    expect(calibrate(table, '2pl')).toEqual({ outcome: 'too-few-items', required: 3, usable: 2 });
  });

  it('reports items that separate perfectly as at the bound', () => {
    const scale = { ...rows('000', '100', '110', '111'), counts: [100, 100, 100, 100] };
    const result = calibrate(scale, '2pl');
    for (const item of estimated(result)) {
      expect(item).toMatchObject({ outcome: 'at-bound', standardErrors: null });
      expect(item.a).toBe(SLOPE_RANGE.high);
      expect(Number.isFinite(item.b)).toBe(true);
    }
  });

  it('reports an item with the wrong key as at the bound, and keeps the others', () => {
    const { responses, items } = world('key', 2000, 12);
    const wrongKey = responses.values.map((value, at) => (at % 12 === 5 ? 1 - value : value));
    const result = estimated(calibrate({ values: wrongKey, items: 12 }, '2pl'));
    expect(result[5]).toMatchObject({ outcome: 'at-bound', a: SLOPE_RANGE.low });
    for (const [index, item] of result.entries()) {
      if (index === 5) continue;
      expect(item.outcome).toBe('estimated');
      expect(Math.abs(item.b - (items[index]?.b ?? 0))).toBeLessThan(0.4);
    }
  });

  it('gives no standard errors where the responses do not determine the parameters', () => {
    // Each person saw one item, so nothing says how steep any of them is.
    const apart = { ...rows('1--', '0--', '-1-', '-0-', '--1', '--0'), counts: [150, 80, 90, 160, 120, 120] };
    for (const item of estimated(calibrate(apart, '2pl'))) expect(item.standardErrors).toBeNull();
    const [first] = estimated(calibrate(apart, 'rasch'));
    expect(first?.standardErrors?.b).toBeGreaterThan(0);
  });

  it('says that it has not converged when it may not go on', () => {
    expect(calibrate(lsat, '2pl', { maximumSteps: 2 })).toMatchObject({ converged: false });
  });

  it('refuses what is no table of responses', () => {
    const four = Int8Array.from([1, 0, 1, 0]);
    expect(() => calibrate({ values: four, items: 3 }, 'rasch')).toThrow(RangeError);
    expect(() => calibrate({ values: four, items: 0 }, 'rasch')).toThrow(RangeError);
    expect(() => calibrate({ values: four, items: 2, counts: [1] }, 'rasch')).toThrow(RangeError);
    expect(() => calibrate({ values: four, items: 2, counts: [1, Number.NaN] }, 'rasch')).toThrow(RangeError);
    expect(() => calibrate({ values: four, items: 2, counts: [1, -1] }, 'rasch')).toThrow(RangeError);
    expect(() => calibrate({ values: Int8Array.from([1, 2]), items: 2 }, 'rasch')).toThrow(RangeError);
  });
});
