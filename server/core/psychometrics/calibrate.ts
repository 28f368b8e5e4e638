/**
 * Item calibration by marginal maximum likelihood (Bock and Aitkin, Psychometrika 46, 1981).
 *
 * Model: P(right | θ) = 1 / (1 + exp(−(a θ + d))), θ ~ Normal(0, 1), difficulty b = −d / a, logistic metric without
 * 1.702. 'rasch' sets a = 1, '1pl' estimates one a for all items, '2pl' one for each. The likelihood of a pattern is
 * integrated over evenly spaced values of θ; what a person was not presented does not enter it (missing at random).
 *
 * EM: the E-step turns each pattern into expected right and wrong answers per node, the M-step is a logistic
 * regression of these on θ. Steps are extrapolated by squared iterative methods (SQUAREM, scheme S3 of Varadhan and
 * Roland, Scandinavian Journal of Statistics 35, 2008), which give way to plain EM wherever they lower the likelihood.
 *
 * Standard errors are from the observed information, those of b by the delta method.
 */

import {
  collapse,
  createWorkspace,
  NODES,
  NOT_PRESENTED,
  type Parameters,
  type Patterns,
  posterior,
  type Responses,
  tabulate,
  type Workspace,
} from './marginal';
import { covarianceOf } from './standard-errors';

export type CalibrationModel = 'rasch' | '1pl' | '2pl';

export type CalibrationOptions = {
  /** Fewest responses of an item that enters the calibration. */
  minimumResponses?: number;
  /** EM steps after which no further extrapolation begins. */
  maximumSteps?: number;
  /** Largest change of a slope or intercept in one EM step at which the estimates are taken to have converged. */
  tolerance?: number;
};

export type ItemCalibration = { responses: number } & (
  | {
      /** 'at-bound': at an end of the permitted range, as for items that separate perfectly or contradict the others. */
      outcome: 'estimated' | 'at-bound';
      /** {@link SLOPE_RANGE}. */
      a: number;
      b: number;
      /** Null at a bound, and where the responses do not determine the parameters; a's is 0 when it is not estimated. */
      standardErrors: { a: number; b: number } | null;
    }
  /** Nobody or everybody answered right: no finite difficulty fits best, and the item tells nothing of the others. */
  | { outcome: 'all-right' | 'all-wrong' }
  | { outcome: 'too-few-responses' }
);

export type Calibration =
  | {
      outcome: 'calibrated';
      /** In the order of the columns. */
      items: ItemCalibration[];
      /** People who answered at least one of the calibrated items. */
      persons: number;
      /** Number of parameters estimated. */
      parameters: number;
      logLik: number;
      /** EM steps taken. */
      iterations: number;
      converged: boolean;
    }
  /** Fewer items than the model needs have `required` responses. */
  | { outcome: 'too-few-responses'; required: number; responses: number[] }
  /** Enough responses, but fewer items than the model needs have both right and wrong ones. */
  | { outcome: 'too-few-items'; required: number; usable: number };

/** Responses below which parameters say more about the sample than about the item. */
export const MINIMUM_RESPONSES = 200;

/** Permitted discriminations. A negative one would say that the key is wrong; it ends at the lower bound. */
export const SLOPE_RANGE = { low: 0.05, high: 8 } as const;
const INTERCEPT_LIMIT = 40;

/** Fewest items that identify the model. */
const ITEMS_NEEDED = { rasch: 1, '1pl': 2, '2pl': 3 } as const;

const NEWTON_STEPS = 25;
const NEWTON_TOLERANCE = 1e-10;

/**
 * Calibrates the items of a set of right/wrong responses.
 *
 * Items without enough responses, or without both right and wrong ones, are left out and reported as such. The order
 * of persons does not matter to the last bit, that of items only to rounding. Time is proportional to distinct
 * patterns × items, memory to the responses.
 *
 * @throws RangeError when values, items and counts do not fit together, or hold anything but what they may
 */
export function calibrate(
  responses: Responses,
  model: CalibrationModel,
  { minimumResponses = MINIMUM_RESPONSES, maximumSteps = 2_000, tolerance = 1e-6 }: CalibrationOptions = {},
): Calibration {
  assertValid(responses);
  const tallies = tally(responses);
  const required = ITEMS_NEEDED[model];
  const unusable = tallies.map((item) => screen(item, minimumResponses));
  if (unusable.filter((item) => item?.outcome !== 'too-few-responses').length < required) {
    const counts = tallies.map(({ right, wrong }) => right + wrong);
    return { outcome: 'too-few-responses', required: minimumResponses, responses: counts };
  }
  const columns = unusable.flatMap((item, index) => (item === null ? [index] : []));
  if (columns.length < required) return { outcome: 'too-few-items', required, usable: columns.length };

  const used = columns.map((column) => tallies[column] ?? { right: 1, wrong: 1 });
  const data = collapse(responses, columns);
  const fit = maximise(startingValues(used), { data, model, maximumSteps, tolerance });
  const estimates = estimatesOf(fit.parameters, data, model)
    .map((estimate, at): ItemCalibration => {
      const { right, wrong } = used[at] ?? { right: 0, wrong: 0 };
      return { responses: right + wrong, ...estimate };
    })
    .values();
  return {
    outcome: 'calibrated',
    items: unusable.flatMap((item) => item ?? estimates.next().value ?? []),
    persons: data.counts.reduce((sum, count) => sum + count, 0),
    parameters: columns.length + { rasch: 0, '1pl': 1, '2pl': columns.length }[model],
    logLik: fit.logLik,
    iterations: fit.steps,
    converged: fit.converged,
  };
}

type Tally = { right: number; wrong: number };

function assertValid({ values, items, counts }: Responses): void {
  if (!Number.isInteger(items) || items < 1) throw new RangeError(`${items} items`);
  if (values.length % items !== 0) throw new RangeError(`${values.length} values in rows of ${items}`);
  const rows = values.length / items;
  if (counts !== undefined && counts.length !== rows) {
    throw new RangeError(`${counts.length} counts for ${rows} rows`);
  }
  const isUnknown = (value: number): boolean => value !== 0 && value !== 1 && value !== NOT_PRESENTED;
  if (values.some(isUnknown)) throw new RangeError('a response is neither right, wrong nor not presented');
  const isNoCount = (count: number): boolean => !(count >= 0 && count < Number.POSITIVE_INFINITY);
  if (Array.from(counts ?? []).some(isNoCount)) throw new RangeError('a count is negative or no number');
}

function tally({ values, items, counts }: Responses): Tally[] {
  const right = new Float64Array(items);
  const wrong = new Float64Array(items);
  for (let at = 0; at < values.length; at += 1) {
    const item = at % items;
    const count = counts === undefined ? 1 : (counts[(at - item) / items] ?? 0);
    if (values[at] === 1) right[item] = (right[item] ?? 0) + count;
    else if (values[at] === 0) wrong[item] = (wrong[item] ?? 0) + count;
  }
  return Array.from(right, (count, item) => ({ right: count, wrong: wrong[item] ?? 0 }));
}

/** Why the item cannot be calibrated, or null. */
function screen({ right, wrong }: Tally, minimum: number): ItemCalibration | null {
  const responses = right + wrong;
  if (responses === 0 || responses < minimum) return { outcome: 'too-few-responses', responses };
  if (wrong === 0) return { outcome: 'all-right', responses };
  return right === 0 ? { outcome: 'all-wrong', responses } : null;
}

/** Slope 1, and the intercept that gives the observed proportion on average over θ. */
function startingValues(tallies: readonly Tally[]): Parameters {
  const stretch = Math.sqrt(1 + 3 / Math.PI ** 2);
  const intercepts = tallies.map(({ right, wrong }) =>
    bounded(stretch * Math.log(right / wrong), -INTERCEPT_LIMIT, INTERCEPT_LIMIT),
  );
  return Float64Array.from([...tallies.map(() => 1), ...intercepts]);
}

type Search = { data: Patterns; model: CalibrationModel; maximumSteps: number; tolerance: number };
type Fit = { parameters: Parameters; logLik: number; steps: number; converged: boolean };

function maximise(start: Parameters, { data, model, maximumSteps, tolerance }: Search): Fit {
  const workspace = createWorkspace(data.width);
  let steps = 0;
  const step = (from: Parameters): { to: Parameters; logLik: number } => {
    steps += 1;
    const logLik = expectation(from, data, workspace);
    return { to: maximiseExpected(from, workspace.expected, model), logLik };
  };

  let current = start;
  let fallback: { parameters: Parameters; logLik: number } | null = null;
  while (true) {
    let first = step(current);
    if (fallback !== null && first.logLik < fallback.logLik) {
      current = fallback.parameters;
      first = step(current);
    }
    const isSettled = distance(current, first.to) < tolerance;
    if (isSettled || steps >= maximumSteps) {
      return { parameters: current, logLik: first.logLik, steps, converged: isSettled };
    }
    const second = step(first.to);
    fallback = { parameters: second.to, logLik: second.logLik };
    current = extrapolate(current, first.to, second.to);
  }
}

/** x₀ − 2αr + α²v with r = x₁ − x₀, v = x₂ − 2x₁ + x₀ and α = −|r| / |v|, at most −1, which is x₂. */
function extrapolate(x0: Parameters, x1: Parameters, x2: Parameters): Parameters {
  let [changes, bends] = [0, 0];
  for (let k = 0; k < x0.length; k += 1) {
    const [a, b, c] = [x0[k] ?? 0, x1[k] ?? 0, x2[k] ?? 0];
    changes += (b - a) ** 2;
    bends += (c - 2 * b + a) ** 2;
  }
  if (!(changes > bends) || bends === 0) return x2;
  const alpha = -Math.sqrt(changes / bends);
  const width = x0.length / 2;
  return x0.map((a, k) => {
    const r = (x1[k] ?? 0) - a;
    const v = (x2[k] ?? 0) - (x1[k] ?? 0) - r;
    const value = a - 2 * alpha * r + alpha * alpha * v;
    return k < width ? boundedSlope(value) : bounded(value, -INTERCEPT_LIMIT, INTERCEPT_LIMIT);
  });
}

/** E-step: fills `expected` and returns the marginal log-likelihood. */
function expectation(parameters: Parameters, data: Patterns, { logs, expected, density }: Workspace): number {
  tabulate(parameters, logs);
  expected.fill(0);
  let logLik = 0;
  for (let pattern = 0; pattern < data.counts.length; pattern += 1) {
    const count = data.counts[pattern] ?? 0;
    const { logSum, low, high } = posterior(pattern, data, logs, density);
    logLik += count * logSum;
    const end = data.starts[pattern + 1] ?? 0;
    for (let at = data.starts[pattern] ?? 0; at < end; at += 1) {
      const row = (data.codes[at] ?? 0) * NODES.length;
      for (let node = low; node < high; node += 1) {
        expected[row + node] = (expected[row + node] ?? 0) + count * (density[node] ?? 0);
      }
    }
  }
  return logLik;
}

/** M-step: items that share a slope are regressed together, each with its own intercept. */
function maximiseExpected(from: Parameters, expected: Float64Array, model: CalibrationModel): Parameters {
  const to = from.slice();
  const all = Array.from({ length: from.length / 2 }, (_, item) => item);
  if (model === '2pl') for (const item of all) regress(to, expected, [item], true);
  else regress(to, expected, all, model === '1pl');
  return to;
}

/**
 * Newton's method on Σ right·log P + wrong·log(1 − P) over the nodes, concave in slope and intercepts. With
 * w = n P (1 − P) and e = right − n P, its derivatives are Σe for an intercept, Σθe for the slope, and
 * −Σw, −Σθw, −Σθ²w for the second ones; the intercepts are eliminated before the slope is solved for.
 */
function regress(
  parameters: Parameters,
  expected: Float64Array,
  group: readonly number[],
  isSlopeFree: boolean,
): void {
  const width = parameters.length / 2;
  const first = group[0] ?? 0;
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    const a = parameters[first] ?? 0;
    let [gradient, curvature] = [0, 0];
    const sums = group.map((item) => derivatives(a, parameters[width + item] ?? 0, expected, item));
    for (const sum of sums) {
      gradient += sum.slopeGradient - (sum.cross * sum.gradient) / sum.weight;
      curvature += sum.square - (sum.cross * sum.cross) / sum.weight;
    }
    const change = isSlopeFree && curvature > 0 ? bounded(gradient / curvature, -1, 1) : 0;
    const slope = isSlopeFree ? boundedSlope(a + change) : a;
    let largest = Math.abs(slope - a);
    for (const { item, gradient: own, cross, weight } of sums) {
      const d = parameters[width + item] ?? 0;
      const moved = bounded((own - cross * (slope - a)) / weight, -2, 2);
      const intercept = bounded(d + moved, -INTERCEPT_LIMIT, INTERCEPT_LIMIT);
      parameters[item] = slope;
      parameters[width + item] = intercept;
      largest = Math.max(largest, Math.abs(intercept - d));
    }
    if (largest < NEWTON_TOLERANCE) return;
  }
}

type Derivatives = {
  item: number;
  gradient: number;
  slopeGradient: number;
  weight: number;
  cross: number;
  square: number;
};

function derivatives(a: number, d: number, expected: Float64Array, item: number): Derivatives {
  const wrongRow = 2 * item * NODES.length;
  const rightRow = wrongRow + NODES.length;
  // Keeps divisions defined where every node is far from the item.
  const sums = { item, gradient: 0, slopeGradient: 0, weight: 1e-9, cross: 0, square: 0 };
  for (let node = 0; node < NODES.length; node += 1) {
    const theta = NODES[node] ?? 0;
    const right = expected[rightRow + node] ?? 0;
    const count = right + (expected[wrongRow + node] ?? 0);
    const p = 1 / (1 + Math.exp(-(a * theta + d)));
    const residual = right - count * p;
    const weight = count * p * (1 - p);
    sums.gradient += residual;
    sums.slopeGradient += theta * residual;
    sums.weight += weight;
    sums.cross += theta * weight;
    sums.square += theta * theta * weight;
  }
  return sums;
}

type Estimate = Pick<
  Extract<ItemCalibration, { outcome: 'estimated' | 'at-bound' }>,
  'outcome' | 'a' | 'b' | 'standardErrors'
>;

function estimatesOf(parameters: Parameters, data: Patterns, model: CalibrationModel): Estimate[] {
  const { width } = data;
  const items = Array.from({ length: width }, (_, item) => {
    const [a, d] = [parameters[item] ?? 0, parameters[width + item] ?? 0];
    const isInside = a > SLOPE_RANGE.low && a < SLOPE_RANGE.high && Math.abs(d) < INTERCEPT_LIMIT;
    return { item, a, b: -d / a, isInside };
  });
  const inside = items.filter(({ isInside }) => isInside).map(({ item }) => item);
  const slopes = { rasch: [], '1pl': [inside], '2pl': inside.map((item) => [item]) }[model];
  const free = [...slopes, ...inside.map((item) => [width + item])];
  const covariance = inside.length === 0 ? null : covarianceOf(parameters, data, free);

  return items.map(({ item, a, b, isInside }): Estimate => {
    if (!isInside) return { outcome: 'at-bound', a, b, standardErrors: null };
    if (covariance === null) return { outcome: 'estimated', a, b, standardErrors: null };
    const slope = free.findIndex((entries) => entries.includes(item));
    const intercept = free.findIndex((entries) => entries.includes(width + item));
    const slopeVariance = covariance[slope]?.[slope] ?? 0;
    const variance = covariance[intercept]?.[intercept] ?? 0;
    const joint = covariance[intercept]?.[slope] ?? 0;
    return {
      outcome: 'estimated',
      a,
      b,
      standardErrors: {
        a: Math.sqrt(slopeVariance),
        // b = −d/a: ∂b/∂d = −1/a, ∂b/∂a = −b/a.
        b: Math.sqrt(Math.max(0, variance + 2 * b * joint + b * b * slopeVariance)) / a,
      },
    };
  });
}

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? 0))), 0);
}

function bounded(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function boundedSlope(value: number): number {
  return bounded(value, SLOPE_RANGE.low, SLOPE_RANGE.high);
}
