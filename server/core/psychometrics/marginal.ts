/**
 * The marginal distribution of response patterns under P(right | θ) = 1 / (1 + exp(−(a θ + d))), θ ~ Normal(0, 1), with
 * integrals over θ as sums over evenly spaced nodes.
 */

export const NOT_PRESENTED = -1;

export type Responses = {
  /** Row by row, one column per item: 1 right, 0 wrong, NOT_PRESENTED. */
  values: Int8Array;
  /** Number of items. */
  items: number;
  /** How many people answered as each row does; left out: one each. */
  counts?: ArrayLike<number>;
};

export const NODES = Float64Array.from({ length: 61 }, (_, index) => (index - 30) / 5);
const LOG_WEIGHTS = logWeights(NODES);
/** Share of the likeliest node below which a node is left out of sums. */
const NEGLIGIBLE = 1e-12;

/**
 * Distinct patterns of the calibrated items. `codes` holds, from starts[p] to starts[p + 1], what pattern p answered:
 * 2·item, plus 1 if right.
 */
export type Patterns = { width: number; starts: Uint32Array; codes: Uint32Array; counts: Float64Array };

/** Merges equal patterns, in an order that depends on the patterns alone. */
export function collapse({ values, items, counts }: Responses, columns: readonly number[]): Patterns {
  const totals = new Map<string, number>();
  const rows = values.length / items;
  const symbols = new Uint16Array(columns.length);
  for (let row = 0; row < rows; row += 1) {
    const count = counts === undefined ? 1 : (counts[row] ?? 0);
    if (count === 0) continue;
    for (const [at, column] of columns.entries()) symbols[at] = (values[row * items + column] ?? 0) + 49;
    const key = String.fromCharCode(...symbols);
    totals.set(key, (totals.get(key) ?? 0) + count);
  }
  totals.delete('0'.repeat(columns.length));

  const keys = [...totals.keys()].sort();
  const starts = new Uint32Array(keys.length + 1);
  const codes: number[] = [];
  for (const [pattern, key] of keys.entries()) {
    for (let at = 0; at < columns.length; at += 1) {
      const symbol = key.charCodeAt(at) - 49;
      if (symbol !== NOT_PRESENTED) codes.push(2 * at + symbol);
    }
    starts[pattern + 1] = codes.length;
  }
  return {
    width: columns.length,
    starts,
    codes: Uint32Array.from(codes),
    counts: Float64Array.from(keys, (key) => totals.get(key) ?? 0),
  };
}

/** Slopes, then intercepts, one of each per item. */
export type Parameters = Float64Array;

export type Workspace = {
  /** log P of wrong and right answers: row by code, column by node. */
  logs: Float64Array;
  /** Expected number of answers, laid out likewise. */
  expected: Float64Array;
  /** One pattern's density at each node. */
  density: Float64Array;
};

export function createWorkspace(width: number): Workspace {
  const size = 2 * width * NODES.length;
  return {
    logs: new Float64Array(size),
    expected: new Float64Array(size),
    density: new Float64Array(NODES.length),
  };
}

/** Fills `logs`. */
export function tabulate(parameters: Parameters, logs: Float64Array): void {
  const width = parameters.length / 2;
  for (let item = 0; item < width; item += 1) {
    const [a, d] = [parameters[item] ?? 0, parameters[width + item] ?? 0];
    for (let node = 0; node < NODES.length; node += 1) {
      const x = a * (NODES[node] ?? 0) + d;
      const tail = Math.log1p(Math.exp(-Math.abs(x)));
      logs[2 * item * NODES.length + node] = -Math.max(x, 0) - tail;
      logs[(2 * item + 1) * NODES.length + node] = Math.min(x, 0) - tail;
    }
  }
}

/** Writes p(θ | pattern), summing to 1, into `density`; nodes outside [low, high) are negligible. */
export function posterior(
  pattern: number,
  { starts, codes }: Patterns,
  logs: Float64Array,
  density: Float64Array,
): { logSum: number; low: number; high: number } {
  density.set(LOG_WEIGHTS);
  const end = starts[pattern + 1] ?? 0;
  for (let at = starts[pattern] ?? 0; at < end; at += 1) {
    const row = (codes[at] ?? 0) * NODES.length;
    for (let node = 0; node < NODES.length; node += 1) {
      density[node] = (density[node] ?? 0) + (logs[row + node] ?? 0);
    }
  }
  let top = Number.NEGATIVE_INFINITY;
  for (let node = 0; node < NODES.length; node += 1) top = Math.max(top, density[node] ?? top);
  let [sum, low, high] = [0, NODES.length, 0];
  for (let node = 0; node < NODES.length; node += 1) {
    const value = Math.exp((density[node] ?? 0) - top);
    density[node] = value;
    sum += value;
    if (value > NEGLIGIBLE) {
      low = Math.min(low, node);
      high = node + 1;
    }
  }
  for (let node = 0; node < NODES.length; node += 1) density[node] = (density[node] ?? 0) / sum;
  return { logSum: top + Math.log(sum), low, high };
}

function logWeights(nodes: Float64Array): Float64Array {
  const densities = nodes.map((theta) => Math.exp((-theta * theta) / 2));
  const logSum = Math.log(densities.reduce((sum, density) => sum + density, 0));
  return nodes.map((theta) => (-theta * theta) / 2 - logSum);
}
