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
  return fc.integer({ min: 1, max: maxModules }).chain((count) => {
    const codes = Array.from({ length: count }, (_, i) => `M${String(i + 1).padStart(2, '0')}`);
    const competencies = ['A', 'B', 'C', 'D', 'E'];
    const drafts = fc.array(
      fc.record({
        minutes: fc.constantFrom(0, 30, 60, 60, 90, 120),
        modes: fc.subarray([...MODULE_MODES], { minLength: 1, maxLength: 2 }),
        levels: fc.dictionary(fc.constantFrom(...competencies), LEVEL, { maxKeys: 3 }),
        backwards: fc.array(fc.nat(), { maxLength: 2 }),
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
          required: LEVEL,
          weight: fc.integer({ min: 0, max: 3 }),
          current: fc.integer({ min: 0, max: 3 }),
          verified: fc.integer({ min: 0, max: 2 }),
        }),
      ),
    );
    const few = fc.subarray(codes, { maxLength: Math.min(2, count) });
    return fc.record({
      needs,
      modules,
      completed: few,
      pinned: few,
      excluded: few,
      budgetMinutes: budgeted ? fc.integer({ min: 0, max: 480 }) : fc.constant(null),
    });
  });
}

export type BestPath = {
  codes: string[];
  minutes: number;
  gapClosed: number;
  reachable: Record<string, number>;
};

const level = (module: PlannableModule, competency: string) =>
  Math.min(module.levels[competency] ?? 0, Math.max(...module.modes.map((mode) => MODE_CAP[mode])));
const from = (need: PathNeed) => Math.max(need.current, need.verified);
const minutesOf = (set: PlannableModule[]) => set.reduce((sum, module) => sum + module.minutes, 0);

/** The definition of the best path (see planPath) applied to every subset of the modules. For small problems only. */
export function bestPathByEnumeration(problem: PathProblem): BestPath {
  const modules = problem.modules.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const verifiedLevel = (competency: string) =>
    problem.needs.find((need) => need.competency === competency)?.verified ?? 0;
  const settled = new Set(
    modules
      .filter(
        (module) =>
          problem.completed.includes(module.code) ||
          (Object.keys(module.levels).length > 0 &&
            Object.keys(module.levels).every((each) => level(module, each) <= verifiedLevel(each))),
      )
      .map((module) => module.code),
  );

  const allowed: PlannableModule[][] = [];
  for (let bits = 0; bits < 2 ** modules.length; bits++) {
    const set = modules.filter((_, i) => (bits >> i) & 1);
    const codes = new Set(set.map((module) => module.code));
    const valid = set.every(
      ({ code, prerequisites }) =>
        !settled.has(code) &&
        !problem.excluded.includes(code) &&
        prerequisites.every((each) => codes.has(each) || settled.has(each)),
    );
    if (valid) allowed.push(set);
  }
  const reached = (set: PlannableModule[], need: PathNeed) =>
    Math.max(
      from(need),
      Math.min(need.required, Math.max(0, ...set.map((module) => level(module, need.competency)))),
    );
  const gapOf = (set: PlannableModule[]) =>
    problem.needs.reduce((sum, need) => sum + need.weight * (reached(set, need) - from(need)), 0);

  const targets = problem.needs.map((need) => Math.max(...allowed.map((set) => reached(set, need))));
  const pins = problem.pinned.filter((code) =>
    allowed.some((set) => set.some((module) => module.code === code)),
  );
  const withPins = allowed.filter((set) => pins.every((code) => set.some((module) => module.code === code)));
  const budget = problem.budgetMinutes;
  const eligible =
    budget === null
      ? withPins.filter((set) => problem.needs.every((need, i) => reached(set, need) >= (targets[i] ?? 0)))
      : withPins.filter((set) => minutesOf(set) <= Math.max(budget, Math.min(...withPins.map(minutesOf))));
  const ranked = eligible
    .map((set) => ({
      codes: set.map((module) => module.code),
      minutes: minutesOf(set),
      gapClosed: gapOf(set),
    }))
    .toSorted(
      (a, b) =>
        (budget === null ? 0 : b.gapClosed - a.gapClosed) ||
        a.minutes - b.minutes ||
        a.codes.length - b.codes.length ||
        (a.codes.join() < b.codes.join() ? -1 : 1),
    );
  const best = ranked[0];
  if (best === undefined) throw new Error('Some subset is always eligible.');
  const reachable = problem.needs.flatMap((need, i) =>
    (targets[i] ?? 0) < need.required ? [[need.competency, targets[i] ?? 0]] : [],
  );
  return { ...best, reachable: Object.fromEntries(reachable) };
}
