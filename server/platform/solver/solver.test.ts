import { performance } from 'node:perf_hooks';
import { type IntegerProgramme, type Row, satisfies } from '../../core/path/integer-programme';
import { createSolver, type Solver } from './solver';

const LIMITS = { timeLimitMs: 10_000 };

/** Fewest of three sets that cover two points; {0} alone does, at cost 3. */
const COVER: IntegerProgramme = {
  sense: 'minimise',
  columns: [3, 2, 2].map((objective) => ({ objective, lower: 0, upper: 1, integer: true })),
  rows: [
    [0, 1],
    [0, 2],
  ].map((columns) => ({
    lower: 1,
    upper: Number.POSITIVE_INFINITY,
    terms: columns.map((i): [number, number] => [i, 1]),
  })),
};
const COVERED = { status: 'optimal', values: [1, 0, 0], objective: 3, bound: 3 };

const column = (objective: number, upper: number) => ({ objective, lower: 0, upper, integer: true });

/** HiGHS refuses a coefficient that is no number, inside the worker, which ends it. */
const BROKEN: IntegerProgramme = {
  ...COVER,
  rows: [{ lower: 1, upper: 1, terms: [[0, Number.NaN]] }],
};

/**
 * A market split (Cornuéjols and Dawande 1998): divide 50 shops between two divisions so that each of five products
 * splits evenly, with the least deviation. Far beyond branch and bound within a minute, while any division is feasible.
 */
function marketSplit(): IntegerProgramme {
  const shops = 50;
  const products = 5;
  let state = 7;
  const demand = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * 100);
  };
  const rows = Array.from({ length: products }, (_, product): Row => {
    const demands = Array.from({ length: shops }, demand);
    const half = Math.floor(demands.reduce((sum, each) => sum + each, 0) / 2);
    const deviations: [number, number][] = [
      [shops + 2 * product, 1],
      [shops + 2 * product + 1, -1],
    ];
    return {
      lower: half,
      upper: half,
      terms: [...demands.map((each, i): [number, number] => [i, each]), ...deviations],
    };
  });
  return {
    sense: 'minimise',
    columns: [
      ...Array.from({ length: shops }, () => column(0, 1)),
      ...Array.from({ length: 2 * products }, () => column(1, 10_000)),
    ],
    rows,
  };
}

describe('solver', () => {
  let solver: Solver;
  beforeEach(() => {
    solver = createSolver();
  });
  afterEach(() => solver.close());

  it('solves to proven optimality', async () => {
    await expect(solver.solve(COVER, LIMITS)).resolves.toEqual(COVERED);
  });

  it('maximises, and takes open and two-sided rows', async () => {
    const knapsack: IntegerProgramme = {
      sense: 'maximise',
      columns: [5, 4, 3].map((objective) => ({ objective, lower: 0, upper: 3, integer: true })),
      rows: [
        {
          lower: Number.NEGATIVE_INFINITY,
          upper: 5,
          terms: [
            [0, 2],
            [1, 3],
            [2, 1],
          ],
        },
        { lower: 1, upper: 2, terms: [[2, 1]] },
      ],
    };
    await expect(solver.solve(knapsack, LIMITS)).resolves.toMatchObject({
      values: [2, 0, 1],
      objective: 13,
      bound: 13,
    });
  });

  it('says that a programme is infeasible', async () => {
    const programme: IntegerProgramme = { ...COVER, rows: [{ lower: 2, upper: 2, terms: [[0, 1]] }] };
    await expect(solver.solve(programme, LIMITS)).resolves.toEqual({ status: 'infeasible' });
  });

  it('solves a programme without rows and refuses one without columns', async () => {
    await expect(solver.solve({ ...COVER, rows: [] }, LIMITS)).resolves.toMatchObject({ values: [0, 0, 0] });
    await expect(solver.solve({ ...COVER, columns: [], rows: [] }, LIMITS)).rejects.toThrow(RangeError);
  });

  it('answers programmes in the order given', async () => {
    const answered: number[] = [];
    await Promise.all(
      [0, 1, 2, 3].map(async (i) => {
        await solver.solve(COVER, LIMITS);
        answered.push(i);
      }),
    );
    expect(answered).toEqual([0, 1, 2, 3]);
  });

  it('stops at the time limit with the best point found and a proven bound', async () => {
    const programme = marketSplit();
    const started = performance.now();
    const result = await solver.solve(programme, { timeLimitMs: 1_000 });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(result.status).toBe('bounded');
    if (result.status !== 'bounded' || result.values === null) throw new Error('No point was found.');
    const { values } = result;
    expect(satisfies(programme, values.map(Math.round), 1e-6)).toBe(true);
    const deviation = programme.columns.reduce(
      (sum, { objective }, i) => sum + objective * (values[i] ?? 0),
      0,
    );
    expect(result.bound).toBeLessThan(deviation);
    expect(result.bound).toBeGreaterThanOrEqual(0);
  });

  it('bounds a maximum from above', async () => {
    const programme = marketSplit();
    const negated: IntegerProgramme = {
      ...programme,
      sense: 'maximise',
      columns: programme.columns.map((each) => ({ ...each, objective: -each.objective })),
    };
    const result = await solver.solve(negated, { timeLimitMs: 500 });
    if (result.status !== 'bounded') throw new Error('It was solved in half a second.');
    // No deviation at all is the best one can hope for, and more than five points of it is soon found.
    expect(Math.abs(result.bound)).toBeLessThan(1e-6);
    const reached = negated.columns.reduce(
      (sum, { objective }, i) => sum + objective * (result.values?.[i] ?? 0),
      0,
    );
    expect(reached).toBeLessThan(result.bound);
  });

  it('has no point to give when the time is too short', async () => {
    const result = await solver.solve(marketSplit(), { timeLimitMs: 0 });
    expect(result.status).toBe('bounded');
  });

  it('leaves the event loop free while it works', async () => {
    await solver.solve(COVER, LIMITS);
    const started = performance.now();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 10);
    await solver.solve(marketSplit(), { timeLimitMs: 1_500 });
    clearInterval(timer);
    expect(performance.now() - started).toBeGreaterThan(1_400);
    // On the event loop itself the search would leave no turn to the timer.
    expect(turns).toBeGreaterThan(20);
  });

  it('rejects the programme that breaks the worker, logs it, and solves those behind it', async () => {
    const warnings: string[] = [];
    const logged = createSolver({ log: { warn: (_, message) => warnings.push(message) } });
    const answers = await Promise.allSettled([
      logged.solve(COVER, LIMITS),
      logged.solve(BROKEN, LIMITS),
      logged.solve(COVER, LIMITS),
    ]);
    expect(answers).toMatchObject([
      { status: 'fulfilled', value: COVERED },
      { status: 'rejected', reason: { message: expect.stringMatching(/finite|number/i) } },
      { status: 'fulfilled', value: COVERED },
    ]);
    expect(warnings).toHaveLength(1);
    await logged.close();
  });

  it('rejects what is under way or waiting when it is closed, and everything after', async () => {
    const underWay = solver.solve(marketSplit(), LIMITS);
    const waiting = solver.solve(COVER, LIMITS);
    const both = Promise.allSettled([underWay, waiting]);
    await solver.close();
    expect((await both).map((answer) => answer.status)).toEqual(['rejected', 'rejected']);
    await expect(solver.solve(COVER, LIMITS)).rejects.toThrow(/closed/);
    await expect(solver.close()).resolves.toBeUndefined();
  });
});
