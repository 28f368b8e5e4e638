import {
  type ClusterStage,
  type ClusterType,
  type Framework,
  LEVELS,
  type Level,
  type RoleCode,
} from '../../server/core/framework';
import { createRandom, type Random } from '../../server/core/quiz/random';
import { effectiveTargets } from '../../server/core/targets';
import type { Database } from '../../server/platform/db/database';
import { uuidv7 } from '../../server/platform/ids';

export type Assessed = {
  userId: string;
  email: string;
  role: RoleCode;
  type: ClusterType;
  stage: ClusterStage;
};

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;
/** Shares of one level. A person is good or weak everywhere, then by area, then by competency. */
const SPREAD = { person: 0.5, area: 0.5, competency: 0.6 };
/** How far people stay below their targets on average, in levels; more in the areas that the enquiry found weak. */
const SHORTFALL = 0.9;
const WEAKER: Readonly<Record<string, number>> = { FIN: 0.4, INT: 0.6 };
/** Level around which people rate themselves in what their role does not need. */
const UNNEEDED = 1.2;

/** A self-assessment as somebody in this role might have filled it in. The same seed gives the same levels. */
export function plausibleLevels(
  framework: Framework,
  person: Pick<Assessed, 'role' | 'type' | 'stage'>,
  seed: string,
): Record<string, Level> {
  const random = createRandom(seed);
  const targets = effectiveTargets(framework, person.role, person);
  const overall = SPREAD.person * bell(random);
  const byArea = new Map(framework.areas.map(({ code }) => [code, SPREAD.area * bell(random)]));
  return Object.fromEntries(
    framework.competencies.map(({ code, area }) => {
      const target = targets[code];
      const expected = target ? target.level - SHORTFALL - (WEAKER[area] ?? 0) : UNNEEDED;
      const level = expected + overall + (byArea.get(area) ?? 0) + SPREAD.competency * bell(random);
      return [code, LEVELS[Math.min(5, Math.max(0, Math.round(level)))] ?? 0];
    }),
  );
}

/** About normal, mean 0, standard deviation 1: the sum of three uniform numbers. */
function bell(random: Random): number {
  const uniform = () => random.integer(1_000_001) / 1_000_000;
  return (uniform() + uniform() + uniform() - 1.5) * 2;
}

/**
 * Submitted self-assessments with their answers, evidence and audit entries, as the assessments feature leaves them,
 * dated over the weeks before `now`. Four statements; whoever has an assessment already is left alone.
 */
export async function insertSelfAssessments(
  db: Database,
  given: { framework: { id: string; document: Framework }; people: readonly Assessed[]; now: number },
): Promise<void> {
  const { framework, now } = given;
  const known = await db.query<{ user_id: string }>(
    'demo.assessed',
    'select distinct user_id from assessments where user_id = any($1::uuid[])',
    [given.people.map(({ userId }) => userId)],
  );
  const assessed = new Set(known.map(({ user_id }) => user_id));
  const assessments = given.people
    .filter(({ userId }) => !assessed.has(userId))
    .map((person) => {
      const random = createRandom(`dates of ${person.email}`);
      const submitted = now - (4 + random.integer(70)) * DAY_MS - random.integer(8 * 60) * MINUTE_MS;
      const minutes = 18 + random.integer(30);
      return {
        id: uuidv7(submitted - minutes * MINUTE_MS),
        user_id: person.userId,
        framework_version_id: framework.id,
        role_code: person.role,
        started_at: new Date(submitted - minutes * MINUTE_MS).toISOString(),
        submitted_at: new Date(submitted).toISOString(),
        answers: Object.entries(plausibleLevels(framework.document, person, person.email)).map(
          ([competency, level], index, all) => ({
            competency,
            level,
            updated_at: new Date(
              submitted - minutes * MINUTE_MS * (1 - (index + 1) / all.length),
            ).toISOString(),
            evidence_id: uuidv7(submitted),
          }),
        ),
        audit_id: uuidv7(submitted),
      };
    });
  const rows = JSON.stringify(assessments);

  await db.query(
    'demo.assessments',
    `insert into assessments (id, user_id, framework_version_id, role_code, started_at, submitted_at)
     select id, user_id, framework_version_id, role_code, started_at, submitted_at
     from jsonb_to_recordset($1::jsonb) as a(id uuid, user_id uuid, framework_version_id uuid, role_code text,
       started_at timestamptz, submitted_at timestamptz)`,
    [rows],
  );
  await db.query(
    'demo.answers',
    `insert into assessment_answers (assessment_id, competency_code, level, updated_at)
     select a.id, w.competency, w.level, w.updated_at
     from jsonb_to_recordset($1::jsonb) as a(id uuid, answers jsonb)
     cross join lateral jsonb_to_recordset(a.answers) as w(competency text, level smallint, updated_at timestamptz)`,
    [rows],
  );
  await db.query(
    'demo.evidence',
    `insert into evidence (id, user_id, framework_version_id, competency_code, source, level, origin_type, origin_id,
       observed_at, created_at)
     select w.evidence_id, a.user_id, a.framework_version_id, w.competency, 'self', w.level, 'assessment', a.id::text,
       a.submitted_at, a.submitted_at
     from jsonb_to_recordset($1::jsonb) as a(id uuid, user_id uuid, framework_version_id uuid, submitted_at timestamptz,
       answers jsonb)
     cross join lateral jsonb_to_recordset(a.answers) as w(evidence_id uuid, competency text, level smallint)`,
    [rows],
  );
  await db.query(
    'demo.audit',
    `insert into audit_entries (id, at, actor_id, action, object_type, object_id, details)
     select audit_id, submitted_at, user_id, 'assessment.submitted', 'assessment', id::text,
       jsonb_build_object('answered', jsonb_array_length(answers))
     from jsonb_to_recordset($1::jsonb) as a(id uuid, audit_id uuid, user_id uuid, submitted_at timestamptz, answers jsonb)`,
    [rows],
  );
}
