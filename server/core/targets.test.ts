import fc from 'fast-check';
import { CLUSTER_STAGES, CLUSTER_TYPES, type Framework, ROLE_CODES, type Target } from './framework';
import { effectiveTargets } from './targets';

const framework: Pick<Framework, 'profiles' | 'overlays'> = {
  profiles: [
    {
      code: 'CM',
      name: { en: 'Cluster manager' },
      targets: {
        'FIN-02': { level: 3, weight: 2 },
        'GOV-04': { level: 4, weight: 2 },
        'MEM-05': { level: 5, weight: 2 },
      },
    },
    { code: 'CB', name: { en: 'Chair' }, targets: { 'GOV-04': { level: 3, weight: 2 } } },
  ],
  overlays: {
    types: {
      IND: { roles: ['CM'], adjustments: {} },
      SRV: { roles: ['CM'], adjustments: { 'STK-03': { level: 1, weight: 1 } } },
      RND: {
        roles: ['CM', 'PO'],
        adjustments: {
          'FIN-02': { level: 1, weight: 1 },
          'GOV-04': { level: 0, weight: 1 },
          'MEM-05': { level: 1, weight: 2 },
        },
      },
    },
    stages: { mature: { roles: ['CM', 'CB'], adjustments: { 'GOV-04': { level: 0, weight: 1 } } } },
  },
};

describe('effectiveTargets', () => {
  it('is the plain profile without a cluster, and for a stage without overlay', () => {
    const plain = framework.profiles[0]?.targets;
    expect(effectiveTargets(framework, 'CM')).toEqual(plain);
    expect(effectiveTargets(framework, 'CM', { type: 'IND', stage: 'growing' })).toEqual(plain);
    expect(effectiveTargets(framework, 'CM', { type: null, stage: undefined })).toEqual(plain);
  });

  it('adds type and stage together and stops at level 5 and weight 3', () => {
    // FIN-02 3/2 + 1/1 = 4/3; GOV-04 4/2 + 0/1 + 0/1 = 4/4 → 4/3; MEM-05 5/2 + 1/2 = 6/4 → 5/3.
    expect(effectiveTargets(framework, 'CM', { type: 'RND', stage: 'mature' })).toEqual({
      'FIN-02': { level: 4, weight: 3 },
      'GOV-04': { level: 4, weight: 3 },
      'MEM-05': { level: 5, weight: 3 },
    });
  });

  it('leaves roles alone that the overlay does not list', () => {
    expect(effectiveTargets(framework, 'CB', { type: 'RND' })).toEqual({
      'GOV-04': { level: 3, weight: 2 },
    });
    // The stage overlay lists CB: 3/2 + 0/1.
    expect(effectiveTargets(framework, 'CB', { type: 'RND', stage: 'mature' })).toEqual({
      'GOV-04': { level: 3, weight: 3 },
    });
  });

  it('adds no competency that the profile does not have', () => {
    expect(effectiveTargets(framework, 'CM', { type: 'SRV' })).not.toHaveProperty('STK-03');
  });

  it('refuses a role without profile', () => {
    expect(() => effectiveTargets(framework, 'IO')).toThrow(RangeError);
  });

  it('keeps the competencies and stays within the scales for any overlay, changing nothing it was given', () => {
    const anyTargets = fc.dictionary(
      fc.constantFrom('A', 'B', 'C', 'D'),
      fc.record({ level: fc.constantFrom(1, 2, 3, 4, 5), weight: fc.constantFrom(1, 2, 3) }),
    ) as fc.Arbitrary<Record<string, Target>>;
    const anyOverlay = fc.record({
      roles: fc.subarray([...ROLE_CODES]),
      adjustments: fc.dictionary(
        fc.constantFrom('A', 'B', 'C', 'D', 'E'),
        fc.record({ level: fc.integer({ min: -2, max: 3 }), weight: fc.integer({ min: -2, max: 3 }) }),
      ),
    });
    fc.assert(
      fc.property(
        anyTargets,
        fc.record({ IND: anyOverlay, SRV: anyOverlay, RND: anyOverlay }),
        fc.record({ emerging: anyOverlay, growing: anyOverlay, mature: anyOverlay }),
        fc.constantFrom(...CLUSTER_TYPES),
        fc.constantFrom(...CLUSTER_STAGES),
        (targets, types, stages, type, stage) => {
          const given = {
            profiles: [{ code: 'CM' as const, name: { en: 'Manager' }, targets }],
            overlays: { types, stages },
          };
          const untouched = structuredClone(given);
          const result = effectiveTargets(given, 'CM', { type, stage });
          expect(given).toEqual(untouched);
          expect(Object.keys(result)).toEqual(Object.keys(targets));
          for (const { level, weight } of Object.values(result)) {
            expect([0, 1, 2, 3, 4, 5]).toContain(level);
            expect([1, 2, 3]).toContain(weight);
          }
        },
      ),
    );
  });
});
