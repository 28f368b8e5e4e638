/**
 * From all evidence on one competency to a probability for each proficiency level.
 *
 * Model. The true level L is one of 0–5, with the prior of the observation model. A piece of evidence observes
 *
 *     X ~ Normal(L + bias, v),   v = noise² / (1 + (items − 1) / itemsPerObservation) + ageingVariancePerYear · years
 *
 * so `itemsPerObservation` further items halve the noise variance, and every year adds variance that no number of
 * items removes. Pieces are independent given L: posterior ∝ prior × product of likelihoods.
 *
 * - Below its cap a piece has the Normal density at the observed level.
 * - A piece that reaches its cap says "at least the cap" (censoring as in Tobin, Econometrica 26, 1958):
 *   P(X ≥ t | min(L, cap)), with t = cap + min(0, bias). Taking min(L, cap) makes it equal for every level from the
 *   cap up: it neither pulls down somebody above the cap nor credits anybody with more than the cap.
 * - Levels above the highest cap among the pieces have probability 0: none of them could show more.
 *
 * Verified level: the lower median by the pieces from verified sources alone. Claims, the pieces from the others, never
 * move it, and it never exceeds the highest cap among the verified pieces.
 *
 * Level to show (`ordinal`). Claims enter the distribution with their noise, and so move the mean, the interval and the
 * probabilities whatever else there is. The level follows them only where nothing was measured:
 *
 * - As soon as one verified piece lies below its cap, the level was measured, and it is the verified level.
 * - Otherwise every verified piece is a lower bound. The level is the lower median by all pieces, at least the verified
 *   level. What exceeds the verified level rests on claims alone, and `claimOnly` says so.
 *
 * Two things follow. No claim overwrites a verified level: with nothing but lower bounds a claim can lift the level
 * above the verified one, which none of them contradicts, and it can never push it below. And a verified piece at its
 * cap has a likelihood that nowhere falls with the level, so adding one never lowers the mean, the median, the verified
 * level or the level to show: nobody loses by passing a quiz.
 */

import {
  EVIDENCE_SOURCES,
  type EvidenceSource,
  LEVELS,
  type Level,
  type ObservationModel,
} from './framework';

export type Evidence = {
  id: string;
  source: EvidenceSource;
  /** Observed level, 0–5, may be fractional. */
  level: number;
  /** Number of items or raters behind it, at least 1. */
  items: number;
  /** Milliseconds since the epoch. */
  observedAt: number;
  /** Highest level this piece can show when lower than its source's cap, e.g. by the mode of the module. Integer. */
  cap?: number;
};

export type Estimate = {
  /** Probability of levels 0–5; sums to 1. */
  distribution: number[];
  /** Mean of the distribution. */
  level: number;
  /** The level to show, at least `verifiedLevel`; above it only on the strength of claims (top of this file). */
  ordinal: Level;
  /** Lowest and highest level of the 80 % interval; always contains `ordinal`. */
  interval80: [Level, Level];
  /** Pieces of evidence per source; sources without any are absent. */
  counts: Partial<Record<EvidenceSource, number>>;
  /** The shown level rests on claims alone above `verifiedLevel`; always true while nothing is verified. */
  claimOnly: boolean;
  /** Level credited by verified evidence alone; 0 if there is none. */
  verifiedLevel: Level;
  /** When the newest piece was observed, in milliseconds since the epoch. */
  latest: number;
};

export type Contribution = {
  id: string;
  source: EvidenceSource;
  /** The estimate's mean level without this piece; null when it is the only one. */
  levelWithout: number | null;
};

const MILLISECONDS_PER_YEAR = 365.25 * 24 * 60 * 60 * 1000;
const INTERVAL_MASS = 0.8;
/** Keeps a sum that is 0.5 or 0.8 on paper from missing its threshold by a rounding error. */
const ROUNDING = 1e-12;

/**
 * Estimates the level of one competency from all evidence on it (formula at the top of this file).
 *
 * The 80 % interval is the shortest run of levels that holds at least 80 % of the probability; of equally short ones
 * the most probable, of equally probable ones the lower. It is stretched to the level to show in the one case in which
 * that falls outside: claims that contradict the verified level.
 *
 * @param evidence in any order; the result does not depend on it, to the last bit
 * @param asOf milliseconds since the epoch; evidence dated later counts as new
 * @returns null when there is no evidence
 * @throws RangeError for evidence outside its documented range, or a model that gives it no probability
 */
export function estimate(
  evidence: readonly Evidence[],
  asOf: number,
  model: ObservationModel,
): Estimate | null {
  if (evidence.length === 0) return null;
  evidence.forEach(assertInRange);

  const verified = evidence.filter((piece) => model.sources[piece.source].verified);
  const measured = verified.some((piece) => !reachesCap(piece, model));
  const distribution = posterior(evidence, asOf, model);
  const verifiedLevel = verified.length === 0 ? 0 : lowerMedian(posterior(verified, asOf, model));
  const ordinal = measured ? verifiedLevel : (Math.max(verifiedLevel, lowerMedian(distribution)) as Level);
  const [low, high] = shortestInterval(distribution);

  const counts: Estimate['counts'] = {};
  for (const source of EVIDENCE_SOURCES) {
    const pieces = evidence.filter((piece) => piece.source === source).length;
    if (pieces > 0) counts[source] = pieces;
  }

  return {
    distribution,
    level: mean(distribution),
    ordinal,
    interval80: [Math.min(low, ordinal) as Level, Math.max(high, ordinal) as Level],
    counts,
    claimOnly: verified.length === 0 || ordinal > verifiedLevel,
    verifiedLevel,
    latest: Math.max(...evidence.map((piece) => piece.observedAt)),
  };
}

/**
 * Says for each piece, in the order given, what the mean level would be without it ("without the self-rating: 2.4").
 * Arguments and errors as for `estimate`.
 */
export function contributions(
  evidence: readonly Evidence[],
  asOf: number,
  model: ObservationModel,
): Contribution[] {
  return evidence.map(({ id, source }, index) => {
    const others = evidence.filter((_, other) => other !== index);
    return { id, source, levelWithout: estimate(others, asOf, model)?.level ?? null };
  });
}

function assertInRange({ id, level, items, observedAt, cap }: Evidence): void {
  const inRange =
    level >= 0 &&
    level <= 5 &&
    items >= 1 &&
    Number.isFinite(items) &&
    Number.isFinite(observedAt) &&
    (cap === undefined || (LEVELS as readonly number[]).includes(cap));
  if (!inRange) throw new RangeError(`Evidence ${id} is out of range`);
}

function capOf(piece: Evidence, model: ObservationModel): number {
  return Math.min(model.sources[piece.source].cap, piece.cap ?? 5);
}

/** Lowest observation that reads as "at least the cap". */
function censoringThreshold(piece: Evidence, model: ObservationModel): number {
  // Correcting a strict source's reading must not lift it over the cap either.
  return capOf(piece, model) + Math.min(0, model.sources[piece.source].bias);
}

function reachesCap(piece: Evidence, model: ObservationModel): boolean {
  return piece.level >= censoringThreshold(piece, model);
}

function varianceOf(piece: Evidence, asOf: number, model: ObservationModel): number {
  const { noise, itemsPerObservation } = model.sources[piece.source];
  const years = Math.max(0, asOf - piece.observedAt) / MILLISECONDS_PER_YEAR;
  return noise ** 2 / (1 + (piece.items - 1) / itemsPerObservation) + model.ageingVariancePerYear * years;
}

/** Log-likelihood of a piece at one level, up to a constant that is the same for all levels. */
function logLikelihood(piece: Evidence, level: Level, asOf: number, model: ObservationModel): number {
  const { bias } = model.sources[piece.source];
  const variance = varianceOf(piece, asOf, model);
  if (reachesCap(piece, model)) {
    const expected = Math.min(level, capOf(piece, model)) + bias;
    return logNormalCdf((expected - censoringThreshold(piece, model)) / Math.sqrt(variance));
  }
  return -((piece.level - level - bias) ** 2) / (2 * variance);
}

/** Probability of each level given at least one piece; 0 above the highest of their caps. */
function posterior(evidence: readonly Evidence[], asOf: number, model: ObservationModel): number[] {
  const ceiling = Math.max(...evidence.map((piece) => capOf(piece, model)));
  const logs = LEVELS.map((level) => {
    if (level > ceiling) return Number.NEGATIVE_INFINITY;
    // Floating-point addition depends on the order of its terms; sorting makes the result independent of it.
    const terms = evidence.map((piece) => logLikelihood(piece, level, asOf, model)).sort((a, b) => a - b);
    return terms.reduce((sum, term) => sum + term, Math.log(model.prior[level] ?? 0));
  });
  const highest = Math.max(...logs);
  if (!Number.isFinite(highest)) {
    throw new RangeError(`Observation model ${model.version} gives the evidence no probability at any level`);
  }
  const weights = logs.map((log) => Math.exp(log - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function mean(distribution: readonly number[]): number {
  return distribution.reduce((sum, probability, level) => sum + probability * level, 0);
}

/** The lowest level with at least half of the probability at or below it. */
function lowerMedian(distribution: readonly number[]): Level {
  let below = 0;
  const median = distribution.findIndex((probability) => {
    below += probability;
    return below >= 0.5 - ROUNDING;
  });
  return median as Level;
}

function shortestInterval(distribution: readonly number[]): [Level, Level] {
  for (let width = 1; width <= LEVELS.length; width += 1) {
    let best = -1;
    let bestMass = INTERVAL_MASS - 2 * ROUNDING;
    for (let low = 0; low + width <= LEVELS.length; low += 1) {
      const mass = distribution.slice(low, low + width).reduce((sum, probability) => sum + probability, 0);
      if (mass > bestMass + ROUNDING) {
        best = low;
        bestMass = mass;
      }
    }
    if (best >= 0) return [best as Level, (best + width - 1) as Level];
  }
  return [0, 5];
}

/**
 * ln Φ(z), to about twelve digits everywhere: Marsaglia's series near 0 (J. Stat. Software 11(4), 2004) and Laplace's
 * continued fraction for the upper tail Q(x) = φ(x) / (x + 1/(x + 2/(x + 3/…))) beyond 3 standard deviations.
 */
function logNormalCdf(z: number): number {
  const logDensity = -(z ** 2) / 2 - Math.log(2 * Math.PI) / 2;
  if (Math.abs(z) <= 3) {
    let term = z;
    let sum = z;
    for (let n = 3; Math.abs(term) > Math.abs(sum) * 1e-17; n += 2) {
      term *= z ** 2 / n;
      sum += term;
    }
    return Math.log(0.5 + Math.exp(logDensity) * sum);
  }
  const x = Math.abs(z);
  let fraction = x;
  for (let n = 80; n >= 1; n -= 1) fraction = x + n / fraction;
  const logTail = logDensity - Math.log(fraction);
  return z < 0 ? logTail : Math.log1p(-Math.exp(logTail));
}
