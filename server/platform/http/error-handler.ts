import type { Express, NextFunction, Request, Response } from 'express';
import { isDatabaseAway, isUnreadableInput } from '../db/pg-errors';
import {
  BadRequestError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  OperationalError,
  UserError,
} from '../errors';
import type { I18n } from '../i18n/i18n';
import { definePage, render } from './page';

type ErrorView = {
  title: string;
  text: string;
  reference: string | null;
  status: number;
  /** Where to sign in again, when that is what is missing. */
  signInHref: string | null;
};
const ERROR_PAGE = definePage<ErrorView>('error');

/** The only place where errors meet HTTP. */
const STATUS: [new (...args: never[]) => UserError, number][] = [
  [NotFoundError, 404],
  [ForbiddenError, 403],
  [ConflictError, 409],
  [BadRequestError, 400],
];

/** 404 for whatever no route took, then the error page: a sentence in the reader's language and a reference, never a stack. */
export function setUpErrors(app: Express, i18n: I18n): void {
  app.use(() => {
    throw new NotFoundError();
  });
  app.use((error: unknown, req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error);
    const { status, key, params } = describe(error);
    if (status >= 500) req.log[status === 503 ? 'warn' : 'error']({ err: error }, 'request failed');
    else req.log.info({ key, status }, 'request refused');
    // An error may come before the language was chosen.
    req.locale ??= 'en';
    req.t ??= i18n.translator('en');
    res.set('Cache-Control', 'no-store');
    if (status === 503) res.set('Retry-After', '10');
    if (req.accepts(['html', 'json']) === 'json') {
      res.status(status).json({ error: { message: req.t(key, params), reference: requestId(req) } });
      return;
    }
    const view = {
      title: req.t(
        key === 'errors.formExpired' && !req.user ? 'errors.titleSignedOut' : `errors.title${status}`,
      ),
      text: req.t(key, params),
      reference: status >= 500 ? requestId(req) : null,
      status,
      signInHref: key === 'errors.formExpired' && !req.user ? '/login' : null,
    };
    render(req, res, ERROR_PAGE, view, { status });
  });
}

function describe(error: unknown): { status: number; key: string; params?: Record<string, string | number> } {
  if (error instanceof UserError) {
    const status = STATUS.find(([type]) => error instanceof type)?.[1] ?? 422;
    return { status, key: error.key, params: error.params };
  }
  if (error instanceof OperationalError || isDatabaseAway(error))
    return { status: 503, key: 'errors.unavailable' };
  if (isUnreadableInput(error)) return { status: 400, key: 'errors.badRequest' };
  // Errors of express itself and its parsers (too large, malformed, bad encoding in the address).
  const status =
    typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  if (status === 413) return { status: 413, key: 'errors.tooLarge' };
  if (status >= 400 && status < 500) return { status: 400, key: 'errors.badRequest' };
  return { status: 500, key: 'errors.unexpected' };
}

/** Set by set-up-logging; also sent as X-Request-Id. */
function requestId(req: Request): string {
  return typeof req.id === 'string' ? req.id : '';
}
