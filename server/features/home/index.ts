import type { Database } from '../../platform/db/database';
import { homeRoutes } from './home.routes';

/** The landing page and the dashboards. */
export function createHome(deps: { db: Database }) {
  return { routes: homeRoutes(deps.db) };
}
