import { z } from 'zod';

/** An address in `/attempts/:id`; anything else is no attempt of anybody. */
export const attemptId = z.guid();

/** Number of a question, from 1, as it stands in addresses. */
export const questionNumber = z
  .string()
  .regex(/^[1-9]\d{0,2}$/)
  .transform(Number);

/** Where the learner wants to go after saving. */
export const goSchema = z.enum(['next', 'previous', 'stay']).catch('next');
