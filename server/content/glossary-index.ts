import type { ContentLanguage, LocalizedText } from '../core/framework';

export type GlossaryTerm = { id: string; term: LocalizedText; definition: LocalizedText };

/** The id of the entry that `reference` names in a lesson of `language`: by id, or by term in that language or English. */
export type TermLookup = (reference: string, language: ContentLanguage) => string | null;

export function indexGlossary(terms: readonly GlossaryTerm[]): TermLookup {
  const ids = new Map<string, string>();
  const add = (key: string, id: string) => {
    if (!ids.has(key)) ids.set(key, id);
  };
  for (const { id, term } of terms) {
    add(`:${id}`, id);
    for (const [language, word] of Object.entries(term)) add(`${language}:${fold(word)}`, id);
  }
  return (reference, language) =>
    ids.get(`${language}:${fold(reference)}`) ??
    ids.get(`:${reference}`) ??
    ids.get(`en:${fold(reference)}`) ??
    null;
}

const fold = (word: string) => word.trim().replace(/\s+/g, ' ').toLowerCase();
