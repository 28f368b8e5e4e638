import type { Locale, Translate } from '../i18n/i18n';
import type { CurrentUser } from './current-user';

declare global {
  namespace Express {
    interface User extends CurrentUser {}
    interface Request {
      /** Text in the reader's language. */
      t: Translate;
      locale: Locale;
    }
  }
}

declare module 'express-session' {
  interface SessionData {
    flash?: { kind: 'success' | 'info' | 'warning'; text: string };
    /** When the person of this session signed in, ms since epoch: older than their last change of password, it is over. */
    signedInAt?: number;
  }
}
