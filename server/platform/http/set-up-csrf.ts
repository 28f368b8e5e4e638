import { csrfSync } from 'csrf-sync';
import type { Express, Request } from 'express';
import { ForbiddenError } from '../errors';

const { csrfSynchronisedProtection, generateToken } = csrfSync({
  getTokenFromRequest: (req) => {
    const field: unknown = req.body?._csrf;
    if (typeof field === 'string') return field;
    const header = req.headers['x-csrf-token'];
    return typeof header === 'string' ? header : undefined;
  },
  errorConfig: { statusCode: 403, message: 'csrf', code: 'csrf' },
});

/** Refuses every state change without the token of the session that asks, or from another origin. */
export function setUpCsrf(app: Express): void {
  app.use((req, res, next) => {
    const foreign =
      req.headers['sec-fetch-site'] === 'cross-site' && req.method !== 'GET' && req.method !== 'HEAD';
    if (foreign) throw new ForbiddenError('errors.formExpired');
    csrfSynchronisedProtection(req, res, (error?: unknown) =>
      next(error ? new ForbiddenError('errors.formExpired') : undefined),
    );
  });
}

/** The token for the forms of this page. Starts a session if there is none, so call it only for pages with a form. */
export function csrfToken(req: Request): string {
  return generateToken(req);
}
