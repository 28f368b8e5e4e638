import { randomBytes } from 'node:crypto';
import type { Answer } from '../../core/quiz/item';
import type { Database } from '../../platform/db/database';
import { uuidv7 } from '../../platform/ids';
import type { AttemptSlot } from './quizzes.read-model';

export type QuizzesRepository = ReturnType<typeof createQuizzesRepository>;

export type LockedAttempt = { submittedAt: Date | null; slots: AttemptSlot[] };

export function createQuizzesRepository(db: Database) {
  return {
    /**
     * Locks an attempt of this person until the end of the transaction; null if it is somebody else's. Saving takes this
     * lock alone; whoever also needs the enrolment's takes that one first.
     */
    async lock(userId: string, attemptId: string): Promise<LockedAttempt | null> {
      db.assertTransaction();
      const [row] = await db.query<LockedAttempt>(
        'quizzes.lock',
        `select submitted_at as "submittedAt", slots from quiz_attempts where id = $1 and user_id = $2 for no key update`,
        [attemptId, userId],
      );
      return row ?? null;
    },

    async selectOptionalOpen(enrolmentId: string, quizId: string): Promise<string | null> {
      const [row] = await db.query<{ id: string }>(
        'quizzes.open',
        'select id from quiz_attempts where enrolment_id = $1 and quiz_id = $2 and submitted_at is null',
        [enrolmentId, quizId],
      );
      return row?.id ?? null;
    },

    async insertAttempt(
      attempt: { userId: string; enrolmentId: string; quizId: string; seed: string },
      slots: readonly AttemptSlot[],
    ): Promise<string> {
      db.assertTransaction();
      const id = uuidv7();
      await db.query(
        'quizzes.insertAttempt',
        `insert into quiz_attempts (id, user_id, enrolment_id, quiz_id, number, seed, slots)
         select $1::uuid, $2::uuid, $3::uuid, $4::uuid, coalesce(max(number), 0) + 1, $5::bigint, $6::jsonb
         from quiz_attempts where enrolment_id = $3 and quiz_id = $4`,
        [id, attempt.userId, attempt.enrolmentId, attempt.quizId, attempt.seed, JSON.stringify(slots)],
      );
      return id;
    },

    async selectAnswer(attemptId: string, slot: number): Promise<Answer | null> {
      const [row] = await db.query<{ answer: Answer | null }>(
        'quizzes.answer',
        'select answer from attempt_answers where attempt_id = $1 and slot = $2',
        [attemptId, slot],
      );
      return row?.answer ?? null;
    },

    selectAnswers(attemptId: string): Promise<{ slot: number; answer: Answer | null }[]> {
      return db.query('quizzes.answers', 'select slot, answer from attempt_answers where attempt_id = $1', [
        attemptId,
      ]);
    },

    /** Saves an answer, null for none, under the lock of its attempt. @returns when, by the database's clock. */
    async saveAnswer(
      attemptId: string,
      slot: number,
      answer: Answer | null,
      flagged: boolean,
    ): Promise<Date> {
      db.assertTransaction();
      const [row] = await db.query<{ savedAt: Date }>(
        'quizzes.saveAnswer',
        `insert into attempt_answers (attempt_id, slot, answer, flagged) values ($1, $2, $3, $4)
         on conflict (attempt_id, slot) do update
           set answer = excluded.answer, flagged = excluded.flagged, saved_at = now()
         returning saved_at as "savedAt"`,
        [attemptId, slot, JSON.stringify(answer), flagged],
      );
      if (!row) throw new Error(`The answer to question ${slot} of attempt ${attemptId} was not saved.`);
      return row.savedAt;
    },

    async hasPassed(enrolmentId: string, quizId: string): Promise<boolean> {
      const rows = await db.query(
        'quizzes.hasPassed',
        'select 1 from quiz_attempts where enrolment_id = $1 and quiz_id = $2 and passed limit 1',
        [enrolmentId, quizId],
      );
      return rows.length > 0;
    },

    /** Closes an attempt with its score, and gives every question its points. @returns the moment, by the database's clock. */
    async submit(
      attemptId: string,
      result: { points: number; max: number; passed: boolean },
      scores: readonly { slot: number; points: number; max: number }[],
    ): Promise<Date> {
      db.assertTransaction();
      await db.query(
        'quizzes.scoreAnswers',
        `insert into attempt_answers (attempt_id, slot, answer, points, max_points)
         select $1::uuid, slot, 'null'::jsonb, points, max from unnest($2::int[], $3::numeric[], $4::numeric[]) as s(slot, points, max)
         on conflict (attempt_id, slot) do update set points = excluded.points, max_points = excluded.max_points`,
        [
          attemptId,
          scores.map(({ slot }) => slot),
          scores.map(({ points }) => points),
          scores.map(({ max }) => max),
        ],
      );
      const [row] = await db.query<{ submittedAt: Date }>(
        'quizzes.submit',
        `update quiz_attempts set submitted_at = now(), points = $2, max_points = $3, passed = $4
         where id = $1 and submitted_at is null returning submitted_at as "submittedAt"`,
        [attemptId, result.points, result.max, result.passed],
      );
      if (!row) throw new Error(`Attempt ${attemptId} was submitted under its lock.`);
      return row.submittedAt;
    },
  };
}

/** 63 random bits, as a decimal number that fits PostgreSQL's bigint. */
export function newSeed(): string {
  return (randomBytes(8).readBigUInt64BE() >> 1n).toString();
}
