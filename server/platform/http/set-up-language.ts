import type { Express, Request, Response } from 'express';
import { type I18n, isLocale, LOCALES, type Locale } from '../i18n/i18n';

const COOKIE = 'language';
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/** Chooses the language: `?lang=xx` (remembered by this browser), then the account, then the browser, then English. */
export function setUpLanguage(app: Express, i18n: I18n): void {
  app.use((req, res, next) => {
    const asked = req.query['lang'];
    if (isLocale(asked)) rememberLanguage(res, asked);
    const browser = req.acceptsLanguages([...LOCALES]);
    const candidates: unknown[] = [asked, rememberedLanguage(req), req.user?.locale, browser];
    req.locale = candidates.find((candidate): candidate is Locale => isLocale(candidate)) ?? 'en';
    req.t = i18n.translator(req.locale);
    next();
  });
}

/** Keeps a language chosen by link or in the account; a preference, not an identity, so a plain cookie will do. */
export function rememberLanguage(res: Response, locale: Locale): void {
  res.cookie(COOKIE, locale, { maxAge: YEAR_MS, sameSite: 'lax', httpOnly: true });
}

function rememberedLanguage(req: Request): string | undefined {
  return new RegExp(`(?:^|; )${COOKIE}=([a-z]{2})`).exec(req.headers.cookie ?? '')?.[1];
}
