import type { Express, Request } from 'express';
import passportModule from 'passport';
import { Strategy } from 'passport-local';
import type { Database } from '../../platform/db/database';
import type { CurrentUser } from '../../platform/http/current-user';
import { selectOptionalSessionUser } from './accounts.read-model';
import type { AccountsService, SignInResult } from './accounts.service';

/** One instance per application: passport's own is shared by the whole process, and tests run several applications. */
type Authenticator = InstanceType<typeof passportModule.Passport>;
const authenticators = new WeakMap<object, Authenticator>();

/** Passport with one strategy. What it stores in the session is the person's id; everything else is read each time. */
export function setUpSignIn(app: Express, db: Database, accounts: AccountsService): void {
  const passport: Authenticator = new passportModule.Passport();
  authenticators.set(app, passport);
  passport.use(
    new Strategy({ usernameField: 'email', passReqToCallback: true }, (req, email, password, done) => {
      accounts
        .signIn(email, password, req.ip ?? 'unknown')
        .then((result) =>
          result.kind === 'ok'
            ? done(null, result.user)
            : done(null, false, { message: JSON.stringify(result) }),
        )
        .catch(done);
    }),
  );
  passport.serializeUser((user, done) => done(null, user.id));
  passport.deserializeUser(
    (req: Request, id: string, done: (error: unknown, user?: CurrentUser | false) => void) => {
      selectOptionalSessionUser(db, id, req.session.signedInAt ?? 0)
        .then((user) => done(null, user ?? false))
        .catch((error: unknown) => done(error));
    },
  );
  app.use(passport.initialize());
  app.use(passport.session());
}

/** Runs the password strategy and, if it succeeds, opens a new session for the person. */
export function authenticate(req: Request): Promise<SignInResult> {
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, user: CurrentUser | false, info?: { message: string }) => {
      if (error) return reject(error);
      if (!user) return resolve(info?.message.startsWith('{') ? JSON.parse(info.message) : { kind: 'wrong' });
      return openSession(req, user).then(() => resolve({ kind: 'ok', user }), reject);
    };
    const passport = authenticators.get(req.app);
    if (!passport) return reject(new Error('setUpSignIn was not called for this application'));
    passport.authenticate('local', callback)(req, req.res, reject);
  });
}

/** Signs a person in under a new session id, so that an id planted before sign-in is worth nothing. */
export function openSession(req: Request, user: CurrentUser): Promise<void> {
  return new Promise((resolve, reject) => {
    req.logIn(user, (error: unknown) => {
      if (error) return reject(error);
      req.session.signedInAt = Date.now();
      resolve();
    });
  });
}

/** Ends the session on the server; the cookie is then a number that means nothing. */
export function closeSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error) : resolve()));
  });
}
