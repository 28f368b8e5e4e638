import type { Database } from '../../platform/db/database';
import { randomToken, uuidv7 } from '../../platform/ids';
import { AccountToken, type TokenPurpose } from './account-token.entity';
import { hashToken } from './tokens';
import { User } from './user.entity';

export type AccountsRepository = ReturnType<typeof createAccountsRepository>;

export function createAccountsRepository(db: Database) {
  return {
    selectOptionalByEmail: (email: string) => db.repository(User).findOneBy({ email }),
    selectOptionalById: (id: string) => db.repository(User).findOneBy({ id }),

    async insert(
      user: Pick<User, 'name' | 'email' | 'role' | 'partnerId' | 'locale'> & Partial<User>,
    ): Promise<User> {
      const row = db.repository(User).create({ id: uuidv7(), passwordHash: null, ...user });
      await db.repository(User).insert(row);
      return row;
    },

    update: (id: string, change: Partial<User>) => db.repository(User).update({ id }, change),

    /** Ends every link of this purpose and makes a new one; returns the token, which exists nowhere else afterwards. */
    async issueToken(userId: string, purpose: TokenPurpose, lifetimeHours: number): Promise<string> {
      db.assertTransaction();
      await db.query(
        'accounts.endTokens',
        `update account_tokens set used_at = now() where user_id = $1 and purpose = $2 and used_at is null`,
        [userId, purpose],
      );
      const token = randomToken();
      await db.query(
        'accounts.insertToken',
        `insert into account_tokens (id, user_id, purpose, token_hash, expires_at)
         values ($1, $2, $3, $4, now() + make_interval(hours => $5))`,
        [uuidv7(), userId, purpose, hashToken(token), lifetimeHours],
      );
      return token;
    },

    /** The person a link belongs to, if it is still good. */
    async selectOptionalByToken(token: string, purpose: TokenPurpose): Promise<User | null> {
      const rows = await db.query<{ user_id: string }>(
        'accounts.byToken',
        `select user_id from account_tokens where token_hash = $1 and purpose = $2 and used_at is null and expires_at > now()`,
        [hashToken(token), purpose],
      );
      const userId = rows[0]?.user_id;
      return userId === undefined ? null : db.repository(User).findOneBy({ id: userId });
    },

    /** Uses a link up. False if it was used, replaced or has expired, also when two requests race. */
    async useToken(token: string, purpose: TokenPurpose): Promise<boolean> {
      db.assertTransaction();
      const used = await db
        .repository(AccountToken)
        .createQueryBuilder()
        .update()
        .set({ usedAt: () => 'now()' })
        .where('token_hash = :hash and purpose = :purpose and used_at is null and expires_at > now()', {
          hash: hashToken(token),
          purpose,
        })
        .execute();
      return used.affected === 1;
    },
  };
}
