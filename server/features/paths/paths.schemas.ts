import { z } from 'zod';

export const acceptSchema = z.object({
  hash: z.string().length(43),
  hoursPerWeek: z.coerce
    .number('paths.errors.hours')
    .min(0.5, 'paths.errors.hours')
    .max(40, 'paths.errors.hours')
    .transform((hours) => Math.round(hours * 10) / 10),
  startsOn: z.iso
    .date('paths.errors.startsOn')
    .refine((date) => date >= '2020-01-01' && date <= '2100-01-01', 'paths.errors.startsOn'),
});
