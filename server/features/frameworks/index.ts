import type { Database } from '../../platform/db/database';
import { frameworksRoutes } from './frameworks.routes';
import { createFrameworksService } from './frameworks.service';

/** The competence framework: its published versions and the public job profile. */
export function createFrameworks(deps: { db: Database }) {
  return { service: createFrameworksService(deps), routes: frameworksRoutes(deps.db), jobs: [] };
}
