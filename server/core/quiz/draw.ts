/** Which items an attempt gets and in which order their parts are shown: fixed by the seed, stored with the attempt. */
import type { Difficulty, Gap, Item, ItemLevel, ItemTags, Question, Scenario } from './item';
import { createRandom, type Random, shuffled } from './random';

/** A place in a quiz: one named item, or `count` items drawn from the bank by their tags. */
export type Slot =
  | { kind: 'fixed'; itemId: string }
  | { kind: 'random'; count: number; competency?: string; level?: ItemLevel; difficulty?: Difficulty };

/**
 * Order in which the parts of an item are shown: list name → ids. Names are `options`, `prompts`, `choices`,
 * `elements` and `gap:<id>`; those of a scenario's stages are preceded by `<stage id>/`.
 */
export type Arrangement = Record<string, string[]>;

export type DrawnItem = { slot: number; itemId: string; arrangement: Arrangement };

export type DrawProblem =
  | { slot: number; reason: 'unknown-item' | 'repeated-item'; itemId: string }
  | { slot: number; reason: 'too-few-items'; wanted: number; available: number };

export type DrawResult = { ok: true; items: DrawnItem[] } | { ok: false; problems: DrawProblem[] };

/**
 * Draws the items of one attempt, in the order of the slots, no item twice.
 *
 * The same slots, bank and seed give the same result whatever the order of the bank. Slots whose tags overlap never
 * starve each other: if every slot can be filled at all, it is (augmenting paths, Kuhn 1955). The seed must be
 * unguessable and stay on the server, since it gives away where each part was in the author's file.
 */
export function drawAttempt(slots: readonly Slot[], bank: readonly Item[], seed: string): DrawResult {
  const random = createRandom(`${seed}/draw`);
  const byId = new Map(bank.map((item) => [item.id, item]));
  const problems: DrawProblem[] = [];
  const taken = new Set<string>();
  for (const [slot, wanted] of slots.entries()) {
    if (wanted.kind !== 'fixed') continue;
    if (!byId.has(wanted.itemId)) problems.push({ slot, reason: 'unknown-item', itemId: wanted.itemId });
    else if (taken.has(wanted.itemId))
      problems.push({ slot, reason: 'repeated-item', itemId: wanted.itemId });
    taken.add(wanted.itemId);
  }

  const free = [...byId.values()].filter(({ id }) => !taken.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const places = slots.flatMap((slot, index) =>
    slot.kind === 'random'
      ? Array.from({ length: slot.count }, () => {
          const fitting = free.filter((item) => fits(item, slot)).map(({ id }) => id);
          return { slot: index, candidates: shuffled(fitting, random) };
        })
      : [],
  );
  const drawn = assign(places.map(({ candidates }) => candidates));

  const chosen = slots.map((slot, index) => {
    if (slot.kind === 'fixed') return [slot.itemId];
    return drawn.filter((id, place): id is string => places[place]?.slot === index && id !== undefined);
  });
  for (const [slot, wanted] of slots.entries()) {
    const available = chosen[slot]?.length ?? 0;
    if (wanted.kind === 'random' && available < wanted.count) {
      problems.push({ slot, reason: 'too-few-items', wanted: wanted.count, available });
    }
  }
  if (problems.length > 0) return { ok: false, problems };

  const items = chosen.flatMap((ids, slot) =>
    ids.flatMap((itemId) => {
      const item = byId.get(itemId);
      return item ? [{ slot, itemId, arrangement: arrangeItem(item, seed) }] : [];
    }),
  );
  return { ok: true, items };
}

/**
 * Order in which an item's parts are shown, from the seed and the item's id alone. An ordering question of two or more
 * elements is never shown in the right order; prompts and choices of a matching question are shuffled independently.
 */
export function arrangeItem(item: Question | Scenario, seed: string): Arrangement {
  const random = createRandom(`${seed}/item/${item.id}`);
  if (item.type !== 'scenario') return arrangeQuestion(item, random, '');
  return Object.fromEntries(
    item.stages.flatMap((stage) => Object.entries(arrangeQuestion(stage, random, `${stage.id}/`))),
  );
}

function arrangeQuestion(question: Question, random: Random, prefix: string): Arrangement {
  const order = (parts: readonly { id: string }[], shuffle = true): string[] => {
    const ids = parts.map(({ id }) => id);
    return shuffle ? shuffled(ids, random) : ids;
  };
  switch (question.type) {
    case 'single':
    case 'multiple':
      return { [`${prefix}options`]: order(question.options, question.shuffle) };
    case 'matching':
      return { [`${prefix}prompts`]: order(question.prompts), [`${prefix}choices`]: order(question.choices) };
    case 'ordering':
      return { [`${prefix}elements`]: deranged(question.elements, () => order(question.elements)) };
    case 'cloze':
      return Object.fromEntries(
        question.gaps
          .filter((gap): gap is Extract<Gap, { kind: 'choice' }> => gap.kind === 'choice')
          .map((gap) => [`${prefix}gap:${gap.id}`, order(gap.options, gap.shuffle)]),
      );
    default:
      return {};
  }
}

/** Shuffles again until the order differs from the right one, which takes fewer than two tries on average. */
function deranged(elements: readonly { id: string }[], shuffle: () => string[]): string[] {
  let order = shuffle();
  while (elements.length > 1 && order.every((id, index) => id === elements[index]?.id)) order = shuffle();
  return order;
}

function fits(item: ItemTags, slot: Extract<Slot, { kind: 'random' }>): boolean {
  return (
    (slot.competency === undefined || slot.competency === item.competency) &&
    (slot.level === undefined || slot.level === item.level) &&
    (slot.difficulty === undefined || slot.difficulty === item.difficulty)
  );
}

/** Gives each place one of its candidates, none twice, filling as many places as can be filled. */
function assign(candidates: readonly (readonly string[])[]): (string | undefined)[] {
  const holder = new Map<string, number>();
  const settle = (place: number, tried: Set<string>): boolean => {
    for (const id of candidates[place] ?? []) {
      if (tried.has(id)) continue;
      tried.add(id);
      const other = holder.get(id);
      if (other === undefined || settle(other, tried)) {
        holder.set(id, place);
        return true;
      }
    }
    return false;
  };
  candidates.forEach((_, place) => settle(place, new Set()));
  const result: (string | undefined)[] = candidates.map(() => undefined);
  for (const [id, place] of holder) result[place] = id;
  return result;
}
