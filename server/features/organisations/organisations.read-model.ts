import type { ClusterStage, ClusterType, RoleCode } from '../../core/framework';
import type { Database } from '../../platform/db/database';
import type { ClusterFacts } from './organisations.schemas';

export type PartnerRow = { id: string; code: string; country: string; name: string };

/** The national partners, by country. */
export function selectPartners(db: Database): Promise<PartnerRow[]> {
  return db.query<PartnerRow>(
    'organisations.partners',
    'select id, code, country, name from partners order by country, code',
  );
}

export type ClusterRow = {
  id: string;
  partnerId: string;
  slug: string;
  name: string;
  country: string;
  region: string;
  type: ClusterType | null;
  stage: ClusterStage | null;
  fictional: boolean;
  facts: ClusterFacts;
};

const CLUSTER = `
  select c.id, c.partner_id as "partnerId", c.slug, c.name, p.country, c.region, c.type, c.stage, c.fictional, c.facts
  from clusters c join partners p on p.id = c.partner_id`;

/**
 * Clusters, real ones before fictional ones, then by country and name.
 * @param filter `unknown` finds the clusters whose type no source states; null does not filter
 */
export async function selectClusters(
  db: Database,
  filter: { country: string | null; type: ClusterType | 'unknown' | null },
  page: { limit: number; offset: number },
): Promise<{ rows: ClusterRow[]; total: number }> {
  const rows = await db.query<ClusterRow & { total: number }>(
    'organisations.clusters',
    `select *, count(*) over ()::int as total from (${CLUSTER}) c
     where ($1::text is null or country = $1) and ($2::text is null or coalesce(type, 'unknown') = $2)
     order by fictional, country, name collate "und-x-icu", slug limit $3 offset $4`,
    [filter.country, filter.type, page.limit, page.offset],
  );
  return { rows, total: rows[0]?.total ?? 0 };
}

export async function selectOptionalCluster(db: Database, slug: string): Promise<ClusterRow | null> {
  const [row] = await db.query<ClusterRow>('organisations.cluster', `${CLUSTER} where c.slug = $1`, [slug]);
  return row ?? null;
}

export type MembershipRow = { clusterId: string; slug: string; name: string; role: RoleCode; since: string };

/** The clusters a person belongs to today, the latest joined first. */
export function selectMemberships(db: Database, userId: string): Promise<MembershipRow[]> {
  return db.query<MembershipRow>(
    'organisations.memberships',
    `select c.id as "clusterId", c.slug, c.name, m.role_code as role, m.since::text as since
     from memberships m join clusters c on c.id = m.cluster_id
     where m.user_id = $1 and m.since <= current_date and (m.until is null or m.until >= current_date)
     order by m.since desc, c.name`,
    [userId],
  );
}

export type PersonRow = { name: string; role: RoleCode; since: string; fictional: boolean };

/** Who belongs to a cluster today. Names: go through the service, which asks whether the reader may see them. */
export function selectPeople(db: Database, clusterId: string): Promise<PersonRow[]> {
  return db.query<PersonRow>(
    'organisations.people',
    `select u.name, m.role_code as role, m.since::text as since, u.fictional
     from memberships m join users u on u.id = m.user_id
     where m.cluster_id = $1 and m.since <= current_date and (m.until is null or m.until >= current_date)
       and u.disabled_at is null
     order by u.name collate "und-x-icu", u.id`,
    [clusterId],
  );
}
