import type { SolveIntegerProgramme } from '../../core/path/integer-programme';
import type { Database } from '../../platform/db/database';
import type { AssessmentsService } from '../assessments/assessments.service';
import { createPathsRepository } from './paths.repository';
import { pathsRoutes } from './paths.routes';
import { createPathsService } from './paths.service';

/** Paths: the shortest way from a person's levels to their role's targets, and the plan they accept. */
export function createPaths(deps: {
  db: Database;
  assessments: AssessmentsService;
  solve: SolveIntegerProgramme;
}) {
  const service = createPathsService({ ...deps, repository: createPathsRepository(deps.db) });
  return { service, routes: pathsRoutes(deps.db, service) };
}
