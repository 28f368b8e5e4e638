/**
 * Adaptive testing: which item to ask next, and when to stop. No state: the answers so far decide everything, so that
 * a paused test resumes where it was and a simulation is a loop over {@link adaptiveStep}.
 */

import { createRandom } from '../quiz/random';
import { type Ability, eap, type ItemParameters, information, STANDARD_NORMAL } from './ability';

export type PoolItem = ItemParameters & {
  id: string;
  /** What the test is balanced over: a competency or an area. */
  group: string;
};

export type Selection = {
  /** Weight of each group in the test, over 0; items of other groups come last. Left out: no balance. */
  targets?: Readonly<Record<string, number>>;
  /** Keeps the best items from being seen by everybody. Left out: no control. */
  exposure?: Exposure;
};

/** Either control, or both. */
export type Exposure = {
  /** Of this test of this person; another seed gives another test. */
  seed: string;
  /** Choose by chance among this many of the most informative items. Left out: 1. */
  among?: number;
  /** Largest share of tests that may contain an item, over 0 to 1. Left out: 1. */
  cap?: number;
};

export type StopRule = {
  /** Items asked before precision can end the test. */
  minimumItems: number;
  maximumItems: number;
  /** Standard deviation of θ that is precise enough. */
  standardError: number;
};

export type StopReason = 'precision' | 'length' | 'pool';

export type AdaptiveTest = Selection & {
  pool: readonly PoolItem[];
  stop: StopRule;
  /** Left out: standard normal. */
  prior?: Ability;
  /** Left out: {@link eap}. */
  estimate?: typeof eap;
};

export type ItemAnswer = { id: string; isRight: boolean };

export type Step = { ability: Ability; asked: number } & (
  | { kind: 'ask'; item: PoolItem }
  | { kind: 'stop'; reason: StopReason }
);

/** Targets are compared as sums of fractions; what differs by less is a tie. */
const ROUNDING = 1e-9;
const DRAWS = 2 ** 32;

/**
 * The item to ask next: of the group furthest behind its target, the one with the most information at θ (Lord,
 * Applications of Item Response Theory to Practical Testing Problems, 1980, ch. 10).
 *
 * Content balance: with n items asked, n_g of group g, the groups with the largest t_g (n + 1) − n_g are next (Kingsbury
 * and Zara, Applied Measurement in Education 2, 1989), so no group leads its target by a whole item while each has items left.
 *
 * Exposure, decided by the seed: `among` draws one of the most informative items ("randomesque", same source), which
 * costs little precision; `cap` lets each test set every item aside with probability 1 − cap until its group has no
 * others left (Sympson and Hetter, Proceedings of the 27th conference of the Military Testing Association, 1985, with
 * one control parameter for all items). Short of that, no item is in more than that share of tests in the long run.
 *
 * Equal information is decided by id: the order of the pool does not matter.
 *
 * @param answered ids of items asked; ones that are not in the pool do not count
 * @returns null when every item has been asked
 */
export function nextItem(
  theta: number,
  pool: readonly PoolItem[],
  answered: readonly string[],
  { targets, exposure }: Selection = {},
): PoolItem | null {
  const seen = new Set(answered);
  const open = pool.filter(({ id }) => !seen.has(id));
  const behind = targets === undefined ? open : inGroupsBehind(open, pool, seen, targets);
  const shown = exposure === undefined ? behind : behind.filter(({ id }) => !isSetAside(id, exposure));
  const ranked = (shown.length === 0 ? behind : shown)
    .map((item) => ({ item, worth: information(theta, item) }))
    .sort((a, b) => b.worth - a.worth || (a.item.id < b.item.id ? -1 : 1));
  return ranked[draw(ranked.length, answered.length, exposure)]?.item ?? null;
}

function isSetAside(id: string, { seed, cap = 1 }: Exposure): boolean {
  return createRandom(`${seed} item ${id}`).integer(DRAWS) >= cap * DRAWS;
}

/** Place in the ranking, from 0. */
function draw(candidates: number, asked: number, exposure: Exposure | undefined): number {
  const among = Math.min(exposure?.among ?? 1, candidates);
  return exposure === undefined || among < 2
    ? 0
    : createRandom(`${exposure.seed} step ${asked}`).integer(among);
}

/** Why the test ends here, or null: precise enough after the fewest items, or as long as it may be. */
export function stopReason(
  { sd }: Ability,
  asked: number,
  { minimumItems, maximumItems, standardError }: StopRule,
): 'precision' | 'length' | null {
  if (asked >= minimumItems && sd <= standardError) return 'precision';
  return asked >= maximumItems ? 'length' : null;
}

/**
 * One step of an adaptive test: estimates θ from the answers so far, then stops or names the next item.
 *
 * @throws RangeError for an answer to an item that is not in the pool, or two to the same
 */
export function adaptiveStep(test: AdaptiveTest, answers: readonly ItemAnswer[]): Step {
  const { pool, stop, prior = STANDARD_NORMAL, estimate = eap } = test;
  const byId = new Map(pool.map((item) => [item.id, item]));
  const responses = answers.map(({ id, isRight }) => {
    const item = byId.get(id);
    if (item === undefined) throw new RangeError(`item ${id} is not in the pool, or answered twice`);
    byId.delete(id);
    return { item, isRight };
  });
  const ability = estimate(responses, prior);
  const asked = answers.length;
  const reason = stopReason(ability, asked, stop);
  if (reason !== null) return { kind: 'stop', reason, ability, asked };
  const ids = answers.map(({ id }) => id);
  const item = nextItem(ability.theta, pool, ids, test);
  return item === null
    ? { kind: 'stop', reason: 'pool', ability, asked }
    : { kind: 'ask', item, ability, asked };
}

/** Open items of the groups that are furthest behind their targets; all open ones if no targeted group has any. */
function inGroupsBehind(
  open: readonly PoolItem[],
  pool: readonly PoolItem[],
  seen: ReadonlySet<string>,
  targets: Readonly<Record<string, number>>,
): readonly PoolItem[] {
  const weights = new Map(Object.entries(targets).filter(([, weight]) => weight > 0));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const asked = new Map<string, number>();
  for (const { id, group } of pool) {
    if (seen.has(id) && weights.has(group)) asked.set(group, (asked.get(group) ?? 0) + 1);
  }
  const next = [...asked.values()].reduce((sum, count) => sum + count, 1);
  const behind = (group: string): number =>
    ((weights.get(group) ?? 0) / total) * next - (asked.get(group) ?? 0);
  const candidates = open.filter(({ group }) => weights.has(group));
  const furthest = Math.max(...candidates.map(({ group }) => behind(group)));
  return candidates.length === 0
    ? open
    : candidates.filter(({ group }) => behind(group) > furthest - ROUNDING);
}
