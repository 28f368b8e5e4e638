import type { Database } from '../../platform/db/database';
import type { OrganisationsService } from '../organisations/organisations.service';
import { registerRoutes } from './register.routes';

/** The register: clusters with the facts known of them, for everybody. */
export function createRegister(deps: { db: Database; organisations: OrganisationsService }) {
  return { routes: registerRoutes(deps.db, deps.organisations) };
}
