import type { Database } from '../../platform/db/database';
import type { CurrentUser } from '../../platform/http/current-user';

/** The person of a session, unless they were disabled or changed their password after it began. */
export async function selectOptionalSessionUser(
  db: Database,
  userId: string,
  signedInAt: number,
): Promise<CurrentUser | null> {
  const rows = await db.query<CurrentUser>(
    'accounts.sessionUser',
    `select id, name, email::text as email, role, partner_id as "partnerId", locale
     from users where id = $1 and disabled_at is null and credentials_changed_at <= to_timestamp($2::float8 / 1000)`,
    [userId, signedInAt],
  );
  return rows[0] ?? null;
}
