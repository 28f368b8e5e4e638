import { LRUCache } from 'lru-cache';
import type { LocalizedText } from '../../core/framework';
import type { Arrangement, Slot } from '../../core/quiz/draw';
import type { Answer, Item } from '../../core/quiz/item';
import type { Database } from '../../platform/db/database';

/** The quiz of a module in one version of its course. */
export type QuizRow = {
  id: string;
  passMark: number;
  settings: { slots: Slot[] };
  itemVersionIds: string[];
};

export async function selectOptionalQuiz(
  db: Database,
  courseVersionId: string,
  moduleCode: string,
): Promise<QuizRow | null> {
  const [row] = await db.query<QuizRow>(
    'quizzes.quiz',
    `select id, pass_mark as "passMark", settings, item_version_ids as "itemVersionIds"
     from quizzes where course_version_id = $1 and module_code = $2`,
    [courseVersionId, moduleCode],
  );
  return row ?? null;
}

/** What an attempt asks at one place: a version of an item, and the order in which its parts are shown. */
export type AttemptSlot = { itemVersionId: string; arrangement: Arrangement };

export type AnswerRow = {
  /** Number of the question in the attempt, from 1. */
  slot: number;
  answer: Answer | null;
  flagged: boolean;
  points: number | null;
};

export type AttemptRow = {
  id: string;
  enrolmentId: string;
  quizId: string;
  slots: AttemptSlot[];
  submittedAt: Date | null;
  points: number | null;
  maxPoints: number | null;
  passed: boolean | null;
  passMark: number;
  moduleCode: string;
  moduleTitle: LocalizedText;
  courseSlug: string;
  answers: AnswerRow[];
};

/** An attempt of this person with everything saved in it; null if it is somebody else's. */
export async function selectOptionalAttempt(
  db: Database,
  userId: string,
  attemptId: string,
): Promise<AttemptRow | null> {
  const [row] = await db.query<AttemptRow>(
    'quizzes.attempt',
    `select a.id, a.enrolment_id as "enrolmentId", a.quiz_id as "quizId", a.slots, a.submitted_at as "submittedAt",
       a.points::float8 as points, a.max_points::float8 as "maxPoints", a.passed, q.pass_mark as "passMark",
       q.module_code as "moduleCode", c.slug as "courseSlug",
       (select m -> 'title' from jsonb_array_elements(v.outline -> 'modules') m where m ->> 'code' = q.module_code)
         as "moduleTitle",
       coalesce((select json_agg(json_build_object('slot', slot, 'answer', answer, 'flagged', flagged, 'points', points))
         from attempt_answers where attempt_id = a.id), '[]') as answers
     from quiz_attempts a
     join quizzes q on q.id = a.quiz_id
     join course_versions v on v.id = q.course_version_id
     join courses c on c.id = v.course_id
     where a.id = $1 and a.user_id = $2`,
    [attemptId, userId],
  );
  return row ?? null;
}

export type PastAttempt = {
  id: string;
  number: number;
  submittedAt: Date | null;
  points: number | null;
  maxPoints: number | null;
  passed: boolean | null;
};

/** Every attempt at a quiz within an enrolment, the latest first. */
export function selectAttempts(db: Database, enrolmentId: string, quizId: string): Promise<PastAttempt[]> {
  return db.query<PastAttempt>(
    'quizzes.attempts',
    `select id, number, submitted_at as "submittedAt", points::float8 as points, max_points::float8 as "maxPoints", passed
     from quiz_attempts where enrolment_id = $1 and quiz_id = $2 order by number desc`,
    [enrolmentId, quizId],
  );
}

/** Versions of items with their keys, for the server only. */
export type ItemStore = { load(versionIds: readonly string[]): Promise<Item[]> };

const ITEMS_KEPT = 5000;

/** A version never changes, so that it is read once and kept for as long as there is room. */
export function createItemStore(db: Database): ItemStore {
  const kept = new LRUCache<string, Item>({ max: ITEMS_KEPT });
  return {
    async load(versionIds) {
      const missing = versionIds.filter((id) => !kept.has(id));
      if (missing.length > 0) {
        const rows = await db.query<{ id: string; document: Item }>(
          'quizzes.items',
          'select id, document from item_versions where id = any($1::uuid[])',
          [missing],
        );
        for (const { id, document } of rows) kept.set(id, document);
      }
      return versionIds.map((id) => {
        const item = kept.get(id);
        if (!item) throw new Error(`The item version ${id} does not exist.`);
        return item;
      });
    },
  };
}
