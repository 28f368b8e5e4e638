import type { Locale } from './i18n';

const cache = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

/** Intl objects cost about 50 µs to make and a page formats dozens of values: keep them. */
function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${locale}${JSON.stringify(options)}`;
  const known = cache.get(key);
  if (known instanceof Intl.DateTimeFormat) return known;
  const made = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, options);
  cache.set(key, made);
  return made;
}

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${locale}${JSON.stringify(options)}`;
  const known = cache.get(key);
  if (known instanceof Intl.NumberFormat) return known;
  const made = new Intl.NumberFormat(locale === 'en' ? 'en-GB' : locale, options);
  cache.set(key, made);
  return made;
}

/** A day, e.g. "23 November 2026". A plain date (yyyy-mm-dd) has no time zone and is shown as it is. */
export function formatDate(value: Date | string, locale: Locale): string {
  const plain = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  return dateFormat(locale, { dateStyle: 'long', timeZone: plain ? 'UTC' : 'Europe/Rome' }).format(
    new Date(value),
  );
}

/** A day and time in the programme's time zone (Central European). */
export function formatDateTime(value: Date | string, locale: Locale): string {
  return dateFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Rome' }).format(
    new Date(value),
  );
}

/** A number with at most `digits` decimals in the language's notation. */
export function formatNumber(value: number, locale: Locale, digits = 1): string {
  return numberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

/** A share between 0 and 1 as a whole percentage. */
export function formatPercent(share: number, locale: Locale): string {
  return numberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** Minutes as hours and minutes: "1 h 30 min", "45 min", "2 h". */
export function formatMinutes(minutes: number, locale: Locale): string {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes % 60);
  const parts = [hours > 0 && `${formatNumber(hours, locale)} h`, (rest > 0 || hours === 0) && `${rest} min`];
  return parts.filter((part) => part !== false).join(' ');
}
