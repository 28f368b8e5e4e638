import type { ModuleOutline } from '../../core/curriculum';
import { textIn } from '../../core/localized-text';
import type { AnswerProblem, AnswerProblemCode } from '../../core/quiz/parse-answer';
import { type PublicScenario, presentItem } from '../../core/quiz/present';
import { reviewItem } from '../../core/quiz/review';
import { scoreAnswer } from '../../core/quiz/score';
import type { FieldErrors } from '../../platform/http/forms';
import { definePage } from '../../platform/http/page';
import { formatDateTime, formatNumber, formatPercent } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import { type Completeness, completeness } from './completeness';
import { type TextView, textView } from './item-texts';
import { type QuestionView, questionView, type TypedFields } from './question.views';
import type { Attempt, AttemptQuestion, LearnerQuiz } from './quizzes.service';
import { type AnswerLine, givenLines, pointsText, type ReviewView, reviewView } from './review.views';

type Words = { t: Translate; locale: Locale };
type Mark = { kind: string; text: string };

const eyebrowOf = (code: string, title: ModuleOutline['title'], locale: Locale) =>
  `${code} · ${textIn(title, locale)}`;

export type IntroView = {
  title: string;
  eyebrow: string;
  courseHref: string;
  facts: { label: string; value: string }[];
  passed: boolean;
  /** Null when the quiz can be started. */
  missing: null | { prerequisites: string | null; lessons: { href: string; title: string }[] };
  startAction: string;
  startLabel: string;
  attempts: { name: string; href: string; date: string; score: string; outcome: Mark }[];
};
export const INTRO_PAGE = definePage<IntroView>('quizzes/intro');

export function introView(
  { course, module, quiz, attempts, missing }: LearnerQuiz,
  { t, locale }: Words,
): IntroView {
  const { slug } = course.outline;
  const base = `/learn/${slug}/${module.code}`;
  const done = attempts.filter(({ submittedAt }) => submittedAt !== null);
  const passed = done.some((each) => each.passed);
  const isMissing = missing.prerequisites.length > 0 || missing.lessons.length > 0;
  const again = passed ? 'quizzes.intro.practise' : 'quizzes.intro.again';
  return {
    title: t('quizzes.title'),
    eyebrow: eyebrowOf(module.code, module.title, locale),
    courseHref: `/courses/${slug}`,
    facts: [
      { label: t('quizzes.intro.questions'), value: formatNumber(module.quiz?.items ?? 0, locale) },
      { label: t('quizzes.intro.passMark'), value: formatPercent(quiz.passMark / 100, locale) },
      { label: t('quizzes.intro.time'), value: t('quizzes.intro.noLimit') },
      { label: t('quizzes.intro.tries'), value: t('quizzes.intro.anyNumber') },
    ],
    passed,
    missing: isMissing
      ? {
          prerequisites:
            missing.prerequisites.length > 0
              ? t('quizzes.intro.prerequisites', { modules: missing.prerequisites.join(', ') })
              : null,
          lessons: missing.lessons.map((lesson) => ({
            href: `${base}/${lesson.slug}`,
            title: textIn(lesson.title, locale),
          })),
        }
      : null,
    startAction: `${base}/quiz/start`,
    startLabel: t(done.length > 0 ? again : 'quizzes.intro.start'),
    attempts: done.map((each) => ({
      name: t('quizzes.intro.attempt', { number: each.number }),
      href: `/attempts/${each.id}/result`,
      date: each.submittedAt ? formatDateTime(each.submittedAt, locale) : '',
      score: scoreText(each, { t, locale }).share,
      outcome: outcomeMark(each.passed, t),
    })),
  };
}

type NavItem = {
  number: number;
  href: string;
  current: boolean;
  state: 'answered' | 'flagged' | null;
  stateText: string | null;
};

type ScenarioView = {
  id: string;
  stem: TextView;
  marks: string;
  closed: { id: string; heading: string; stem: TextView; given: AnswerLine[] }[];
  /** Null once every part is closed. */
  open: { heading: string; question: QuestionView } | null;
  /** What going on to the next part means; null for the last one, which stays open until submission. */
  nextNote: string | null;
};
/** The button that closes the open part of a case and shows the next. */
type NextPart = { name: string; value: string; label: string };

export type AttemptView = {
  title: string;
  eyebrow: string;
  courseHref: string;
  place: string;
  action: string;
  reviewHref: string;
  saved: boolean;
  flagged: boolean;
  fallback: string | null;
  errors: { href: string; text: string }[];
  problem: string | null;
  question: QuestionView | null;
  scenario: ScenarioView | null;
  nextPart: NextPart | null;
  hasPrevious: boolean;
  nextLabel: string;
  nav: NavItem[];
};
export const ATTEMPT_PAGE = definePage<AttemptView>('quizzes/attempt');

/** What a refused answer brings back to its page. */
export type Refused = { problems: readonly AnswerProblem[]; typed: TypedFields; flagged: boolean };

/** Problems that the learner can put right; the others come from a stale page or a forged request. */
const CORRECTABLE: ReadonlySet<AnswerProblemCode> = new Set([
  'not-a-number',
  'unit-not-expected',
  'unit-missing',
  'too-long',
  'stage-unanswered',
]);

export function attemptView(
  attempt: Attempt,
  current: AttemptQuestion,
  words: Words,
  refused?: Refused,
): AttemptView {
  const { t, locale } = words;
  const { number, item, arrangement, answer } = current;
  const total = attempt.questions.length;
  const base = `/attempts/${attempt.id}`;
  const shown = presentItem(item, arrangement, locale, answer);
  const { errors, problem } = problemTexts(refused?.problems ?? [], t);
  const given = { typed: problem ? null : (refused?.typed ?? null), errors, ...words };
  const scenario = shown.type === 'scenario' ? scenarioView(shown, given) : null;
  const question = shown.type === 'scenario' ? null : questionView(shown, 'question', given);
  const nextPart = shown.type === 'scenario' ? nextPartOf(shown, t) : null;
  return {
    title: t('quizzes.attempt.title', { number, total }),
    eyebrow: eyebrowOf(attempt.moduleCode, attempt.moduleTitle, locale),
    courseHref: `/courses/${attempt.courseSlug}`,
    place: t('quizzes.attempt.place', { number, total }),
    action: `${base}/answers/${number}`,
    reviewHref: `${base}/review`,
    saved: answer !== null && !refused,
    flagged: refused?.flagged ?? current.flagged,
    fallback: shown.stem.lang === locale ? null : t('quizzes.fallback'),
    errors: errorLinks(errors, question ?? scenario?.open?.question),
    problem,
    question,
    scenario,
    nextPart,
    hasPrevious: number > 1,
    nextLabel: t(`quizzes.attempt.${number === total ? 'toReview' : nextPart ? 'nextQuestion' : 'next'}`),
    nav: attempt.questions.map((each) => navItem(each, each.number === number, base, t)),
  };
}

/** The error summary: errors of the question as a whole lead to its first control, those of a gap name the gap. */
function errorLinks(errors: FieldErrors, question: QuestionView | undefined): AttemptView['errors'] {
  const body = question?.body;
  const gaps = new Map(
    body?.partial === 'quizzes/cloze' ? body.cloze.errors.map(({ id, text }) => [id, text]) : [],
  );
  const name = body?.partial === 'quizzes/choices' ? body.choices.name : question?.id;
  return Object.entries(errors).map(([field, text]) => {
    const isWhole = question !== undefined && (field === question.id || field === name);
    return { href: `#${isWhole ? question.firstId : field}`, text: gaps.get(field) ?? text };
  });
}

function problemTexts(
  problems: readonly AnswerProblem[],
  t: Translate,
): { errors: FieldErrors; problem: string | null } {
  const foreign = problems.filter(({ code }) => !CORRECTABLE.has(code));
  if (foreign.length > 0) {
    const isClosed = foreign.some(({ code }) => code === 'stage-closed');
    return { errors: {}, problem: t(isClosed ? 'quizzes.problems.stageClosed' : 'quizzes.problems.foreign') };
  }
  const errors: FieldErrors = {};
  for (const { field, code } of problems) {
    const where = code === 'stage-unanswered' ? OPEN_STAGE : field;
    errors[where] ??= t(`quizzes.problems.${code}`);
  }
  return { errors, problem: null };
}

/** The same for an autosave: what is wrong, by field. */
export function problemMessages(problems: readonly AnswerProblem[], t: Translate): Record<string, string> {
  const { errors, problem } = problemTexts(problems, t);
  return problem ? { '': problem } : errors;
}

/** The page's id of a scenario's open part. */
const OPEN_STAGE = 'open-part';

function scenarioView(
  shown: PublicScenario,
  given: { typed: TypedFields; errors: FieldErrors } & Words,
): ScenarioView {
  const { t, locale } = given;
  const total = shown.stageCount;
  const heading = (index: number) => t('quizzes.stage', { number: index + 1, total });
  const openIndex = shown.stages.findIndex(({ closed }) => !closed);
  const open = shown.stages[openIndex];
  const points = t('quizzes.points', { count: shown.points, points: formatNumber(shown.points, locale, 2) });
  return {
    id: 'case',
    stem: textView(shown.stem, locale),
    marks: `${points} · ${t('quizzes.instruction.scenario', { count: total })}`,
    closed: shown.stages.flatMap((stage, index) =>
      stage.closed
        ? [
            {
              id: `part-${index + 1}`,
              heading: heading(index),
              stem: textView(stage.stem, locale),
              given: givenLines(stage, given),
            },
          ]
        : [],
    ),
    open: open ? { heading: heading(openIndex), question: questionView(open, OPEN_STAGE, given) } : null,
    nextNote: nextPartOf(shown, t) && t('quizzes.attempt.nextPartNote'),
  };
}

function nextPartOf({ stages, stageCount, next }: PublicScenario, t: Translate): NextPart | null {
  if (!next || stages.length === stageCount) return null;
  const label = t('quizzes.attempt.nextPart', { number: stages.length + 1, total: stageCount });
  return { name: next.field, value: next.value, label };
}

function navItem(question: AttemptQuestion, current: boolean, base: string, t: Translate): NavItem {
  const { number, flagged } = question;
  const how = completeness(question.item, question.answer);
  const answered = how === 'complete';
  const texts = [answered && t('quizzes.state.complete'), flagged && t('quizzes.state.flagged')].filter(
    Boolean,
  );
  return {
    number,
    href: `${base}?question=${number}`,
    current,
    state: flagged ? 'flagged' : answered ? 'answered' : null,
    stateText: texts.length > 0 ? texts.join(', ') : null,
  };
}

export type CheckView = {
  title: string;
  eyebrow: string;
  courseHref: string;
  lead: string;
  submitAction: string;
  backHref: string;
  rows: { number: string; href: string; status: Mark; flagged: boolean; open: boolean }[];
};
export const CHECK_PAGE = definePage<CheckView>('quizzes/check');

const COMPLETENESS_MARKS: Readonly<Record<Completeness, string>> = {
  none: 'todo',
  partly: 'progress',
  complete: 'done',
};

/** The list before submission: what is not answered yet and what the learner wanted to come back to. */
export function checkView(attempt: Attempt, { t, locale }: Words): CheckView {
  const base = `/attempts/${attempt.id}`;
  const rows = attempt.questions.map(({ number, item, answer, flagged }) => {
    const how = completeness(item, answer);
    return {
      number: t('quizzes.question', { number }),
      href: `${base}?question=${number}`,
      status: { kind: COMPLETENESS_MARKS[how], text: t(`quizzes.state.${how}`) },
      flagged,
      open: how !== 'complete',
    };
  });
  const open = rows.filter((row) => row.open).length;
  return {
    title: t('quizzes.check.title'),
    eyebrow: eyebrowOf(attempt.moduleCode, attempt.moduleTitle, locale),
    courseHref: `/courses/${attempt.courseSlug}`,
    lead: open > 0 ? t('quizzes.check.open', { count: open }) : t('quizzes.check.all'),
    submitAction: `${base}/submit`,
    backHref: `${base}?question=${attempt.questions.length}`,
    rows,
  };
}

export type ResultView = {
  title: string;
  eyebrow: string;
  courseHref: string;
  passed: boolean;
  lead: string;
  stats: { label: string; value: string; note: string }[];
  primary: { href: string; label: string };
  secondary: { href: string; label: string };
  place: string;
  page: number;
  pages: number;
  prevHref: string | null;
  nextHref: string | null;
  nav: NavItem[];
  reviews: ReviewView[];
};
export const RESULT_PAGE = definePage<ResultView>('quizzes/result');

/** Right after submission everything shows. */
const AFTER_SUBMISSION = { marks: true, correctness: true, rightAnswer: true, feedback: true };

/** Questions per page of the result, a scenario counting as its parts: what one can read in one go. */
const QUESTIONS_PER_PAGE = 6;

export function resultView(attempt: Attempt, wantedPage: number, words: Words): ResultView {
  const { t, locale } = words;
  const base = `/attempts/${attempt.id}/result`;
  const quizHref = `/learn/${attempt.courseSlug}/${attempt.moduleCode}/quiz`;
  const courseHref = `/courses/${attempt.courseSlug}`;
  const pages = pagesOf(attempt.questions);
  const page = Math.min(pages.length, Math.max(1, wantedPage));
  const shown = pages[page - 1] ?? [];
  const passed = attempt.passed === true;
  const passMark = formatPercent(attempt.passMark / 100, locale);
  const score = scoreText(attempt, words);
  const pageHref = (number: number) => `${base}?page=${number}`;
  const range = {
    from: shown[0]?.number ?? 0,
    to: shown.at(-1)?.number ?? 0,
    total: attempt.questions.length,
  };
  return {
    title: t(passed ? 'quizzes.result.passed' : 'quizzes.result.notYet'),
    eyebrow: eyebrowOf(attempt.moduleCode, attempt.moduleTitle, locale),
    courseHref,
    passed,
    lead: t(passed ? 'quizzes.result.passedLead' : 'quizzes.result.notYetLead', { passMark }),
    stats: [
      { label: t('quizzes.result.score'), value: score.share, note: score.points },
      { label: t('quizzes.intro.passMark'), value: passMark, note: t('quizzes.result.ofPoints') },
    ],
    primary: passed
      ? { href: `/learn/${attempt.courseSlug}`, label: t('quizzes.result.continue') }
      : { href: quizHref, label: t('quizzes.intro.again') },
    secondary: passed
      ? { href: quizHref, label: t('quizzes.intro.practise') }
      : { href: courseHref, label: t('quizzes.result.toCourse') },
    place: t('quizzes.result.place', range),
    page,
    pages: pages.length,
    prevHref: page > 1 ? pageHref(page - 1) : null,
    nextHref: page < pages.length ? pageHref(page + 1) : null,
    nav: pages.flatMap((questions, index) =>
      questions.map((question) => {
        const { correctness } = scoreAnswer(question.item, question.answer);
        return {
          number: question.number,
          href: `${pageHref(index + 1)}#question-${question.number}`,
          current: false,
          state: correctness === 'correct' ? ('answered' as const) : null,
          stateText: t(`quizzes.correctness.${correctness}`),
        };
      }),
    ),
    reviews: shown.map(({ number, item, arrangement, answer }) => {
      const review = reviewItem(
        item,
        arrangement,
        answer,
        scoreAnswer(item, answer),
        locale,
        AFTER_SUBMISSION,
      );
      return reviewView(review, `question-${number}`, t('quizzes.question', { number }), words);
    }),
  };
}

/** The questions in order, cut into pages of about the same length. */
function pagesOf(questions: readonly AttemptQuestion[]): AttemptQuestion[][] {
  const pages: AttemptQuestion[][] = [];
  let length = QUESTIONS_PER_PAGE;
  for (const question of questions) {
    const own = question.item.type === 'scenario' ? question.item.stages.length : 1;
    if (length + own > QUESTIONS_PER_PAGE) {
      pages.push([]);
      length = 0;
    }
    pages.at(-1)?.push(question);
    length += own;
  }
  return pages;
}

function outcomeMark(passed: boolean | null, t: Translate): Mark {
  return passed
    ? { kind: 'done', text: t('quizzes.outcome.passed') }
    : { kind: 'todo', text: t('quizzes.outcome.notYet') };
}

/** The score in words. The share is rounded down, so that 69.9 % never reads as a pass at 70 %. */
function scoreText(
  { points, maxPoints }: { points: number | null; maxPoints: number | null },
  { t, locale }: Words,
): { share: string; points: string } {
  const max = maxPoints ?? 0;
  const percent = max > 0 ? Math.floor((100 * (points ?? 0)) / max + 1e-6) : 0;
  return {
    share: formatPercent(percent / 100, locale),
    points: pointsText(points ?? 0, max, { t, locale }),
  };
}
