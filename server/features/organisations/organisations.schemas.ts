import { z } from 'zod';
import { CONTENT_LANGUAGES, type LocalizedText } from '../../core/framework';

const text = z
  .object({ en: z.string().min(1) })
  .and(z.partialRecord(z.enum(CONTENT_LANGUAGES), z.string().min(1))) as z.ZodType<LocalizedText>;

/** Where a fact comes from. Some sources, a set of slides for instance, have no address. */
const sourceSchema = z.strictObject({
  label: text,
  url: z.url({ protocol: /^https?$/ }).nullable(),
});

/** What is known of a cluster. Nothing stands here without a source; what a source leaves unclear is said, not settled. */
export const clusterFactsSchema = z.strictObject({
  /** The number of members in the source's own words, which need not be a number. */
  members: z.strictObject({ text: z.string().min(1), source: sourceSchema }).optional(),
  /** What each source says. */
  statements: z.array(z.strictObject({ source: sourceSchema, texts: z.array(text).min(1) })).optional(),
  unclear: z.array(text).optional(),
});

export type FactSource = z.output<typeof sourceSchema>;
export type ClusterFacts = z.output<typeof clusterFactsSchema>;
