import { type Estimate, type Evidence, estimate } from '../../core/estimate';
import type {
  ClusterStage,
  ClusterType,
  EvidenceSource,
  Level,
  RoleCode,
  Target,
} from '../../core/framework';
import { computeGaps, type Gap } from '../../core/gap';
import { effectiveTargets } from '../../core/targets';
import type { Database } from '../../platform/db/database';
import { currentFramework, type PublishedFramework } from '../frameworks/frameworks.read-model';

export type Answer = { level: Level | null; note: string };

export type OpenAssessment = {
  id: string;
  frameworkVersionId: string;
  role: RoleCode;
  startedAt: Date;
  answers: Record<string, Answer>;
};

export type AssessmentState = {
  open: OpenAssessment | null;
  /** The latest submitted one. */
  submitted: { role: RoleCode; submittedAt: Date } | null;
};

/** Where a person is with their self-assessments: the open one with its answers, and the latest submitted. */
export async function assessmentState(db: Database, userId: string): Promise<AssessmentState> {
  const rows = await db.query<OpenAssessment & { submittedAt: Date | null }>(
    'assessments.state',
    `select a.id, a.framework_version_id as "frameworkVersionId", a.role_code as role, a.started_at as "startedAt",
       a.submitted_at as "submittedAt",
       case when a.submitted_at is null then
         (select coalesce(json_object_agg(competency_code, json_build_object('level', level, 'note', note)), '{}')
          from assessment_answers where assessment_id = a.id)
       end as answers
     from assessments a where a.user_id = $1
     order by a.submitted_at desc nulls first limit 2`,
    [userId],
  );
  const submitted = rows.find(({ submittedAt }) => submittedAt !== null);
  return {
    open: rows.find(({ submittedAt }) => submittedAt === null) ?? null,
    submitted: submitted?.submittedAt ? { role: submitted.role, submittedAt: submitted.submittedAt } : null,
  };
}

export type CurrentMembership = { role: RoleCode; cluster: string };

/** The roles a person has in clusters today, the newest first. */
export function currentMemberships(db: Database, userId: string): Promise<CurrentMembership[]> {
  return db.query(
    'assessments.memberships',
    `select m.role_code as role, c.name as cluster from memberships m join clusters c on c.id = m.cluster_id
     where m.user_id = $1 and m.since <= current_date and (m.until is null or m.until >= current_date)
     order by m.since desc, c.name`,
    [userId],
  );
}

export type GapProfile = {
  role: RoleCode;
  /** The cluster whose type and stage adjusted the targets; null when the person belongs to none. */
  cluster: { name: string; type: ClusterType | null; stage: ClusterStage | null } | null;
  framework: PublishedFramework;
  targets: Record<string, Target>;
  /** Competency code → estimate, for every competency of the framework with evidence. */
  estimates: Record<string, Estimate>;
  /** One per target, highest priority first. */
  gaps: Gap[];
  hasEvidence: boolean;
  /** When the latest self-assessment was submitted. */
  assessedAt: Date | null;
};

type Context = {
  assessedRole: RoleCode | null;
  assessedAt: Date | null;
  memberRole: RoleCode | null;
  cluster: string | null;
  type: ClusterType | null;
  stage: ClusterStage | null;
};

type EvidenceRow = {
  id: string;
  competency: string;
  source: EvidenceSource;
  level: number;
  cap: Level | null;
  items: number;
  observedAt: Date;
};

/**
 * What all evidence of a person says about their levels: competency code → estimate, for the competencies of the newest
 * framework version that have any. Evidence from older versions counts for the competencies that still exist.
 *
 * Of the self-ratings only the latest per competency counts: they share one rater and so one bias, and would not become
 * more certain by being repeated. All other evidence counts together.
 *
 * @param asOf milliseconds since the epoch, for ageing the evidence; evidence is not filtered by it
 */
export async function selectEstimates(
  db: Database,
  userId: string,
  asOf: number,
): Promise<Record<string, Estimate>> {
  const { competencies, model } = (await currentFramework(db)).document;
  const evidence = await selectEvidence(db, userId);
  const estimates: Record<string, Estimate> = {};
  for (const { code } of competencies) {
    const pieces = evidence.filter(({ competency }) => competency === code).map(toEvidence);
    const estimated = estimate(pieces, asOf, model);
    if (estimated) estimates[code] = estimated;
  }
  return estimates;
}

/**
 * A person's levels against the targets of their role, in two statements. The role is that of the latest submitted
 * self-assessment, otherwise that of the current membership; null is returned for somebody with neither. Targets are
 * those of the newest framework version, adjusted by the type and stage of the person's current cluster.
 *
 * @param asOf as for selectEstimates
 */
export async function gapProfile(db: Database, userId: string, asOf: number): Promise<GapProfile | null> {
  const framework = await currentFramework(db);
  const context = await selectContext(db, userId);
  const role = context?.assessedRole ?? context?.memberRole;
  if (!context || !role) return null;
  const targets = effectiveTargets(framework.document, role, context);
  const estimates = await selectEstimates(db, userId, asOf);
  return {
    role,
    cluster:
      context.cluster === null ? null : { name: context.cluster, type: context.type, stage: context.stage },
    framework,
    targets,
    estimates,
    gaps: computeGaps(targets, estimates),
    hasEvidence: Object.keys(estimates).length > 0,
    assessedAt: context.assessedAt,
  };
}

async function selectContext(db: Database, userId: string): Promise<Context | undefined> {
  const [context] = await db.query<Context>(
    'assessments.gapContext',
    `select a.role_code as "assessedRole", a.submitted_at as "assessedAt", m.role_code as "memberRole",
       m.name as cluster, m.type, m.stage
     from users u
     left join lateral (
       select role_code, submitted_at from assessments
       where user_id = u.id and submitted_at is not null
       order by submitted_at desc limit 1
     ) a on true
     left join lateral (
       select m.role_code, c.name, c.type, c.stage from memberships m join clusters c on c.id = m.cluster_id
       where m.user_id = u.id and m.since <= current_date and (m.until is null or m.until >= current_date)
       order by (m.role_code = a.role_code) desc nulls last, m.since desc, c.name limit 1
     ) m on true
     where u.id = $1`,
    [userId],
  );
  return context;
}

function selectEvidence(db: Database, userId: string): Promise<EvidenceRow[]> {
  return db.query(
    'assessments.evidence',
    `select id, competency_code as competency, source, level::float8 as level, cap, items, observed_at as "observedAt"
     from (
       select *, row_number() over (partition by competency_code, source order by observed_at desc, id desc) as recency
       from evidence where user_id = $1
     ) e
     where source <> 'self' or recency = 1
     order by competency_code, observed_at, id`,
    [userId],
  );
}

function toEvidence({ id, source, level, cap, items, observedAt }: EvidenceRow): Evidence {
  return { id, source, level, items, observedAt: observedAt.getTime(), ...(cap === null ? {} : { cap }) };
}
