import type { EvidenceSource, RoleCode } from '../../core/framework';
import type { Database } from '../../platform/db/database';
import { uuidv7 } from '../../platform/ids';
import type { AnswerInput } from './assessments.schemas';

export type LockedAssessment = {
  id: string;
  frameworkVersionId: string;
  submittedAt: Date | null;
};

/** One observation of one person's level in one competency. */
export type EvidenceEntry = {
  userId: string;
  /** The version whose competency is meant; the newest if left out. */
  frameworkVersionId?: string;
  competency: string;
  source: EvidenceSource;
  /** 0–5, stored to two decimals. */
  level: number;
  /** Highest level this piece can show, when lower than its source's cap: 1–5. */
  cap?: number | null;
  /** Items or raters behind it; 1 if left out. */
  items?: number;
  /** What produced it, e.g. `assessment`, `quiz_attempt`, `module_record`, and which one. */
  originType: string;
  originId: string;
  observedAt: Date;
};

export type AssessmentsRepository = ReturnType<typeof createAssessmentsRepository>;

export function createAssessmentsRepository(db: Database) {
  return {
    /** Opens an assessment, or gives the open one the role: there is one open assessment per person. */
    async open(userId: string, frameworkVersionId: string, role: RoleCode): Promise<void> {
      await db.query(
        'assessments.open',
        `insert into assessments (id, user_id, framework_version_id, role_code) values ($1, $2, $3, $4)
         on conflict (user_id) where submitted_at is null do update set role_code = excluded.role_code`,
        [uuidv7(), userId, frameworkVersionId, role],
      );
    },

    /**
     * Locks an assessment of this person until the end of the transaction: the one asked for, or else the open one, or
     * else the latest. Saving and submitting take the same lock, so that an answer is in before the submission or not at all.
     */
    async lock(userId: string, id: string | undefined): Promise<LockedAssessment | null> {
      db.assertTransaction();
      const [row] = await db.query<LockedAssessment>(
        'assessments.lock',
        `select id, framework_version_id as "frameworkVersionId", submitted_at as "submittedAt" from assessments
         where user_id = $1 and ($2::uuid is null or id = $2)
         order by submitted_at desc nulls first limit 1
         for no key update`,
        [userId, id ?? null],
      );
      return row ?? null;
    },

    /** A level of null leaves the level as it is. */
    async saveAnswers(assessmentId: string, answers: readonly AnswerInput[]): Promise<void> {
      await db.query(
        'assessments.saveAnswers',
        `insert into assessment_answers as a (assessment_id, competency_code, level, note)
         select $1, * from unnest($2::text[], $3::smallint[], $4::text[])
         on conflict (assessment_id, competency_code) do update
           set level = coalesce(excluded.level, a.level), note = excluded.note, updated_at = now()
           where (coalesce(excluded.level, a.level), excluded.note) is distinct from (a.level, a.note)`,
        [
          assessmentId,
          answers.map(({ competency }) => competency),
          answers.map(({ level }) => level),
          answers.map(({ note }) => note),
        ],
      );
    },

    async answeredLevels(assessmentId: string): Promise<{ competency: string; level: number }[]> {
      return db.query(
        'assessments.answeredLevels',
        `select competency_code as competency, level from assessment_answers
         where assessment_id = $1 and level is not null order by competency_code`,
        [assessmentId],
      );
    },

    /** Closes the assessment and returns the moment of submission by the database's clock. */
    async submit(assessmentId: string): Promise<Date> {
      const [row] = await db.query<{ submittedAt: Date }>(
        'assessments.submit',
        `update assessments set submitted_at = now() where id = $1 returning submitted_at as "submittedAt"`,
        [assessmentId],
      );
      if (!row) throw new Error(`Assessment ${assessmentId} vanished under its lock`);
      return row.submittedAt;
    },

    /** Adds evidence; a piece whose origin has been recorded for this competency already is left as it is. */
    async insertEvidence(entries: readonly Required<EvidenceEntry>[]): Promise<number> {
      const column = <T>(value: (entry: Required<EvidenceEntry>) => T) => entries.map(value);
      const inserted = await db.query(
        'assessments.insertEvidence',
        `insert into evidence (id, user_id, framework_version_id, competency_code, source, level, cap, items, origin_type, origin_id, observed_at)
         select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::numeric[], $7::smallint[], $8::int[], $9::text[], $10::text[], $11::timestamptz[])
         on conflict on constraint evidence_origin_key do nothing
         returning id`,
        [
          column(() => uuidv7()),
          column((entry) => entry.userId),
          column((entry) => entry.frameworkVersionId),
          column((entry) => entry.competency),
          column((entry) => entry.source),
          column((entry) => entry.level),
          column((entry) => entry.cap),
          column((entry) => entry.items),
          column((entry) => entry.originType),
          column((entry) => entry.originId),
          column((entry) => entry.observedAt.toISOString()),
        ],
      );
      return inserted.length;
    },

    async deleteEvidence(originType: string, originId: string): Promise<void> {
      await db.query(
        'assessments.deleteEvidence',
        `delete from evidence where origin_type = $1 and origin_id = $2`,
        [originType, originId],
      );
    },
  };
}
