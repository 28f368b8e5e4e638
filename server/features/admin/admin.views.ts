import { USER_ROLES } from '../../platform/http/current-user';
import { errorSummary, type FieldErrors } from '../../platform/http/forms';
import { definePage } from '../../platform/http/page';
import { formatDateTime } from '../../platform/i18n/format';
import { type Locale, localeOptions, type Translate } from '../../platform/i18n/i18n';
import type { FailedJob, JobKindCounts } from '../../platform/jobs/jobs.read-model';
import { type FieldView, field, type SelectView, select } from '../../platform/views/field';
import type { AccountRow } from './admin.read-model';

export type AdminView = {
  title: string;
  kinds: {
    name: string;
    ready: number;
    running: number;
    delayed: number;
    failed: number;
    finishedLastDay: number;
  }[];
  failed: { id: string; name: string; when: string; attempts: string; error: string }[];
};
export const ADMIN_PAGE = definePage<AdminView>('admin/overview');

export function adminView(
  kinds: JobKindCounts[],
  failed: FailedJob[],
  t: Translate,
  locale: Locale,
): AdminView {
  const name = (kind: string) => t(`admin.jobs.kinds.${kind.replaceAll('.', '-')}`, { defaultValue: kind });
  return {
    title: t('admin.title'),
    kinds: kinds.map(({ kind, ...counts }) => ({ ...counts, name: name(kind) })),
    failed: failed.map((job) => ({
      id: job.id,
      name: name(job.kind),
      when: formatDateTime(job.failedAt, locale),
      attempts: t('admin.jobs.attempts', { count: job.attempts }),
      error: job.lastError ?? '',
    })),
  };
}

export type AccountsAdminView = {
  title: string;
  search: string;
  accounts: {
    id: string;
    name: string;
    email: string;
    role: string;
    state: { kind: string; text: string };
    canInviteAgain: boolean;
  }[];
  total: string;
  page: number;
  pages: number;
  prevHref: string | null;
  nextHref: string | null;
};
export const ACCOUNTS_ADMIN_PAGE = definePage<AccountsAdminView>('admin/accounts');

export function accountsAdminView(
  given: { rows: AccountRow[]; total: number; page: number; pages: number; search: string },
  t: Translate,
): AccountsAdminView {
  const { rows, total, page, pages, search } = given;
  const at = (number: number) =>
    `/admin/accounts?${new URLSearchParams({ q: search, page: String(number) }).toString()}`;
  return {
    title: t('admin.accounts.title'),
    search,
    accounts: rows.map((row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      role: [t(`accounts.roles.${row.role}`), row.country].filter(Boolean).join(', '),
      state: row.disabled
        ? { kind: 'locked', text: t('admin.accounts.disabled') }
        : row.invited
          ? { kind: 'waiting', text: t('admin.accounts.invited') }
          : { kind: 'done', text: t('admin.accounts.active') },
      canInviteAgain: row.invited && !row.disabled,
    })),
    total: t('admin.accounts.total', { count: total }),
    page,
    pages,
    prevHref: page > 1 ? at(page - 1) : null,
    nextHref: page < pages ? at(page + 1) : null,
  };
}

export type InviteView = {
  title: string;
  errors: { href: string; text: string }[];
  name: FieldView;
  email: FieldView;
  role: SelectView;
  partner: SelectView;
  locale: SelectView;
};
export const INVITE_PAGE = definePage<InviteView>('admin/invite');

export function inviteView(
  typed: Record<'name' | 'email' | 'role' | 'partnerId' | 'locale', string>,
  errors: FieldErrors,
  partners: { id: string; country: string; name: string }[],
  t: Translate,
): InviteView {
  const partnerOptions = partners.map(({ id, name }) => ({ value: id, label: name }));
  return {
    title: t('admin.invite.title'),
    errors: errorSummary(errors),
    name: field('name', t('admin.invite.name'), {
      value: typed.name,
      autocomplete: 'off',
      error: errors['name'] ?? null,
    }),
    email: field('email', t('accounts.email'), {
      type: 'email',
      value: typed.email,
      autocomplete: 'off',
      error: errors['email'] ?? null,
    }),
    role: select(
      'role',
      t('admin.invite.role'),
      USER_ROLES.map((role) => ({ value: role, label: t(`accounts.roles.${role}`) })),
      { value: typed.role, error: errors['role'] ?? null },
    ),
    partner: select(
      'partnerId',
      t('admin.invite.partner'),
      [{ value: '', label: t('admin.invite.noPartner') }, ...partnerOptions],
      {
        value: typed.partnerId,
        hint: t('admin.invite.partnerHint'),
        error: errors['partnerId'] ?? null,
      },
    ),
    locale: select('locale', t('admin.invite.locale'), localeOptions(), {
      value: typed.locale,
      error: errors['locale'] ?? null,
    }),
  };
}
