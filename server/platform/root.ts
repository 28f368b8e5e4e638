import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Absolute path of the project's root folder, found by walking up to `package.json`,
 * because `server/` (tsx, Jest) and `dist/server/` (node) differ in depth.
 */
export const ROOT = findRoot(__dirname);

/** Joins path segments onto the project's root folder. */
export function fromRoot(...segments: string[]): string {
  return join(ROOT, ...segments);
}

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('No package.json above ' + __dirname);
  return findRoot(parent);
}
