import type { CourseFile } from './course-schema';
import type { Report } from './issues';
import type { QuizFile } from './item-schema';
import type { YamlFile } from './yaml-file';

/** A course as its files say, with what is needed to report on them. */
export type CourseFiles = {
  slug: string;
  report: Report;
  yaml: YamlFile;
  file: CourseFile;
  quizFiles: { module: string; yaml: YamlFile; report: Report; quiz: QuizFile }[];
};

/** What can only be seen with all courses at hand: codes and ids used twice, prerequisites that do not exist or run in a circle. */
export function checkAcross(drafts: readonly CourseFiles[]): void {
  const courses = new Map<string, string>();
  const modules = new Map<string, { prerequisites: string[]; draft: CourseFiles; index: number }>();
  const items = new Map<string, string>();
  for (const draft of drafts) {
    const { file, yaml, report, slug } = draft;
    const twice = courses.get(file.code);
    if (twice !== undefined) {
      report(
        'error',
        yaml.lineAt(['code']),
        `The code ${file.code} belongs to the course "${twice}" already.`,
        'Give each course its own code.',
      );
    }
    courses.set(file.code, slug);
    for (const [index, module] of file.modules.entries()) {
      if (modules.has(module.code)) {
        report(
          'error',
          yaml.lineAt(['modules', index, 'code']),
          `The code ${module.code} is used twice.`,
          'Give each module its own code.',
        );
      }
      modules.set(module.code, { prerequisites: module.prerequisites, draft, index });
    }
    for (const quizFile of draft.quizFiles) {
      for (const [index, { id }] of quizFile.quiz.items.entries()) {
        const owner = items.get(id);
        if (owner !== undefined) {
          const line = quizFile.yaml.lineAt(['items', index, 'id']);
          quizFile.report(
            'error',
            line,
            `The id ${id} is used in ${owner} already.`,
            'Ids are unique across all courses and never used again.',
          );
        }
        items.set(id, quizFile.module);
      }
    }
  }
  for (const { file, yaml, report } of drafts) {
    for (const [index, code] of file.advised.entries()) {
      if (courses.has(code) || modules.has(code)) continue;
      report(
        'error',
        yaml.lineAt(['advised', index]),
        `There is no course or module ${code}.`,
        'Advise one that exists.',
      );
    }
    for (const [index, module] of file.modules.entries()) {
      for (const [position, code] of module.prerequisites.entries()) {
        if (modules.has(code)) continue;
        const line = yaml.lineAt(['modules', index, 'prerequisites', position]);
        report(
          'error',
          line,
          `The prerequisite ${code} does not exist.`,
          'Name a module of these courses, or remove it.',
        );
      }
    }
  }
  for (const loop of findLoops(
    new Map([...modules].map(([code, { prerequisites }]) => [code, prerequisites])),
  )) {
    const first = modules.get(loop[0] ?? '');
    if (!first) continue;
    const line = first.draft.yaml.lineAt(['modules', first.index, 'prerequisites']);
    const message = `These prerequisites run in a circle: ${[...loop, loop[0]].join(' → ')}.`;
    first.draft.report('error', line, message, 'Nobody could ever start: remove one of them.');
  }
}

/** Circles among prerequisites, each once, beginning with its smallest code. */
function findLoops(prerequisites: ReadonlyMap<string, readonly string[]>): string[][] {
  const loops = new Map<string, string[]>();
  const settled = new Set<string>();
  const visit = (code: string, trail: readonly string[]): void => {
    const at = trail.indexOf(code);
    if (at >= 0) {
      const loop = trail.slice(at);
      const smallest = loop.indexOf(loop.toSorted()[0] ?? '');
      const turned = [...loop.slice(smallest), ...loop.slice(0, smallest)];
      loops.set(turned.join(), turned);
      return;
    }
    if (settled.has(code)) return;
    for (const next of prerequisites.get(code) ?? []) visit(next, [...trail, code]);
    settled.add(code);
  };
  for (const code of [...prerequisites.keys()].sort()) visit(code, []);
  return [...loops.values()];
}
