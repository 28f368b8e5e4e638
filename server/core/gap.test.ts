import fc from 'fast-check';
import { type Estimate, type Evidence, estimate } from './estimate';
import type { Level, ObservationModel, SourceModel, Target, Weight } from './framework';
import { computeGaps, readiness, strengths, verifiedReadiness } from './gap';

const NOW = Date.UTC(2026, 5, 1);

function estimateOf(distribution: number[], ordinal: Level, verifiedLevel: Level = 0): Estimate {
  return {
    distribution,
    ordinal,
    verifiedLevel,
    level: distribution.reduce((sum, probability, level) => sum + probability * level, 0),
    interval80: [0, 5],
    counts: {},
    claimOnly: ordinal > verifiedLevel,
    latest: NOW,
  };
}

const targets: Record<string, Target> = {
  'FIN-01': { level: 4, weight: 3 },
  'FIN-02': { level: 3, weight: 2 },
  'GOV-01': { level: 3, weight: 2 },
  'MEM-01': { level: 2, weight: 1 },
};
const estimates = {
  'FIN-01': estimateOf([0, 0, 0.2, 0.5, 0.3, 0], 3, 2),
  'FIN-02': estimateOf([0, 0, 0.1, 0.4, 0.4, 0.1], 3),
  'MEM-01': estimateOf([0, 0.1, 0.6, 0.3, 0, 0], 2, 2),
  'XXX-01': estimateOf([1, 0, 0, 0, 0, 0], 0),
};
const gaps = computeGaps(targets, estimates);

describe('gaps, worked by hand', () => {
  it('weighs the expected shortfall and puts the most pressing gap first', () => {
    // GOV-01 no evidence: 3, priority 6. FIN-01: .2·2 + .5·1 = .9, priority 2.7.
    // FIN-02: .1·1 = .1, priority .2. MEM-01: .1·1 = .1, priority .1.
    expect(gaps.map(({ competency }) => competency)).toEqual(['GOV-01', 'FIN-01', 'FIN-02', 'MEM-01']);
    expect(gaps[0]).toEqual({
      competency: 'GOV-01',
      required: 3,
      weight: 2,
      estimate: null,
      shortfall: 3,
      open: true,
      pMet: 0,
      priority: 6,
    });
    expect(gaps[1]).toMatchObject({
      shortfall: expect.closeTo(0.9, 12),
      open: true,
      pMet: expect.closeTo(0.3, 12),
      priority: expect.closeTo(2.7, 12),
    });
    expect(gaps[2]).toMatchObject({
      shortfall: expect.closeTo(0.1, 12),
      open: false,
      pMet: expect.closeTo(0.9, 12),
    });
  });

  it('orders equal priorities by code', () => {
    const same: Target = { level: 2, weight: 2 };
    const tied = computeGaps({ 'STR-02': same, 'FAC-01': same, 'STR-01': same }, {});
    expect(tied.map(({ competency }) => competency)).toEqual(['FAC-01', 'STR-01', 'STR-02']);
  });

  it('asks nothing where nothing is required', () => {
    const [gap] = computeGaps({ 'GOV-01': { level: 0, weight: 1 } }, {});
    expect(gap).toMatchObject({ shortfall: 0, open: false, pMet: 1, priority: 0 });
  });

  it('lists as strengths what is met, best first', () => {
    // FIN-02: surplus .4·1 + .1·2 = .6, weighted 1.2. MEM-01: .3, weighted .3.
    expect(strengths(gaps)).toEqual([
      expect.objectContaining({ competency: 'FIN-02', surplus: expect.closeTo(0.6, 12) }),
      expect.objectContaining({ competency: 'MEM-01', surplus: expect.closeTo(0.3, 12) }),
    ]);
  });

  it('breaks equal surplus by the probability of being met', () => {
    const unsure = estimateOf([0, 0.1, 0.2, 0.7, 0, 0], 3);
    const sure = estimateOf([0, 0, 0, 1, 0, 0], 3);
    const both = computeGaps(
      { 'AAA-01': { level: 3, weight: 2 }, 'BBB-01': { level: 3, weight: 2 } },
      { 'AAA-01': unsure, 'BBB-01': sure },
    );
    expect(strengths(both).map(({ competency }) => competency)).toEqual(['BBB-01', 'AAA-01']);
  });

  it('computes readiness on shown and on verified levels', () => {
    // Σ weight·required = 3·4 + 2·3 + 2·3 + 1·2 = 26.
    // Shown: 3·3 + 2·3 + 0 + 1·2 = 17. Verified: 3·2 + 0 + 0 + 1·2 = 8.
    expect(readiness(gaps)).toBeCloseTo(17 / 26, 12);
    expect(verifiedReadiness(gaps)).toBeCloseTo(8 / 26, 12);
    expect(readiness([])).toBe(1);
  });

  it('does not let a surplus in one competency make up for a gap in another', () => {
    const pair = computeGaps(
      { 'AAA-01': { level: 2, weight: 1 }, 'BBB-01': { level: 2, weight: 1 } },
      { 'AAA-01': estimateOf([0, 0, 0, 0, 0, 1], 5), 'BBB-01': estimateOf([0, 1, 0, 0, 0, 0], 1) },
    );
    expect(readiness(pair)).toBe(3 / 4);
  });
});

describe('gaps, for any targets and evidence', () => {
  const CODES = ['A', 'B', 'C', 'D', 'E', 'F'];
  const source = (cap: Level, verified: boolean): SourceModel => ({
    bias: verified ? 0 : 0.3,
    noise: verified ? 0.5 : 0.9,
    cap,
    verified,
    itemsPerObservation: 1,
  });
  const model: ObservationModel = {
    version: 'test',
    prior: [1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6],
    ageingVariancePerYear: 0.1,
    sources: {
      self: source(5, false),
      group360: source(4, false),
      diagnostic: source(2, true),
      quiz: source(2, true),
      'graded-exercise': source(3, true),
      workplace: source(4, true),
      panel: source(5, true),
      'prior-learning': source(4, true),
    },
  };
  const anyTarget: fc.Arbitrary<Target> = fc.record({
    level: fc.constantFrom<Level>(0, 1, 2, 3, 4, 5),
    weight: fc.constantFrom<Weight>(1, 2, 3),
  });
  const anyTargets = fc.dictionary(fc.constantFrom(...CODES), anyTarget);
  const pieceOf = (...sources: Evidence['source'][]): fc.Arbitrary<Evidence> =>
    fc.record({
      id: fc.uuid(),
      source: fc.constantFrom(...sources),
      level: fc.double({ min: 0, max: 5, noNaN: true }),
      items: fc.integer({ min: 1, max: 9 }),
      observedAt: fc.integer({ min: NOW - 3e11, max: NOW }),
    });
  const anyPiece = pieceOf('self', 'group360', 'quiz', 'graded-exercise', 'workplace', 'panel');
  const anyEstimates = fc.dictionary(
    fc.constantFrom(...CODES),
    fc.array(anyPiece, { maxLength: 3 }).map((evidence) => estimate(evidence, NOW, model)),
  );

  it('keeps shortfall in [0, required] and pMet in [0, 1], one gap per target, sorted', () => {
    fc.assert(
      fc.property(anyTargets, anyEstimates, (required, known) => {
        const result = computeGaps(required, known);
        expect(result.map(({ competency }) => competency).toSorted()).toEqual(
          Object.keys(required).toSorted(),
        );
        for (const gap of result) {
          expect(gap.shortfall).toBeGreaterThanOrEqual(0);
          expect(gap.shortfall).toBeLessThanOrEqual(gap.required);
          expect(gap.pMet).toBeGreaterThanOrEqual(0);
          expect(gap.pMet).toBeLessThanOrEqual(1);
          expect(gap.priority).toBe(gap.weight * gap.shortfall);
          expect(gap.open || gap.estimate !== null || gap.required === 0).toBe(true);
        }
        for (const [index, next] of result.slice(1).entries()) {
          const previous = result[index];
          const inOrder =
            previous &&
            (previous.priority > next.priority ||
              (previous.priority === next.priority && previous.competency < next.competency));
          expect(inOrder).toBe(true);
        }
      }),
    );
  });

  it('does not depend on the order in which targets and estimates are given', () => {
    const reversed = <T>(record: Record<string, T>): Record<string, T> =>
      Object.fromEntries(Object.entries(record).toReversed());
    fc.assert(
      fc.property(anyTargets, anyEstimates, (required, known) => {
        const result = computeGaps(required, known);
        const other = computeGaps(reversed(required), reversed(known));
        expect(other).toEqual(result);
        expect(strengths(result.toReversed())).toEqual(strengths(result));
        expect(readiness(result.toReversed())).toBe(readiness(result));
      }),
    );
  });

  it('splits every competency with evidence into open gap or strength, never both', () => {
    fc.assert(
      fc.property(anyTargets, anyEstimates, (required, known) => {
        const result = computeGaps(required, known);
        const strong = strengths(result).map(({ competency }) => competency);
        const rest = result.filter(({ competency }) => !strong.includes(competency));
        expect(rest.every((gap) => gap.open || !gap.estimate)).toBe(true);
        expect(strengths(result).every((gap) => !gap.open)).toBe(true);
      }),
    );
  });

  it('keeps both kinds of readiness in [0, 1]; a higher level never lowers them', () => {
    fc.assert(
      fc.property(anyTargets, anyEstimates, fc.constantFrom(...CODES), (required, known, code) => {
        const before = computeGaps(required, known);
        const panel: Evidence = { id: 'panel', source: 'panel', level: 5, items: 1, observedAt: NOW };
        const after = computeGaps(required, { ...known, [code]: estimate([panel], NOW, model) });
        for (const measure of [readiness, verifiedReadiness]) {
          expect(measure(before)).toBeGreaterThanOrEqual(0);
          expect(measure(after)).toBeLessThanOrEqual(1);
          expect(measure(after)).toBeGreaterThanOrEqual(measure(before));
        }
      }),
    );
  });

  it('closes a gap that only claims speak to with fresh verified evidence at or above the requirement', () => {
    const claims = fc.array(pieceOf('self', 'group360'), { maxLength: 4 });
    fc.assert(
      fc.property(
        claims,
        fc.constantFrom<Level>(1, 2, 3, 4, 5),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (evidence, level, above) => {
          const proof: Evidence = {
            id: 'proof',
            source: 'panel',
            level: level + (5 - level) * above,
            items: 1,
            observedAt: NOW,
          };
          const [gap] = computeGaps(
            { A: { level, weight: 1 } },
            { A: estimate([...evidence, proof], NOW, model) },
          );
          expect(gap?.open).toBe(false);
          expect(gap?.estimate?.verifiedLevel).toBeGreaterThanOrEqual(level);
        },
      ),
    );
  });

  it('never opens or widens a gap when a quiz is passed, whatever else there is', () => {
    fc.assert(
      fc.property(
        anyTargets,
        fc.array(anyPiece, { minLength: 1, maxLength: 4 }),
        fc.constantFrom<Level>(1, 2),
        (required, evidence, cap) => {
          const quiz: Evidence = { id: 'quiz', source: 'quiz', level: cap, cap, items: 5, observedAt: NOW };
          const gapsFrom = (pieces: Evidence[]) => {
            const same = estimate(pieces, NOW, model);
            return computeGaps(required, Object.fromEntries(CODES.map((code) => [code, same])));
          };
          const after = new Map(gapsFrom([...evidence, quiz]).map((gap) => [gap.competency, gap]));
          for (const before of gapsFrom(evidence)) {
            const gap = after.get(before.competency);
            expect(gap?.shortfall).toBeLessThanOrEqual(before.shortfall + 1e-9);
            expect(gap?.pMet).toBeGreaterThanOrEqual(before.pMet - 1e-9);
            expect(gap?.open && !before.open).toBe(false);
          }
        },
      ),
    );
  });
});
