import { z } from 'zod';
import { MODULE_MODES } from '../core/curriculum';
import { localizedTextSchema } from './localized-text-schema';

const courseCode = z.string().regex(/^C\d{2}$/, 'A course code is C and two digits, such as C01');
const moduleCode = z
  .string()
  .regex(/^C\d{2}-M\d{1,2}$/, 'A module code is course and number, such as C01-M1');

const moduleSchema = z.strictObject({
  code: moduleCode,
  title: localizedTextSchema,
  summary: localizedTextSchema,
  outcomes: z.array(localizedTextSchema).min(1, 'A module names at least one outcome'),
  minutes: z.int().min(5).max(6000),
  modes: z.array(z.enum(MODULE_MODES)).min(1, 'A module has at least one mode'),
  levels: z.record(z.string(), z.int().min(1).max(5)),
  prerequisites: z.array(moduleCode),
});

/** A `course.yaml`. What its parts say about each other and about other courses is checked by the loader. */
export const courseSchema = z.strictObject({
  code: courseCode,
  title: localizedTextSchema,
  summary: localizedTextSchema,
  tasks: z.array(z.string()).min(1, 'A course serves at least one task'),
  advised: z.array(z.union([courseCode, moduleCode])),
  modules: z.array(moduleSchema).min(1, 'A course has at least one module'),
});

export type CourseFile = z.infer<typeof courseSchema>;

/** The lines between `---` at the top of a lesson. */
export const frontMatterSchema = z.strictObject({
  title: z.string().trim().min(1).max(160),
  minutes: z.int().min(1).max(240),
});
