import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { CONTENT_LANGUAGES, type Framework, type LocalizedText } from '../core/framework';
import { fromRoot } from '../platform/root';
import type { ContentReferences } from './content';
import type { GlossaryTerm } from './glossary-index';

export const COURSES_FOLDER = fromRoot('courses');

const text = z
  .object({ en: z.string().min(1) })
  .and(z.partialRecord(z.enum(CONTENT_LANGUAGES), z.string().min(1))) as z.ZodType<LocalizedText>;

const pathsSchema = z.object({
  paths: z.array(
    z.strictObject({
      code: z.string(),
      title: text,
      description: text,
      role: z.string().nullable(),
      modules: z.array(z.string()).min(1),
      waivesPrerequisites: z.boolean().default(false),
      hours: z.number(),
    }),
  ),
});
const glossarySchema: z.ZodType<GlossaryTerm[]> = z.array(
  z.strictObject({ id: z.string(), term: text, definition: text }),
);

export type TrainingPath = z.infer<typeof pathsSchema>['paths'][number];

const read = async (name: string): Promise<unknown> =>
  parse(await readFile(fromRoot('seeds', 'reference', name), 'utf8'));

/** The ready-made paths P1–P5. */
export async function readTrainingPaths(): Promise<TrainingPath[]> {
  return pathsSchema.parse(await read('paths.yaml')).paths;
}

/** The glossary in all languages. */
export async function readGlossary(): Promise<GlossaryTerm[]> {
  return glossarySchema.parse(await read('glossary.yaml'));
}

/** What courses may refer to, as a framework document says. */
export function referencesOf(framework: Framework, glossary: readonly GlossaryTerm[]): ContentReferences {
  return {
    competencies: new Set(framework.competencies.map(({ code }) => code)),
    tasks: new Set(framework.tasks.map(({ code }) => code)),
    glossary,
  };
}
