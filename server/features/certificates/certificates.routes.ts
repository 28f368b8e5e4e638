import { Router } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { parseCertificateNumber } from '../../core/certificate';
import type { Database } from '../../platform/db/database';
import { NotFoundError } from '../../platform/errors';
import { currentUser, requireUser } from '../../platform/http/current-user';
import { render } from '../../platform/http/page';
import {
  selectCertificatesOf,
  selectOptionalCertificate,
  selectOptionalPdf,
} from './certificates.read-model';
import { CERTIFICATES_PAGE, certificatesView, VERIFY_PAGE, verifyView } from './certificates.views';

/** One's own certificates, and the public verification. */
export function certificatesRoutes(db: Database): Router {
  const router = Router();
  // Numbers have 100 random bits; the limit only keeps the page from being hammered.
  const lookups = new RateLimiterMemory({ points: 60, duration: 60 });

  router.get('/certificates', requireUser, async (req, res) => {
    const rows = await selectCertificatesOf(db, currentUser(req).id);
    render(req, res, CERTIFICATES_PAGE, certificatesView(rows, new Date(), req.t, req.locale));
  });

  router.get('/certificates/:file', requireUser, async (req, res) => {
    const name = /^(.+)\.pdf$/.exec(String(req.params['file']))?.[1];
    const number = name === undefined ? null : parseCertificateNumber(name);
    const user = currentUser(req);
    const pdf =
      number === null ? null : await selectOptionalPdf(db, number, user.role === 'admin' ? null : user.id);
    if (!pdf) throw new NotFoundError();
    res.set({
      'Cache-Control': 'private, no-store',
      'Content-Disposition': `inline; filename="identikit-${number}.pdf"`,
    });
    res.type('application/pdf').send(pdf);
  });

  router.get('/verify', (req, res) => {
    const typed = typeof req.query['number'] === 'string' ? req.query['number'].slice(0, 100) : '';
    const number = parseCertificateNumber(typed);
    if (number) return res.redirect(303, `/verify/${number}`);
    const error = typed === '' ? null : req.t('certificates.verify.malformed');
    const view = verifyView({
      number: '',
      row: null,
      typed,
      error,
      now: new Date(),
      t: req.t,
      locale: req.locale,
    });
    render(req, res, VERIFY_PAGE, view, { status: error ? 422 : 200 });
  });

  router.get('/verify/:number', async (req, res) => {
    const typed = String(req.params['number']).slice(0, 100);
    const allowed = await lookups.consume(req.ip ?? 'unknown').then(
      () => true,
      () => false,
    );
    const number = parseCertificateNumber(typed);
    const row = allowed && number ? await selectOptionalCertificate(db, number) : null;
    const problem = allowed ? 'certificates.verify.unknown' : 'certificates.verify.slower';
    const error = row ? null : req.t(problem);
    if (!allowed) res.set('Retry-After', '60');
    res.set('X-Robots-Tag', 'noindex');
    const view = verifyView({
      number: typed,
      row,
      typed,
      error,
      now: new Date(),
      t: req.t,
      locale: req.locale,
    });
    render(req, res, VERIFY_PAGE, view, { status: row ? 200 : allowed ? 404 : 429 });
  });

  return router;
}
