import { z } from 'zod';
import { LEVELS, type Level, ROLE_CODES, type RoleCode } from '../../core/framework';

/** Characters of an evidence note, line breaks counted once. */
export const NOTE_LENGTH = 2000;

const levelSchema = z
  .enum(LEVELS.map(String), 'assessments.errors.level')
  .transform((level) => Number(level) as Level);

const noteSchema = z
  .string('assessments.errors.note')
  // Browsers send CR LF and count LF; PostgreSQL has no place for NUL.
  .transform((note) => note.replaceAll('\r\n', '\n').replaceAll('\u0000', '').trim())
  .pipe(z.string().max(NOTE_LENGTH, 'assessments.errors.noteLong'));

/** Id of the assessment a form was made for: an old tab must not write into the next assessment. */
const assessmentId = z.uuid('assessments.errors.stale').optional();

/** One answer of a form. A level of null says nothing about the level: radio buttons cannot be emptied. */
export type AnswerInput = { competency: string; level: Level | null; note: string };

/** Names of the fields of one statement in its area's form. */
export const levelField = (competency: string): string => `level-${competency}`;
export const noteField = (competency: string): string => `note-${competency}`;

/** The form of one area. Any other field than those of its competencies is an error. */
export function answersSchema(competencies: readonly string[]) {
  const fields: Record<string, z.ZodType> = { _csrf: z.string().optional(), assessment: assessmentId };
  for (const code of competencies) {
    fields[levelField(code)] = levelSchema.optional();
    fields[noteField(code)] = noteSchema.optional();
  }
  return z.strictObject(fields, 'assessments.errors.unknown').transform((form) => ({
    assessment: form['assessment'] as string | undefined,
    answers: competencies.map(
      (competency): AnswerInput => ({
        competency,
        level: (form[levelField(competency)] as Level | undefined) ?? null,
        note: (form[noteField(competency)] as string | undefined) ?? '',
      }),
    ),
  }));
}

export const submitSchema = z.object({ assessment: assessmentId });

/** @param allowed the roles this person may choose from */
export function startSchema(allowed: readonly RoleCode[]) {
  return z.object({
    role: z
      .enum(ROLE_CODES, 'assessments.errors.role')
      .refine((role) => allowed.includes(role), 'assessments.errors.role'),
  });
}
