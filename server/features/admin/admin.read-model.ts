import type { Database } from '../../platform/db/database';
import type { UserRole } from '../../platform/http/current-user';

export type AccountRow = {
  id: string;
  name: string;
  email: string;
  role: UserRole;
  country: string | null;
  invited: boolean;
  disabled: boolean;
};

/** Accounts by name, optionally those whose name or address contains `search` (accents and case do not matter). */
export async function selectAccounts(
  db: Database,
  search: string,
  page: { limit: number; offset: number },
): Promise<{ rows: AccountRow[]; total: number }> {
  const rows = await db.query<AccountRow & { total: number }>(
    'admin.accounts',
    `select u.id, u.name, u.email::text as email, u.role, p.country, u.password_hash is null and not u.fictional as invited,
       u.disabled_at is not null as disabled, count(*) over ()::int as total
     from users u left join partners p on p.id = u.partner_id
     where $1 = '' or fold_accents(lower(u.name)) like '%' || fold_accents(lower($1)) || '%' or lower(u.email::text) like '%' || lower($1) || '%'
     order by u.name collate "und-x-icu", u.id limit $2 offset $3`,
    [search.replaceAll(/[\\%_]/g, '\\$&'), page.limit, page.offset],
  );
  return { rows, total: rows[0]?.total ?? 0 };
}

export function selectPartners(db: Database): Promise<{ id: string; country: string; name: string }[]> {
  return db.query('admin.partners', 'select id, country, name from partners order by country');
}
