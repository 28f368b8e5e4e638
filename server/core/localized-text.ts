import type { ContentLanguage, LocalizedText } from './framework';

/**
 * The text in `locale` (a language code such as `it`), or in English when there is no translation. A translation is
 * never blank: the schema of the files refuses it.
 */
export function textIn(text: LocalizedText, locale: string): string {
  return text[locale as ContentLanguage] ?? text.en;
}
