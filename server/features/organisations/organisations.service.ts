import type { Database } from '../../platform/db/database';
import type { CurrentUser } from '../../platform/http/current-user';
import { reaches, scopeOf } from './organisations.policy';
import { type PersonRow, selectPeople } from './organisations.read-model';
import type {
  NewCluster,
  NewMembership,
  NewPartner,
  OrganisationsRepository,
} from './organisations.repository';
import { clusterFactsSchema } from './organisations.schemas';

export type OrganisationsService = ReturnType<typeof createOrganisationsService>;

export function createOrganisationsService(deps: { db: Database; repository: OrganisationsRepository }) {
  const { db, repository } = deps;
  return {
    /** Adds national partners; those with a known code stay as they are. */
    addPartners: (partners: readonly NewPartner[]): Promise<void> =>
      db.transaction(() => repository.insertPartners(partners)),

    /** Adds clusters, or updates those with a known slug. Facts must have the shape of the schema, links http or https. */
    saveClusters: (clusters: readonly NewCluster[]): Promise<void> =>
      db.transaction(() =>
        repository.saveClusters(
          clusters.map((cluster) => ({ ...cluster, facts: clusterFactsSchema.parse(cluster.facts) })),
        ),
      ),

    /** Adds people to clusters; who is in a cluster already stays in it as they are. */
    addMemberships: (memberships: readonly NewMembership[]): Promise<void> =>
      db.transaction(() => repository.insertMemberships(memberships)),

    /** The people of a cluster, or null for a reader who may not see names of its partner. */
    async peopleOf(
      reader: CurrentUser | null,
      cluster: { id: string; partnerId: string },
    ): Promise<PersonRow[] | null> {
      return reaches(scopeOf(reader).names, cluster.partnerId) ? selectPeople(db, cluster.id) : null;
    },
  };
}
