import type { NextFunction, Request, Response } from 'express';
import { ForbiddenError } from '../errors';
import type { Locale } from '../i18n/i18n';

export const USER_ROLES = ['learner', 'trainer', 'staff', 'coordinator', 'admin'] as const;
export type UserRole = (typeof USER_ROLES)[number];

/** The signed-in person, as every request knows them. Nothing here is secret; the password hash never leaves accounts. */
export type CurrentUser = {
  id: string;
  name: string;
  email: string;
  role: UserRole;
  /** Scope of staff: they see named data of this partner only. */
  partnerId: string | null;
  locale: Locale;
};

/** The person of a request behind {@link requireUser}. */
export function currentUser(req: Request): CurrentUser {
  if (!req.user) throw new ForbiddenError();
  return req.user;
}

/** Sends whoever is not signed in to the sign-in page and brings them back afterwards (GET only). */
export function requireUser(req: Request, res: Response, next: NextFunction): void {
  if (req.user) return next();
  const back = req.method === 'GET' ? `?next=${encodeURIComponent(req.originalUrl)}` : '';
  res.redirect(303, `/login${back}`);
}

/** Lets only people of the given roles pass; others get 403 and stay signed in. */
export function requireRole(...roles: UserRole[]) {
  return (req: Request, res: Response, next: NextFunction): void => {
    if (!req.user) return requireUser(req, res, next);
    if (!roles.includes(req.user.role)) throw new ForbiddenError();
    next();
  };
}
