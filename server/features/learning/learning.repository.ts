import type { RecordOutcome } from '../../core/progress';
import type { Database } from '../../platform/db/database';
import { uuidv7 } from '../../platform/ids';
import { ModuleRecord } from './learning.entity';

export type LearningRepository = ReturnType<typeof createLearningRepository>;

export function createLearningRepository(db: Database) {
  return {
    /** Enrols once, however often it is asked. @returns whether this call did it. */
    async insertEnrolment(userId: string, courseId: string, courseVersionId: string): Promise<boolean> {
      const rows = await db.query(
        'learning.enrol',
        `insert into enrolments (id, user_id, course_id, course_version_id) values ($1, $2, $3, $4)
         on conflict on constraint enrolments_user_id_course_id_key do nothing returning id`,
        [uuidv7(), userId, courseId, courseVersionId],
      );
      return rows.length > 0;
    },

    /** Takes the enrolment's lock: every change of progress, attempts and completion waits its turn behind it. */
    async lock(enrolmentId: string): Promise<void> {
      db.assertTransaction();
      await db.query('learning.lock', 'select id from enrolments where id = $1 for no key update', [
        enrolmentId,
      ]);
    },

    async saveLesson(
      enrolmentId: string,
      module: string,
      lesson: string,
      position: number,
      done: boolean,
    ): Promise<void> {
      await db.query(
        'learning.saveLesson',
        `insert into lesson_progress (enrolment_id, module_code, lesson_slug, position, completed_at)
         values ($1, $2, $3, $4, case when $5 then now() end)
         on conflict (enrolment_id, module_code, lesson_slug) do update
           set position = excluded.position, seen_at = now(),
               completed_at = coalesce(lesson_progress.completed_at, excluded.completed_at)`,
        [enrolmentId, module, lesson, position, done],
      );
    },

    /** @returns whether the module was not complete before. */
    async insertCompletion(enrolmentId: string, module: string): Promise<boolean> {
      const rows = await db.query(
        'learning.completeModule',
        `insert into module_completions (enrolment_id, module_code) values ($1, $2) on conflict do nothing returning module_code`,
        [enrolmentId, module],
      );
      return rows.length > 0;
    },

    async deleteCompletion(enrolmentId: string, module: string): Promise<void> {
      await db.query(
        'learning.reopenModule',
        'delete from module_completions where enrolment_id = $1 and module_code = $2',
        [enrolmentId, module],
      );
    },

    /** @returns whether the course was not complete before. */
    async markCourseComplete(enrolmentId: string): Promise<boolean> {
      const rows = await db.query(
        'learning.completeCourse',
        'update enrolments set completed_at = now() where id = $1 and completed_at is null returning id',
        [enrolmentId],
      );
      return rows.length > 0;
    },

    selectOptionalRecord: (enrolmentId: string, moduleCode: string) =>
      db
        .repository(ModuleRecord)
        .createQueryBuilder()
        .where('enrolment_id = :enrolmentId and module_code = :moduleCode and replaced_at is null', {
          enrolmentId,
          moduleCode,
        })
        .getOne(),

    /** Writes a record; the current one, if any, stays as history. */
    async insertRecord(
      record: {
        enrolmentId: string;
        moduleCode: string;
        heldOn: string;
        outcome: RecordOutcome;
        note: string;
      },
      recordedBy: string,
    ): Promise<string> {
      db.assertTransaction();
      await db.query(
        'learning.replaceRecord',
        'update module_records set replaced_at = now() where enrolment_id = $1 and module_code = $2 and replaced_at is null',
        [record.enrolmentId, record.moduleCode],
      );
      const id = uuidv7();
      await db.repository(ModuleRecord).insert({ id, ...record, recordedBy });
      return id;
    },

    async assignTrainer(courseId: string, userId: string): Promise<void> {
      await db.query(
        'learning.assignTrainer',
        'insert into course_trainers (course_id, user_id) values ($1, $2) on conflict do nothing',
        [courseId, userId],
      );
    },
  };
}
