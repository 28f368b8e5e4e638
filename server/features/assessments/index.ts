import type { Database } from '../../platform/db/database';
import { createAssessmentsRepository } from './assessments.repository';
import { assessmentsRoutes } from './assessments.routes';
import { createAssessmentsService } from './assessments.service';

/** Self-assessment, the evidence that every source leaves behind, and the gap to the role's targets. */
export function createAssessments({ db }: { db: Database }) {
  const service = createAssessmentsService({ db, repository: createAssessmentsRepository(db) });
  return { service, routes: assessmentsRoutes(db, service), jobs: [] };
}
