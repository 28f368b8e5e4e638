import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { frameworkSchema } from '../../server/features/frameworks/framework.schemas';
import { fromRoot } from '../../server/platform/root';
import type { TestApp } from './app';

/** Publishes the framework of seeds/reference, as a first start does. */
export async function publishFramework(t: TestApp): Promise<void> {
  const file = fromRoot('seeds', 'reference', 'framework-cm-1.0.yaml');
  await t.services.frameworks.service.publishVersion(
    frameworkSchema.parse(parse(readFileSync(file, 'utf8'))),
  );
}

/** The framework and the courses of this repository. */
export async function importReference(t: TestApp): Promise<void> {
  await publishFramework(t);
  await t.services.catalogue.service.importCourses();
}
