import * as fc from 'fast-check';
import { pathProblems } from '../../../test/support/path-problems';
import { createSolver } from '../../platform/solver/solver';
import { counterfactuals, MAX_REPLANS, varyProblem } from './counterfactuals';
import { CURRICULUM, MANAGER_TARGETS } from './curriculum-49.fixture';
import type { SolveIntegerProgramme } from './integer-programme';
import { type PathSolution, planPath } from './plan';
import type { PathProblem } from './problem';

const solver = createSolver();
afterAll(() => solver.close());

const chosen = (solution: PathSolution) => solution.steps.map((step) => step.module).toSorted();

/** A manager half-way: one level short everywhere, of which one level less is verified. */
const HALF_WAY: PathProblem = {
  needs: MANAGER_TARGETS.map((target) => ({
    ...target,
    current: target.required - 1,
    verified: Math.max(0, target.required - 2),
  })),
  modules: CURRICULUM,
  completed: [],
  pinned: [],
  excluded: [],
  budgetMinutes: null,
};

async function expectReproducible(problem: PathProblem, limit: number) {
  const solution = await planPath(problem, solver.solve);
  const found = await counterfactuals(problem, solution, solver.solve, limit);
  for (const { competency, direction, level, added, removed, minutesDelta, proven } of found) {
    const varied = varyProblem(problem, { competency, direction });
    expect(varied).not.toBeNull();
    if (varied === null) continue;
    expect(varied.needs.find((need) => need.competency === competency)?.current).toBe(level);
    const again = await planPath(varied, solver.solve);
    const after = chosen(solution)
      .filter((code) => !removed.includes(code))
      .concat(added);
    expect(chosen(again)).toEqual(after.toSorted());
    expect(again.minutes).toBe(solution.minutes + minutesDelta);
    expect(proven).toBe(true);
  }
  return found;
}

const oneNeed = (level: number): PathProblem => ({
  ...HALF_WAY,
  needs: [{ competency: 'A', required: 5, weight: 1, current: level, verified: 0 }],
});

describe('counterfactuals', () => {
  it('say what one level more or less in a competency would change, and reproduce', async () => {
    const found = await expectReproducible(HALF_WAY, MAX_REPLANS);
    expect(found.length).toBeGreaterThan(0);
    expect(found.some((each) => each.direction === 'higher' && each.minutesDelta < 0)).toBe(true);
    for (const each of found) expect(each.added.length + each.removed.length).toBeGreaterThan(0);
  });

  it('reproduce on 200 random problems, with and without a budget', async () => {
    const problems = fc.oneof(pathProblems(10, false), pathProblems(10, true));
    let found = 0;
    await fc.assert(
      fc.asyncProperty(problems, async (problem) => {
        found += (await expectReproducible(problem, 4)).length;
      }),
      { numRuns: 200, seed: 11 },
    );
    expect(found).toBeGreaterThan(100);
  }, 60_000);

  it('leave out only variations that keep the same modules', async () => {
    await fc.assert(
      fc.asyncProperty(pathProblems(8, false), async (drawn) => {
        // Four competencies have at most eight variations, so the limit leaves none out.
        const problem = { ...drawn, needs: drawn.needs.slice(0, 4) };
        const solution = await planPath(problem, solver.solve);
        const found = await counterfactuals(problem, solution, solver.solve, MAX_REPLANS);
        const named = new Set(found.map((each) => `${each.competency} ${each.direction}`));
        for (const { competency } of problem.needs) {
          for (const direction of ['higher', 'lower'] as const) {
            const varied = varyProblem(problem, { competency, direction });
            if (varied === null) continue;
            const same = chosen(await planPath(varied, solver.solve)).join() === chosen(solution).join();
            expect(named.has(`${competency} ${direction}`)).toBe(!same);
          }
        }
      }),
      { numRuns: 150, seed: 3 },
    );
  }, 60_000);

  it('re-plan at most eight times, however many are asked for', async () => {
    const solution = await planPath(HALF_WAY, solver.solve);
    const replans = async (limit: number) => {
      let count = 0;
      const counting: SolveIntegerProgramme = (programme, limits) => {
        // A plan without a budget minimises once; the solves that settle ties maximise.
        if (programme.sense === 'minimise') count += 1;
        return solver.solve(programme, limits);
      };
      await counterfactuals(HALF_WAY, solution, counting, limit);
      return count;
    };
    expect([await replans(0), await replans(3), await replans(100)]).toEqual([0, 3, MAX_REPLANS]);
  });

  it('stay on the scale of levels', () => {
    expect(varyProblem(oneNeed(0), { competency: 'A', direction: 'lower' })).toBeNull();
    expect(varyProblem(oneNeed(5), { competency: 'A', direction: 'higher' })).toBeNull();
    expect(varyProblem(oneNeed(3), { competency: 'B', direction: 'higher' })).toBeNull();
    expect(varyProblem(oneNeed(3), { competency: 'A', direction: 'higher' })?.needs).toMatchObject([
      { current: 4, verified: 4 },
    ]);
  });
});
