import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { formatIssue } from '../content/issues';
import { loadCourses } from '../content/load-courses';
import { COURSES_FOLDER, readGlossary, referencesOf } from '../content/reference';
import { frameworkSchema } from '../features/frameworks/framework.schemas';
import { fromRoot } from '../platform/root';

/** `npm run courses:check [folder]`: every problem of the course files. Exit code 1 if one of them is an error. */
async function main(): Promise<void> {
  const framework = frameworkSchema.parse(
    parse(await readFile(fromRoot('seeds', 'reference', 'framework-cm-1.0.yaml'), 'utf8')),
  );
  const folder = resolve(process.argv[2] ?? COURSES_FOLDER);
  const { courses, issues } = await loadCourses(folder, referencesOf(framework, await readGlossary()));
  for (const issue of issues) console.log(formatIssue(issue));
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  const modules = courses.flatMap(({ outline }) => outline.modules);
  const open = modules.filter((module) => module.open).length;
  console.log(
    `${courses.length} courses, ${modules.length} modules (${open} open): ${errors} errors, ${issues.length - errors} warnings.`,
  );
  if (errors > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
