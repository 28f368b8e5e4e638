import type { Estimate } from './estimate';
import type { Level, Target, Weight } from './framework';

export type Gap = {
  competency: string;
  required: Level;
  weight: Weight;
  /** null: not enough evidence, which is not the same as level 0. */
  estimate: Estimate | null;
  /** Expected number of levels missing, E[max(0, required − L)]; all of `required` without an estimate. */
  shortfall: number;
  /** Whether the ordinal level is below the required one, or a required level has no evidence at all. */
  open: boolean;
  /** Probability that the level is at least the required one; 0 without an estimate, 1 if nothing is required. */
  pMet: number;
  /** weight × shortfall. */
  priority: number;
};

export type Strength = Gap & {
  /** Expected number of levels above the required one, E[max(0, L − required)]. */
  surplus: number;
};

/**
 * Compares what is required with what is estimated, competency by competency.
 *
 * @param targets competency code → target; see `effectiveTargets`
 * @param estimates competency code → estimate; absent reads as null, codes without a target are ignored
 * @returns one gap per target, highest priority first, then by code
 */
export function computeGaps(
  targets: Readonly<Record<string, Target>>,
  estimates: Readonly<Record<string, Estimate | null>>,
): Gap[] {
  return Object.entries(targets)
    .map(([competency, { level: required, weight }]) => {
      const estimate = estimates[competency] ?? null;
      const shortfall = estimate
        ? Math.min(
            required,
            expected(estimate, (level) => Math.max(0, required - level)),
          )
        : required;
      return {
        competency,
        required,
        weight,
        estimate,
        shortfall,
        open: (estimate?.ordinal ?? 0) < required,
        pMet: estimate
          ? Math.min(
              1,
              expected(estimate, (level) => Number(level >= required)),
            )
          : Number(required === 0),
        priority: weight * shortfall,
      };
    })
    .sort((a, b) => b.priority - a.priority || byCode(a, b));
}

/**
 * The mirror of the gaps: competencies with evidence whose required level is met, by weight × expected surplus, then
 * by the probability that it is met, best first, then by code.
 */
export function strengths(gaps: readonly Gap[]): Strength[] {
  return gaps
    .flatMap((gap) => {
      const { estimate, required, open } = gap;
      if (!estimate || open) return [];
      return [{ ...gap, surplus: expected(estimate, (level) => Math.max(0, level - required)) }];
    })
    .sort((a, b) => b.weight * b.surplus - a.weight * a.surplus || b.pMet - a.pMet || byCode(a, b));
}

/**
 * Readiness on the ordinal levels, claims included: Σ weight·min(level, required) ÷ Σ weight·required, 0–1. A
 * competency without evidence adds nothing to the numerator; a profile that requires nothing is fully met (1).
 */
export function readiness(gaps: readonly Gap[]): number {
  return weightedShare(gaps, (gap) => gap.estimate?.ordinal ?? 0);
}

/** Readiness as the framework defines it, on verified levels alone; otherwise as `readiness`. */
export function verifiedReadiness(gaps: readonly Gap[]): number {
  return weightedShare(gaps, (gap) => gap.estimate?.verifiedLevel ?? 0);
}

function weightedShare(gaps: readonly Gap[], levelOf: (gap: Gap) => Level): number {
  const required = gaps.reduce((sum, gap) => sum + gap.weight * gap.required, 0);
  const reached = gaps.reduce((sum, gap) => sum + gap.weight * Math.min(levelOf(gap), gap.required), 0);
  return required === 0 ? 1 : reached / required;
}

/** Callers bound the result where it is a probability: the distribution may sum to a rounding error above 1. */
function expected(estimate: Estimate, value: (level: number) => number): number {
  return estimate.distribution.reduce((sum, probability, level) => sum + probability * value(level), 0);
}

function byCode(a: Gap, b: Gap): number {
  return a.competency < b.competency ? -1 : Number(a.competency > b.competency);
}
