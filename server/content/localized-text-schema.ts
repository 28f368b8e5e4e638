import { z } from 'zod';
import type { LocalizedText } from '../core/framework';

const words = z.string().trim().min(1, 'Leave the language out until there is a text');
const translation = words.exactOptional();

/** A text in English and in any of the other content languages. A blank translation is an error: leave the language out. */
export const localizedTextSchema = z.strictObject({
  en: words,
  it: translation,
  de: translation,
  pl: translation,
  cs: translation,
  sk: translation,
  sl: translation,
  hu: translation,
}) satisfies z.ZodType<LocalizedText>;
