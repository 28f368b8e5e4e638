import type { Database } from '../../platform/db/database';
import type { Log } from '../../platform/log/log';
import { catalogueRoutes } from './catalogue.routes';
import { createCatalogueService } from './catalogue.service';
import type { LearnerStateOf } from './catalogue.views';

/**
 * The catalogue: courses from files, searched and shown; the glossary and the ready-made paths.
 * `learnerState` is asked on a course page where this reader stands, by a feature that comes later in the journey.
 */
export function createCatalogue(deps: { db: Database; log: Log; learnerState?: LearnerStateOf }) {
  const learnerState = deps.learnerState ?? (() => Promise.resolve(null));
  return { service: createCatalogueService(deps), routes: catalogueRoutes(deps.db, learnerState), jobs: [] };
}
