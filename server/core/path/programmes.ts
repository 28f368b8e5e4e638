/** Builds the integer programmes of the path planner. Column i is candidate i; 1 means chosen. */

import type { Column, IntegerProgramme, Row } from './integer-programme';
import type { Candidate, Goal, Situation } from './problem';

/** Levels of a goal that earn its weight each: from + 1 … target. */
function levelsOf(goal: Goal): number[] {
  return Array.from({ length: goal.target - goal.from }, (_, i) => goal.from + 1 + i);
}

function reaching(candidates: readonly Candidate[], competency: string, level: number): number[] {
  return candidates.flatMap((candidate, i) => ((candidate.reach.get(competency) ?? 0) >= level ? [i] : []));
}

function choiceColumns(candidates: readonly Candidate[]): Column[] {
  return candidates.map((candidate) => ({
    objective: 0,
    lower: candidate.pinned ? 1 : 0,
    upper: 1,
    integer: true,
  }));
}

/** x(prerequisite) − x(module) ≥ 0. */
function prerequisiteRows(candidates: readonly Candidate[]): Row[] {
  const index = new Map(candidates.map((candidate, i) => [candidate.code, i]));
  return candidates.flatMap((candidate, i) =>
    candidate.prerequisites.map((code) => {
      const prerequisite = index.get(code);
      if (prerequisite === undefined)
        throw new Error(`Candidate ${candidate.code} needs ${code}, no candidate.`);
      return {
        lower: 0,
        upper: 1,
        terms: [
          [prerequisite, 1],
          [i, -1],
        ],
      } satisfies Row;
    }),
  );
}

/** Every goal met: a covering row per goal, Σ x(modules that bring the target level) ≥ 1. No objective yet. */
export function coverEveryGoal({ candidates, goals }: Situation): IntegerProgramme {
  const covers = goals.map(
    (goal): Row => ({
      lower: 1,
      upper: Number.POSITIVE_INFINITY,
      terms: reaching(candidates, goal.competency, goal.target).map((i) => [i, 1]),
    }),
  );
  return {
    sense: 'minimise',
    columns: choiceColumns(candidates),
    rows: [...prerequisiteRows(candidates), ...covers],
  };
}

/**
 * The most weighted levels closed within the budget. After the choices comes one column per goal and level,
 * y ≤ Σ x(modules that bring the level), y ≤ 1, which earns the goal's weight; y is whole wherever x is.
 */
export function closeMostGap({ candidates, goals }: Situation, budgetMinutes: number): IntegerProgramme {
  const levels = goals.flatMap((goal) => levelsOf(goal).map((level) => ({ goal, level })));
  const levelColumns = levels.map(({ goal }) => ({
    objective: goal.weight,
    lower: 0,
    upper: 1,
    integer: false,
  }));
  const levelRows = levels.map(
    ({ goal, level }, k): Row => ({
      lower: 0,
      upper: Number.POSITIVE_INFINITY,
      terms: [
        ...reaching(candidates, goal.competency, level).map((i): [number, number] => [i, 1]),
        [candidates.length + k, -1],
      ],
    }),
  );
  const budget: Row = {
    lower: 0,
    upper: budgetMinutes,
    terms: candidates.map((candidate, i) => [i, candidate.minutes]),
  };
  return {
    sense: 'maximise',
    columns: [...choiceColumns(candidates), ...levelColumns],
    rows: [...prerequisiteRows(candidates), ...levelRows, budget],
  };
}

/** The same programme with another objective (columns that are not named count 0) and further rows. */
export function refine(
  programme: IntegerProgramme,
  sense: IntegerProgramme['sense'],
  objective: readonly number[],
  rows: readonly Row[],
): IntegerProgramme {
  return {
    sense,
    columns: programme.columns.map((column, i) => ({ ...column, objective: objective[i] ?? 0 })),
    rows: [...programme.rows, ...rows],
  };
}

/** The programme with some columns settled at the given values. */
export function fix(programme: IntegerProgramme, values: ReadonlyMap<number, number>): IntegerProgramme {
  return {
    ...programme,
    columns: programme.columns.map((column, i) => {
      const value = values.get(i);
      return value === undefined ? column : { ...column, lower: value, upper: value };
    }),
  };
}
