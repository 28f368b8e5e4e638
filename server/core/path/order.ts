/** The order in which chosen modules are taken. */

export type Orderable = {
  code: string;
  prerequisites: readonly string[];
  /** Larger comes earlier, as far as prerequisites allow. */
  priority: number;
};

/** Compares codes by UTF-16 unit, so that the order is the same under every locale. */
export function compareCodes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Topological sort (Kahn): no module before its prerequisites; among the modules that are ready, the highest
 * priority first, then the code. A prerequisite inherits the highest priority of what it leads to, so the way to an
 * important module is not held up by lesser ones. Prerequisites outside the list are taken as met. The result does
 * not depend on the order of the input.
 *
 * @throws RangeError when a code occurs twice or prerequisites form a loop; the message names the codes.
 */
export function orderModules<T extends Orderable>(modules: readonly T[]): T[] {
  const byCode = new Map(modules.map((module) => [module.code, module]));
  if (byCode.size !== modules.length) throw new RangeError('A module is listed twice.');
  const topological = kahn(modules, byCode, (a, b) => compareCodes(a.code, b.code));

  const urgency = new Map<string, number>();
  for (const module of topological.toReversed()) {
    const own = Math.max(urgency.get(module.code) ?? Number.NEGATIVE_INFINITY, module.priority);
    urgency.set(module.code, own);
    for (const code of module.prerequisites) {
      urgency.set(code, Math.max(urgency.get(code) ?? Number.NEGATIVE_INFINITY, own));
    }
  }
  const urgencyOf = (module: T) => urgency.get(module.code) ?? module.priority;
  return kahn(
    modules,
    byCode,
    (a, b) => urgencyOf(b) - urgencyOf(a) || b.priority - a.priority || compareCodes(a.code, b.code),
  );
}

function kahn<T extends Orderable>(
  modules: readonly T[],
  byCode: ReadonlyMap<string, T>,
  compare: (a: T, b: T) => number,
): T[] {
  const waitingFor = new Map<string, number>();
  const unlocks = new Map<string, T[]>();
  for (const module of modules) {
    const open = [...new Set(module.prerequisites)].filter((code) => byCode.has(code));
    waitingFor.set(module.code, open.length);
    for (const code of open) unlocks.set(code, [...(unlocks.get(code) ?? []), module]);
  }
  const ready = modules.filter((module) => waitingFor.get(module.code) === 0).toSorted(compare);
  const ordered: T[] = [];
  for (let next = ready.shift(); next !== undefined; next = ready.shift()) {
    ordered.push(next);
    for (const module of unlocks.get(next.code) ?? []) {
      const left = (waitingFor.get(module.code) ?? 0) - 1;
      waitingFor.set(module.code, left);
      if (left === 0) insertSorted(ready, module, compare);
    }
  }
  if (ordered.length < modules.length) {
    const done = new Set(ordered);
    const stuck = modules.filter((module) => !done.has(module)).map((module) => module.code);
    throw new RangeError(
      `Prerequisites form a loop among or before: ${stuck.toSorted(compareCodes).join(', ')}.`,
    );
  }
  return ordered;
}

function insertSorted<T>(sorted: T[], item: T, compare: (a: T, b: T) => number): void {
  const at = sorted.findIndex((other) => compare(item, other) < 0);
  sorted.splice(at === -1 ? sorted.length : at, 0, item);
}
