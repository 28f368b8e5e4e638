/** The recommended path: which modules, in which order, and what each is for. */

import {
  type IntegerProgramme,
  type IpResult,
  type Row,
  type SolveIntegerProgramme,
  type SolverLimits,
  satisfies,
} from './integer-programme';
import { orderModules } from './order';
import {
  type Candidate,
  type DroppedPin,
  type Goal,
  type PathProblem,
  readSituation,
  type Situation,
  type Unreachable,
} from './problem';
import { closeMostGap, coverEveryGoal, fix, refine } from './programmes';

export type PathStep = {
  module: string;
  minutes: number;
  /** Gaps this step narrows, counted after the steps before it; `to` is at most `required`. */
  closes: { competency: string; from: number; to: number; required: number }[];
  /** Later steps that list this one as a prerequisite, in path order. */
  prerequisiteFor: string[];
  pinned: boolean;
};

/** What becomes of a competency below its target: `to` is the level once every step is completed. */
export type Outcome = { competency: string; weight: number; from: number; to: number; required: number };

export type PathSolution = {
  /**
   * `optimal`: no path is better. `bounded`: the time limit struck first; the path is valid, and `bound` says how
   * much better another could be at most.
   */
  status: 'optimal' | 'bounded';
  /** Without a budget: minutes that no path can undercut. With one: weighted levels that no path can exceed. */
  bound: number;
  minutes: number;
  /** Weighted levels: Σ weight × (to − from) over the outcomes. */
  gapClosed: number;
  steps: PathStep[];
  outcomes: Outcome[];
  unreachable: Unreachable[];
  droppedPins: DroppedPin[];
  /** Minutes by which the pinned modules alone exceed the budget; nothing else is then added. */
  overBudgetMinutes: number;
};

const DEFAULT_LIMITS: SolverLimits = { timeLimitMs: 5_000 };
/** Columns per tie-breaking solve: weights up to 2¹⁵ stay far above the solver's integrality tolerance of 10⁻⁶. */
const TIE_BREAK_WIDTH = 16;
const TOLERANCE = 1e-6;

/**
 * Chooses and orders modules.
 *
 * Without a budget: the fewest minutes such that, for every competency below target, some module of the path brings
 * the required level, or the highest level any choosable module brings where that is lower (then it is also listed
 * as unreachable). With a budget: the most weighted levels closed within it, then the fewest minutes. In both:
 * prerequisites are in the path unless completed or verified, nothing completed or wholly verified is recommended,
 * excluded modules never appear, pinned ones always do.
 *
 * Ties go to the fewest modules, then to the first list of codes in alphabetical order, so that equal input gives
 * equal output whatever the solver's internals. They are settled by further solves over the optimal set: first with
 * the minutes and the number of modules as objective, then with powers of two over 16 codes at a time.
 *
 * @param limits time limit of each solve (default 5 s); after a solve that meets it no further refinement is tried.
 * @throws RangeError when the problem is malformed (see readSituation).
 */
export async function planPath(
  problem: PathProblem,
  solve: SolveIntegerProgramme,
  limits: SolverLimits = DEFAULT_LIMITS,
): Promise<PathSolution> {
  const situation = readSituation(problem);
  const choice =
    problem.budgetMinutes === null
      ? await chooseFewestMinutes(situation, solve, limits)
      : await chooseWithinBudget(
          situation,
          Math.max(problem.budgetMinutes, situation.pinnedMinutes),
          solve,
          limits,
        );
  return describe(situation, choice, problem.budgetMinutes);
}

type Choice = { chosen: Candidate[]; status: PathSolution['status']; bound: number };

async function chooseFewestMinutes(
  situation: Situation,
  solve: SolveIntegerProgramme,
  limits: SolverLimits,
): Promise<Choice> {
  const { candidates, goals } = situation;
  if (candidates.length === 0) return { chosen: [], status: 'optimal', bound: 0 };
  const cover = coverEveryGoal(situation);
  const first = await solveChecked(shortest(cover, candidates), solve, limits);
  if (first.status === 'optimal') {
    const chosen = await settleTies(cover, candidates, pick(candidates, first.values), solve, limits);
    return { chosen, status: 'optimal', bound: totalMinutes(chosen) };
  }
  const found = first.values === null ? candidates : pick(candidates, first.values);
  const meetsAll = (modules: Candidate[]) => goals.every((goal) => levelAfter(goal, modules) >= goal.target);
  const chosen = prune(found, meetsAll);
  const scale = candidates.length + 1;
  const bound = Math.max(
    situation.pinnedMinutes,
    Math.ceil((first.bound - candidates.length) / scale - TOLERANCE),
  );
  return { chosen, status: totalMinutes(chosen) <= bound ? 'optimal' : 'bounded', bound };
}

async function chooseWithinBudget(
  situation: Situation,
  budgetMinutes: number,
  solve: SolveIntegerProgramme,
  limits: SolverLimits,
): Promise<Choice> {
  const { candidates, goals } = situation;
  if (candidates.length === 0) return { chosen: [], status: 'optimal', bound: 0 };
  const most = closeMostGap(situation, budgetMinutes);
  const first = await solveChecked(most, solve, limits);
  const found = first.values === null ? prune(candidates, () => true) : pick(candidates, first.values);
  const gap = weightedGap(goals, found);
  if (first.status === 'bounded') {
    const chosen = prune(found, (modules) => weightedGap(goals, modules) >= gap);
    const all = goals.reduce((sum, goal) => sum + goal.weight * (goal.target - goal.from), 0);
    return {
      chosen,
      status: 'bounded',
      bound: Math.max(gap, Math.min(all, Math.floor(first.bound + TOLERANCE))),
    };
  }
  const keepGap: Row = {
    lower: gap,
    upper: Number.POSITIVE_INFINITY,
    terms: most.columns.flatMap((column, i) => (column.objective === 0 ? [] : [[i, column.objective]])),
  };
  const asMuch = refine(most, 'minimise', [], [keepGap]);
  const second = await solveChecked(shortest(asMuch, candidates), solve, limits);
  if (second.status === 'bounded') {
    const shorter = second.values === null ? found : pick(candidates, second.values);
    const chosen = prune(shorter, (modules) => weightedGap(goals, modules) >= gap);
    return { chosen, status: 'bounded', bound: gap };
  }
  const chosen = await settleTies(asMuch, candidates, pick(candidates, second.values), solve, limits);
  return { chosen, status: 'optimal', bound: gap };
}

/** Fewest minutes, then fewest modules, in one exact integer objective: (n + 1) × minutes + modules. */
function shortest(programme: IntegerProgramme, candidates: readonly Candidate[]): IntegerProgramme {
  const scale = candidates.length + 1;
  return refine(
    programme,
    'minimise',
    candidates.map((candidate) => scale * candidate.minutes + 1),
    [],
  );
}

/** Among the choices of equal minutes and number, the one whose sorted codes come first. */
async function settleTies(
  programme: IntegerProgramme,
  candidates: readonly Candidate[],
  start: Candidate[],
  solve: SolveIntegerProgramme,
  limits: SolverLimits,
): Promise<Candidate[]> {
  const minutes = totalMinutes(start);
  const tied = refine(
    programme,
    'maximise',
    [],
    [
      { lower: minutes, upper: minutes, terms: candidates.map((candidate, i) => [i, candidate.minutes]) },
      { lower: start.length, upper: start.length, terms: candidates.map((_, i) => [i, 1]) },
    ],
  );
  const settled = new Map<number, number>();
  let chosen = start;
  for (let at = 0; at < candidates.length; at += TIE_BREAK_WIDTH) {
    const block = candidates.slice(at, at + TIE_BREAK_WIDTH);
    const objective = candidates.map((_, i) =>
      i >= at && i < at + block.length ? 2 ** (at + block.length - 1 - i) : 0,
    );
    const result = await solveChecked(refine(fix(tied, settled), 'maximise', objective, []), solve, limits);
    if (result.status === 'bounded') break;
    chosen = pick(candidates, result.values);
    const taken = new Set(chosen);
    block.forEach((candidate, k) => settled.set(at + k, taken.has(candidate) ? 1 : 0));
  }
  return chosen;
}

/** Solves, rounds the values to whole numbers and checks them against every row: the answer is verified, not trusted. */
async function solveChecked(
  programme: IntegerProgramme,
  solve: SolveIntegerProgramme,
  limits: SolverLimits,
): Promise<Exclude<IpResult, { status: 'infeasible' }>> {
  const result = await solve(programme, limits);
  if (result.status === 'infeasible')
    throw new Error('The path programme was called infeasible; it never is.');
  if (result.values === null) return result;
  const values = result.values.map(Math.round);
  if (!satisfies(programme, values, TOLERANCE))
    throw new Error('The solver returned a path that breaks a rule.');
  return { ...result, values };
}

function pick(candidates: readonly Candidate[], values: readonly number[]): Candidate[] {
  return candidates.filter((_, i) => values[i] === 1);
}

function totalMinutes(modules: readonly Candidate[]): number {
  return modules.reduce((sum, module) => sum + module.minutes, 0);
}

function levelAfter(goal: Goal, modules: readonly Candidate[]): number {
  return modules.reduce(
    (level, module) => Math.max(level, Math.min(goal.target, module.reach.get(goal.competency) ?? 0)),
    goal.from,
  );
}

function weightedGap(goals: readonly Goal[], modules: readonly Candidate[]): number {
  return goals.reduce((sum, goal) => sum + goal.weight * (levelAfter(goal, modules) - goal.from), 0);
}

/** Drops, longest first, what no pin or remaining module needs and `stillGood` can spare. */
function prune(modules: Candidate[], stillGood: (modules: Candidate[]) => boolean): Candidate[] {
  for (const module of modules.toSorted((a, b) => b.minutes - a.minutes)) {
    const rest = modules.filter((other) => other !== module);
    const free = !module.pinned && !rest.some((other) => other.prerequisites.includes(module.code));
    if (free && stillGood(rest)) return prune(rest, stillGood);
  }
  return modules;
}

function describe(situation: Situation, choice: Choice, budgetMinutes: number | null): PathSolution {
  const priority = (candidate: Candidate) => weightedGap(situation.goals, [candidate]);
  const ordered = orderModules(
    choice.chosen.map((candidate) => ({ ...candidate, priority: priority(candidate) })),
  );
  const levels = new Map(situation.goals.map((goal) => [goal.competency, goal.from]));
  const steps = ordered.map((module): PathStep => {
    const closes: PathStep['closes'] = [];
    for (const { competency, required } of situation.goals) {
      const from = levels.get(competency) ?? 0;
      const to = Math.min(required, module.reach.get(competency) ?? 0);
      if (to <= from) continue;
      closes.push({ competency, from, to, required });
      levels.set(competency, to);
    }
    return {
      module: module.code,
      minutes: module.minutes,
      closes,
      prerequisiteFor: ordered.flatMap((later) =>
        later.prerequisites.includes(module.code) ? [later.code] : [],
      ),
      pinned: module.pinned,
    };
  });
  const outcomes = situation.goals.map(({ competency, weight, from, required }): Outcome => {
    return { competency, weight, from, to: levels.get(competency) ?? from, required };
  });
  return {
    status: choice.status,
    bound: choice.bound,
    minutes: totalMinutes(ordered),
    gapClosed: outcomes.reduce((sum, outcome) => sum + outcome.weight * (outcome.to - outcome.from), 0),
    steps,
    outcomes,
    unreachable: situation.unreachable,
    droppedPins: situation.droppedPins,
    overBudgetMinutes: budgetMinutes === null ? 0 : Math.max(0, situation.pinnedMinutes - budgetMinutes),
  };
}
