import type { z } from 'zod';
import type { Translate } from '../i18n/i18n';

/** Field name → message beside it, in the reader's language. Empty when there is nothing to say. */
export type FieldErrors = Record<string, string>;

export type Parsed<T> = { ok: true; value: T } | { ok: false; errors: FieldErrors };

/**
 * Parses a submitted form. Messages in the schema are i18n keys; they come back translated, first one per field.
 * A schema's own message without a key ("Invalid input") becomes the general `forms.invalid`.
 */
export function parseForm<S extends z.ZodType>(schema: S, body: unknown, t: Translate): Parsed<z.output<S>> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return { ok: true, value: result.data };
  const errors: FieldErrors = {};
  for (const issue of result.error.issues) {
    const field = issue.path.join('.');
    if (field in errors) continue;
    errors[field] = /^[a-z][a-zA-Z]*(\.[a-zA-Z]+)+$/.test(issue.message)
      ? t(issue.message)
      : t('forms.invalid');
  }
  return { ok: false, errors };
}

/** The list above a form that came back: one link per field, in the order of the form. */
export function errorSummary(errors: FieldErrors): { href: string; text: string }[] {
  return Object.entries(errors).map(([field, text]) => ({ href: `#${field}`, text }));
}
