import { z } from 'zod';
import { MODULE_MODES } from '../../core/curriculum';
import { CONTENT_LANGUAGES } from '../../core/framework';

/** What somebody searches for; PostgreSQL refuses texts with a zero byte. */
const searchText = (length: number) =>
  z
    .string()
    .transform((text) => text.replaceAll('\0', '').trim().slice(0, length))
    .default('')
    .catch('');

/** A filter that is empty, unknown or given twice does not filter: addresses are shared, edited and cut off. */
const optional = <T>(schema: z.ZodType<T>) => schema.nullable().default(null).catch(null);

/** The catalogue's filters as they stand in its address. */
export const filtersSchema = z.object({
  q: searchText(200),
  competency: optional(z.string().regex(/^[A-Z]{2,5}-\d{2}$/)),
  task: optional(z.string().regex(/^T\d$/)),
  level: optional(z.coerce.number().int().min(1).max(5)),
  mode: optional(z.enum(MODULE_MODES)),
  language: optional(z.enum(CONTENT_LANGUAGES)),
  length: optional(z.enum(['short', 'medium', 'long'])),
});

export type CatalogueFilters = z.output<typeof filtersSchema>;

/** Where in the glossary to look. */
export const glossaryQuerySchema = z.object({ q: searchText(100) });
