import { createWorkspace, NODES, type Parameters, type Patterns, posterior, tabulate } from './marginal';

/** Shares of a pattern at a node below which sums of products do not change in the digits that matter. */
const NEGLIGIBLE = 1e-9;
/** Of the information that known θs would give; with less of it left, the data leave a parameter open. */
const LEAST_SHARE = 1e-6;

/**
 * Covariance matrix of maximum-likelihood estimates: the inverse of the observed information by Louis's formula (JRSS B
 * 44, 1982), E(−H) − E(S Sᵀ) + E(S) E(S)ᵀ summed over persons, expectations over p(θ | pattern). Per item presented,
 * the complete data's score is S = (u − P)·(θ, 1), and −H = P (1 − P)·(θ, 1)(θ, 1)ᵀ.
 *
 * @param free each free parameter by the entries of `parameters` that it stands for
 * @returns in the order of `free`; null where the data do not determine the parameters
 */
export function covarianceOf(
  parameters: Parameters,
  data: Patterns,
  free: readonly (readonly number[])[],
): number[][] | null {
  const { counts, starts, codes, width } = data;
  const size = 2 * width;
  const observed = Array.from({ length: size }, () => new Float64Array(size));
  const complete = new Float64Array(size);
  const add = (row: number, column: number, value: number): void => {
    const line = observed[row];
    if (line !== undefined) line[column] = (line[column] ?? 0) + value;
  };
  const sums = createSums(parameters, width);
  for (let pattern = 0; pattern < counts.length; pattern += 1) {
    const count = counts[pattern] ?? 0;
    const start = starts[pattern] ?? 0;
    const length = (starts[pattern + 1] ?? 0) - start;
    sumPattern(pattern, data, sums);
    let cell = 0;
    for (let at = 0; at < length; at += 1) {
      const [slope, intercept] = entries(codes[start + at] ?? 0, width);
      const [squares = 0, cross = 0, plain = 0] = sums.curvatures.subarray(3 * at, 3 * at + 3);
      add(slope, slope, count * squares);
      add(slope, intercept, count * cross);
      add(intercept, slope, count * cross);
      add(intercept, intercept, count * plain);
      complete[slope] = (complete[slope] ?? 0) + count * squares;
      complete[intercept] = (complete[intercept] ?? 0) + count * plain;

      const [bySlope = 0, byIntercept = 0] = sums.scores.subarray(2 * at, 2 * at + 2);
      for (let other = 0; other <= at; other += 1) {
        const [slope2, intercept2] = entries(codes[start + other] ?? 0, width);
        const bySlope2 = sums.scores[2 * other] ?? 0;
        const byIntercept2 = sums.scores[2 * other + 1] ?? 0;
        const mixed = sums.pairs[cell + 1] ?? 0;
        const values = {
          slopes: count * (bySlope * bySlope2 - (sums.pairs[cell] ?? 0)),
          there: count * (bySlope * byIntercept2 - mixed),
          back: count * (byIntercept * bySlope2 - mixed),
          intercepts: count * (byIntercept * byIntercept2 - (sums.pairs[cell + 2] ?? 0)),
        };
        cell += 3;
        add(slope, slope2, values.slopes);
        add(slope, intercept2, values.there);
        add(intercept, slope2, values.back);
        add(intercept, intercept2, values.intercepts);
        if (other === at) continue;
        add(slope2, slope, values.slopes);
        add(intercept2, slope, values.there);
        add(slope2, intercept, values.back);
        add(intercept2, intercept, values.intercepts);
      }
    }
  }
  const information = free.map((rows) =>
    Float64Array.from(free, (columns) =>
      total(rows, (row) => total(columns, (column) => observed[row]?.[column] ?? 0)),
    ),
  );
  const least = free.map((rows) => LEAST_SHARE * total(rows, (row) => complete[row] ?? 0));
  return inverse(information, least);
}

/** Expectations over one pattern's p(θ | pattern), by the place of the answer in the pattern. */
type Sums = {
  /** P (1 − P) times θ², θ and 1. */
  curvatures: Float64Array;
  /** u − P times θ and 1. */
  scores: Float64Array;
  /** Products (u − P)(u′ − P′) of each pair, itself included, times θ², θ and 1; row by row of a triangle. */
  pairs: Float64Array;
  residuals: Float64Array;
  logs: Float64Array;
  density: Float64Array;
};

function createSums(parameters: Parameters, width: number): Sums {
  const { logs, density } = createWorkspace(width);
  tabulate(parameters, logs);
  return {
    curvatures: new Float64Array(3 * width),
    scores: new Float64Array(2 * width),
    pairs: new Float64Array((3 * width * (width + 1)) / 2),
    residuals: new Float64Array(width),
    logs,
    density,
  };
}

function sumPattern(pattern: number, data: Patterns, sums: Sums): void {
  const { curvatures, scores, pairs, residuals, logs, density } = sums;
  const { starts, codes } = data;
  const start = starts[pattern] ?? 0;
  const length = (starts[pattern + 1] ?? 0) - start;
  curvatures.fill(0, 0, 3 * length);
  scores.fill(0, 0, 2 * length);
  pairs.fill(0, 0, (3 * length * (length + 1)) / 2);
  const { low, high } = posterior(pattern, data, logs, density);
  for (let node = low; node < high; node += 1) {
    const theta = NODES[node] ?? 0;
    const share = density[node] ?? 0;
    if (share < NEGLIGIBLE) continue;
    let cell = 0;
    for (let at = 0; at < length; at += 1) {
      const code = codes[start + at] ?? 0;
      const p = Math.exp(logs[(code | 1) * NODES.length + node] ?? 0);
      const residual = (code & 1) - p;
      residuals[at] = residual;
      const score = share * residual;
      scores[2 * at] = (scores[2 * at] ?? 0) + score * theta;
      scores[2 * at + 1] = (scores[2 * at + 1] ?? 0) + score;
      const weight = share * p * (1 - p);
      curvatures[3 * at] = (curvatures[3 * at] ?? 0) + weight * theta * theta;
      curvatures[3 * at + 1] = (curvatures[3 * at + 1] ?? 0) + weight * theta;
      curvatures[3 * at + 2] = (curvatures[3 * at + 2] ?? 0) + weight;
      for (let other = 0; other <= at; other += 1) {
        const product = score * (residuals[other] ?? 0);
        pairs[cell] = (pairs[cell] ?? 0) + product * theta * theta;
        pairs[cell + 1] = (pairs[cell + 1] ?? 0) + product * theta;
        pairs[cell + 2] = (pairs[cell + 2] ?? 0) + product;
        cell += 3;
      }
    }
  }
}

/** Of the slope and the intercept that an answer depends on. */
function entries(code: number, width: number): [number, number] {
  return [code >> 1, width + (code >> 1)];
}

/** Inverse of a symmetric matrix by Cholesky's decomposition; null if a pivot is not over the `least` for its row. */
function inverse(matrix: readonly Float64Array[], least: readonly number[]): number[][] | null {
  const size = matrix.length;
  const lower = matrix.map(() => new Float64Array(size));
  for (const [row, line] of lower.entries()) {
    for (let column = 0; column <= row; column += 1) {
      const other = lower[column] ?? line;
      let rest = matrix[row]?.[column] ?? 0;
      for (let k = 0; k < column; k += 1) rest -= (line[k] ?? 0) * (other[k] ?? 0);
      if (row === column && !(rest > (least[row] ?? 0))) return null;
      line[column] = row === column ? Math.sqrt(rest) : rest / (other[column] ?? 1);
    }
  }
  const columns = lower.map((_, unit) => {
    const solution = new Float64Array(size);
    for (let row = unit; row < size; row += 1) {
      let rest = row === unit ? 1 : 0;
      for (let k = unit; k < row; k += 1) rest -= (lower[row]?.[k] ?? 0) * (solution[k] ?? 0);
      solution[row] = rest / (lower[row]?.[row] ?? 1);
    }
    return solution;
  });
  // (L Lᵀ)⁻¹ = L⁻ᵀ L⁻¹.
  return columns.map((a) => columns.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0), 0)));
}

function total(list: readonly number[], value: (each: number) => number): number {
  return list.reduce((sum, each) => sum + value(each), 0);
}
