import { type ContentReferences, type Files, type Reporter, TRANSLATED } from './content';
import type { Report } from './issues';
import { type QuizFile, quizFileSchema } from './item-schema';
import { parseYaml, reportMissingTranslations, reportSchemaIssues, type YamlFile } from './yaml-file';

/** The quiz of a module, or null if it has none that can be read. */
export function readQuiz(
  module: string,
  moduleFolder: string,
  files: Files,
  given: { used: Set<string>; reporter: Reporter; references: ContentReferences },
): { yaml: YamlFile; report: Report; quiz: QuizFile } | null {
  const path = `${moduleFolder}/quiz.yaml`;
  const source = files.get(path);
  if (!source) return null;
  given.used.add(path);
  const report = given.reporter(path);
  const yaml = parseYaml(source.toString('utf8'), report);
  if (!yaml) return null;
  const parsed = quizFileSchema.safeParse(yaml.value);
  if (!parsed.success) {
    reportSchemaIssues(parsed.error.issues, yaml, { report, advice: 'See courses/README.md, "quiz.yaml".' });
    return null;
  }
  const quiz = parsed.data;
  reportMissingTranslations(yaml.value, yaml, { report, languages: TRANSLATED });
  if (!Number.isInteger(quiz.passMark) || quiz.passMark < 1) {
    report(
      'error',
      yaml.lineAt(['passMark']),
      'The pass mark is a whole number from 1 to 100.',
      'It is the per cent of the points needed.',
    );
  }
  for (const [index, { competency }] of quiz.items.entries()) {
    if (given.references.competencies.has(competency)) continue;
    const line = yaml.lineAt(['items', index, 'competency']);
    report(
      'error',
      line,
      `There is no competency ${competency}.`,
      `Use a code of the competence framework that ${module} teaches.`,
    );
  }
  return { yaml, report, quiz };
}

/** Number of items in one attempt. */
export function questionsMet({ slots }: QuizFile): number {
  return slots.reduce((sum, slot) => sum + (slot.kind === 'random' ? slot.count : 1), 0);
}
