import type { Database } from '../../platform/db/database';
import type { AssessmentsService } from '../assessments/assessments.service';
import type { LearningService } from '../learning/learning.service';
import { createItemStore } from './quizzes.read-model';
import { createQuizzesRepository } from './quizzes.repository';
import { quizzesRoutes } from './quizzes.routes';
import { createQuizzesService } from './quizzes.service';

/** Quizzes: attempts that the server owns, their answers, their scores and what a pass shows. */
export function createQuizzes(deps: {
  db: Database;
  learning: LearningService;
  assessments: AssessmentsService;
}) {
  const repository = createQuizzesRepository(deps.db);
  const service = createQuizzesService({ ...deps, repository, items: createItemStore(deps.db) });
  return { service, routes: quizzesRoutes(service), jobs: [] };
}
