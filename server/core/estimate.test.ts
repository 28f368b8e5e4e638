import fc from 'fast-check';
import { contributions, type Estimate, type Evidence, estimate } from './estimate';
import { EVIDENCE_SOURCES, type EvidenceSource, type ObservationModel, type SourceModel } from './framework';

const YEAR = 365.25 * 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 5, 1);
const FLAT = [1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6];

const model: ObservationModel = {
  version: 'test',
  prior: FLAT,
  ageingVariancePerYear: 0.1,
  sources: {
    self: { bias: 0.3, noise: 0.9, cap: 5, verified: false, itemsPerObservation: 1 },
    group360: { bias: 0.2, noise: 0.7, cap: 4, verified: false, itemsPerObservation: 3 },
    diagnostic: { bias: 0, noise: 0.6, cap: 2, verified: true, itemsPerObservation: 5 },
    quiz: { bias: 0, noise: 0.5, cap: 2, verified: true, itemsPerObservation: 9 },
    'graded-exercise': { bias: 0, noise: 0.5, cap: 3, verified: true, itemsPerObservation: 1 },
    workplace: { bias: 0, noise: 0.5, cap: 4, verified: true, itemsPerObservation: 1 },
    panel: { bias: 0, noise: 0.4, cap: 5, verified: true, itemsPerObservation: 1 },
    'prior-learning': { bias: 0, noise: 0.6, cap: 4, verified: true, itemsPerObservation: 1 },
  },
};

let serial = 0;
function piece(source: EvidenceSource, level: number, more: Partial<Evidence> = {}): Evidence {
  serial += 1;
  return { id: `e${serial}`, source, level, items: 1, observedAt: NOW, ...more };
}

function estimated(evidence: readonly Evidence[], observationModel = model, asOf = NOW): Estimate {
  const result = estimate(evidence, asOf, observationModel);
  if (!result) throw new Error('expected an estimate');
  return result;
}

const width = ({ interval80: [low, high] }: Estimate): number => high - low;
const mode = ({ distribution }: Estimate): number => distribution.indexOf(Math.max(...distribution));
const median = ({ distribution }: Estimate): number =>
  distribution.findIndex((_, level) => distribution.slice(0, level + 1).reduce((a, b) => a + b) >= 0.5);
const rounded = (numbers: readonly number[]): number[] => numbers.map((n) => Math.round(n * 1e4) / 1e4);

describe('estimate, worked by hand', () => {
  it('reads a fresh self-rating of 3 with its leniency and noise', () => {
    // Centre 3 − 0.3 = 2.7, 2v = 2 · 0.81 = 1.62, weights e^(−(2.7 − l)² / 1.62):
    // .01111 .16797 .73899 .94596 .35232 .03818, sum 2.25454.
    // 80 %: the best pair [2,3] holds .747; of the triples [2,4] holds .904, [1,3] only .822.
    expect(rounded(estimated([piece('self', 3)]).distribution)).toEqual([
      0.0049, 0.0745, 0.3278, 0.4196, 0.1563, 0.0169,
    ]);
    expect(estimated([piece('self', 3)])).toMatchObject({
      level: expect.closeTo(2.6986, 4),
      ordinal: 3,
      interval80: [2, 4],
      counts: { self: 1 },
      claimOnly: true,
      verifiedLevel: 0,
      latest: NOW,
    });
  });

  it.each([1, 2, 3, 4, 5])('takes a lone fresh self-rating of %i at its word, flat prior', (level) => {
    expect(estimated([piece('self', level)]).ordinal).toBe(level);
  });

  it('reads a claim of the top level as "at least 5"', () => {
    // Φ((l + 0.3 − 5) / 0.9): l=5 Φ(.333)=.63056, l=4 Φ(−.778)=.21835, l=3 .02945, l=2 .00135; sum .87973.
    expect(rounded(estimated([piece('self', 5)]).distribution.slice(2))).toEqual([
      0.0015, 0.0335, 0.2482, 0.7168,
    ]);
  });

  it('credits a quiz at its cap with the cap and nothing above', () => {
    // Φ((l − 2) / 0.5): l=2 .5, l=1 Φ(−2)=.02275, l=0 Φ(−4)=.00003; sum .52278; above the cap of 2 nothing.
    const result = estimated([piece('quiz', 2)]);
    expect(rounded(result.distribution)).toEqual([0.0001, 0.0435, 0.9564, 0, 0, 0]);
    expect(result).toMatchObject({ ordinal: 2, verifiedLevel: 2, interval80: [2, 2], claimOnly: false });
  });

  it('lets a claim stand above a quiz at its cap, and says that it does', () => {
    // Claim of 4, centre 3.7, 2v = 1.62: .00021 .01111 .16797 .73899 .94596 .35232. A quiz at its cap of 1 multiplies
    // levels 0 and 1 by Φ(−2) = .02275 and Φ(0) = .5, like 1 all above. Sum 1.10815: 0 .0050 .0758 .3334 .4268 .1590.
    const claim = piece('self', 4);
    const result = estimated([claim, piece('quiz', 1, { cap: 1 })]);
    expect(rounded(result.distribution)).toEqual([0, 0.005, 0.0758, 0.3334, 0.4268, 0.159]);
    expect(result).toMatchObject({ ordinal: 4, verifiedLevel: 1, claimOnly: true, interval80: [3, 5] });
    // One level below what the quiz could show, it is a measurement, and the claim does not count for the level.
    expect(estimated([claim, piece('quiz', 1)])).toMatchObject({
      ordinal: 1,
      verifiedLevel: 1,
      claimOnly: false,
    });
  });

  it('does not let a claim pull the level below a quiz at its cap', () => {
    expect(estimated([piece('quiz', 2), piece('self', 0), piece('self', 0)])).toMatchObject({
      ordinal: 2,
      verifiedLevel: 2,
      claimOnly: false,
    });
  });

  it('halves the noise variance once itemsPerObservation further items are answered', () => {
    // 1 + 9 items, 9 per observation: v = .25 / (1 + 9/9) = .125; neighbours weigh e^(−1/.25) = .01832.
    // p(1) = 1 / (1 + 2 · .01832) = .9647.
    const result = estimated([piece('quiz', 1, { items: 10 })]);
    expect(rounded(result.distribution)).toEqual([0.0177, 0.9647, 0.0177, 0, 0, 0]);
  });

  it('adds variance with age: two years and a half double that of a graded exercise', () => {
    // v = .25 + .1 · 2.5 = .5; weights e^(−(l−2)²): .01832 .36788 1 .36788, sum 1.75407.
    const result = estimated([piece('graded-exercise', 2, { observedAt: NOW - 2.5 * YEAR })]);
    expect(rounded(result.distribution)).toEqual([0.0104, 0.2097, 0.5701, 0.2097, 0, 0]);
    expect(result.interval80).toEqual([1, 3]);
  });

  it('lets a claim move the mean beside a measurement, never the level', () => {
    // Exercise 2: e^(−(l−2)²/.5) = .00034 .13534 1 .13534 .00034 0. Claim 4: as above.
    // Products 0 .0015 .16797 .10001 .00032 0, sum .26980. A claim of 5 would carry the median to 3; the level stays at 2.
    const exercise = piece('graded-exercise', 2);
    const claim = piece('self', 4);
    const both = estimated([exercise, claim]);
    expect(rounded(both.distribution)).toEqual([0, 0.0056, 0.6226, 0.3707, 0.0012, 0]);
    expect(both).toMatchObject({ ordinal: 2, verifiedLevel: 2, claimOnly: false, interval80: [2, 3] });
    expect(estimated([exercise, piece('self', 5), piece('self', 5)])).toMatchObject({
      ordinal: 2,
      verifiedLevel: 2,
    });
    // Without the claim: .13534 · 2 beside 1, mean (.13534 + 2 + 3 · .13534) / 1.27101 = 1.9995.
    const [withoutExercise, withoutClaim] = contributions([exercise, claim], NOW, model);
    expect(withoutClaim).toEqual({
      id: claim.id,
      source: 'self',
      levelWithout: expect.closeTo(1.9995, 4),
    });
    // Without the exercise: the self-rating of 4 alone, centre 3.7, mean 3.6586.
    expect(withoutExercise?.levelWithout).toBeCloseTo(3.6586, 4);
  });

  it('shows a claim that contradicts the verified level as width', () => {
    // Workplace 3 (cap 4): centre 3, v .25. Claim 0: centre −.3. The product's median is 2, its 80 % interval [2,3].
    expect(estimated([piece('workplace', 3), piece('self', 0)])).toMatchObject({
      ordinal: 3,
      verifiedLevel: 3,
      interval80: [2, 3],
      level: expect.closeTo(2.1677, 4),
    });
    // Two such claims: l=1 e^−8 · .35232² = .0000416, l=2 e^−2 · .03818² = .0001973, l=3 .0012² = .0000014; p(2) = .82.
    // [2,2] alone would hold 80 %; it is stretched to the level.
    const contradicted = estimated([piece('workplace', 3), piece('self', 0), piece('self', 0)]);
    expect(contradicted.distribution[2]).toBeCloseTo(0.82, 2);
    expect(contradicted).toMatchObject({ ordinal: 3, interval80: [2, 3] });
  });

  it('does not let a quiz at its cap pull down, or push up, what stronger evidence shows', () => {
    const workplace = piece('workplace', 3.4);
    const alone = estimated([workplace]);
    const withQuizzes = estimated([workplace, piece('quiz', 2), piece('quiz', 2)]);
    expect(withQuizzes.ordinal).toBe(alone.ordinal);
    const ratio = ({ distribution: p }: Estimate): number => (p[4] ?? 0) / (p[2] ?? 0);
    expect(ratio(withQuizzes)).toBeCloseTo(ratio(alone), 10);
  });

  it('holds a piece to the lower of its own cap and that of its source', () => {
    expect(estimated([piece('workplace', 4, { cap: 2 })])).toMatchObject({ ordinal: 2 });
    expect(estimated([piece('quiz', 5, { cap: 5 })])).toMatchObject({ ordinal: 2 });
  });

  it('takes the lower of two levels that halve the probability', () => {
    // A panel reading of 2.5 lies midway between 2 and 3 and between 0 and 5: p(0…2) = p(3…5) = .5.
    expect(estimated([piece('panel', 2.5)])).toMatchObject({ ordinal: 2, interval80: [2, 3] });
  });

  it('takes the lower of two intervals that are equally short and equally probable', () => {
    // Workplace 2, levels 0–4: weights e^(−8) e^(−2) 1 e^(−2) e^(−8); p(2) = 1 / 1.27134 = .787, [1,2] = [2,3] = .893.
    expect(estimated([piece('workplace', 2)]).interval80).toEqual([1, 2]);
  });

  it('does not let the correction for a strict source credit more than its cap', () => {
    // A strict quiz (bias −.9, cap 2): 1.9 corrects to 2.8, beyond the cap, so it reads as "at least 2", like 2 itself.
    const strict: ObservationModel = {
      ...model,
      sources: { ...model.sources, quiz: { ...model.sources.quiz, bias: -0.9 } },
    };
    const panel = piece('panel', 2.5);
    const [below, at] = [1.9, 2].map(
      (level) => estimated([panel, piece('quiz', level)], strict).distribution,
    );
    expect(below).toEqual(at);
  });

  it('counts pieces per source and dates the estimate by the newest', () => {
    const result = estimated([
      piece('quiz', 1, { observedAt: NOW - YEAR }),
      piece('quiz', 2, { observedAt: NOW - 2 * YEAR }),
      piece('self', 2, { observedAt: NOW - 3 * YEAR }),
    ]);
    expect(result.counts).toEqual({ quiz: 2, self: 1 });
    expect(result.latest).toBe(NOW - YEAR);
  });

  it('treats evidence dated in the future as new', () => {
    expect(estimated([piece('workplace', 3, { observedAt: NOW + YEAR })]).distribution).toEqual(
      estimated([piece('workplace', 3)]).distribution,
    );
  });

  it('has no contribution to compare with when there is a single piece', () => {
    expect(contributions([piece('self', 3)], NOW, model)[0]?.levelWithout).toBeNull();
  });

  it('says so when evidence or model are out of range', () => {
    expect(() => estimated([piece('self', 5.1)])).toThrow(RangeError);
    expect(() => estimated([piece('self', Number.NaN)])).toThrow(RangeError);
    expect(() => estimated([piece('self', 3, { items: 0 })])).toThrow(RangeError);
    expect(() => estimated([piece('self', 3, { cap: 2.5 })])).toThrow(RangeError);
    expect(() => estimated([piece('quiz', 2)], { ...model, prior: [0, 0, 0, 0, 0, 1] })).toThrow(RangeError);
  });

  it('survives evidence that is as good as certain and contradicts itself', () => {
    const certain: ObservationModel = {
      ...model,
      sources: { ...model.sources, panel: { ...model.sources.panel, noise: 0.01 } },
    };
    const result = estimated([piece('panel', 0), piece('panel', 5), piece('panel', 5)], certain);
    expect(result.distribution.every((probability) => probability >= 0 && probability <= 1)).toBe(true);
    expect(result.distribution.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  });
});

describe('estimate, for any evidence and model', () => {
  const unit = (options: { min: number; max: number }): fc.Arbitrary<number> =>
    fc.double({ ...options, noNaN: true });

  const anySource = (verified: boolean): fc.Arbitrary<SourceModel> =>
    fc.record({
      bias: unit({ min: -0.9, max: 0.9 }),
      noise: unit({ min: 0.3, max: 1.5 }),
      cap: fc.constantFrom(1, 2, 3, 4, 5),
      verified: fc.constant(verified),
      itemsPerObservation: fc.integer({ min: 1, max: 20 }),
    });

  /** Single-peaked in the strong sense (log-concave), as a prior over an ordered scale should be: no second hump. */
  const anyPrior = fc.array(unit({ min: -1.5, max: 1.5 }), { minLength: 5, maxLength: 5 }).map((steps) => {
    const logs = [0];
    for (const step of steps.toSorted((a, b) => b - a)) logs.push((logs.at(-1) ?? 0) + step);
    const weights = logs.map((log) => Math.exp(log));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  });

  const modelWith = (prior: fc.Arbitrary<number[]>): fc.Arbitrary<ObservationModel> =>
    fc.record({
      version: fc.constant('any'),
      prior,
      ageingVariancePerYear: unit({ min: 0, max: 0.3 }),
      sources: fc.record({
        self: anySource(false),
        group360: anySource(false),
        diagnostic: anySource(true),
        quiz: anySource(true),
        'graded-exercise': anySource(true),
        workplace: anySource(true),
        panel: anySource(true),
        'prior-learning': anySource(true),
      }),
    });
  const anyModel = modelWith(anyPrior);

  const pieceOf = (sources: readonly EvidenceSource[]): fc.Arbitrary<Evidence> =>
    fc
      .record({
        source: fc.constantFrom(...sources),
        level: fc.oneof(fc.integer({ min: 0, max: 5 }), unit({ min: 0, max: 5 })),
        items: fc.integer({ min: 1, max: 30 }),
        years: unit({ min: -1, max: 8 }),
        cap: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null, freq: 3 }),
      })
      .map(({ years, cap, ...rest }) =>
        piece(rest.source, rest.level, {
          items: rest.items,
          observedAt: NOW - years * YEAR,
          ...(cap === null ? {} : { cap }),
        }),
      );
  const CLAIMS: EvidenceSource[] = ['self', 'group360'];
  const VERIFIED = EVIDENCE_SOURCES.filter((source) => !CLAIMS.includes(source));
  const anyPiece = pieceOf(EVIDENCE_SOURCES);
  const anyEvidence = fc.array(anyPiece, { minLength: 1, maxLength: 6 });
  const capOf = (evidence: Evidence, { sources }: ObservationModel): number =>
    Math.min(sources[evidence.source].cap, evidence.cap ?? 5);
  const highestCap = (evidence: readonly Evidence[], observationModel: ObservationModel): number =>
    Math.max(...evidence.map((each) => capOf(each, observationModel)));

  it('is null for no evidence and only then; the distribution sums to 1, all of it up to the highest cap', () => {
    expect(estimate([], NOW, model)).toBeNull();
    fc.assert(
      fc.property(anyEvidence, anyModel, (evidence, observationModel) => {
        const { distribution, level, ordinal, interval80 } = estimated(evidence, observationModel);
        const ceiling = highestCap(evidence, observationModel);
        expect(distribution).toHaveLength(6);
        expect(distribution.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        expect(distribution.slice(ceiling + 1).every((probability) => probability === 0)).toBe(true);
        expect(level).toBeLessThanOrEqual(ceiling + 1e-9);
        expect(ordinal).toBeLessThanOrEqual(ceiling);
        expect(interval80[0]).toBeLessThanOrEqual(ordinal);
        expect(interval80[1]).toBeGreaterThanOrEqual(ordinal);
        const inside = distribution.slice(interval80[0], interval80[1] + 1).reduce((a, b) => a + b, 0);
        expect(inside).toBeGreaterThanOrEqual(0.8 - 1e-9);
      }),
    );
  });

  it('does not depend on the order of the evidence, to the last bit', () => {
    const shuffled = anyEvidence.chain((evidence) =>
      fc.tuple(
        fc.constant(evidence),
        fc.shuffledSubarray(evidence, { minLength: evidence.length, maxLength: evidence.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, anyModel, ([evidence, permuted], observationModel) => {
        expect(estimate(permuted, NOW, observationModel)).toEqual(estimate(evidence, NOW, observationModel));
      }),
    );
  });

  it('never widens the interval when evidence at the mode is added', () => {
    // "At the mode": what its source would be expected to read on somebody at that level. Two cases are left out because
    // there a wider interval is right: a piece with a higher cap than all opens levels nothing could show before, and
    // claims that contradict the verified level stretch the interval on purpose.
    fc.assert(
      fc.property(anyEvidence, anyPiece, anyModel, (evidence, added, observationModel) => {
        const before = estimated(evidence, observationModel);
        const at = mode(before);
        const reading = at + observationModel.sources[added.source].bias;
        const cap = capOf(added, observationModel);
        fc.pre(reading >= 0 && cap >= at && cap <= highestCap(evidence, observationModel));
        const after = estimated([...evidence, { ...added, level: Math.min(5, reading) }], observationModel);
        fc.pre([before, after].every((result) => result.ordinal === median(result)));
        expect(width(after)).toBeLessThanOrEqual(width(before));
      }),
      { numRuns: 400 },
    );
  });

  it('never lowers the mean, the level or the verified level when an observation is higher', () => {
    fc.assert(
      fc.property(anyEvidence, anyModel, unit({ min: 0, max: 5 }), (evidence, observationModel, other) => {
        const [first, ...rest] = evidence as [Evidence, ...Evidence[]];
        const lower = estimated(
          [{ ...first, level: Math.min(first.level, other) }, ...rest],
          observationModel,
        );
        const higher = estimated(
          [{ ...first, level: Math.max(first.level, other) }, ...rest],
          observationModel,
        );
        expect(higher.level).toBeGreaterThanOrEqual(lower.level - 1e-9);
        expect(higher.ordinal).toBeGreaterThanOrEqual(lower.ordinal);
        expect(higher.verifiedLevel).toBeGreaterThanOrEqual(lower.verifiedLevel);
      }),
    );
  });

  it('never reads more out of an older piece than out of the same piece when fresh', () => {
    const flatModel = modelWith(fc.constant(FLAT));
    fc.assert(
      fc.property(anyPiece, unit({ min: 0, max: 10 }), flatModel, (evidence, years, observationModel) => {
        const fresh = estimated([evidence], observationModel);
        const older = estimated(
          [{ ...evidence, observedAt: evidence.observedAt - years * YEAR }],
          observationModel,
        );
        expect(width(older)).toBeGreaterThanOrEqual(width(fresh));
        const peak = (result: Estimate): number => Math.max(...result.distribution);
        expect(peak(older)).toBeLessThanOrEqual(peak(fresh) + 1e-9);
      }),
    );
  });

  const verifiedEvidence = fc.array(pieceOf(VERIFIED), { minLength: 1, maxLength: 4 });
  const anyClaims = fc.array(pieceOf(CLAIMS), { maxLength: 4 });
  /** The same piece with the highest observation, or with one just below the reading that counts as its cap. */
  const atCap = (evidence: Evidence): Evidence => ({ ...evidence, level: 5 });
  const belowCap = (evidence: Evidence, observationModel: ObservationModel): Evidence => {
    const bias = Math.min(0, observationModel.sources[evidence.source].bias);
    return {
      ...evidence,
      level: Math.min(evidence.level, capOf(evidence, observationModel) + bias - 0.01),
    };
  };

  it('marks a level as claimed exactly when nothing is verified or it exceeds the verified one', () => {
    fc.assert(
      fc.property(anyEvidence, anyModel, (evidence, observationModel) => {
        const { claimOnly, ordinal, verifiedLevel } = estimated(evidence, observationModel);
        const unverified = evidence.every(({ source }) => CLAIMS.includes(source));
        expect(claimOnly).toBe(unverified || ordinal > verifiedLevel);
        expect(ordinal).toBeGreaterThanOrEqual(verifiedLevel);
        expect(unverified && verifiedLevel > 0).toBe(false);
      }),
    );
  });

  it('shows the verified level, unmarked, where there are no claims', () => {
    fc.assert(
      fc.property(verifiedEvidence, anyModel, (evidence, observationModel) => {
        const { claimOnly, ordinal, verifiedLevel } = estimated(evidence, observationModel);
        expect(ordinal).toBe(verifiedLevel);
        expect(claimOnly).toBe(false);
        expect(verifiedLevel).toBeLessThanOrEqual(highestCap(evidence, observationModel));
      }),
    );
  });

  it('never lets claims move the verified level, or push the shown level below it', () => {
    fc.assert(
      fc.property(verifiedEvidence, anyClaims, anyModel, (evidence, claims, observationModel) => {
        const before = estimated(evidence, observationModel);
        const after = estimated([...evidence, ...claims], observationModel);
        expect(after.verifiedLevel).toBe(before.verifiedLevel);
        expect(after.ordinal).toBeGreaterThanOrEqual(before.ordinal);
      }),
    );
  });

  it('never lets claims move the level once a verified piece lies below its cap', () => {
    fc.assert(
      fc.property(verifiedEvidence, anyClaims, anyModel, (evidence, claims, observationModel) => {
        const [first, ...rest] = evidence as [Evidence, ...Evidence[]];
        const measured = [belowCap(first, observationModel), ...rest];
        const before = estimated(measured, observationModel);
        const after = estimated([...measured, ...claims], observationModel);
        expect(after.ordinal).toBe(before.ordinal);
        expect(after.claimOnly).toBe(false);
      }),
    );
  });

  it('never takes anything away for a verified piece at its cap', () => {
    fc.assert(
      fc.property(anyEvidence, pieceOf(VERIFIED), anyModel, (evidence, passed, observationModel) => {
        const before = estimated(evidence, observationModel);
        const after = estimated([...evidence, atCap(passed)], observationModel);
        expect(after.level).toBeGreaterThanOrEqual(before.level - 1e-9);
        expect(after.ordinal).toBeGreaterThanOrEqual(before.ordinal);
        expect(after.verifiedLevel).toBeGreaterThanOrEqual(before.verifiedLevel);
        for (const required of [1, 2, 3, 4, 5]) {
          const met = ({ distribution }: Estimate): number =>
            distribution.slice(required).reduce((a, b) => a + b, 0);
          expect(met(after)).toBeGreaterThanOrEqual(met(before) - 1e-9);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('reports for each piece the mean without it', () => {
    fc.assert(
      fc.property(anyEvidence, anyModel, (evidence, observationModel) => {
        const result = contributions(evidence, NOW, observationModel);
        expect(result.map(({ id }) => id)).toEqual(evidence.map(({ id }) => id));
        expect(result[0]?.levelWithout).toBe(
          estimate(evidence.slice(1), NOW, observationModel)?.level ?? null,
        );
      }),
    );
  });
});
