import type { ClusterStage, ClusterType, RoleCode } from '../../core/framework';
import type { Database } from '../../platform/db/database';
import { uuidv7 } from '../../platform/ids';
import type { ClusterFacts } from './organisations.schemas';

export type NewPartner = { code: string; country: string; name: string };

export type NewCluster = {
  partnerId: string;
  slug: string;
  name: string;
  type: ClusterType | null;
  stage: ClusterStage | null;
  region: string;
  fictional: boolean;
  facts: ClusterFacts;
};

/** @param since day of joining, yyyy-mm-dd */
export type NewMembership = { userId: string; clusterId: string; role: RoleCode; since: string };

export type OrganisationsRepository = ReturnType<typeof createOrganisationsRepository>;

/** Writes any number of rows with one statement each. */
export function createOrganisationsRepository(db: Database) {
  return {
    /** A partner whose code is known already stays as it is. */
    async insertPartners(partners: readonly NewPartner[]): Promise<void> {
      await db.query(
        'organisations.insertPartners',
        `insert into partners (id, code, country, name)
         select id, code, country, name from jsonb_to_recordset($1::jsonb) as p(id uuid, code text, country text, name text)
         on conflict (code) do nothing`,
        [JSON.stringify(partners.map((partner) => ({ id: uuidv7(), ...partner })))],
      );
    },

    /** Inserts clusters, or brings those whose slug is known up to what is given; unchanged rows are not touched. */
    async saveClusters(clusters: readonly NewCluster[]): Promise<void> {
      const rows = clusters.map(({ partnerId, ...cluster }) => ({
        id: uuidv7(),
        partner_id: partnerId,
        ...cluster,
      }));
      await db.query(
        'organisations.saveClusters',
        `insert into clusters as c (id, partner_id, slug, name, type, stage, region, fictional, facts)
         select id, partner_id, slug, name, type, stage, region, fictional, facts
         from jsonb_to_recordset($1::jsonb) as g(id uuid, partner_id uuid, slug text, name text, type text, stage text,
           region text, fictional boolean, facts jsonb)
         on conflict (slug) do update set partner_id = excluded.partner_id, name = excluded.name, type = excluded.type,
           stage = excluded.stage, region = excluded.region, fictional = excluded.fictional, facts = excluded.facts
           where (c.partner_id, c.name, c.type, c.stage, c.region, c.fictional, c.facts) is distinct from
             (excluded.partner_id, excluded.name, excluded.type, excluded.stage, excluded.region, excluded.fictional,
              excluded.facts)`,
        [JSON.stringify(rows)],
      );
    },

    /** Somebody who is in the cluster already stays in it as they are. */
    async insertMemberships(memberships: readonly NewMembership[]): Promise<void> {
      const rows = memberships.map(({ userId, clusterId, role, since }) => ({
        id: uuidv7(),
        user_id: userId,
        cluster_id: clusterId,
        role_code: role,
        since,
      }));
      await db.query(
        'organisations.insertMemberships',
        `insert into memberships (id, user_id, cluster_id, role_code, since)
         select id, user_id, cluster_id, role_code, since
         from jsonb_to_recordset($1::jsonb) as m(id uuid, user_id uuid, cluster_id uuid, role_code text, since date)
         on conflict (user_id, cluster_id) where until is null do nothing`,
        [JSON.stringify(rows)],
      );
    },
  };
}
