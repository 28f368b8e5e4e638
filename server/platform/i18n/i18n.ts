import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type Resource } from 'i18next';
import { fromRoot } from '../root';

/** Languages of the interface that are complete, in the order in which they are offered. */
export const LOCALES = ['en', 'it'] as const;
export type Locale = (typeof LOCALES)[number];

/** Text of a key in one language, with its parameters filled in. `count` selects the plural form. */
export type Translate = (key: string, params?: Record<string, unknown>) => string;

/** What each language calls itself. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', it: 'Italiano' };

/** The languages as the options of a drop-down. */
export function localeOptions(): { value: Locale; label: string }[] {
  return LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }));
}

export type I18n = { translator(locale: Locale): Translate };

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/**
 * Loads `views/locales/<language>/<feature>.json`. The key of a text is its feature and its path in the file:
 * `accounts.signIn.title`; texts of `common.json` (layout, errors, partials) stand at the first level. Plural forms end in `_one`, `_few`, `_many`, `_other` as CLDR names them.
 * A key that is missing throws outside production: a page must never show a key.
 */
export async function createI18n(options: { strict: boolean; resources?: Resource }): Promise<I18n> {
  const instance = i18next.createInstance();
  const missing = (key: string): string => {
    if (options.strict) throw new Error(`Text missing: ${key}`);
    return key;
  };
  await instance.init({
    resources: options.resources ?? readLocales(),
    fallbackLng: 'en',
    supportedLngs: false,
    interpolation: { escapeValue: false },
    returnNull: false,
    showSupportNotice: false,
    parseMissingKeyHandler: missing,
  } as Parameters<typeof instance.init>[0]);
  const translators = new Map<string, Translate>();
  return {
    translator(locale) {
      const known = translators.get(locale);
      if (known) return known;
      const fixed = instance.getFixedT(locale);
      const translate: Translate = (key, params) => String(fixed(key, params ?? {}));
      translators.set(locale, translate);
      return translate;
    },
  };
}

/** All texts as i18next wants them: language → one tree whose first level is the feature. */
export function readLocales(folder: string = fromRoot('views', 'locales')): Resource {
  return Object.fromEntries(
    readdirSync(folder).map((language) => {
      const files = readdirSync(join(folder, language)).filter((file) => file.endsWith('.json'));
      const tree = Object.fromEntries(
        files.map((file) => [
          file.replace(/\.json$/, ''),
          JSON.parse(readFileSync(join(folder, language, file), 'utf8')),
        ]),
      );
      const { common, ...features } = tree;
      return [language, { translation: { ...common, ...features } }];
    }),
  );
}
