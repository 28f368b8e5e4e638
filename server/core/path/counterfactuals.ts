/** "What if": how the path would change if one competency were verified a level higher or lower. */

import type { SolveIntegerProgramme, SolverLimits } from './integer-programme';
import { compareCodes } from './order';
import { type PathSolution, planPath } from './plan';
import { type PathNeed, type PathProblem, readSituation, startingLevel } from './problem';
import { closeMostGap, coverEveryGoal } from './programmes';

export type Variation = { competency: string; direction: 'higher' | 'lower' };

export type Counterfactual = Variation & {
  /** The level assumed instead of the present one. */
  level: number;
  added: string[];
  removed: string[];
  /** Minutes of the varied path minus those of the present one. */
  minutesDelta: number;
  /** Whether both paths are proven optimal; otherwise the difference may partly be the time limit's. */
  proven: boolean;
};

/** Re-plans per call at most, however many are asked for. */
export const MAX_REPLANS = 8;

/**
 * The problem with one competency a level higher (assumed verified, so that modules teaching only that are skipped)
 * or lower (neither estimated nor verified above it).
 *
 * @returns null when the competency is unknown or would leave the scale of 0 to 5.
 */
export function varyProblem(problem: PathProblem, { competency, direction }: Variation): PathProblem | null {
  const need = problem.needs.find((each) => each.competency === competency);
  if (need === undefined) return null;
  const level = startingLevel(need) + (direction === 'higher' ? 1 : -1);
  if (level < 0 || level > 5) return null;
  const verified = direction === 'higher' ? level : Math.min(need.verified, level);
  const varied: PathNeed = { ...need, current: level, verified };
  return { ...problem, needs: problem.needs.map((each) => (each === need ? varied : each)) };
}

/**
 * Re-plans for single changes of level and reports those that change the choice of modules; each reproduces by
 * planning `varyProblem(problem, …)` again. A variation that leaves the integer programme as it is cannot change the
 * choice and costs no re-plan. Of the others, "higher" (where the path spends most minutes first) and "lower" (the
 * heaviest weight first) take turns until the limit.
 *
 * @param solution the path planned for `problem`.
 * @param limit re-plans to spend, at most {@link MAX_REPLANS}; so also the most that is returned.
 */
export async function counterfactuals(
  problem: PathProblem,
  solution: PathSolution,
  solve: SolveIntegerProgramme,
  limit: number,
  limits?: SolverLimits,
): Promise<Counterfactual[]> {
  const found: Counterfactual[] = [];
  for (const { variation, varied } of worthwhile(problem, solution).slice(
    0,
    Math.max(0, Math.min(limit, MAX_REPLANS)),
  )) {
    const other = await planPath(varied, solve, limits);
    const before = new Set(solution.steps.map((step) => step.module));
    const after = new Set(other.steps.map((step) => step.module));
    const added = [...after].filter((code) => !before.has(code)).toSorted(compareCodes);
    const removed = [...before].filter((code) => !after.has(code)).toSorted(compareCodes);
    if (added.length + removed.length === 0) continue;
    const need = varied.needs.find((each) => each.competency === variation.competency);
    found.push({
      ...variation,
      level: need?.current ?? 0,
      added,
      removed,
      minutesDelta: other.minutes - solution.minutes,
      proven: solution.status === 'optimal' && other.status === 'optimal',
    });
  }
  return found;
}

function worthwhile(
  problem: PathProblem,
  solution: PathSolution,
): { variation: Variation; varied: PathProblem }[] {
  const present = fingerprint(problem);
  const minutesOn = (competency: string) =>
    solution.steps
      .filter((step) => step.closes.some((each) => each.competency === competency))
      .reduce((sum, step) => sum + step.minutes, 0);
  const varied = (direction: Variation['direction'], rank: (need: PathNeed) => number) =>
    problem.needs
      .toSorted((a, b) => rank(b) - rank(a) || compareCodes(a.competency, b.competency))
      .flatMap((need) => {
        const variation: Variation = { competency: need.competency, direction };
        const other = varyProblem(problem, variation);
        return other === null || fingerprint(other) === present ? [] : [{ variation, varied: other }];
      });
  const higher = varied('higher', (need) => minutesOn(need.competency));
  const lower = varied('lower', (need) => need.weight);
  return Array.from({ length: Math.max(higher.length, lower.length) }, (_, i) => [higher[i], lower[i]])
    .flat()
    .filter((each) => each !== undefined);
}

/** Equal for problems that have the same integer programme over the same modules. */
function fingerprint(problem: PathProblem): string {
  const situation = readSituation(problem);
  const programme =
    problem.budgetMinutes === null
      ? coverEveryGoal(situation)
      : closeMostGap(situation, Math.max(problem.budgetMinutes, situation.pinnedMinutes));
  return JSON.stringify([situation.candidates.map(({ code, minutes }) => [code, minutes]), programme]);
}
