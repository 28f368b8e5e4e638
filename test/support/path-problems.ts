/** Test data: random path problems, and the definition of the best path applied to every subset of modules. */

import * as fc from 'fast-check';
import { MODE_CAP, MODULE_MODES, type PlannableModule } from '../../server/core/curriculum';
import type { PathNeed, PathProblem } from '../../server/core/path/problem';

const LEVEL = fc.integer({ min: 0, max: 5 });

/**
 * Problems of up to `maxModules` modules and five competencies, with acyclic prerequisites whose direction is
 * unrelated to the order of the codes, and lengths from a short list, so that ties are frequent.
 */
export function pathProblems(maxModules: number, budgeted: boolean): fc.Arbitrary<PathProblem> {
  const problems = fc
    .constantFrom(1, 4, maxModules - 2, maxModules - 1, maxModules, maxModules)
    .chain((count) => {
      const codes = Array.from({ length: count }, (_, i) => `M${String(i + 1).padStart(2, '0')}`);
      const competencies = ['A', 'B', 'C', 'D', 'E'];
      const drafts = fc.array(
        fc.record({
          minutes: fc.constantFrom(0, 30, 60, 60, 90, 90, 120),
          modes: fc.subarray([...MODULE_MODES], { minLength: 1, maxLength: 3 }),
          levels: fc.dictionary(fc.constantFrom(...competencies), LEVEL, { maxKeys: 4 }),
          backwards: fc.oneof(fc.constant<number[]>([]), fc.array(fc.nat(), { maxLength: 2 })),
        }),
        { minLength: count, maxLength: count },
      );
      const modules = fc
        .tuple(fc.shuffledSubarray(codes, { minLength: count, maxLength: count }), drafts)
        .map(([order, each]) =>
          each.map(({ backwards, ...draft }, i): PlannableModule => {
            const prerequisites = i === 0 ? [] : [...new Set(backwards.map((n) => order[n % i] ?? ''))];
            return { ...draft, code: order[i] ?? '', prerequisites };
          }),
        );
      const needs = fc.tuple(
        ...competencies.map((competency) =>
          fc.record({
            competency: fc.constant(competency),
            required: fc.constantFrom(0, 1, 2, 3, 3, 4, 4, 5),
            weight: fc.integer({ min: 0, max: 3 }),
            current: fc.integer({ min: 0, max: 2 }),
            verified: fc.integer({ min: 0, max: 1 }),
          }),
        ),
      );
      const few = fc.oneof(fc.constant<string[]>([]), fc.subarray(codes, { maxLength: Math.min(2, count) }));
      return fc.record({
        needs,
        modules,
        completed: few,
        pinned: few,
        excluded: few,
        budgetMinutes: budgeted ? fc.integer({ min: 0, max: 480 }) : fc.constant(null),
      });
    });
  // fast-check favours extremes, which here means empty modules and met targets.
  return fc.noBias(problems);
}

export type BestPath = {
  codes: string[];
  minutes: number;
  gapClosed: number;
  /** Competency → highest level within reach, for targets out of reach. */
  reachable: Record<string, number>;
};

const level = (module: PlannableModule, competency: string) =>
  Math.min(module.levels[competency] ?? 0, Math.max(...module.modes.map((mode) => MODE_CAP[mode])));
const from = (need: PathNeed) => Math.max(need.current, need.verified);

/** The definition of the best path (see planPath) applied to every subset of the modules. For small problems only. */
export function bestPathByEnumeration(problem: PathProblem): BestPath {
  const { needs, completed, excluded, budgetMinutes } = problem;
  const modules = problem.modules.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const verified = (competency: string) =>
    needs.find((need) => need.competency === competency)?.verified ?? 0;
  const settled = modules.map(({ code, levels }, i) => {
    const taught = Object.keys(levels);
    const module = modules[i];
    const checked = taught.every((each) => module !== undefined && level(module, each) <= verified(each));
    return completed.includes(code) || (taught.length > 0 && checked);
  });
  /** For each module, the subset (as bits) that must be chosen with it; null when it may not be chosen at all. */
  const demands = modules.map(({ code, prerequisites }, i) =>
    settled[i] || excluded.includes(code)
      ? null
      : modules.reduce(
          (bits, other, k) => bits | (prerequisites.includes(other.code) && !settled[k] ? 1 << k : 0),
          0,
        ),
  );

  const allowed: { codes: string[]; minutes: number; gapClosed: number; reached: number[] }[] = [];
  for (let bits = 0; bits < 2 ** modules.length; bits++) {
    const valid = demands.every(
      (demand, i) => !((bits >> i) & 1) || (demand !== null && (demand & ~bits) === 0),
    );
    if (!valid) continue;
    const set = modules.filter((_, i) => (bits >> i) & 1);
    const reached = needs.map((need) =>
      set.reduce(
        (best, each) => Math.max(best, Math.min(need.required, level(each, need.competency))),
        from(need),
      ),
    );
    allowed.push({
      codes: set.map((module) => module.code),
      minutes: set.reduce((sum, module) => sum + module.minutes, 0),
      gapClosed: needs.reduce((sum, need, i) => sum + need.weight * ((reached[i] ?? 0) - from(need)), 0),
      reached,
    });
  }

  const targets = needs.map((_, i) => Math.max(...allowed.map(({ reached }) => reached[i] ?? 0)));
  const pins = problem.pinned.filter((code) => allowed.some(({ codes }) => codes.includes(code)));
  const withPins = allowed.filter(({ codes }) => pins.every((code) => codes.includes(code)));
  const ceiling = Math.max(budgetMinutes ?? 0, Math.min(...withPins.map(({ minutes }) => minutes)));
  const eligible = withPins.filter(({ minutes, reached }) =>
    budgetMinutes === null ? targets.every((target, i) => (reached[i] ?? 0) >= target) : minutes <= ceiling,
  );
  const [best] = eligible.toSorted(
    (a, b) =>
      (budgetMinutes === null ? 0 : b.gapClosed - a.gapClosed) ||
      a.minutes - b.minutes ||
      a.codes.length - b.codes.length ||
      (a.codes.join() < b.codes.join() ? -1 : 1),
  );
  if (best === undefined) throw new Error('Some subset is always eligible.');
  const short = needs.flatMap((need, i) => {
    const target = targets[i] ?? 0;
    return from(need) < need.required && target < need.required ? [[need.competency, target]] : [];
  });
  return {
    codes: best.codes,
    minutes: best.minutes,
    gapClosed: best.gapClosed,
    reachable: Object.fromEntries(short),
  };
}
