/** What the path planner is asked, and what follows from it before anything is optimised. */

import { MODE_CAP, type PlannableModule } from '../curriculum';
import { compareCodes } from './order';

/** One competency of the profile. Levels are whole numbers from 0 to 5. */
export type PathNeed = {
  competency: string;
  required: number;
  /** Whole number ≥ 0; framework weights are 1 to 3. */
  weight: number;
  /** Level estimated from all evidence. */
  current: number;
  /** Level that somebody or something other than the learner has checked. */
  verified: number;
};

export type PathProblem = {
  /**
   * Every competency with a target or a verified level; one that is not listed counts as level 0, not required.
   * Competencies at or above their target belong here too: their verified levels decide which modules can be skipped.
   */
  needs: PathNeed[];
  modules: PlannableModule[];
  completed: string[];
  pinned: string[];
  excluded: string[];
  /** null: close every gap in the fewest minutes. A number: the most weighted gap closed within so many minutes. */
  budgetMinutes: number | null;
};

/** A module that may be chosen. */
export type Candidate = {
  code: string;
  minutes: number;
  /** Prerequisites still to be taken; each is a candidate as well. */
  prerequisites: string[];
  /** Competency → level the module brings, capped by its best mode. */
  reach: ReadonlyMap<string, number>;
  pinned: boolean;
};

/** A gap that modules can narrow: from `from` up to `target`, which is the required level unless that is out of reach. */
export type Goal = { competency: string; weight: number; from: number; target: number; required: number };

export type Unreachable = {
  competency: string;
  current: number;
  required: number;
  /** Highest level, up to the required one, that the choosable modules bring; the current level when none helps. */
  reachable: number;
  /**
   * `excluded`: readmitting `modules` would bring `wouldReach`. `completed`: `modules` teach more and are completed,
   * so other evidence is needed. `blocked`: `modules` teach more and their prerequisites cannot be met.
   * `no-module`: nothing in the curriculum teaches more.
   */
  reason: 'excluded' | 'completed' | 'blocked' | 'no-module';
  modules: string[];
  wouldReach: number;
};

/** A pin that cannot be or need not be honoured, and why. */
export type DroppedPin = {
  module: string;
  reason: 'unknown' | 'completed' | 'verified' | 'excluded' | 'prerequisite';
};

export type Situation = {
  /** Sorted by code. */
  candidates: Candidate[];
  /** Sorted by competency. */
  goals: Goal[];
  unreachable: Unreachable[];
  droppedPins: DroppedPin[];
  /** Minutes of the pinned modules with their open prerequisites. */
  pinnedMinutes: number;
};

/**
 * Level to count from: the estimate, or the verified level where that is higher, since a claim or an old estimate
 * never overrules what was checked.
 */
export function startingLevel(need: PathNeed): number {
  return Math.max(need.current, need.verified);
}

/**
 * Sorts modules into settled (completed, or every level they teach verified), choosable and out of reach, and
 * needs into goals and unreachable targets. A module is choosable when it is neither settled nor excluded and each
 * prerequisite is settled or choosable; so loops and unknown prerequisites make a module unchoosable.
 * Candidates that can serve no goal and no pin are left out.
 *
 * @throws RangeError when a code repeats or a level, weight, length or budget is not a whole number in range.
 */
export function readSituation(problem: PathProblem): Situation {
  check(problem);
  const verified = new Map(problem.needs.map((need) => [need.competency, need.verified]));
  const completed = new Set(problem.completed);
  const excluded = new Set(problem.excluded);
  const modules = new Map(
    problem.modules
      .toSorted((a, b) => compareCodes(a.code, b.code))
      .map((module) => [module.code, { ...module, reach: reachOf(module) }]),
  );
  const isVerified = (code: string) => {
    const reach = modules.get(code)?.reach ?? new Map<string, number>();
    return (
      reach.size > 0 && [...reach].every(([competency, level]) => level <= (verified.get(competency) ?? 0))
    );
  };
  const isSettled = (code: string) => completed.has(code) || isVerified(code);
  const open = [...modules.values()].filter((module) => !isSettled(module.code));
  const openPrerequisites = (module: PlannableModule) =>
    [...new Set(module.prerequisites)].filter((code) => !isSettled(code)).toSorted(compareCodes);

  const choosableWithout = (barred: ReadonlySet<string>) => {
    const choosable = new Set<string>();
    for (let grown = -1; grown < choosable.size; ) {
      grown = choosable.size;
      for (const module of open) {
        if (!barred.has(module.code) && openPrerequisites(module).every((code) => choosable.has(code))) {
          choosable.add(module.code);
        }
      }
    }
    return choosable;
  };
  const choosable = choosableWithout(excluded);
  const choosableIfAllAdmitted = choosableWithout(new Set());

  /** The modules and all their open prerequisites. */
  const closure = (codes: Iterable<string>) => {
    const all = new Set(codes);
    for (const code of all) {
      const module = modules.get(code);
      if (module !== undefined) for (const prerequisite of openPrerequisites(module)) all.add(prerequisite);
    }
    return all;
  };
  const teaching = (codes: Iterable<string>, competency: string, above: number) =>
    [...codes]
      .filter((code) => (modules.get(code)?.reach.get(competency) ?? 0) > above)
      .toSorted(compareCodes);
  const best = (codes: Iterable<string>, competency: string, required: number) =>
    Math.min(
      required,
      Math.max(0, ...[...codes].map((code) => modules.get(code)?.reach.get(competency) ?? 0)),
    );

  const goals: Goal[] = [];
  const unreachable: Unreachable[] = [];
  for (const need of problem.needs.toSorted((a, b) => compareCodes(a.competency, b.competency))) {
    const { competency, required, weight } = need;
    const from = startingLevel(need);
    if (from >= required) continue;
    const reachable = Math.max(from, best(choosable, competency, required));
    if (reachable > from) goals.push({ competency, weight, from, target: reachable, required });
    if (reachable === required) continue;

    const couldChoose = teaching(choosableIfAllAdmitted, competency, reachable);
    const couldReach = best(couldChoose, competency, required);
    const readmissions = couldChoose
      .filter((code) => (modules.get(code)?.reach.get(competency) ?? 0) >= couldReach)
      .map((code) => [...closure([code])].filter((each) => excluded.has(each)).toSorted(compareCodes))
      .toSorted((a, b) => a.length - b.length);
    const done = teaching(completed, competency, reachable);
    const blocked = teaching(
      open.map((module) => module.code),
      competency,
      reachable,
    );
    const because = (reason: Unreachable['reason'], codes: string[], wouldReach: number) =>
      unreachable.push({
        competency,
        current: from,
        required,
        reachable,
        reason,
        modules: codes,
        wouldReach,
      });
    if (readmissions[0] !== undefined) because('excluded', readmissions[0], couldReach);
    else if (done.length > 0) because('completed', done, best(done, competency, required));
    else if (blocked.length > 0) because('blocked', blocked, best(blocked, competency, required));
    else because('no-module', [], reachable);
  }

  const droppedPins: DroppedPin[] = [];
  const pins = new Set<string>();
  for (const code of [...new Set(problem.pinned)].toSorted(compareCodes)) {
    if (choosable.has(code)) pins.add(code);
    else if (completed.has(code)) droppedPins.push({ module: code, reason: 'completed' });
    else if (!modules.has(code)) droppedPins.push({ module: code, reason: 'unknown' });
    else if (isVerified(code)) droppedPins.push({ module: code, reason: 'verified' });
    else droppedPins.push({ module: code, reason: excluded.has(code) ? 'excluded' : 'prerequisite' });
  }

  // Without a budget only the target level counts; within one, every level above the present does.
  const enough = (goal: Goal) => (problem.budgetMinutes === null ? goal.target : goal.from + 1);
  const useful = goals.flatMap((goal) => teaching(choosable, goal.competency, enough(goal) - 1));
  const serving = closure([...useful, ...pins]);
  const candidates = open
    .filter((module) => serving.has(module.code))
    .map((module) => ({
      code: module.code,
      minutes: module.minutes,
      prerequisites: openPrerequisites(module),
      reach: module.reach,
      pinned: pins.has(module.code),
    }));
  const pinnedMinutes = [...closure(pins)].reduce((sum, code) => sum + (modules.get(code)?.minutes ?? 0), 0);
  return { candidates, goals, unreachable, droppedPins, pinnedMinutes };
}

function reachOf(module: PlannableModule): ReadonlyMap<string, number> {
  const cap = Math.max(0, ...module.modes.map((mode) => MODE_CAP[mode]));
  return new Map(
    Object.entries(module.levels).map(([competency, level]) => [competency, Math.min(level, cap)]),
  );
}

function whole(what: string, value: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${what} must be a whole number from 0 to ${max}, not ${value}.`);
  }
}

function once(what: string, codes: string[]): void {
  if (new Set(codes).size !== codes.length) throw new RangeError(`Each ${what} may occur only once.`);
}

function check(problem: PathProblem): void {
  for (const need of problem.needs) {
    whole(`The required level of ${need.competency}`, need.required, 5);
    whole(`The current level of ${need.competency}`, need.current, 5);
    whole(`The verified level of ${need.competency}`, need.verified, 5);
    whole(`The weight of ${need.competency}`, need.weight, 1000);
  }
  for (const module of problem.modules) {
    whole(`The length of ${module.code}`, module.minutes, 100_000);
    for (const level of Object.values(module.levels)) whole(`A level taught by ${module.code}`, level, 5);
  }
  if (problem.budgetMinutes !== null)
    whole('The budget in minutes', problem.budgetMinutes, Number.MAX_SAFE_INTEGER);
  once(
    'competency',
    problem.needs.map((need) => need.competency),
  );
  once(
    'module',
    problem.modules.map((module) => module.code),
  );
}
