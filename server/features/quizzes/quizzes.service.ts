import { MODE_CAP, type ModuleOutline } from '../../core/curriculum';
import type { Level } from '../../core/framework';
import { drawAttempt } from '../../core/quiz/draw';
import type { Answer, Item } from '../../core/quiz/item';
import { type AnswerProblem, parseAnswer } from '../../core/quiz/parse-answer';
import { scoreAnswer, scoreQuiz } from '../../core/quiz/score';
import { recordAudit } from '../../platform/db/audit';
import type { Database } from '../../platform/db/database';
import { ConflictError, NotFoundError } from '../../platform/errors';
import type { AssessmentsService } from '../assessments/assessments.service';
import { currentFramework } from '../frameworks/frameworks.read-model';
import { type LearnerCourse, selectLearnerCourseByEnrolment } from '../learning/learning.read-model';
import type { LearningService } from '../learning/learning.service';
import {
  type AttemptRow,
  type AttemptSlot,
  type ItemStore,
  type PastAttempt,
  type QuizRow,
  selectAttempts,
  selectOptionalAttempt,
  selectOptionalQuiz,
} from './quizzes.read-model';
import { newSeed, type QuizzesRepository } from './quizzes.repository';

export type QuizzesService = ReturnType<typeof createQuizzesService>;

/** What a learner still has to do before the quiz opens. */
export type MissingBefore = { prerequisites: string[]; lessons: ModuleOutline['lessons'] };

/** A module's quiz as this learner meets it. */
export type LearnerQuiz = {
  course: LearnerCourse;
  module: ModuleOutline;
  quiz: QuizRow;
  attempts: PastAttempt[];
  missing: MissingBefore;
};

/** A question of an attempt. `item` holds the key and stays on the server. */
export type AttemptQuestion = {
  number: number;
  item: Item;
  arrangement: AttemptSlot['arrangement'];
  answer: Answer | null;
  flagged: boolean;
};

export type Attempt = Omit<AttemptRow, 'answers' | 'slots'> & { questions: AttemptQuestion[] };

export type SaveResult = { kind: 'saved'; savedAt: Date } | { kind: 'refused'; problems: AnswerProblem[] };

export function createQuizzesService(deps: {
  db: Database;
  repository: QuizzesRepository;
  items: ItemStore;
  learning: LearningService;
  assessments: AssessmentsService;
}) {
  const { db, repository, items, learning, assessments } = deps;

  async function learnerQuiz(userId: string, slug: string, moduleCode: string): Promise<LearnerQuiz> {
    const course = await learning.learnerCourse(userId, slug);
    const module = course.outline.modules.find((candidate) => candidate.code === moduleCode);
    const quiz = module?.quiz ? await selectOptionalQuiz(db, course.courseVersionId, moduleCode) : null;
    if (!module || !quiz) throw new NotFoundError();
    const attempts = await selectAttempts(db, course.enrolmentId, quiz.id);
    return { course, module, quiz, attempts, missing: await missingBefore(course, module) };
  }

  async function missingBefore(course: LearnerCourse, module: ModuleOutline): Promise<MissingBefore> {
    const isRead = (slug: string) =>
      course.lessons.some((row) => row.module === module.code && row.lesson === slug && row.done);
    return {
      prerequisites: (await learning.prerequisites(course)).get(module.code) ?? [],
      lessons: module.lessons.filter(({ slug }) => !isRead(slug)),
    };
  }

  /** Items and orders of a new attempt. The importer has checked that the quiz can be drawn. */
  async function draw(quiz: QuizRow, seed: string): Promise<AttemptSlot[]> {
    const bank = await items.load(quiz.itemVersionIds);
    const versionOf = new Map(bank.map((item, index) => [item.id, quiz.itemVersionIds[index] ?? '']));
    const drawn = drawAttempt(quiz.settings.slots, bank, seed);
    if (!drawn.ok) throw new Error(`Quiz ${quiz.id} cannot be drawn: ${JSON.stringify(drawn.problems)}`);
    return drawn.items.map(({ itemId, arrangement }) => ({
      itemVersionId: versionOf.get(itemId) ?? '',
      arrangement,
    }));
  }

  async function attempt(userId: string, attemptId: string): Promise<Attempt> {
    const row = await selectOptionalAttempt(db, userId, attemptId);
    if (!row) throw new NotFoundError();
    const { slots, answers, ...rest } = row;
    const saved = new Map(answers.map((each) => [each.slot, each]));
    const documents = await items.load(slots.map(({ itemVersionId }) => itemVersionId));
    const questions = documents.map((item, index): AttemptQuestion => {
      const number = index + 1;
      const given = saved.get(number);
      return {
        number,
        item,
        arrangement: slots[index]?.arrangement ?? {},
        answer: given?.answer ?? null,
        flagged: given?.flagged ?? false,
      };
    });
    return { ...rest, questions };
  }

  return {
    learnerQuiz,
    attempt,

    /** Starts an attempt, or goes on with the open one: there is at most one per learner and quiz. @returns its id. */
    async start(userId: string, slug: string, moduleCode: string): Promise<string> {
      const { course, quiz, missing } = await learnerQuiz(userId, slug, moduleCode);
      return db.transaction(async () => {
        await learning.lockEnrolment(course.enrolmentId);
        const open = await repository.selectOptionalOpen(course.enrolmentId, quiz.id);
        if (open !== null) return open;
        if (missing.prerequisites.length > 0 || missing.lessons.length > 0) {
          throw new ConflictError('quizzes.errors.notReady');
        }
        const seed = newSeed();
        const ids = { userId, enrolmentId: course.enrolmentId, quizId: quiz.id };
        return repository.insertAttempt({ ...ids, seed }, await draw(quiz, seed));
      });
    },

    /**
     * Saves the answer to one question, or nothing if any part of it cannot be read.
     * @param raw the submitted fields of the question. @throws ConflictError once the attempt is submitted.
     */
    async save(
      userId: string,
      attemptId: string,
      number: number,
      given: { raw: unknown; flagged: boolean },
    ): Promise<SaveResult> {
      return db.transaction(async () => {
        const locked = await repository.lock(userId, attemptId);
        const slot = locked?.slots[number - 1];
        if (!locked || !slot) throw new NotFoundError();
        if (locked.submittedAt) throw new ConflictError('quizzes.errors.submitted');
        const [item] = await items.load([slot.itemVersionId]);
        if (!item) throw new NotFoundError();
        // Only a scenario builds on what was saved before.
        const previous = item.type === 'scenario' ? await repository.selectAnswer(attemptId, number) : null;
        const parsed = parseAnswer(item, slot.arrangement, given.raw, previous);
        if (!parsed.ok) return { kind: 'refused', problems: parsed.problems };
        const savedAt = await repository.saveAnswer(attemptId, number, parsed.answer, given.flagged);
        return { kind: 'saved', savedAt };
      });
    },

    /**
     * Submits an attempt: scores it, records what a first pass shows and completes what that completes. Of any number of
     * submissions one counts. Later passes are practice: the same items cannot show the same thing twice.
     */
    async submit(userId: string, attemptId: string): Promise<void> {
      const { enrolmentId, quizId, passMark, moduleCode, questions } = await attempt(userId, attemptId);
      await db.transaction(async () => {
        await learning.lockEnrolment(enrolmentId);
        const locked = await repository.lock(userId, attemptId);
        if (!locked) throw new NotFoundError();
        if (locked.submittedAt) return;

        // Read again under the lock: an answer may have been saved in between.
        const answers = new Map(
          (await repository.selectAnswers(attemptId)).map(({ slot, answer }) => [slot, answer]),
        );
        const answered = questions.map(({ number, item }) => ({
          number,
          item,
          answer: answers.get(number) ?? null,
        }));
        const drawn = answered.map(({ item }) => item);
        const byItem = Object.fromEntries(answered.map(({ item, answer }) => [item.id, answer]));
        const result = scoreQuiz(drawn, byItem, passMark);
        const scores = answered.map(({ number, item, answer }) => {
          const { points, max } = scoreAnswer(item, answer);
          return { slot: number, points, max };
        });
        const first = result.passed && !(await repository.hasPassed(enrolmentId, quizId));
        const submittedAt = await repository.submit(attemptId, result, scores);
        await recordAudit(db, {
          actorId: userId,
          action: 'quiz.submitted',
          objectType: 'quiz_attempt',
          objectId: attemptId,
          details: { points: result.points, max: result.max, passed: result.passed },
        });
        if (!first) return;
        await recordEvidence(
          { userId, enrolmentId, moduleCode, attemptId, submittedAt },
          result.perCompetency,
        );
        await learning.refreshCompletion(enrolmentId);
      });
    },
  };

  /** Evidence at the module's level for each of its competencies that the attempt's items were about. */
  async function recordEvidence(
    passed: { userId: string; enrolmentId: string; moduleCode: string; attemptId: string; submittedAt: Date },
    perCompetency: Readonly<Record<string, { items: number }>>,
  ): Promise<void> {
    const course = await selectLearnerCourseByEnrolment(db, passed.enrolmentId);
    const module = course?.outline.modules.find((candidate) => candidate.code === passed.moduleCode);
    if (!module) throw new Error(`Enrolment ${passed.enrolmentId} has no module ${passed.moduleCode}.`);
    const cap = Math.max(...module.modes.map((mode) => MODE_CAP[mode])) as Level;
    const framework = await currentFramework(db);
    await assessments.recordEvidence(
      Object.entries(perCompetency).flatMap(([competency, { items: count }]) => {
        const level = module.levels[competency];
        // Items may touch a competency that the module does not claim to teach.
        if (level === undefined) return [];
        return {
          userId: passed.userId,
          frameworkVersionId: framework.id,
          competency,
          source: 'quiz' as const,
          // The quiz was written for the module's level and shows no higher one: passing it says "at least".
          level: Math.min(level, cap),
          cap: Math.min(level, cap) as Level,
          items: count,
          originType: 'quiz_attempt',
          originId: passed.attemptId,
          observedAt: passed.submittedAt,
        };
      }),
    );
  }
}
