import type { FieldErrors } from '../../platform/http/forms';
import { errorSummary } from '../../platform/http/forms';
import { definePage } from '../../platform/http/page';
import { type Locale, localeOptions, type Translate } from '../../platform/i18n/i18n';
import { type FieldView, field, type SelectView, select } from '../../platform/views/field';

type ErrorLink = { href: string; text: string };

export type SignInView = {
  title: string;
  next: string;
  problem: string | null;
  errors: ErrorLink[];
  email: FieldView;
  password: FieldView;
};
export const SIGN_IN_PAGE = definePage<SignInView>('accounts/sign-in');

export function signInView(
  t: Translate,
  given: { next: string; email?: string; errors?: FieldErrors; problem?: string },
): SignInView {
  const errors = given.errors ?? {};
  return {
    title: t('accounts.signIn.title'),
    next: given.next,
    problem: given.problem ?? null,
    errors: errorSummary(errors),
    email: field('email', t('accounts.email'), {
      type: 'email',
      autocomplete: 'username',
      value: given.email ?? '',
      error: errors['email'] ?? null,
    }),
    password: field('password', t('accounts.password'), {
      type: 'password',
      autocomplete: 'current-password',
      error: errors['password'] ?? null,
    }),
  };
}

export type ResetRequestView = { title: string; sent: boolean; errors: ErrorLink[]; email: FieldView };
export const RESET_REQUEST_PAGE = definePage<ResetRequestView>('accounts/reset-request');

export function resetRequestView(
  t: Translate,
  given: { sent: boolean; email?: string; errors?: FieldErrors },
): ResetRequestView {
  const errors = given.errors ?? {};
  return {
    title: t('accounts.reset.title'),
    sent: given.sent,
    errors: errorSummary(errors),
    email: field('email', t('accounts.email'), {
      type: 'email',
      autocomplete: 'username',
      value: given.email ?? '',
      error: errors['email'] ?? null,
    }),
  };
}

export type LinkView = {
  title: string;
  lead: string;
  submit: string;
  errors: ErrorLink[];
  email: string;
  name: FieldView | null;
  password: FieldView;
};
export const LINK_PAGE = definePage<LinkView>('accounts/link');
export const LINK_ENDED_PAGE = definePage<{ title: string; text: string; invitation: boolean }>(
  'accounts/link-ended',
);

/** The page behind a mailed link: a new password, and for an invitation one's name as well. */
export function linkView(
  t: Translate,
  given: { invitation: boolean; email: string; name: string; errors?: FieldErrors },
): LinkView {
  const errors = given.errors ?? {};
  const key = given.invitation ? 'accounts.invitation' : 'accounts.newPassword';
  return {
    title: t(`${key}.title`),
    lead: t(`${key}.lead`),
    submit: t(`${key}.submit`),
    errors: errorSummary(errors),
    email: given.email,
    name: given.invitation
      ? field('name', t('accounts.name'), {
          value: given.name,
          autocomplete: 'name',
          hint: t('accounts.nameHint'),
          error: errors['name'] ?? null,
        })
      : null,
    password: newPasswordField(t, errors),
  };
}

export type AccountView = {
  title: string;
  email: string;
  role: string;
  errors: ErrorLink[];
  name: FieldView;
  locale: SelectView;
  current: FieldView;
  password: FieldView;
};
export const ACCOUNT_PAGE = definePage<AccountView>('accounts/account');

export function accountView(
  t: Translate,
  given: { name: string; email: string; role: string; locale: Locale; errors?: FieldErrors },
): AccountView {
  const errors = given.errors ?? {};
  return {
    title: t('accounts.account.title'),
    email: given.email,
    role: t(`accounts.roles.${given.role}`),
    errors: errorSummary(errors),
    name: field('name', t('accounts.name'), {
      value: given.name,
      autocomplete: 'name',
      hint: t('accounts.nameHint'),
      error: errors['name'] ?? null,
    }),
    locale: select('locale', t('accounts.language'), localeOptions(), {
      value: given.locale,
      error: errors['locale'] ?? null,
    }),
    current: field('current', t('accounts.currentPassword'), {
      type: 'password',
      autocomplete: 'current-password',
      error: errors['current'] ?? null,
    }),
    password: newPasswordField(t, errors),
  };
}

function newPasswordField(t: Translate, errors: FieldErrors): FieldView {
  return field('password', t('accounts.newPasswordLabel'), {
    type: 'password',
    autocomplete: 'new-password',
    hint: t('accounts.passwordHint'),
    error: errors['password'] ?? null,
  });
}
