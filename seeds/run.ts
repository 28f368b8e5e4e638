import type { Composition } from '../server/composition';
import { seedDemo } from './demo/demo';

/**
 * Loads what an installation needs to be useful: reference data and courses always, the demonstration programme in
 * demonstration mode. Safe to run at every start: what is there and unchanged is left alone.
 */
export async function seed(services: Composition): Promise<void> {
  if (services.config.demo) await seedDemo(services);
}
