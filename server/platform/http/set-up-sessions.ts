import connectPgSimple from 'connect-pg-simple';
import type { Express } from 'express';
import session from 'express-session';
import type pg from 'pg';

const WEEK_S = 7 * 24 * 60 * 60;

/**
 * Server-side sessions in PostgreSQL. They last a week after the last visit. The expiry is written at most once a
 * minute: most page views then read the session and write nothing.
 */
export function setUpSessions(
  app: Express,
  options: { pool: pg.Pool; secret: string; secure: boolean },
): void {
  const PgStore = connectPgSimple(session);

  class CalmStore extends PgStore {
    readonly #touched = new Map<string, number>();

    override touch(sid: string, data: session.SessionData, callback?: () => void): void {
      const now = Date.now();
      const last = this.#touched.get(sid) ?? 0;
      if (now - last < 60_000) return callback?.();
      if (this.#touched.size > 10_000) this.#touched.clear();
      this.#touched.set(sid, now);
      super.touch(sid, data, callback);
    }
  }

  app.use(
    session({
      store: new CalmStore({
        pool: options.pool,
        tableName: 'sessions',
        pruneSessionInterval: 15 * 60,
        ttl: WEEK_S,
      }),
      name: options.secure ? '__Host-identikit' : 'identikit',
      secret: options.secret,
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax', secure: options.secure, maxAge: WEEK_S * 1000, path: '/' },
    }),
  );
}
