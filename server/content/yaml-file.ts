import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Report } from './issues';

export type YamlFile = {
  value: unknown;
  /** Line of the value at `path`, or of the nearest thing above it that exists. */
  lineAt(path: readonly PropertyKey[]): number;
};

/**
 * Parses a YAML text and keeps where everything stood.
 * @param firstLine line of the file at which `text` begins, for front matter.
 * @returns null when it is not YAML; the reasons are reported.
 */
export function parseYaml(text: string, report: Report, firstLine = 1): YamlFile | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number) => Math.max(1, lines.linePos(offset).line) + firstLine - 1;
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      const message = `This is not valid YAML: ${error.message.replace(/\.?$/, '.')}`;
      report(
        'error',
        lineOf(error.pos[0]),
        message,
        'Put texts that contain ": " or begin with a special character in quotes.',
      );
    }
    return null;
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch {
    report('error', firstLine, 'The aliases (*) of this file expand too far.', 'Write the values out.');
    return null;
  }
  return {
    value,
    lineAt(path) {
      let node: unknown = document.contents;
      let offset = start(node) ?? 0;
      for (const key of path) {
        const next = child(node, key);
        if (!next) break;
        node = next.value;
        offset = next.offset ?? start(node) ?? offset;
      }
      return lineOf(offset);
    },
  };
}

function start(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}

function child(node: unknown, key: PropertyKey): { value: unknown; offset: number | undefined } | null {
  if (isSeq(node) && typeof key === 'number' && key in node.items) {
    return { value: node.items[key], offset: start(node.items[key]) };
  }
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    if (pair) return { value: pair.value, offset: start(pair.key) };
  }
  return null;
}

/** Reports what a schema found, each at its line and in an author's words. */
export function reportSchemaIssues(
  found: readonly z.core.$ZodIssue[],
  file: YamlFile,
  given: { report: Report; path?: PropertyKey[]; advice: string },
): void {
  const { report, advice } = given;
  for (const issue of found) {
    const path = [...(given.path ?? []), ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        report(
          'error',
          file.lineAt([...path, key]),
          `There is no field "${nameOf([...path, key])}".`,
          advice,
        );
      }
    } else if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      // The alternative that went furthest is the one the author meant.
      const nearest = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
      reportSchemaIssues(nearest, file, { report, path, advice });
    } else if (issue.code === 'invalid_type' && valueAt(file.value, path) === undefined) {
      report('error', file.lineAt(path), `"${nameOf(path)}" is missing.`, advice);
    } else {
      report('error', file.lineAt(path), `${nameOf(path)}: ${issue.message.replace(/\.?$/, '.')}`, advice);
    }
  }
}

/** Reports every text below `value` that has English and lacks one of `languages`. */
export function reportMissingTranslations(
  value: unknown,
  file: YamlFile,
  given: { report: Report; languages: readonly string[] },
  path: PropertyKey[] = [],
): void {
  if (typeof value !== 'object' || value === null) return;
  if ('en' in value && typeof value.en === 'string') {
    for (const language of given.languages) {
      if (language in value) continue;
      const message = `"${nameOf(path)}" has no text in "${language}".`;
      given.report(
        'warning',
        file.lineAt(path),
        message,
        'Readers of that language see the English text until it is translated.',
      );
    }
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    reportMissingTranslations(part, file, given, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
    value,
  );
}

/** `modules.2.title.en`; list positions count from 1, as authors do. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.map((key) => (typeof key === 'number' ? key + 1 : String(key))).join('.') || 'The file';
}
