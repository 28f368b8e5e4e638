import { type Request, type Response, Router } from 'express';
import { currentUser, requireUser } from '../../platform/http/current-user';
import { parseForm } from '../../platform/http/forms';
import { redirectWith, render } from '../../platform/http/page';
import { rememberLanguage } from '../../platform/http/set-up-language';
import type { TokenPurpose } from './account-token.entity';
import {
  acceptInvitationSchema,
  accountSchema,
  changePasswordSchema,
  newPasswordSchema,
  resetRequestSchema,
  safeNext,
  signInSchema,
} from './accounts.schemas';
import type { AccountsService } from './accounts.service';
import {
  ACCOUNT_PAGE,
  accountView,
  LINK_ENDED_PAGE,
  LINK_PAGE,
  linkView,
  RESET_REQUEST_PAGE,
  resetRequestView,
  SIGN_IN_PAGE,
  signInView,
} from './accounts.views';
import { authenticate, closeSession, openSession } from './set-up-sign-in';

/** What a form sent for `field`, for showing it again; never for deciding anything. */
const typed = (req: Request, field: string): string => {
  const value: unknown = req.body?.[field];
  return typeof value === 'string' ? value : '';
};

/** Sign-in and sign-out, mailed links, one's own account. */
export function accountsRoutes(accounts: AccountsService): Router {
  const router = Router();

  router.get('/login', (req, res) => {
    const next = safeNext(req.query['next']);
    if (req.user) return res.redirect(303, next);
    render(req, res, SIGN_IN_PAGE, signInView(req.t, { next }));
  });

  router.post('/login', async (req, res) => {
    const next = safeNext(req.body?.next);
    const email = typed(req, 'email');
    const form = parseForm(signInSchema, req.body, req.t);
    if (!form.ok)
      return render(req, res, SIGN_IN_PAGE, signInView(req.t, { next, email, errors: form.errors }), {
        status: 422,
      });
    req.body.email = form.value.email;
    const result = await authenticate(req);
    if (result.kind === 'ok') return redirectWith(req, res, next);
    const throttled = result.kind === 'throttled';
    if (throttled) res.set('Retry-After', String(result.waitMinutes * 60));
    const problem = throttled
      ? req.t('accounts.signIn.throttled', { count: result.waitMinutes })
      : req.t('accounts.signIn.wrong');
    render(req, res, SIGN_IN_PAGE, signInView(req.t, { next, email, problem }), {
      status: throttled ? 429 : 401,
    });
  });

  router.post('/logout', async (req, res) => {
    await closeSession(req);
    res.redirect(303, '/');
  });

  router.get('/password-reset', (req, res) => {
    render(req, res, RESET_REQUEST_PAGE, resetRequestView(req.t, { sent: false }));
  });

  router.post('/password-reset', async (req, res) => {
    const form = parseForm(resetRequestSchema, req.body, req.t);
    if (!form.ok) {
      const view = resetRequestView(req.t, { sent: false, email: typed(req, 'email'), errors: form.errors });
      return render(req, res, RESET_REQUEST_PAGE, view, { status: 422 });
    }
    await accounts.requestPasswordReset(form.value.email, req.ip ?? 'unknown');
    render(req, res, RESET_REQUEST_PAGE, resetRequestView(req.t, { sent: true }));
  });

  for (const [path, purpose] of [
    ['/password-reset/:token', 'password-reset'],
    ['/invitation/:token', 'invitation'],
  ] as const) {
    const invitation = purpose === 'invitation';

    router.get(path, async (req, res) => {
      const user = await accounts.personOfLink(req.params.token, purpose);
      // The address holds a secret: it must not travel to anybody in a Referer header or a shared cache.
      res.set({ 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' });
      if (!user) return linkEnded(req, res, purpose);
      render(req, res, LINK_PAGE, linkView(req.t, { invitation, email: user.email, name: user.name }));
    });

    router.post(path, async (req, res) => {
      const user = await accounts.personOfLink(req.params.token, purpose);
      if (!user) return linkEnded(req, res, purpose);
      const form = parseForm(invitation ? acceptInvitationSchema : newPasswordSchema, req.body, req.t);
      if (!form.ok) {
        const view = linkView(req.t, {
          invitation,
          email: user.email,
          name: typed(req, 'name'),
          errors: form.errors,
        });
        return render(req, res, LINK_PAGE, view, { status: 422 });
      }
      const name = 'name' in form.value && typeof form.value.name === 'string' ? form.value.name : undefined;
      const signedIn = await accounts.setPasswordByLink(req.params.token, purpose, form.value.password, name);
      if (!signedIn) return linkEnded(req, res, purpose);
      await openSession(req, signedIn);
      redirectWith(req, res, '/home', { kind: 'success', text: req.t('accounts.newPassword.done') });
    });
  }

  router.get('/account', requireUser, (req, res) => {
    render(req, res, ACCOUNT_PAGE, accountView(req.t, currentUser(req)));
  });

  router.post('/account', requireUser, async (req, res) => {
    const user = currentUser(req);
    const form = parseForm(accountSchema, req.body, req.t);
    if (!form.ok) {
      const view = accountView(req.t, { ...user, name: typed(req, 'name'), errors: form.errors });
      return render(req, res, ACCOUNT_PAGE, view, { status: 422 });
    }
    await accounts.updateAccount(user.id, form.value);
    rememberLanguage(res, form.value.locale);
    redirectWith(req, res, '/account', { kind: 'success', text: req.t('accounts.account.saved') });
  });

  router.post('/account/password', requireUser, async (req, res) => {
    const user = currentUser(req);
    const form = parseForm(changePasswordSchema, req.body, req.t);
    if (!form.ok)
      return render(req, res, ACCOUNT_PAGE, accountView(req.t, { ...user, errors: form.errors }), {
        status: 422,
      });
    if (!(await accounts.changePassword(user.id, form.value.current, form.value.password))) {
      const errors = { current: req.t('accounts.errors.passwordWrong') };
      return render(req, res, ACCOUNT_PAGE, accountView(req.t, { ...user, errors }), { status: 422 });
    }
    await openSession(req, user);
    redirectWith(req, res, '/account', { kind: 'success', text: req.t('accounts.account.passwordChanged') });
  });

  return router;
}

function linkEnded(req: Request, res: Response, purpose: TokenPurpose): void {
  const key = purpose === 'invitation' ? 'accounts.invitation' : 'accounts.newPassword';
  const view = {
    title: req.t('accounts.linkEnded.title'),
    text: req.t(`${key}.ended`),
    invitation: purpose === 'invitation',
  };
  render(req, res, LINK_ENDED_PAGE, view, { status: 410 });
}
