/**
 * From right and wrong answers to a position θ on one scale, given calibrated items.
 *
 * Response function, logistic metric (no factor of 1.702):
 *
 *     P(θ) = c + (1 − c) / (1 + exp(−a (θ − b)))
 *
 * with discrimination a, difficulty b and chance level c. c = 0 is the two-parameter model (Birnbaum, in Lord and
 * Novick, Statistical Theories of Mental Test Scores, 1968, ch. 17), a = 1 for all items besides is Rasch's.
 */

export type ItemParameters = {
  /** Discrimination, over 0. */
  a: number;
  /** Difficulty, on the scale of θ. */
  b: number;
  /** Probability of a right answer by chance, 0 ≤ c < 1; left out: 0. */
  c?: number;
};

export type ScoredResponse = { item: ItemParameters; isRight: boolean };

/** What is known of θ: a mean or mode, and a standard deviation. */
export type Ability = { theta: number; sd: number };

export const STANDARD_NORMAL: Ability = { theta: 0, sd: 1 };

/** Evenly spaced values of θ that integrals are summed over; at least two. */
export type Grid = { low: number; high: number; points: number };

/** Halves a bracket of two distances between nodes until only rounding is left. */
const BISECTIONS = 45;

/** 121 nodes, 0.1 prior standard deviations apart and up to 6 from its mean: ample while a tenth of that sd is left. */
export function gridFor(prior: Ability): Grid {
  return { low: prior.theta - 6 * prior.sd, high: prior.theta + 6 * prior.sd, points: 121 };
}

/** Probability of a right answer at θ, from c to 1. */
export function probability(theta: number, { a, b, c = 0 }: ItemParameters): number {
  return c + (1 - c) * logistic(a * (theta - b));
}

/**
 * Fisher information of an item at θ: P′² / (P (1 − P)) = a² ((1 − P) / P) ((P − c) / (1 − c))², without chance
 * a² P (1 − P) (Lord, Applications of Item Response Theory to Practical Testing Problems, 1980, ch. 5).
 */
export function information(theta: number, { a, b, c = 0 }: ItemParameters): number {
  const x = a * (theta - b);
  const known = logistic(x);
  // known² (1 − P) / P, with the quotient written so that it stays defined where P is rounded to 0.
  return a * a * (1 - c) * logistic(-x) * known * shareKnown(known, c);
}

/**
 * Expected a posteriori estimate: mean and standard deviation of p(θ | answers) ∝ prior(θ) Π P^u (1 − P)^(1 − u), by
 * the trapezoidal rule (Bock and Mislevy, Applied Psychological Measurement 6, 1982). Without answers, the prior.
 *
 * @param prior normal; `sd` over 0
 * @param grid a narrower or coarser one reproduces the figures of other programs
 */
export function eap(
  responses: readonly ScoredResponse[],
  prior: Ability = STANDARD_NORMAL,
  grid: Grid = gridFor(prior),
): Ability {
  const nodes = nodesOf(grid);
  const logs = nodes.map((theta) => logPosterior(theta, responses, prior));
  const top = Math.max(...logs);
  const weights = logs.map((log, index) => {
    const isEnd = index === 0 || index === nodes.length - 1;
    return Math.exp(log - top) / (isEnd ? 2 : 1);
  });
  const mass = weights.reduce((sum, weight) => sum + weight, 0);
  const theta = weights.reduce((sum, weight, index) => sum + weight * (nodes[index] ?? 0), 0) / mass;
  const squares = weights.reduce(
    (sum, weight, index) => sum + weight * ((nodes[index] ?? 0) - theta) ** 2,
    0,
  );
  return { theta, sd: Math.sqrt(squares / mass) };
}

/**
 * Maximum a posteriori estimate ("Bayes modal"): the θ within the grid where the density of {@link eap} is highest,
 * with sd = 1 / √(1/σ² + Σ I(θ)), the prior's information plus that of the items there (Samejima, Psychometrika
 * Monograph 17, 1969; Birnbaum, Journal of Mathematical Psychology 6, 1969).
 *
 * With c > 0 the density can have several modes: the highest node decides which one is refined, by bisection.
 *
 * @param prior normal; `sd` over 0
 */
export function map(
  responses: readonly ScoredResponse[],
  prior: Ability = STANDARD_NORMAL,
  grid: Grid = gridFor(prior),
): Ability {
  const nodes = nodesOf(grid);
  const logs = nodes.map((theta) => logPosterior(theta, responses, prior));
  const best = logs.indexOf(Math.max(...logs));
  let low = nodes[Math.max(0, best - 1)] ?? grid.low;
  let high = nodes[Math.min(nodes.length - 1, best + 1)] ?? grid.high;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (slope(middle, responses, prior) > 0) low = middle;
    else high = middle;
  }
  const theta = (low + high) / 2;
  const total = responses.reduce((sum, { item }) => sum + information(theta, item), prior.sd ** -2);
  return { theta, sd: 1 / Math.sqrt(total) };
}

function nodesOf({ low, high, points }: Grid): number[] {
  return Array.from({ length: points }, (_, index) => low + ((high - low) * index) / (points - 1));
}

/** Logarithm of prior × likelihood, up to a constant. */
function logPosterior(theta: number, responses: readonly ScoredResponse[], prior: Ability): number {
  return responses.reduce(
    (sum, { item, isRight }) => sum + logProbability(theta, item, isRight),
    -(((theta - prior.theta) / prior.sd) ** 2) / 2,
  );
}

/** Derivative of the log posterior: (μ − θ)/σ² + Σ (u − P) P′ / (P (1 − P)). */
function slope(theta: number, responses: readonly ScoredResponse[], prior: Ability): number {
  return responses.reduce(
    (sum, { item: { a, b, c = 0 }, isRight }) => {
      const x = a * (theta - b);
      const known = logistic(x);
      return sum + (isRight ? a * (1 - c) * logistic(-x) * shareKnown(known, c) : -a * known);
    },
    (prior.theta - theta) / prior.sd ** 2,
  );
}

function logProbability(theta: number, { a, b, c = 0 }: ItemParameters, isRight: boolean): number {
  const x = a * (theta - b);
  if (!isRight) return Math.log1p(-c) - softplus(x);
  return c === 0 ? -softplus(-x) : Math.log(c + (1 - c) * logistic(x));
}

/** known / P: 1 without chance, also where both are rounded to 0. */
function shareKnown(known: number, c: number): number {
  return c === 0 ? 1 : known / (c + (1 - c) * known);
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** log(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
