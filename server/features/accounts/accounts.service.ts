import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { recordAudit } from '../../platform/db/audit';
import type { Database } from '../../platform/db/database';
import { isUniqueViolation } from '../../platform/db/pg-errors';
import type { CurrentUser, UserRole } from '../../platform/http/current-user';
import type { Locale } from '../../platform/i18n/i18n';
import type { Outbox } from '../../platform/jobs/outbox';
import type { TokenPurpose } from './account-token.entity';
import { mailLinkType } from './accounts.jobs';
import type { AccountsRepository } from './accounts.repository';
import { hashPassword, verifyPassword } from './passwords';
import type { User } from './user.entity';

export type SignInResult =
  | { kind: 'ok'; user: CurrentUser }
  | { kind: 'wrong' }
  | { kind: 'throttled'; waitMinutes: number };

export type AccountsService = ReturnType<typeof createAccountsService>;

export function createAccountsService(deps: {
  db: Database;
  repository: AccountsRepository;
  outbox: Outbox;
}) {
  const { db, repository, outbox } = deps;
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterPostgres({
      storeClient: db.pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix,
      points,
      duration: 15 * 60,
    });
  // Per account: stops guessing one password. Per address: stops trying one password on many accounts.
  const failuresByAccount = limiter('sign-in-account', 10);
  const failuresByAddress = limiter('sign-in-address', 100);
  const resetsByAccount = limiter('reset-account', 3);
  const resetsByAddress = limiter('reset-address', 20);

  async function waitMs(account: string, address: string): Promise<number> {
    const spent = await Promise.all([failuresByAccount.get(account), failuresByAddress.get(address)]);
    return Math.max(
      0,
      ...spent.map((state) => (state && state.remainingPoints <= 0 ? state.msBeforeNext : 0)),
    );
  }

  return {
    /** Checks a password. Counts failures per account and per address; too many of either and nobody gets in for a while. */
    async signIn(email: string, password: string, address: string): Promise<SignInResult> {
      const account = email.toLowerCase();
      const wait = await waitMs(account, address);
      if (wait > 0) return { kind: 'throttled', waitMinutes: Math.ceil(wait / 60_000) };
      const user = await repository.selectOptionalByEmail(email);
      const right = await verifyPassword(user?.passwordHash ?? null, password);
      if (!user || !right || user.disabledAt) {
        await Promise.allSettled([failuresByAccount.consume(account), failuresByAddress.consume(address)]);
        return { kind: 'wrong' };
      }
      await failuresByAccount.delete(account);
      return { kind: 'ok', user: toCurrentUser(user) };
    },

    /**
     * Asks for a link to set a new password. Answers the same whether the account exists or not, and says nothing of
     * limits: a flood of requests is dropped in silence.
     */
    async requestPasswordReset(email: string, address: string): Promise<void> {
      try {
        await resetsByAddress.consume(address);
        await resetsByAccount.consume(email.toLowerCase());
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return;
        throw refusal;
      }
      await db.transaction(async () => {
        const user = await repository.selectOptionalByEmail(email);
        if (user && !user.disabledAt)
          await outbox.enqueue(mailLinkType, { userId: user.id, purpose: 'password-reset' });
      });
    },

    /** Whose link this is, or null if it is used, replaced, expired or none of ours. */
    personOfLink: (token: string, purpose: TokenPurpose) => repository.selectOptionalByToken(token, purpose),

    /** Sets a password by a mailed link and ends every session of the person. Null if the link is no longer good. */
    async setPasswordByLink(
      token: string,
      purpose: TokenPurpose,
      password: string,
      name?: string,
    ): Promise<CurrentUser | null> {
      const passwordHash = await hashPassword(password);
      return db.transaction(async () => {
        const user = await repository.selectOptionalByToken(token, purpose);
        if (!user || user.disabledAt || !(await repository.useToken(token, purpose))) return null;
        const change = {
          passwordHash,
          credentialsChangedAt: new Date(),
          ...(name === undefined ? {} : { name }),
        };
        await repository.update(user.id, change);
        await recordAudit(db, {
          actorId: user.id,
          action: purpose === 'invitation' ? 'account.invitation-accepted' : 'account.password-reset',
          objectType: 'user',
          objectId: user.id,
        });
        return toCurrentUser({ ...user, ...change });
      });
    },

    /** Changes one's own password; all other sessions end. False if the current one is wrong. */
    async changePassword(userId: string, current: string, password: string): Promise<boolean> {
      const user = await repository.selectOptionalById(userId);
      if (!user || !(await verifyPassword(user.passwordHash, current))) return false;
      const passwordHash = await hashPassword(password);
      await db.transaction(async () => {
        await repository.update(userId, { passwordHash, credentialsChangedAt: new Date() });
        await recordAudit(db, {
          actorId: userId,
          action: 'account.password-changed',
          objectType: 'user',
          objectId: userId,
        });
      });
      return true;
    },

    updateAccount: (userId: string, change: { name: string; locale: Locale }) =>
      db.transaction(async () => {
        await repository.update(userId, change);
        await recordAudit(db, {
          actorId: userId,
          action: 'account.changed',
          objectType: 'user',
          objectId: userId,
          details: change,
        });
      }),

    /** Creates an account and mails the invitation. `taken` if the address has an account already. */
    async invite(
      person: { name: string; email: string; role: UserRole; partnerId: string | null; locale: Locale },
      actorId: string | null,
    ): Promise<{ kind: 'invited'; userId: string } | { kind: 'taken' }> {
      try {
        return await db.transaction(async () => {
          const user = await repository.insert(person);
          await outbox.enqueue(mailLinkType, { userId: user.id, purpose: 'invitation' });
          await recordAudit(db, {
            actorId,
            action: 'account.invited',
            objectType: 'user',
            objectId: user.id,
            details: { role: person.role },
          });
          return { kind: 'invited', userId: user.id };
        });
      } catch (error) {
        if (isUniqueViolation(error, 'users_email_key')) return { kind: 'taken' };
        throw error;
      }
    },

    /** Mails a new invitation to somebody who has not accepted the first. False if there is nothing to accept. */
    inviteAgain: (userId: string, actorId: string) =>
      db.transaction(async () => {
        const user = await repository.selectOptionalById(userId);
        if (!user || user.passwordHash !== null || user.disabledAt) return false;
        await outbox.enqueue(mailLinkType, { userId, purpose: 'invitation' });
        await recordAudit(db, {
          actorId,
          action: 'account.invited-again',
          objectType: 'user',
          objectId: userId,
        });
        return true;
      }),

    /** Creates an account that can sign in at once: the demonstration's people and the first administrator. */
    async createWithPassword(
      person: Pick<User, 'name' | 'email' | 'role' | 'partnerId' | 'locale'> & Partial<User>,
      password: string,
    ): Promise<string> {
      const passwordHash = await hashPassword(password);
      const user = await db.transaction(() => repository.insert({ ...person, passwordHash }));
      return user.id;
    },
  };
}

function toCurrentUser(user: User): CurrentUser {
  const { id, name, email, role, partnerId, locale } = user;
  return { id, name, email, role, partnerId, locale };
}
