import { z } from 'zod';
import { USER_ROLES } from '../../platform/http/current-user';
import { LOCALES } from '../../platform/i18n/i18n';

const email = z
  .string({ error: 'accounts.errors.email' })
  .trim()
  .max(254, 'accounts.errors.email')
  .pipe(z.email('accounts.errors.email'));

/** Length is what makes a password strong (NIST SP 800-63B); the upper bound only keeps hashing cheap. */
const newPassword = z
  .string({ error: 'accounts.errors.passwordShort' })
  .min(10, 'accounts.errors.passwordShort')
  .max(200, 'accounts.errors.passwordLong');

const personName = z
  .string({ error: 'accounts.errors.name' })
  .trim()
  .min(1, 'accounts.errors.name')
  .max(120, 'accounts.errors.nameLong')
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'accounts.errors.name');

export const signInSchema = z.object({
  email,
  password: z
    .string({ error: 'accounts.errors.passwordMissing' })
    .min(1, 'accounts.errors.passwordMissing')
    .max(1000, 'accounts.errors.passwordLong'),
});

export const resetRequestSchema = z.object({ email });

export const newPasswordSchema = z.object({ password: newPassword });

export const acceptInvitationSchema = z.object({ name: personName, password: newPassword });

export const inviteSchema = z.object({
  name: personName,
  email,
  role: z.enum(USER_ROLES, 'accounts.errors.role'),
  partnerId: z.union([z.literal('').transform(() => null), z.uuid('accounts.errors.partner')]).default(null),
  locale: z.enum(LOCALES, 'accounts.errors.locale'),
});

export const accountSchema = z.object({
  name: personName,
  locale: z.enum(LOCALES, 'accounts.errors.locale'),
});

export const changePasswordSchema = z.object({
  current: z
    .string({ error: 'accounts.errors.passwordMissing' })
    .min(1, 'accounts.errors.passwordMissing')
    .max(1000),
  password: newPassword,
});

/** A path on this site to return to after sign-in; anything that could lead elsewhere becomes /home. */
export function safeNext(value: unknown): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value) || /[\u0000-\u0020\\]/.test(value))
    return '/home';
  return value;
}
