import type { Level, RoleCode } from '../../core/framework';
import { recordAudit } from '../../platform/db/audit';
import type { Database } from '../../platform/db/database';
import { NotFoundError } from '../../platform/errors';
import { currentFramework } from '../frameworks/frameworks.read-model';
import { type GapProfile, gapProfile, selectEstimates } from './assessments.read-model';
import type { AssessmentsRepository, EvidenceEntry } from './assessments.repository';
import type { AnswerInput } from './assessments.schemas';

export type { EvidenceEntry } from './assessments.repository';

export type AssessmentsService = ReturnType<typeof createAssessmentsService>;

export function createAssessmentsService(deps: { db: Database; repository: AssessmentsRepository }) {
  const { db, repository } = deps;

  /**
   * Records evidence, in the caller's transaction if there is one. Recording the same origin again changes nothing, so
   * that a retried job or a double click counts once.
   * @returns how many pieces were new
   */
  async function recordEvidence(entries: readonly EvidenceEntry[]): Promise<number> {
    if (entries.length === 0) return 0;
    const newest = (await currentFramework(db)).id;
    return repository.insertEvidence(
      entries.map((entry) => ({ frameworkVersionId: newest, cap: null, items: 1, ...entry })),
    );
  }

  return {
    recordEvidence,

    /** Takes back what one origin had evidenced, because the record it rested on was corrected. */
    withdrawEvidence: (originType: string, originId: string): Promise<void> =>
      repository.deleteEvidence(originType, originId),

    /** Levels that verified evidence credits to a person now: competency → level, for competencies with any evidence. */
    async verifiedLevels(userId: string): Promise<Record<string, Level>> {
      const estimates = await selectEstimates(db, userId, Date.now());
      return Object.fromEntries(
        Object.entries(estimates).map(([code, { verifiedLevel }]) => [code, verifiedLevel]),
      );
    },

    /** See gapProfile in the read model. `asOf` in milliseconds since the epoch. */
    gapProfile: (userId: string, asOf: number): Promise<GapProfile | null> => gapProfile(db, userId, asOf),

    /** Starts a self-assessment for a role, or goes on with the open one. */
    start: (userId: string, role: RoleCode): Promise<void> =>
      db.transaction(async () => {
        const framework = await currentFramework(db);
        await repository.open(userId, framework.id, role);
      }),

    /** Saves answers. `closed` when the assessment is submitted or was never started. */
    saveAnswers: (
      userId: string,
      assessmentId: string | undefined,
      answers: readonly AnswerInput[],
    ): Promise<'saved' | 'closed'> =>
      db.transaction(async () => {
        const assessment = await repository.lock(userId, assessmentId);
        if (!assessment || assessment.submittedAt) return 'closed';
        await repository.saveAnswers(assessment.id, answers);
        return 'saved';
      }),

    /**
     * Submits the assessment and turns its answers into claims. Idempotent: of any number of submissions one counts.
     * Statements without an answer stay without evidence.
     */
    submit: (userId: string, assessmentId: string | undefined): Promise<'submitted' | 'already' | 'empty'> =>
      db.transaction(async () => {
        const assessment = await repository.lock(userId, assessmentId);
        if (!assessment) throw new NotFoundError();
        if (assessment.submittedAt) return 'already';
        const { id, frameworkVersionId } = assessment;
        const levels = await repository.answeredLevels(id);
        if (levels.length === 0) return 'empty';
        const observedAt = await repository.submit(id);
        await recordEvidence(
          levels.map(({ competency, level }) => ({
            userId,
            frameworkVersionId,
            competency,
            source: 'self',
            level,
            originType: 'assessment',
            originId: id,
            observedAt,
          })),
        );
        await recordAudit(db, {
          actorId: userId,
          action: 'assessment.submitted',
          objectType: 'assessment',
          objectId: id,
          details: { answered: levels.length },
        });
        return 'submitted';
      }),
  };
}
