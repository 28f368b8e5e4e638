import { z } from 'zod';

export const positionSchema = z.object({ position: z.coerce.number().min(0).max(1) });

export const recordSchema = z.object({
  enrolmentId: z.uuid(),
  module: z.string().max(20),
  heldOn: z.iso
    .date('learning.errors.heldOn')
    .refine((date) => date >= '2020-01-01', 'learning.errors.heldOn')
    .refine((date) => date <= new Date().toISOString().slice(0, 10), 'learning.errors.heldOnFuture'),
  outcome: z.enum(['achieved', 'attended', 'absent'], 'learning.errors.outcome'),
  note: z.string().trim().max(1000, 'learning.errors.noteLong').default(''),
});
