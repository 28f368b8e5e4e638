import type { Database } from '../../platform/db/database';
import { createOrganisationsRepository } from './organisations.repository';
import { createOrganisationsService } from './organisations.service';

/** Organisations: national partners, clusters and who belongs to them. Their pages are in the register. */
export function createOrganisations(deps: { db: Database }) {
  return {
    service: createOrganisationsService({ ...deps, repository: createOrganisationsRepository(deps.db) }),
  };
}
