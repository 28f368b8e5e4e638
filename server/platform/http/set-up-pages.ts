import type { Express, Request, Response } from 'express';
import { LOCALE_NAMES, LOCALES } from '../i18n/i18n';
import type { ViewEngine } from '../views/engine';
import type { UserRole } from './current-user';
import { assetVersion } from './set-up-assets';
import { csrfToken } from './set-up-csrf';

/** An entry of the sidebar. `key` is the i18n key of its label. */
export type NavigationEntry = { href: string; key: string; icon: string };

/** Joins the view engine, the layouts and the signed-in person's navigation: what `render()` in page.ts calls. */
export function setUpPages(
  app: Express,
  options: { engine: ViewEngine; navigation: (role: UserRole) => NavigationEntry[]; demo: boolean },
): void {
  const version = assetVersion();

  app.locals['renderPage'] = (
    req: Request,
    res: Response,
    template: string,
    view: { title: string },
  ): string => {
    const context = { t: req.t, locale: req.locale, csrfToken: () => csrfToken(req) };
    const path = req.originalUrl.split('?')[0] ?? '/';
    const flash = req.session?.flash ?? null;
    if (flash) delete req.session.flash;
    const user = req.user ?? null;
    if (user) res.set('Cache-Control', 'no-store');
    const body = options.engine.render(template, view, context);
    return options.engine.render(
      `layouts/${user ? 'main' : 'public'}`,
      {
        lang: req.locale,
        title: view.title,
        body,
        path,
        flash,
        demo: options.demo,
        assetVersion: version,
        theme: 'auto',
        user: user ? { name: user.name, initials: initials(user.name) } : null,
        csrfToken: user ? csrfToken(req) : '',
        nav: user
          ? options.navigation(user.role).map(({ href, key, icon }) => ({
              href,
              icon,
              label: req.t(key),
              current: path === href || path.startsWith(`${href}/`),
            }))
          : [],
        langs: LOCALES.map((code) => ({
          code,
          name: LOCALE_NAMES[code],
          current: code === req.locale,
          href: withLanguage(ownAddress(req), code),
        })),
      },
      context,
    );
  };

  app.locals['renderFragment'] = (req: Request, template: string, view: object): string =>
    options.engine.render(template, view, { t: req.t, locale: req.locale, csrfToken: () => csrfToken(req) });
}

/** Where this page can be opened again: a form that came back after a POST stands at the page it was sent from. */
function ownAddress(req: Request): string {
  if (req.method === 'GET' || req.method === 'HEAD') return req.originalUrl;
  const from = URL.canParse(req.get('referer') ?? '') ? new URL(req.get('referer') ?? '') : null;
  return from && from.host === req.get('host') ? `${from.pathname}${from.search}` : '/';
}

function withLanguage(originalUrl: string, code: string): string {
  const url = new URL(originalUrl, 'http://localhost');
  url.searchParams.set('lang', code);
  return `${url.pathname}${url.search}`;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
