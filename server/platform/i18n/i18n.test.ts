import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from '../root';
import { formatDate, formatMinutes, formatNumber } from './format';
import { createI18n, LOCALES, readLocales } from './i18n';

/** Dotted key → text, of one language. */
function flatten(tree: unknown, prefix = ''): Map<string, string> {
  if (typeof tree === 'string') return new Map([[prefix, tree]]);
  return new Map(
    Object.entries(tree as object).flatMap(([key, value]) => [
      ...flatten(value, prefix === '' ? key : `${prefix}.${key}`),
    ]),
  );
}

const resources = readLocales();
const texts = new Map(LOCALES.map((locale) => [locale, flatten(resources[locale]?.['translation'] ?? {})]));
const PLURAL = /_(zero|one|two|few|many|other)$/;
const base = (key: string) => key.replace(PLURAL, '');
const english = texts.get('en') ?? new Map<string, string>();
const others = LOCALES.filter((locale) => locale !== 'en');

describe('locale files', () => {
  it.each(others)('%s has exactly the keys of English', (locale) => {
    const keys = (of: Map<string, string>) => [...new Set([...of.keys()].map(base))].toSorted();
    expect(keys(texts.get(locale) ?? new Map())).toEqual(keys(english));
  });

  it.each(LOCALES)('%s has every plural form that its language needs', (locale) => {
    const own = texts.get(locale) ?? new Map<string, string>();
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const plural = new Set([...own.keys()].filter((key) => PLURAL.test(key)).map(base));
    const missing = [...plural].flatMap((key) =>
      forms.map((form) => `${key}_${form}`).filter((name) => !own.has(name)),
    );
    expect(missing).toEqual([]);
  });

  it.each(others)('%s uses the parameters of English, and no text is empty', (locale) => {
    const parameters = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].toSorted().join();
    const wrong = [...(texts.get(locale) ?? new Map<string, string>())].filter(([key, text]) => {
      const original = english.get(key) ?? english.get(`${base(key)}_other`) ?? '';
      // "One minute" may leave the number out.
      const counted = PLURAL.test(key)
        ? (parts: string) => parts.replaceAll(/\{\{count\}\},?/g, '')
        : (parts: string) => parts;
      return text.trim() === '' || counted(parameters(text)) !== counted(parameters(original));
    });
    expect(wrong).toEqual([]);
  });

  it('has every key that code and templates name', () => {
    const files = ['server', 'views'].flatMap((folder) =>
      readdirSync(fromRoot(folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|hbs)$/.test(file) && !file.endsWith('.test.ts'))
        .map((file) => readFileSync(join(fromRoot(folder), file), 'utf8')),
    );
    const named = files.flatMap((source) =>
      [...source.matchAll(/(?:\bt\(|\{\{t |\(t )['"]([a-zA-Z0-9.-]+)['"]/g)].map((match) => match[1] ?? ''),
    );
    const known = new Set([...english.keys()].map(base));
    expect([...new Set(named)].filter((key) => !known.has(base(key)))).toEqual([]);
    expect(named.length).toBeGreaterThan(200);
  });
});

describe('createI18n', () => {
  it('chooses Polish plural forms', async () => {
    const file = {
      learner_one: '{{count}} osoba',
      learner_few: '{{count}} osoby',
      learner_many: '{{count}} osób',
      learner_other: '{{count}} osoby',
    };
    const i18n = await createI18n({
      strict: true,
      resources: { pl: { translation: file }, en: { translation: {} } },
    });
    const t = i18n.translator('pl' as never);
    expect([1, 2, 5, 12, 22, 25, 1.5].map((count) => t('learner', { count }))).toEqual([
      '1 osoba',
      '2 osoby',
      '5 osób',
      '12 osób',
      '22 osoby',
      '25 osób',
      '1.5 osoby',
    ]);
  });

  it('throws on a missing text in strict mode and falls back to English for a missing translation', async () => {
    const i18n = await createI18n({
      strict: true,
      resources: { en: { translation: { only: 'English' } }, it: { translation: {} } },
    });
    expect(i18n.translator('it')('only')).toBe('English');
    expect(() => i18n.translator('it')('nowhere')).toThrow('Text missing: nowhere');
  });

  it('does not escape: templates do', async () => {
    const i18n = await createI18n({
      strict: true,
      resources: { en: { translation: { hello: 'Hello {{name}}' } } },
    });
    expect(i18n.translator('en')('hello', { name: "D'Angelo & <b>" })).toBe("Hello D'Angelo & <b>");
  });
});

describe('formats', () => {
  it('follow the language', () => {
    expect(formatDate('2026-11-23', 'en')).toBe('23 November 2026');
    expect(formatDate('2026-11-23', 'it')).toBe('23 novembre 2026');
    expect(formatNumber(1234.56, 'it')).toBe('1234,6');
    expect([0, 45, 60, 90, 6810].map((minutes) => formatMinutes(minutes, 'en'))).toEqual([
      '0 min',
      '45 min',
      '1 h',
      '1 h 30 min',
      '113 h 30 min',
    ]);
  });

  it('show a plain date as it is, whatever the time zone of the machine', () => {
    expect(formatDate('2026-03-29', 'en')).toBe('29 March 2026');
    expect(formatDate(new Date('2026-03-28T23:30:00Z'), 'en')).toBe('29 March 2026');
  });
});
