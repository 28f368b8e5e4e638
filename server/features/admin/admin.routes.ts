import { type Request, type Response, Router } from 'express';
import { recordAudit } from '../../platform/db/audit';
import type { Database } from '../../platform/db/database';
import { NotFoundError } from '../../platform/errors';
import { currentUser, requireRole } from '../../platform/http/current-user';
import { type FieldErrors, parseForm } from '../../platform/http/forms';
import { redirectWith, render } from '../../platform/http/page';
import { failedJobs, jobCountsByKind, retryFailedJobs, retryJob } from '../../platform/jobs/jobs.read-model';
import { inviteSchema } from '../accounts/accounts.schemas';
import type { AccountsService } from '../accounts/accounts.service';
import { selectAccounts, selectPartners } from './admin.read-model';
import {
  ACCOUNTS_ADMIN_PAGE,
  ADMIN_PAGE,
  accountsAdminView,
  adminView,
  INVITE_PAGE,
  inviteView,
} from './admin.views';

const ACCOUNTS_PER_PAGE = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Jobs and accounts, for administrators. */
export function adminRoutes(db: Database, accounts: AccountsService): Router {
  const router = Router();
  router.use('/admin', requireRole('admin'));

  router.get('/admin', async (req, res) => {
    const [kinds, failed] = await Promise.all([jobCountsByKind(db), failedJobs(db)]);
    render(req, res, ADMIN_PAGE, adminView(kinds, failed, req.t, req.locale));
  });

  router.post('/admin/jobs/retry', async (req, res) => {
    const count = await db.transaction(async () => {
      const retried = await retryFailedJobs(db);
      await recordAudit(db, {
        actorId: currentUser(req).id,
        action: 'jobs.retried',
        objectType: 'job',
        objectId: 'all',
        details: { retried },
      });
      return retried;
    });
    redirectWith(req, res, '/admin', { kind: 'success', text: req.t('admin.jobs.retriedAll', { count }) });
  });

  router.post('/admin/jobs/:id/retry', async (req, res) => {
    const id = String(req.params['id']);
    if (!UUID.test(id)) throw new NotFoundError();
    const result = await db.transaction(async () => {
      const outcome = await retryJob(db, id);
      if (outcome === 'retried')
        await recordAudit(db, {
          actorId: currentUser(req).id,
          action: 'job.retried',
          objectType: 'job',
          objectId: id,
        });
      return outcome;
    });
    redirectWith(req, res, '/admin', {
      kind: result === 'retried' ? 'success' : 'info',
      text: req.t(`admin.jobs.result.${result}`),
    });
  });

  router.get('/admin/accounts', async (req, res) => {
    const search = (typeof req.query['q'] === 'string' ? req.query['q'] : '').trim().slice(0, 100);
    const page = Math.max(1, Math.trunc(Number(req.query['page'])) || 1);
    const { rows, total } = await selectAccounts(db, search, {
      limit: ACCOUNTS_PER_PAGE,
      offset: (page - 1) * ACCOUNTS_PER_PAGE,
    });
    const pages = Math.max(1, Math.ceil(total / ACCOUNTS_PER_PAGE));
    render(req, res, ACCOUNTS_ADMIN_PAGE, accountsAdminView({ rows, total, page, pages, search }, req.t));
  });

  router.get('/admin/accounts/invite', (req, res) => showInvite(req, res, {}));

  router.post('/admin/accounts/invite', async (req, res) => {
    const form = parseForm(inviteSchema, req.body, req.t);
    if (!form.ok) return showInvite(req, res, form.errors);
    const person = form.value;
    if (person.role === 'staff' && person.partnerId === null) {
      return showInvite(req, res, { partnerId: req.t('accounts.errors.partnerMissing') });
    }
    const known =
      person.partnerId === null || (await selectPartners(db)).some(({ id }) => id === person.partnerId);
    if (!known) return showInvite(req, res, { partnerId: req.t('accounts.errors.partner') });
    const result = await accounts.invite(person, currentUser(req).id);
    if (result.kind === 'taken') return showInvite(req, res, { email: req.t('accounts.errors.taken') });
    redirectWith(req, res, '/admin/accounts', {
      kind: 'success',
      text: req.t('admin.invite.sent', { name: person.name }),
    });
  });

  router.post('/admin/accounts/:id/invite-again', async (req, res) => {
    const id = String(req.params['id']);
    if (!UUID.test(id)) throw new NotFoundError();
    const sent = await accounts.inviteAgain(id, currentUser(req).id);
    redirectWith(req, res, '/admin/accounts', {
      kind: sent ? 'success' : 'info',
      text: req.t(sent ? 'admin.accounts.sentAgain' : 'admin.accounts.notSent'),
    });
  });

  async function showInvite(req: Request, res: Response, errors: FieldErrors): Promise<void> {
    const typed = (name: string, initial = '') =>
      typeof req.body?.[name] === 'string' ? String(req.body[name]) : initial;
    const view = inviteView(
      {
        name: typed('name'),
        email: typed('email'),
        role: typed('role', 'learner'),
        partnerId: typed('partnerId'),
        locale: typed('locale', req.locale),
      },
      errors,
      await selectPartners(db),
      req.t,
    );
    render(req, res, INVITE_PAGE, view, { status: Object.keys(errors).length > 0 ? 422 : 200 });
  }

  return router;
}
