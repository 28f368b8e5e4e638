import { Worker } from 'node:worker_threads';
import type { ModelData } from 'highs';
import type {
  IntegerProgramme,
  IpResult,
  SolveIntegerProgramme,
  SolverLimits,
} from '../../core/path/integer-programme';
import { WORKER_SOURCE } from './worker-source';

/** The part of a pino logger that the solver writes to. */
export type SolverLog = { warn(fields: object, message: string): void };

export type Solver = {
  solve: SolveIntegerProgramme;
  /** Ends the worker; waiting and later programmes are rejected. */
  close(): Promise<void>;
};

type Reply = { modelStatus: number; objective: number; bound: number; values: number[] | null };

type Job = {
  programme: IntegerProgramme;
  limits: SolverLimits;
  resolve(result: IpResult): void;
  reject(error: Error): void;
};

/** Model statuses of HiGHS (`highs.constants.modelStatus`). */
const OPTIMAL = 7;
const INFEASIBLE = 8;
/** Every column of ours has finite bounds, so this one means infeasible. */
const UNBOUNDED_OR_INFEASIBLE = 9;
const TIME_LIMIT = 13;

/** `objectiveSense` and `variableType` of HiGHS. */
const MINIMISE = 1;
const MAXIMISE = -1;

/** Exact, silent and repeatable. */
const OPTIONS = { output_flag: false, mip_rel_gap: 0, random_seed: 1 };

/** HiGHS looks at the clock between steps of its search; past this it is taken to hang. */
const GRACE_MS = 5_000;

/**
 * Runs HiGHS in a worker thread, so that the event loop stays free. Programmes are solved one at a time, in the order
 * given; the time limit (milliseconds) counts from the moment a programme's own turn comes. The worker starts with
 * the first programme and does not keep an idle process alive. When it fails, the programme being solved is rejected
 * and the next gets a new worker.
 *
 * The answer is exact up to HiGHS' feasibility tolerance (10⁻⁶): relative gap 0, one thread, fixed seed.
 */
export function createSolver({ log }: { log?: SolverLog } = {}): Solver {
  const queue: Job[] = [];
  let worker: Worker | null = null;
  let active: { job: Job; watchdog: NodeJS.Timeout } | null = null;
  let closed = false;

  const settle = (finish: (job: Job) => void) => {
    if (active === null) return;
    const { job, watchdog } = active;
    clearTimeout(watchdog);
    active = null;
    finish(job);
    next();
  };

  const fail = (failed: Worker, error: Error) => {
    if (worker !== failed) return;
    worker = null;
    void failed.terminate();
    log?.warn({ err: error }, 'The solver stopped; the next programme starts it again.');
    settle((job) => job.reject(error));
  };

  const start = () => {
    const started = new Worker(WORKER_SOURCE, {
      eval: true,
      workerData: { highsPath: require.resolve('highs') },
    });
    started.on('message', (reply: Reply) => {
      if (worker !== started) return;
      started.unref();
      settle((job) => {
        const result = interpret(reply);
        if (result instanceof Error) job.reject(result);
        else job.resolve(result);
      });
    });
    started.on('error', (error) => fail(started, error instanceof Error ? error : new Error(String(error))));
    started.on('exit', (code) => fail(started, new Error(`The solver's worker ended with code ${code}.`)));
    return started;
  };

  const next = () => {
    if (active !== null || closed) return;
    const job = queue.shift();
    if (job === undefined) return;
    worker ??= start();
    const running = worker;
    running.ref();
    const watchdog = setTimeout(() => {
      fail(running, new Error(`The solver did not answer within ${job.limits.timeLimitMs + GRACE_MS} ms.`));
    }, job.limits.timeLimitMs + GRACE_MS);
    active = { job, watchdog };
    const { programme, limits } = job;
    const options = { ...OPTIONS, time_limit: limits.timeLimitMs / 1000 };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    running.postMessage({ model: toModelData(programme), options });
  };

  return {
    solve(programme, limits) {
      if (closed) return Promise.reject(new Error('The solver is closed.'));
      if (programme.columns.length === 0)
        return Promise.reject(new RangeError('A programme needs a column.'));
      return new Promise((resolve, reject) => {
        queue.push({ programme, limits, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      const ended = worker;
      worker = null;
      const error = new Error('The solver is closed.');
      settle((job) => job.reject(error));
      for (const job of queue.splice(0)) job.reject(error);
      await ended?.terminate();
    },
  };
}

function interpret({ modelStatus, objective, bound, values }: Reply): IpResult | Error {
  if (modelStatus === OPTIMAL && values !== null)
    return { status: 'optimal', values, objective, bound: objective };
  if (modelStatus === INFEASIBLE || modelStatus === UNBOUNDED_OR_INFEASIBLE) return { status: 'infeasible' };
  if (modelStatus === TIME_LIMIT) return { status: 'bounded', values, bound };
  return new Error(`HiGHS ended with model status ${modelStatus}.`);
}

/** HiGHS brands the type of `sense`; the numbers are those of its constants. */
function toModelData({
  sense,
  columns,
  rows,
}: IntegerProgramme): Omit<ModelData, 'sense'> & { sense: 1 | -1 } {
  const starts = [0];
  for (const row of rows) starts.push((starts.at(-1) ?? 0) + row.terms.length);
  return {
    numCols: columns.length,
    numRows: rows.length,
    sense: sense === 'minimise' ? MINIMISE : MAXIMISE,
    colCost: columns.map((column) => column.objective),
    colLower: columns.map((column) => column.lower),
    colUpper: columns.map((column) => column.upper),
    rowLower: rows.map((row) => row.lower),
    rowUpper: rows.map((row) => row.upper),
    integrality: columns.map((column) => (column.integer ? 1 : 0)),
    matrix: {
      format: 'csr',
      numRows: rows.length,
      numCols: columns.length,
      starts,
      indices: rows.flatMap((row) => row.terms.map(([column]) => column)),
      values: rows.flatMap((row) => row.terms.map(([, coefficient]) => coefficient)),
    },
  };
}
