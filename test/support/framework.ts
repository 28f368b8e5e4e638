import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Framework } from '../../server/core/framework';
import { frameworkSchema } from '../../server/features/frameworks/framework.schemas';
import { fromRoot } from '../../server/platform/root';

/** The reference framework CM 1.0 as its file says. A fresh copy at each call, so that a test may change it. */
export function referenceFramework(): Framework {
  const file = fromRoot('seeds', 'reference', 'framework-cm-1.0.yaml');
  return frameworkSchema.parse(parse(readFileSync(file, 'utf8')));
}
