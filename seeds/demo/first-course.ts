import type { Composition } from '../../server/composition';
import type { Answer, Item } from '../../server/core/quiz/item';
import { isRight, rightAnswer } from '../../server/core/quiz/score';
import { createQuizzesRepository } from '../../server/features/quizzes/quizzes.repository';

/** How far each has come in the first course: whole modules, then lessons of the next one. */
export type Journey = { userId: string; modules: number; lessons: number };

/**
 * Lets learners take the first course through the services, so that progress, attempts, evidence and audit entries are
 * what the features write. Does nothing while the course has no lessons. May be repeated: what is done stays done.
 */
export async function takeFirstCourse(services: Composition, journeys: readonly Journey[]): Promise<void> {
  const { db, learning } = services;
  const [course] = await db.query<{ slug: string }>(
    'demo.firstCourse',
    `select c.slug from courses c where c.code = 'C01' and c.archived_at is null
       and exists (select 1 from modules m where m.course_id = c.id and m.open)`,
  );
  if (!course) return;
  for (const { userId, modules, lessons } of journeys) {
    await learning.service.enrol(userId, course.slug);
    const { outline } = await learning.service.learnerCourse(userId, course.slug);
    for (const [index, module] of outline.modules.slice(0, modules + 1).entries()) {
      const read = index < modules ? module.lessons : module.lessons.slice(0, lessons);
      for (const { slug } of read)
        await learning.service.completeLesson(userId, course.slug, module.code, slug);
      if (index < modules && module.quiz) await passQuiz(services, userId, course.slug, module.code);
    }
  }
}

/** Passes a module's quiz with one mistake, as people do. */
async function passQuiz(
  { db, quizzes }: Composition,
  userId: string,
  slug: string,
  module: string,
): Promise<void> {
  const { attempts } = await quizzes.service.learnerQuiz(userId, slug, module);
  if (attempts.some(({ passed }) => passed)) return;
  const repository = createQuizzesRepository(db);
  const attemptId = await quizzes.service.start(userId, slug, module);
  const { questions } = await quizzes.service.attempt(userId, attemptId);
  const mistaken = questions.find(({ item }) => item.type === 'single')?.number;
  await db.transaction(async () => {
    for (const { number, item } of questions)
      await repository.saveAnswer(attemptId, number, answerTo(item, number !== mistaken), false);
  });
  await quizzes.service.submit(userId, attemptId);
}

function answerTo(item: Item, right: boolean): Answer | null {
  if (item.type === 'scenario') {
    const stages = item.stages.flatMap((stage) => {
      const answer = rightAnswer(stage);
      return answer ? [[stage.id, answer] as const] : [];
    });
    return { type: 'scenario', open: item.stages.length, stages: Object.fromEntries(stages) };
  }
  const wrong = item.type === 'single' ? item.options.find((option) => !isRight(option)) : undefined;
  return right || !wrong ? rightAnswer(item) : { type: 'single', option: wrong.id };
}
