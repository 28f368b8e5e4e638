import { z } from 'zod';
import { localizedTextSchema } from '../../content/localized-text-schema';
import { CONTENT_LANGUAGES } from '../../core/framework';

/**
 * The glossary file. A lesson names an entry by its term in the lesson's language, so besides the ids the terms must be unique
 * within each language, upper and lower case alike.
 */
export const glossarySchema = z
  .array(
    z.strictObject({
      id: z
        .string()
        .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'An id is made of lower-case letters, digits and single hyphens.'),
      term: localizedTextSchema,
      definition: localizedTextSchema,
    }),
  )
  .superRefine((entries, context) => {
    const ids = new Set<string>();
    const terms = new Set<string>();
    for (const [index, { id, term }] of entries.entries()) {
      if (ids.has(id)) {
        context.addIssue({ code: 'custom', path: [index, 'id'], message: `The id ${id} is used twice.` });
      }
      ids.add(id);
      for (const language of CONTENT_LANGUAGES) {
        const word = term[language];
        if (word === undefined) continue;
        const key = `${language}:${word.toLocaleLowerCase(language)}`;
        if (terms.has(key)) {
          context.addIssue({
            code: 'custom',
            path: [index, 'term', language],
            message: `The term "${word}" is used twice.`,
          });
        }
        terms.add(key);
      }
    }
  });

export type GlossaryEntry = z.infer<typeof glossarySchema>[number];
