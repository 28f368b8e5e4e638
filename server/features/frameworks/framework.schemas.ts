import { z } from 'zod';
import { localizedTextSchema } from '../../content/localized-text-schema';
import type { Framework } from '../../core/framework';
import { CLUSTER_STAGES, CLUSTER_TYPES, EVIDENCE_SOURCES, LEVELS, ROLE_CODES } from '../../core/framework';

const text = z.string().trim().min(1);
const code = text;
const levelSchema = z.literal(LEVELS);

const competencySchema = z.strictObject({
  code,
  area: code,
  name: localizedTextSchema,
  definition: localizedTextSchema,
  tasks: z.array(code).min(1),
  descriptors: z.array(localizedTextSchema).length(5),
  escoUris: z.array(z.url().startsWith('http://data.europa.eu/esco/skill/')),
});

const profileSchema = z.strictObject({
  code: z.enum(ROLE_CODES),
  name: localizedTextSchema,
  targets: z.record(code, z.strictObject({ level: levelSchema, weight: z.literal([1, 2, 3]) })),
});

const overlaySchema = z.strictObject({
  roles: z.array(z.enum(ROLE_CODES)).min(1),
  adjustments: z.record(
    code,
    z.strictObject({ level: z.int().min(0).max(5), weight: z.int().min(0).max(3) }),
  ),
});

const sourceModelSchema = z.strictObject({
  bias: z.number().min(-5).max(5),
  noise: z.number().positive(),
  cap: levelSchema,
  verified: z.boolean(),
  itemsPerObservation: z.int().min(1),
});

const PRIOR_TOLERANCE = 1e-9;

const modelSchema = z.strictObject({
  version: text,
  prior: z
    .array(z.number().min(0).max(1))
    .length(LEVELS.length)
    .refine(
      (prior) => Math.abs(prior.reduce((sum, p) => sum + p, 0) - 1) < PRIOR_TOLERANCE,
      'The probabilities of the prior must sum to 1.',
    ),
  ageingVariancePerYear: z.number().min(0),
  sources: z.record(z.enum(EVIDENCE_SOURCES), sourceModelSchema),
});

/**
 * A framework file. Besides the shape it checks what the parts say about each other: codes are unique, and every area, task
 * and competency that is named exists. Each issue carries the path to the value at fault.
 */
export const frameworkSchema = z
  .strictObject({
    code,
    version: text,
    title: localizedTextSchema,
    levels: z.array(
      z.strictObject({
        level: levelSchema,
        name: localizedTextSchema,
        meaning: localizedTextSchema,
        eqf: text,
        evidence: localizedTextSchema,
      }),
    ),
    tasks: z.array(z.strictObject({ code, name: localizedTextSchema })).min(1),
    areas: z
      .array(z.strictObject({ code, name: localizedTextSchema, description: localizedTextSchema }))
      .min(1),
    competencies: z.array(competencySchema).min(1),
    profiles: z.array(profileSchema).min(1),
    overlays: z.strictObject({
      types: z.record(z.enum(CLUSTER_TYPES), overlaySchema),
      stages: z.partialRecord(z.enum(CLUSTER_STAGES), overlaySchema),
    }),
    model: modelSchema,
  })
  .superRefine((framework, context) => {
    const report = (path: PropertyKey[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };

    if (framework.levels.map(({ level }) => level).join() !== LEVELS.join()) {
      report(['levels'], `The levels must be ${LEVELS.join(', ')}, in this order.`);
    }

    for (const list of ['tasks', 'areas', 'competencies', 'profiles'] as const) {
      const seen = new Set<string>();
      for (const [index, entry] of framework[list].entries()) {
        if (seen.has(entry.code)) report([list, index, 'code'], `The code ${entry.code} is used twice.`);
        seen.add(entry.code);
      }
    }

    const areas = new Set(framework.areas.map((area) => area.code));
    const tasks = new Set(framework.tasks.map((task) => task.code));
    for (const [index, competency] of framework.competencies.entries()) {
      if (!areas.has(competency.area)) {
        report(['competencies', index, 'area'], `There is no area ${competency.area}.`);
      }
      for (const [position, task] of competency.tasks.entries()) {
        if (!tasks.has(task)) report(['competencies', index, 'tasks', position], `There is no task ${task}.`);
      }
    }

    const competencies = new Set(framework.competencies.map((competency) => competency.code));
    const reportUnknownCompetencies = (path: PropertyKey[], named: Record<string, unknown>) => {
      for (const name of Object.keys(named)) {
        if (!competencies.has(name)) report([...path, name], `There is no competency ${name}.`);
      }
    };
    for (const [index, profile] of framework.profiles.entries()) {
      reportUnknownCompetencies(['profiles', index, 'targets'], profile.targets);
    }
    for (const [group, overlays] of Object.entries(framework.overlays)) {
      for (const [name, overlay] of Object.entries(overlays)) {
        reportUnknownCompetencies(['overlays', group, name, 'adjustments'], overlay.adjustments);
      }
    }
  }) satisfies z.ZodType<Framework>;
