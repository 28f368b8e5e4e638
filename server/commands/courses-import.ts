import { resolve } from 'node:path';
import { formatIssue } from '../content/issues';
import { OperationalError } from '../platform/errors';
import { runProcess, start } from '../start';

/** `npm run courses:import [folder]`: brings the database up to the course files. Exit code 1 if a course has an error. */
async function main(): Promise<void> {
  const { services, close } = await start({ seed: false });
  try {
    const folder = process.argv[2];
    const { changed, unchanged, archived, issues } = await services.catalogue.service.importCourses(
      folder === undefined ? undefined : resolve(folder),
    );
    const errors = issues.filter(({ severity }) => severity === 'error');
    for (const issue of errors) console.error(formatIssue(issue));
    const list = (codes: string[]) => (codes.length > 0 ? `${codes.length} (${codes.join(', ')})` : 'none');
    console.log(
      `New versions: ${list(changed)}. Unchanged: ${unchanged.length}. Archived: ${list(archived)}.`,
    );
    if (errors.length > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    console.error(`${error.message} "npm start" does that.`);
    process.exitCode = 1;
  } finally {
    await close();
  }
}

runProcess(main);
