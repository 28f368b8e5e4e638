import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { PlannableModule } from '../../core/curriculum';
import type { SolveIntegerProgramme } from '../../core/path/integer-programme';
import { type PathSolution, planPath } from '../../core/path/plan';
import type { PathProblem } from '../../core/path/problem';
import { schedule } from '../../core/path/schedule';
import { recordAudit } from '../../platform/db/audit';
import type { Database } from '../../platform/db/database';
import type { GapProfile } from '../assessments/assessments.read-model';
import type { AssessmentsService } from '../assessments/assessments.service';
import { selectPlannableModules } from '../catalogue/catalogue.read-model';
import { selectCompletedModules } from './paths.read-model';
import type { PathsRepository } from './paths.repository';

export type RecommendedPath = {
  profile: GapProfile;
  problem: PathProblem;
  /** Identifies the problem: the same hash means the same path. */
  hash: string;
  solution: PathSolution;
  /** Time the solver took when this path was computed, ms. */
  solvedInMs: number;
};

export type PathsService = ReturnType<typeof createPathsService>;

/** Paths kept in memory: about 20 kB each. */
const CACHE_SIZE = 1000;

export function createPathsService(deps: {
  db: Database;
  repository: PathsRepository;
  assessments: AssessmentsService;
  solve: SolveIntegerProgramme;
}) {
  const { db, repository, assessments, solve } = deps;
  // Keyed by the problem's hash, so nothing ever has to be invalidated. The promise is kept: two readers, one solve.
  const cache = new LRUCache<string, Promise<{ solution: PathSolution; solvedInMs: number }>>({
    max: CACHE_SIZE,
  });

  function solved(
    hash: string,
    problem: PathProblem,
  ): Promise<{ solution: PathSolution; solvedInMs: number }> {
    const known = cache.get(hash);
    if (known) return known;
    const started = performance.now();
    const promise = planPath(problem, solve).then((solution) => ({
      solution,
      solvedInMs: performance.now() - started,
    }));
    cache.set(hash, promise);
    promise.catch(() => cache.delete(hash));
    return promise;
  }

  async function recommend(userId: string): Promise<RecommendedPath | null> {
    const [profile, modules, completed] = await Promise.all([
      assessments.gapProfile(userId, Date.now()),
      selectPlannableModules(db),
      selectCompletedModules(db, userId),
    ]);
    if (!profile?.hasEvidence) return null;
    const problem = pathProblem(profile, modules, completed);
    const hash = createHash('sha256').update(JSON.stringify(problem)).digest('base64url');
    return { profile, problem, hash, ...(await solved(hash, problem)) };
  }

  return {
    /** The shortest path from where a person stands to their role's targets. Null before there is any evidence. */
    recommend,

    /**
     * Turns the recommended path into a dated plan. `changed` when evidence or curriculum have changed since the page
     * was shown: the person should see the new path before they accept it.
     */
    async accept(
      userId: string,
      given: { hash: string; hoursPerWeek: number; startsOn: string },
    ): Promise<'accepted' | 'changed' | 'empty'> {
      const path = await recommend(userId);
      if (!path || path.hash !== given.hash) return 'changed';
      const { solution, profile } = path;
      if (solution.steps.length === 0) return 'empty';
      const minutesOf = new Map(solution.steps.map((step) => [step.module, step.minutes]));
      const dated = schedule(solution.steps, given.startsOn, given.hoursPerWeek);
      await db.transaction(async () => {
        await repository.replacePlan(
          {
            userId,
            frameworkVersionId: profile.framework.id,
            roleCode: profile.role,
            problemHash: path.hash,
            solution,
            minutes: solution.minutes,
            hoursPerWeek: given.hoursPerWeek.toFixed(1),
            startsOn: given.startsOn,
          },
          dated.map((step) => ({ ...step, minutes: minutesOf.get(step.module) ?? 0 })),
        );
        await recordAudit(db, {
          actorId: userId,
          action: 'path.accepted',
          objectType: 'user',
          objectId: userId,
          details: {
            minutes: solution.minutes,
            modules: solution.steps.length,
            hoursPerWeek: given.hoursPerWeek,
          },
        });
      });
      return 'accepted';
    },
  };
}

/**
 * What the planner is asked: every competency with a target, at the level that all evidence suggests (`ordinal`) and at
 * the level that is verified. A claim may close a gap, but only what is verified or completed lets a prerequisite be skipped.
 */
export function pathProblem(
  profile: GapProfile,
  modules: readonly PlannableModule[],
  completed: string[],
): PathProblem {
  const codes = profile.framework.document.competencies.map((competency) => competency.code);
  return {
    needs: codes
      .filter(
        (code) => profile.targets[code] !== undefined || (profile.estimates[code]?.verifiedLevel ?? 0) > 0,
      )
      .map((code) => ({
        competency: code,
        required: profile.targets[code]?.level ?? 0,
        weight: profile.targets[code]?.weight ?? 0,
        current: profile.estimates[code]?.ordinal ?? 0,
        verified: profile.estimates[code]?.verifiedLevel ?? 0,
      })),
    modules: modules.map(({ code, minutes, modes, levels, prerequisites }) => ({
      code,
      minutes,
      modes,
      levels,
      prerequisites,
    })),
    completed,
    pinned: [],
    excluded: [],
    budgetMinutes: null,
  };
}
