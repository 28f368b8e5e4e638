import type { ModuleOutline } from '../../core/curriculum';
import { textIn } from '../../core/localized-text';
import { type ModuleProgress, type ModuleStatus, needsRecord } from '../../core/progress';
import { errorSummary, type FieldErrors } from '../../platform/http/forms';
import { definePage } from '../../platform/http/page';
import { formatDate, formatMinutes } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import { type FieldView, field } from '../../platform/views/field';
import { minutesLeft, progressInModule } from './learning.policy';
import type { CourseLearner, LearnerCourse, TaughtCourse } from './learning.read-model';

export type StatusView = { kind: string; text: string };

/** A module's state as icon and words. */
export function statusView(
  status: ModuleStatus,
  missing: ModuleProgress['missing'],
  t: Translate,
): StatusView {
  const kind = {
    soon: 'locked',
    locked: 'locked',
    todo: 'todo',
    progress: 'progress',
    awaiting: 'waiting',
    done: 'done',
  }[status];
  const only = status === 'progress' && missing.length === 1 ? missing[0] : undefined;
  return { kind, text: only ? t(`learning.missing.${only}`) : t(`learning.status.${status}`) };
}

type Step = {
  title: string;
  meta: string;
  href: string | null;
  current: boolean;
  state: 'done' | 'current' | 'locked' | 'todo';
  icon: string;
};
type Link = { href: string; title: string; hint: string };

export type LessonView = {
  title: string;
  eyebrow: string;
  meta: string;
  courseHref: string;
  html: string;
  facilitatorHtml: string;
  /** Language of the text, and whether it is another than the page's. */
  textLang: string;
  fallback: string | null;
  positionHref: string;
  resume: number;
  doneHref: string;
  done: boolean;
  doneLabel: string;
  previous: Link | null;
  locked: string | null;
  steps: Step[];
  progress: { done: number; total: number; label: string; left: string };
};
export const LESSON_PAGE = definePage<LessonView>('learning/lesson');

export function lessonView(given: {
  course: LearnerCourse;
  module: ModuleOutline;
  lessonSlug: string;
  text: { title: string; html: string; facilitatorHtml: string; language: string };
  openPrerequisites: string[];
  t: Translate;
  locale: Locale;
}): LessonView {
  const { course, module, lessonSlug, text, openPrerequisites, t, locale } = given;
  const base = `/learn/${course.outline.slug}/${module.code}`;
  const index = module.lessons.findIndex((lesson) => lesson.slug === lessonSlug);
  const lesson = module.lessons[index];
  const row = (slug: string) =>
    course.lessons.find((candidate) => candidate.module === module.code && candidate.lesson === slug);
  const done = module.lessons.filter(({ slug }) => row(slug)?.done).length;
  const previous = module.lessons[index - 1];
  const next = module.lessons[index + 1];
  const isDone = row(lessonSlug)?.done ?? false;
  const passed = course.quizzesPassed.includes(module.code);

  const steps: Step[] = module.lessons.map((candidate) => {
    const read = row(candidate.slug)?.done ?? false;
    const current = candidate.slug === lessonSlug;
    return {
      title: textIn(candidate.title, locale),
      meta: `${read ? `${t('learning.read')} · ` : ''}${formatMinutes(candidate.minutes, locale)}`,
      href: `${base}/${candidate.slug}`,
      current,
      state: read ? 'done' : current ? 'current' : 'todo',
      icon: read ? 'check-circle' : current ? 'half' : 'circle',
    };
  });
  if (module.quiz) {
    const ready = done === module.lessons.length;
    steps.push({
      title: t('learning.quiz'),
      meta: passed
        ? t('learning.quizPassed')
        : t(ready ? 'learning.quizReady' : 'learning.quizLocked', { count: module.quiz.items }),
      href: ready || passed ? `${base}/quiz` : null,
      current: false,
      state: passed ? 'done' : ready ? 'todo' : 'locked',
      icon: passed ? 'check-circle' : ready ? 'circle' : 'lock',
    });
  }

  return {
    title: text.title,
    eyebrow: `${module.code} · ${textIn(module.title, locale)}`,
    meta: t('learning.place', {
      number: index + 1,
      total: module.lessons.length,
      time: formatMinutes(lesson?.minutes ?? 0, locale),
    }),
    courseHref: `/courses/${course.outline.slug}`,
    html: text.html,
    facilitatorHtml: text.facilitatorHtml,
    textLang: text.language,
    fallback: text.language === locale ? null : t('learning.fallback'),
    positionHref: `${base}/${lessonSlug}/position`,
    resume: row(lessonSlug)?.done ? 0 : (row(lessonSlug)?.position ?? 0),
    doneHref: `${base}/${lessonSlug}/done`,
    done: isDone,
    doneLabel: next
      ? t(isDone ? 'learning.next' : 'learning.doneNext', { title: textIn(next.title, locale) })
      : t(module.quiz && !passed ? 'learning.doneQuiz' : 'learning.doneModule'),
    previous: previous
      ? {
          href: `${base}/${previous.slug}`,
          title: textIn(previous.title, locale),
          hint: t('learning.previous'),
        }
      : null,
    locked:
      openPrerequisites.length > 0 ? t('learning.lockedBy', { modules: openPrerequisites.join(', ') }) : null,
    steps,
    progress: {
      done,
      total: module.lessons.length,
      label: t('learning.lessonsDone', { count: done, total: module.lessons.length }),
      left: t('learning.minutesLeft', { time: formatMinutes(minutesLeft(course, module), locale) }),
    },
  };
}

/** What is awaited of others, in a sentence; null when nothing is. */
export function awaitedSentence(
  module: ModuleOutline,
  progress: ModuleProgress,
  record: LearnerCourse['records'][number] | undefined,
  t: Translate,
  locale: Locale,
): string | null {
  if (!needsRecord(module.modes) || !module.open) return null;
  if (!record) return progress.missing.includes('record') ? t('learning.awaiting.record') : null;
  return t(`learning.recorded.${record.outcome}`, { date: formatDate(record.heldOn, locale) });
}

export type TeachingView = {
  title: string;
  courses: { href: string; code: string; title: string; learners: string; completed: string }[];
};
export const TEACHING_PAGE = definePage<TeachingView>('learning/teaching');

export function teachingView(courses: TaughtCourse[], t: Translate, locale: Locale): TeachingView {
  return {
    title: t('learning.teaching.title'),
    courses: courses.map((course) => ({
      href: `/teaching/${course.slug}`,
      code: course.outline.code,
      title: textIn(course.outline.title, locale),
      learners: t('learning.teaching.learners', { count: course.learners }),
      completed: t('learning.teaching.completed', { count: course.completed }),
    })),
  };
}

type PersonRow = {
  id: string;
  name: string;
  cluster: string;
  cells: {
    label: string;
    status: StatusView;
    note: string | null;
    recordHref: string | null;
    recordLabel: string | null;
  }[];
  completed: string | null;
};
export type PeopleView = {
  title: string;
  eyebrow: string;
  modules: { code: string; title: string }[];
  people: PersonRow[];
  page: number;
  prevHref: string | null;
  nextHref: string | null;
  pages: number;
};
export const PEOPLE_PAGE = definePage<PeopleView>('learning/people');

export function peopleView(given: {
  course: TaughtCourse;
  learners: CourseLearner[];
  page: number;
  pages: number;
  t: Translate;
  locale: Locale;
}): PeopleView {
  const { course, learners, page, pages, t, locale } = given;
  const at = (number: number) => `/teaching/${course.slug}?page=${number}`;
  return {
    title: textIn(course.outline.title, locale),
    eyebrow: t('learning.people.eyebrow', { code: course.outline.code }),
    modules: course.outline.modules.map((module) => ({
      code: module.code,
      title: textIn(module.title, locale),
    })),
    people: learners.map((learner) => ({
      id: learner.enrolmentId,
      name: learner.learnerName,
      cluster: learner.cluster ?? '',
      completed: learner.completedAt
        ? t('learning.people.completedOn', { date: formatDate(learner.completedAt, locale) })
        : null,
      cells: learner.outline.modules.map((module) => {
        const { status, missing } = progressInModule(learner, module, true);
        const record = learner.records.find((candidate) => candidate.module === module.code);
        const recordable = needsRecord(module.modes) && module.open;
        return {
          label: `${module.code} ${textIn(module.title, locale)}`,
          status: statusView(status, missing, t),
          note: record
            ? t(`learning.recorded.${record.outcome}`, { date: formatDate(record.heldOn, locale) })
            : null,
          recordHref: recordable
            ? `/teaching/${course.slug}/record/${learner.enrolmentId}/${module.code}`
            : null,
          recordLabel: recordable ? t(record ? 'learning.people.correct' : 'learning.people.record') : null,
        };
      }),
    })),
    page,
    pages,
    prevHref: page > 1 ? at(page - 1) : null,
    nextHref: page < pages ? at(page + 1) : null,
  };
}

export type RecordView = {
  title: string;
  eyebrow: string;
  action: string;
  backHref: string;
  errors: { href: string; text: string }[];
  heldOn: FieldView;
  outcome: { value: string; label: string; hint: string; checked: boolean }[];
  outcomeError: string | null;
  note: FieldView;
  current: string | null;
};
export const RECORD_PAGE = definePage<RecordView>('learning/record');

export function recordView(given: {
  courseSlug: string;
  learner: { enrolmentId: string; name: string };
  module: ModuleOutline;
  record: LearnerCourse['records'][number] | undefined;
  typed?: { heldOn: string; outcome: string; note: string };
  errors?: FieldErrors;
  today: string;
  t: Translate;
  locale: Locale;
}): RecordView {
  const { courseSlug, learner, module, record, typed, t, locale, today } = given;
  const errors = given.errors ?? {};
  const outcome = typed?.outcome ?? record?.outcome ?? '';
  return {
    title: t('learning.record.title', { name: learner.name }),
    eyebrow: `${module.code} · ${textIn(module.title, locale)}`,
    action: `/teaching/${courseSlug}/record/${learner.enrolmentId}/${module.code}`,
    backHref: `/teaching/${courseSlug}`,
    errors: errorSummary(errors),
    heldOn: field('heldOn', t('learning.record.heldOn'), {
      type: 'date',
      short: true,
      value: typed?.heldOn ?? record?.heldOn ?? today,
      max: today,
      error: errors['heldOn'] ?? null,
    }),
    outcome: (['achieved', 'attended', 'absent'] as const).map((value) => ({
      value,
      label: t(`learning.record.${value}`),
      hint: t(`learning.record.${value}Hint`),
      checked: outcome === value,
    })),
    outcomeError: errors['outcome'] ?? null,
    note: field('note', t('learning.record.note'), {
      type: 'textarea',
      rows: 3,
      optional: true,
      hint: t('learning.record.noteHint'),
      value: typed?.note ?? record?.note ?? '',
      error: errors['note'] ?? null,
    }),
    current: record
      ? t(`learning.recorded.${record.outcome}`, { date: formatDate(record.heldOn, locale) })
      : null,
  };
}
