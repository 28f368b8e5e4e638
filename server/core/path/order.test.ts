import * as fc from 'fast-check';
import { orderModules } from './order';

const GRAPHS = fc.integer({ min: 0, max: 24 }).chain((count) =>
  fc
    .tuple(
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => `M${i}`),
        { minLength: count, maxLength: count },
      ),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.array(fc.nat(), { maxLength: 4 })), {
        minLength: count,
        maxLength: count,
      }),
    )
    .map(([order, drafts]) =>
      drafts.map(([priority, backwards], i) => ({
        code: order[i] ?? '',
        priority,
        prerequisites: backwards.map((n) => (i === 0 ? 'outside' : (order[n % i] ?? ''))),
      })),
    )
    .chain((modules) =>
      fc
        .shuffledSubarray(modules, { minLength: modules.length, maxLength: modules.length })
        .map((shuffled) => ({
          modules,
          shuffled,
        })),
    ),
);

const node = (code: string, prerequisites: string[] = [], priority = 0) => ({
  code,
  prerequisites,
  priority,
});
const codes = (modules: { code: string }[]) => modules.map((each) => each.code);

describe('order of modules', () => {
  it('puts no module before its prerequisites, loses none and ignores the order of the input, in 10,000 graphs', () => {
    fc.assert(
      fc.property(GRAPHS, ({ modules, shuffled }) => {
        const ordered = orderModules(modules);
        const place = new Map(ordered.map((each, i) => [each.code, i]));
        const early = ordered.filter(({ prerequisites }, i) =>
          prerequisites.some((prerequisite) => (place.get(prerequisite) ?? -1) >= i),
        );
        expect({ early, count: place.size }).toEqual({ early: [], count: modules.length });
        expect(codes(orderModules(shuffled))).toEqual(codes(ordered));
      }),
      { numRuns: 10_000, seed: 20_260_801 },
    );
  });

  it('takes the highest priority first, then the code', () => {
    expect(codes(orderModules([node('C'), node('B'), node('D', [], 2), node('A', [], 1)]))).toEqual([
      'D',
      'A',
      'B',
      'C',
    ]);
  });

  it('clears the way to an important module before lesser ones', () => {
    const ordered = orderModules([node('A', [], 3), node('Y', [], 0), node('Z', ['Y'], 9)]);
    expect(codes(ordered)).toEqual(['Y', 'Z', 'A']);
  });

  it('names the modules of a loop', () => {
    expect(() => orderModules([node('A', ['B']), node('B', ['A']), node('C')])).toThrow(/A, B\./);
    expect(() => orderModules([node('A', ['A'])])).toThrow(RangeError);
  });

  it('refuses a module listed twice', () => {
    expect(() => orderModules([node('A'), node('A')])).toThrow(/twice/);
  });
});
