/**
 * Three families, by who must act. `UserError`: the person who asked; shown in their language, logged at info.
 * `OperationalError`: whoever runs the installation (mail, Redis, disk); logged at warn, answered 503.
 * Anything else is a fault of ours: logged at error, answered 500. HTTP statuses live in platform/http/error-handler.ts.
 */
export class UserError extends Error {
  readonly key: string;
  readonly params: Record<string, string | number>;

  /** @param key i18n key of the message shown, with its parameters. */
  constructor(key: string, params: Record<string, string | number> = {}) {
    super(key);
    this.name = new.target.name;
    this.key = key;
    this.params = params;
  }
}

/** What was asked for does not exist, or the person may not know that it exists. */
export class NotFoundError extends UserError {
  constructor(key = 'errors.notFound', params: Record<string, string | number> = {}) {
    super(key, params);
  }
}

/** The person is known but may not do this. */
export class ForbiddenError extends UserError {
  constructor(key = 'errors.forbidden', params: Record<string, string | number> = {}) {
    super(key, params);
  }
}

/** The request was right when its page was shown, but the state has changed since. */
export class ConflictError extends UserError {}

/** Input that no form of ours sends: a forged, broken or foreign value. */
export class BadRequestError extends UserError {
  constructor(key = 'errors.badRequest', params: Record<string, string | number> = {}) {
    super(key, params);
  }
}

/** Something outside the program failed: mail server, Redis, disk, solver. */
export class OperationalError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A condition that stops the program at start. Its message is one line that says what to do. */
export class StartupError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
