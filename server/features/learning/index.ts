import type { Database } from '../../platform/db/database';
import type { AssessmentsService } from '../assessments/assessments.service';
import { createLearnerState } from './course-state.views';
import { createLearningRepository } from './learning.repository';
import { learningRoutes } from './learning.routes';
import { createLearningService } from './learning.service';

/** Learning: enrolments, the lesson player, progress, what trainers record. */
export function createLearning(deps: { db: Database; assessments: AssessmentsService }) {
  const service = createLearningService({ ...deps, repository: createLearningRepository(deps.db) });
  return {
    service,
    routes: learningRoutes(deps.db, service),
    learnerState: createLearnerState(deps.db, service),
  };
}
