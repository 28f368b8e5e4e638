import { z } from 'zod';
import { CLUSTER_TYPES } from '../../core/framework';

/** A filter that is empty, unknown or given twice does not filter: addresses are shared, edited and cut off. */
const optional = <T>(schema: z.ZodType<T>) => schema.nullable().default(null).catch(null);

/** The filters of the register as they stand in its address. */
export const registerQuerySchema = z.object({
  country: optional(z.string().regex(/^[A-Z]{2}$/)),
  type: optional(z.enum([...CLUSTER_TYPES, 'unknown'])),
  page: z.coerce.number().int().min(1).max(10_000).default(1).catch(1),
});

export type RegisterQuery = z.output<typeof registerQuerySchema>;
