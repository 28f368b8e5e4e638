import { StartupError } from '../platform/errors';
import { runProcess, start } from '../start';

/**
 * `npm run path -- <e-mail>`: prints the recommended path of a person as the page /path computes it.
 * For checking the planner, and for support.
 */
async function main(): Promise<void> {
  const email = process.argv[2];
  if (email === undefined) throw new StartupError('say whose path: npm run path -- learner@demo.example');
  const { services, close } = await start({ seed: false });
  try {
    const [user] = await services.db.query<{ id: string }>(
      'command.user',
      'select id from users where email = $1',
      [email],
    );
    if (!user) throw new StartupError(`there is no account ${email}.`);
    const path = await services.paths.service.recommend(user.id);
    if (!path) throw new StartupError(`${email} has no evidence yet: the self-assessment comes first.`);
    const { solution } = path;
    for (const step of solution.steps) {
      const closes = step.closes.map(({ competency, from, to }) => `${competency} ${from}→${to}`).join(', ');
      console.log(
        `${step.module.padEnd(8)} ${String(step.minutes).padStart(5)} min  ${closes || `opens ${step.prerequisiteFor.join(', ')}`}`,
      );
    }
    console.log(
      `status ${solution.status}, ${solution.steps.length} modules, ${solution.minutes} min = ${solution.minutes / 60} h, solved in ${Math.round(path.solvedInMs)} ms`,
    );
  } finally {
    await close();
  }
}

runProcess(main, 'No path');
