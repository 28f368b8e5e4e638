import type { CourseOutline } from '../../core/curriculum';
import type { RecordOutcome } from '../../core/progress';
import type { Database } from '../../platform/db/database';
import { selectOutline } from '../catalogue/catalogue.read-model';

type LessonRow = { module: string; lesson: string; position: number; done: boolean; seenAt: string };
type RecordRow = { module: string; outcome: RecordOutcome; heldOn: string; note: string };

/** A learner's course with everything that decides where they are in it. */
export type LearnerCourse = {
  enrolmentId: string;
  userId: string;
  learnerName: string;
  courseId: string;
  courseVersionId: string;
  /** A newer version of the course exists; the learner keeps theirs. */
  outdated: boolean;
  completedAt: Date | null;
  outline: CourseOutline;
  lessons: LessonRow[];
  records: RecordRow[];
  /** Codes of modules of this course whose quiz the learner has passed. */
  quizzesPassed: string[];
  /** Codes of all modules that the learner has completed, in any course. */
  completedModules: string[];
};

const LEARNER_COURSE = `
  select e.id as "enrolmentId", e.user_id as "userId", person.name as "learnerName", e.course_id as "courseId",
    e.course_version_id as "courseVersionId", e.completed_at as "completedAt",
    c.current_version_id <> e.course_version_id as outdated,
    coalesce((select json_agg(json_build_object('module', module_code, 'lesson', lesson_slug, 'position', position,
        'done', completed_at is not null, 'seenAt', seen_at) order by seen_at)
      from lesson_progress where enrolment_id = e.id), '[]') as lessons,
    coalesce((select json_agg(json_build_object('module', module_code, 'outcome', outcome, 'heldOn', held_on, 'note', note))
      from module_records where enrolment_id = e.id and replaced_at is null), '[]') as records,
    coalesce((select json_agg(distinct q.module_code)
      from quiz_attempts a join quizzes q on q.id = a.quiz_id
      where a.enrolment_id = e.id and a.passed), '[]') as "quizzesPassed",
    coalesce((select json_agg(distinct mc.module_code)
      from module_completions mc join enrolments own on own.id = mc.enrolment_id
      where own.user_id = e.user_id), '[]') as "completedModules"
  from enrolments e
  join users person on person.id = e.user_id
  join courses c on c.id = e.course_id`;

/** Outlines never change and are large: they come from memory, not with every row. */
async function withOutlines<T extends { courseVersionId: string }>(
  db: Database,
  rows: T[],
): Promise<(T & { outline: CourseOutline })[]> {
  return Promise.all(
    rows.map(async (row) => ({ ...row, outline: await selectOutline(db, row.courseVersionId) })),
  );
}

/** The course under this address as this learner takes it, or null if they are not enrolled. */
export async function selectOptionalLearnerCourse(
  db: Database,
  userId: string,
  slug: string,
): Promise<LearnerCourse | null> {
  const rows = await db.query<LearnerCourse>(
    'learning.learnerCourse',
    `${LEARNER_COURSE} where e.user_id = $1 and c.slug = $2`,
    [userId, slug],
  );
  return (await withOutlines(db, rows))[0] ?? null;
}

export async function selectLearnerCourseByEnrolment(
  db: Database,
  enrolmentId: string,
): Promise<LearnerCourse | null> {
  const rows = await db.query<LearnerCourse>('learning.byEnrolment', `${LEARNER_COURSE} where e.id = $1`, [
    enrolmentId,
  ]);
  return (await withOutlines(db, rows))[0] ?? null;
}

/** Every course a learner is enrolled in, last visited first. */
export async function selectLearnerCourses(db: Database, userId: string): Promise<LearnerCourse[]> {
  const rows = await db.query<LearnerCourse>(
    'learning.learnerCourses',
    `${LEARNER_COURSE} where e.user_id = $1
     order by greatest(e.enrolled_at, (select max(seen_at) from lesson_progress where enrolment_id = e.id)) desc`,
    [userId],
  );
  return withOutlines(db, rows);
}

export type TaughtCourse = {
  id: string;
  slug: string;
  outline: CourseOutline;
  learners: number;
  completed: number;
};

/** The courses a trainer teaches; all of them for an administrator (`trainerId` null). */
export function selectTaughtCourses(db: Database, trainerId: string | null): Promise<TaughtCourse[]> {
  return db.query<TaughtCourse>(
    'learning.taughtCourses',
    `select c.id, c.slug, v.outline,
       (select count(*)::int from enrolments where course_id = c.id) as learners,
       (select count(*)::int from enrolments where course_id = c.id and completed_at is not null) as completed
     from courses c join course_versions v on v.id = c.current_version_id
     where c.archived_at is null
       and ($1::uuid is null or exists (select 1 from course_trainers where course_id = c.id and user_id = $1))
     order by c.position`,
    [trainerId],
  );
}

export type CourseLearner = LearnerCourse & { cluster: string | null };

/** The people of a course with their progress, by name. For its trainers only: check before calling. */
export async function selectCourseLearners(
  db: Database,
  courseId: string,
  page: { limit: number; offset: number },
): Promise<CourseLearner[]> {
  const rows = await db.query<CourseLearner>(
    'learning.courseLearners',
    `select p.*,
       (select cl.name from memberships m join clusters cl on cl.id = m.cluster_id
        where m.user_id = p."userId" and m.until is null order by m.since desc limit 1) as cluster
     from (${LEARNER_COURSE} where e.course_id = $1) p
     order by p."learnerName" collate "und-x-icu", p."userId" limit $2 offset $3`,
    [courseId, page.limit, page.offset],
  );
  return withOutlines(db, rows);
}
