import {
  type ImportResult,
  importCourses,
  importGlossary,
  importTrainingPaths,
} from '../../content/import-courses';
import { type ContentIssue, formatIssue } from '../../content/issues';
import { loadCourses } from '../../content/load-courses';
import { COURSES_FOLDER, readGlossary, readTrainingPaths, referencesOf } from '../../content/reference';
import type { Database } from '../../platform/db/database';
import type { Log } from '../../platform/log/log';
import { currentFramework } from '../frameworks/frameworks.read-model';
import { forgetCurriculum } from './catalogue.read-model';

export type CatalogueService = ReturnType<typeof createCatalogueService>;

export function createCatalogueService({ db, log }: { db: Database; log: Log }) {
  return {
    /**
     * Brings the database up to the course files, the glossary and the ready-made paths. Safe at every start: what has
     * not changed is left alone. A course with an error is logged and stays as it was; the others go in.
     */
    async importCourses(folder: string = COURSES_FOLDER): Promise<ImportResult & { issues: ContentIssue[] }> {
      const [framework, glossary, paths] = await Promise.all([
        currentFramework(db),
        readGlossary(),
        readTrainingPaths(),
      ]);
      const content = await loadCourses(folder, referencesOf(framework.document, glossary));
      await db.transaction(async () => {
        await importGlossary(db, glossary);
        await importTrainingPaths(db, paths);
      });
      const result = await importCourses(db, content);
      forgetCurriculum(db);
      for (const issue of content.issues) {
        if (issue.severity === 'error') log.error({ file: issue.file, line: issue.line }, formatIssue(issue));
      }
      return { ...result, issues: content.issues };
    },
  };
}
