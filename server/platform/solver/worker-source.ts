/**
 * The body of the solver's worker thread, as source text. A string rather than a file, because a worker can load
 * neither TypeScript under tsx and Jest nor a .js file that the compiler does not emit; this runs in all three.
 *
 * Anything thrown ends the worker: after a failure inside WebAssembly its memory is not to be trusted. The parent
 * rejects the programme concerned and starts a new worker for the next.
 */
export const WORKER_SOURCE = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const loading = require(workerData.highsPath)();

parentPort.on('message', async ({ model, options }) => {
  const highs = await loading;
  highs.withModel(model, (running) => {
    running.options.set(options);
    running.run();
    const feasible = running.info.get('primal_solution_status') === highs.constants.solutionStatus.feasible;
    parentPort.postMessage({
      modelStatus: running.getModelStatus(),
      objective: running.getObjectiveValue(),
      bound: running.info.get('mip_dual_bound'),
      values: feasible ? Array.from(running.getSolution().colValue) : null,
    });
  });
});
`;
