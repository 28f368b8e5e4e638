/**
 * An integer programme as plain data, and the port through which one is solved.
 * The adapter is platform/solver; the core never sees the solver itself.
 */

export type Column = {
  /** Coefficient in the objective. */
  objective: number;
  /** Finite bounds: every programme of ours is bounded, so "unbounded" is never an answer. */
  lower: number;
  upper: number;
  integer: boolean;
};

export type Row = {
  /** −Infinity and Infinity mean that the side is open. */
  lower: number;
  upper: number;
  /** Index of a column → its coefficient. */
  terms: [column: number, coefficient: number][];
};

export type IntegerProgramme = {
  sense: 'minimise' | 'maximise';
  columns: Column[];
  rows: Row[];
};

/**
 * `optimal`: proven. `bounded`: the time limit struck; `values` is the best point found, if any, and `bound` is
 * what the objective provably cannot beat.
 */
export type IpResult =
  | { status: 'optimal'; values: number[]; objective: number; bound: number }
  | { status: 'bounded'; values: number[] | null; bound: number }
  | { status: 'infeasible' };

export type SolverLimits = { timeLimitMs: number };

export type SolveIntegerProgramme = (programme: IntegerProgramme, limits: SolverLimits) => Promise<IpResult>;

/** Whether a point keeps every bound and row to within `tolerance` (absolute, in the unit of the row). */
export function satisfies(
  programme: IntegerProgramme,
  values: readonly number[],
  tolerance: number,
): boolean {
  const within = (value: number, lower: number, upper: number) =>
    value >= lower - tolerance && value <= upper + tolerance;
  return (
    programme.columns.every((column, i) => within(values[i] ?? Number.NaN, column.lower, column.upper)) &&
    programme.rows.every((row) => {
      const activity = row.terms.reduce(
        (sum, [i, coefficient]) => sum + coefficient * (values[i] ?? Number.NaN),
        0,
      );
      return within(activity, row.lower, row.upper);
    })
  );
}
