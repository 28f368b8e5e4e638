import { z } from 'zod';

export const acceptSchema = z.object({
  hash: z.string().length(43),
  // Browsers send a point; somebody who types into a plain field may write a comma.
  hoursPerWeek: z
    .string('paths.errors.hours')
    .trim()
    .transform((typed) => (typed === '' ? Number.NaN : Number(typed.replace(',', '.'))))
    .pipe(z.number('paths.errors.hours').min(0.5, 'paths.errors.hours').max(40, 'paths.errors.hours'))
    .transform((hours) => Math.round(hours * 10) / 10),
  startsOn: z.iso
    .date('paths.errors.startsOn')
    .refine((date) => date >= '2020-01-01' && date <= '2100-01-01', 'paths.errors.startsOn'),
});
