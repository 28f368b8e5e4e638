import type { Level } from '../../core/framework';
import { courseComplete, needsRecord, type RecordOutcome } from '../../core/progress';
import { recordAudit } from '../../platform/db/audit';
import type { Database } from '../../platform/db/database';
import { ConflictError, NotFoundError } from '../../platform/errors';
import type { CurrentUser } from '../../platform/http/current-user';
import type { AssessmentsService } from '../assessments/assessments.service';
import { selectOptionalCourse, selectPlannableModules } from '../catalogue/catalogue.read-model';
import { currentFramework } from '../frameworks/frameworks.read-model';
import { openPrerequisites, progressInModule, type VerifiedLevels } from './learning.policy';
import {
  type LearnerCourse,
  selectLearnerCourseByEnrolment,
  selectOptionalLearnerCourse,
  selectTaughtCourses,
  type TaughtCourse,
} from './learning.read-model';
import type { LearningRepository } from './learning.repository';

export type LearningService = ReturnType<typeof createLearningService>;

/** Called in the transaction that completes a course: what must follow from it is written with it or not at all. */
export type CourseCompleted = (course: LearnerCourse) => Promise<void>;

export function createLearningService(deps: {
  db: Database;
  repository: LearningRepository;
  assessments: AssessmentsService;
}) {
  const { db, repository, assessments } = deps;
  const onCompleted: CourseCompleted[] = [];

  async function learnerCourse(userId: string, slug: string): Promise<LearnerCourse> {
    const course = await selectOptionalLearnerCourse(db, userId, slug);
    if (!course) throw new NotFoundError('learning.errors.notEnrolled');
    return course;
  }

  /** Open prerequisites of each module: code → codes. Estimates are read only if a completion does not settle it. */
  async function prerequisites(course: LearnerCourse): Promise<ReadonlyMap<string, string[]>> {
    const completed = new Set(course.completedModules);
    const doubtful = course.outline.modules.some((module) =>
      module.prerequisites.some((code) => !completed.has(code)),
    );
    let verified: VerifiedLevels = {};
    let levels = new Map<string, Record<string, number>>();
    if (doubtful) {
      const [credited, modules] = await Promise.all([
        assessments.verifiedLevels(course.userId),
        selectPlannableModules(db),
      ]);
      verified = credited;
      levels = new Map(modules.map((module) => [module.code, module.levels]));
    }
    return new Map(
      course.outline.modules.map((module) => [
        module.code,
        openPrerequisites(course, module, (code) => levels.get(code) ?? null, verified),
      ]),
    );
  }

  /** Writes down what is complete now. Call it after any change of facts, holding the enrolment's lock. */
  async function refreshCompletion(enrolmentId: string): Promise<void> {
    const course = await selectLearnerCourseByEnrolment(db, enrolmentId);
    if (!course) return;
    const progress = course.outline.modules.map((module) => ({
      module,
      ...progressInModule(course, module, true),
    }));
    for (const { module, status } of progress) {
      if (status === 'done') await repository.insertCompletion(enrolmentId, module.code);
    }
    if (courseComplete(progress) && (await repository.markCourseComplete(enrolmentId))) {
      for (const follow of onCompleted) await follow(course);
    }
  }

  async function taughtCourse(trainer: CurrentUser, slug: string): Promise<TaughtCourse> {
    const courses = await selectTaughtCourses(db, trainer.role === 'admin' ? null : trainer.id);
    const course = courses.find((candidate) => candidate.slug === slug);
    // Not "forbidden": a trainer learns nothing about courses that are not theirs.
    if (!course) throw new NotFoundError();
    return course;
  }

  return {
    learnerCourse,
    prerequisites,
    taughtCourse,

    /** Adds something that must happen together with the completion of a course. For the composition root. */
    onCourseCompleted(follow: CourseCompleted): void {
      onCompleted.push(follow);
    },

    /** Enrols a learner in the current version of a course. A second call changes nothing. */
    async enrol(userId: string, slug: string): Promise<void> {
      await db.transaction(async () => {
        const course = await selectOptionalCourse(db, slug);
        if (!course) throw new NotFoundError();
        if (!course.outline.modules.some((module) => module.open))
          throw new ConflictError('learning.errors.opensSoon');
        await repository.insertEnrolment(userId, course.id, course.versionId);
      });
    },

    /** Remembers where the reader is in a lesson. @param position share of the page above the screen, 0 to 1. */
    async savePosition(
      userId: string,
      slug: string,
      moduleCode: string,
      lesson: string,
      position: number,
    ): Promise<void> {
      const course = await learnerCourse(userId, slug);
      findLesson(course, moduleCode, lesson);
      await repository.saveLesson(course.enrolmentId, moduleCode, lesson, position, false);
    },

    /** Marks a lesson as read, and whatever that completes. Refused while prerequisites are open. */
    async completeLesson(userId: string, slug: string, moduleCode: string, lesson: string): Promise<void> {
      const course = await learnerCourse(userId, slug);
      findLesson(course, moduleCode, lesson);
      const open = (await prerequisites(course)).get(moduleCode) ?? [];
      if (open.length > 0) throw new ConflictError('learning.errors.locked', { modules: open.join(', ') });
      await db.transaction(async () => {
        await repository.lock(course.enrolmentId);
        await repository.saveLesson(course.enrolmentId, moduleCode, lesson, 1, true);
        await refreshCompletion(course.enrolmentId);
      });
    },

    /** A quiz was passed: completes what that completes. Joins the caller's transaction, which holds the lock. */
    refreshCompletion,
    lockEnrolment: repository.lock,

    /**
     * Records the outcome of a module that a trainer must see. A second record replaces the first and keeps it as
     * history. "Achieved" gives evidence at the module's levels, within the cap of its mode.
     */
    async recordOutcome(
      trainer: CurrentUser,
      slug: string,
      record: {
        enrolmentId: string;
        moduleCode: string;
        heldOn: string;
        outcome: RecordOutcome;
        note: string;
      },
    ): Promise<void> {
      const taught = await taughtCourse(trainer, slug);
      await db.transaction(async () => {
        await repository.lock(record.enrolmentId);
        const course = await selectLearnerCourseByEnrolment(db, record.enrolmentId);
        if (!course || course.courseId !== taught.id) throw new NotFoundError();
        const module = course.outline.modules.find((candidate) => candidate.code === record.moduleCode);
        if (!module || !needsRecord(module.modes)) throw new NotFoundError();
        const previous = await repository.selectOptionalRecord(record.enrolmentId, record.moduleCode);
        if (course.completedAt && record.outcome !== 'achieved')
          throw new ConflictError('learning.errors.certified');

        const id = await repository.insertRecord(record, trainer.id);
        if (previous) await assessments.withdrawEvidence('module_record', previous.id);
        if (record.outcome === 'achieved') {
          const framework = await currentFramework(db);
          await assessments.recordEvidence(
            Object.entries(module.levels).map(([competency, level]) => ({
              userId: course.userId,
              frameworkVersionId: framework.id,
              competency,
              source: module.modes.includes('PAN') ? 'panel' : 'graded-exercise',
              level,
              // The module shows this level and no higher one.
              cap: level as Level,
              items: 1,
              observedAt: new Date(`${record.heldOn}T12:00:00Z`),
              originType: 'module_record',
              originId: id,
            })),
          );
        } else {
          await repository.deleteCompletion(record.enrolmentId, record.moduleCode);
        }
        await recordAudit(db, {
          actorId: trainer.id,
          action: previous ? 'module_record.corrected' : 'module_record.recorded',
          objectType: 'enrolment',
          objectId: record.enrolmentId,
          details: {
            module: record.moduleCode,
            outcome: record.outcome,
            heldOn: record.heldOn,
            previous: previous?.outcome ?? null,
          },
        });
        await refreshCompletion(record.enrolmentId);
      });
    },

    assignTrainer: repository.assignTrainer,
  };
}

function findLesson(course: LearnerCourse, moduleCode: string, lesson: string): void {
  const module = course.outline.modules.find((candidate) => candidate.code === moduleCode);
  if (!module?.lessons.some((candidate) => candidate.slug === lesson)) throw new NotFoundError();
}
