import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { LoadedContent } from '../server/content/content';
import { formatIssue } from '../server/content/issues';
import { loadCourses } from '../server/content/load-courses';
import { COURSES_FOLDER, readGlossary, readTrainingPaths, referencesOf } from '../server/content/reference';
import { frameworkSchema } from '../server/features/frameworks/framework.schemas';
import { fromRoot } from '../server/platform/root';

let content: LoadedContent;
beforeAll(async () => {
  const file = fromRoot('seeds', 'reference', 'framework-cm-1.0.yaml');
  const framework = frameworkSchema.parse(parse(readFileSync(file, 'utf8')));
  content = await loadCourses(COURSES_FOLDER, referencesOf(framework, await readGlossary()));
});

const modules = () => content.courses.flatMap(({ outline }) => outline.modules);

describe('the courses of this repository', () => {
  it('have no errors', () => {
    const errors = content.issues.filter(({ severity }) => severity === 'error');
    expect(errors.map(formatIssue)).toEqual([]);
  });

  it('are the whole curriculum: 11 courses, 49 modules, 133.5 hours', () => {
    expect(content.courses.map(({ outline }) => outline.code)).toEqual(
      Array.from({ length: 11 }, (_, index) => `C${String(index + 1).padStart(2, '0')}`),
    );
    expect(modules()).toHaveLength(49);
    expect(modules().reduce((sum, { minutes }) => sum + minutes, 0)).toBe(133.5 * 60);
  });

  it('say everything in Italian as well', () => {
    const missing = content.issues.filter(
      ({ message }) => message.includes('"it"') || message.includes('.it.md'),
    );
    expect(missing.map(formatIssue)).toEqual([]);
  });

  it('open module by module: what is open has lessons, what has a quiz is open', () => {
    expect(modules().filter(({ open }) => open).length).toBeGreaterThan(0);
    for (const { code, open, lessons, quiz } of modules()) {
      expect({ code, open }).toEqual({ code, open: lessons.length > 0 });
      expect({ code, orphan: quiz !== null && !open }).toEqual({ code, orphan: false });
    }
  });
});

describe('the ready-made paths', () => {
  it('consist of modules that exist, last as long as they say, and name prerequisites before what rests on them', async () => {
    const byCode = new Map(modules().map((module) => [module.code, module]));
    for (const { code, modules: steps, hours, waivesPrerequisites } of await readTrainingPaths()) {
      const unknown = steps.filter((step) => !byCode.has(step));
      expect({ code, unknown }).toEqual({ code, unknown: [] });
      const minutes = steps.reduce((sum, step) => sum + (byCode.get(step)?.minutes ?? 0), 0);
      expect({ code, hours: minutes / 60 }).toEqual({ code, hours });
      if (waivesPrerequisites) continue;
      for (const step of steps) {
        const absent = (byCode.get(step)?.prerequisites ?? []).filter((before) => !steps.includes(before));
        expect({ code, step, absent }).toEqual({ code, step, absent: [] });
      }
    }
  });
});
