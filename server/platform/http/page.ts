import type { Request, Response } from 'express';

/** A page's template together with the type of the view it renders: made by {@link definePage} in `*.views.ts`. */
export type Page<View extends { title: string }> = { template: string; view?: View };

/** @param template path under `views/pages`, without ending: `quizzes/attempt`. */
export function definePage<View extends { title: string }>(template: string): Page<View> {
  return { template: `pages/${template}` };
}

/** Renders a page in the layout. `status` is 422 when a form comes back with its errors. */
export function render<View extends { title: string }>(
  req: Request,
  res: Response,
  page: Page<View>,
  view: View,
  options: { status?: number } = {},
): void {
  res.status(options.status ?? 200);
  res.type('html').send(req.app.locals.renderPage(req, res, page.template, view));
}

/** A fragment without layout, for pages that refresh a part of themselves. */
export function renderFragment(req: Request, res: Response, partialPage: string, view: object): void {
  res.type('html').send(req.app.locals.renderFragment(req, `pages/${partialPage}`, view));
}

/** Post/Redirect/Get: to `path` with 303, and a message that the next page shows once. */
export function redirectWith(
  req: Request,
  res: Response,
  path: string,
  message?: { kind: 'success' | 'info' | 'warning'; text: string },
): void {
  if (message) req.session.flash = message;
  req.session.save((error: unknown) => {
    if (error) req.next?.(error);
    else res.redirect(303, path);
  });
}
