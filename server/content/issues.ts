/** A problem in a course file, as authors read it: where it is, what is wrong and what to do. */
export type ContentIssue = {
  /** Path from the folder above `courses/`, with forward slashes. */
  file: string;
  /** From 1. */
  line: number;
  /** A course with an error is not imported; a warning is advice. */
  severity: 'error' | 'warning';
  message: string;
  advice: string;
};

/** Writes down a problem of one file. */
export type Report = (
  severity: ContentIssue['severity'],
  line: number,
  message: string,
  advice: string,
) => void;

/** A reporter for one file that appends to `issues`. */
export function reporterFor(file: string, issues: ContentIssue[]): Report {
  return (severity, line, message, advice) => issues.push({ file, line, severity, message, advice });
}

/** Issues in the order in which an author goes through the files. */
export function sortIssues(issues: readonly ContentIssue[]): ContentIssue[] {
  return issues.toSorted(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.message.localeCompare(b.message),
  );
}

/** One line per issue, as compilers write them, so that editors can jump to it. */
export function formatIssue(issue: ContentIssue): string {
  return `${issue.file}:${issue.line}: ${issue.severity}: ${issue.message} ${issue.advice}`;
}
