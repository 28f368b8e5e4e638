import { type Framework, LEVELS, type RoleCode } from '../../core/framework';
import { textIn } from '../../core/localized-text';
import { errorSummary, type FieldErrors } from '../../platform/http/forms';
import { definePage } from '../../platform/http/page';
import { formatDate } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import type { Answer, AssessmentState, CurrentMembership, OpenAssessment } from './assessments.read-model';
import { levelField, NOTE_LENGTH, noteField } from './assessments.schemas';

/*
 * Nothing here may touch a role's targets: knowing what is asked for would bend the answers. A test compares the pages of
 * two framework versions that differ in their targets only.
 */

/** Minutes per statement, from our estimate of about 40 for 28; shown rounded to ten. */
const MINUTES_PER_STATEMENT = 1.4;

type AreaStep = {
  code: string;
  href: string;
  name: string;
  current: boolean;
  /** Icon: circle, half or check-circle. */
  icon: string;
  done: boolean;
  /** "3 of 4" */
  place: string;
};

type ProgressView = { answered: number; total: number; text: string; steps: AreaStep[] };

type RoleChoices = {
  id: string;
  name: string;
  type: 'radio';
  legend: string;
  hint: string | null;
  error: string | null;
  options: { value: string; label: string; hint: string | null; checked: boolean }[];
};

export type StartView = {
  title: string;
  lead: string;
  errors: { href: string; text: string }[];
  progress: ProgressView | null;
  continueHref: string;
  continueLabel: string;
  openSince: string;
  /** When the latest one was submitted, in words; null before the first. */
  submitted: string | null;
  roles: RoleChoices;
  /** The only role there is to choose, in words: then no question is asked. */
  onlyRole: string | null;
};

export type AreaView = {
  title: string;
  description: string;
  place: string;
  code: string;
  assessmentId: string;
  progress: ProgressView;
  errors: { href: string; text: string }[];
  statements: StatementView[];
  previous: { href: string; name: string } | null;
  next: string;
};

export type StatementView = {
  code: string;
  name: string;
  definition: string;
  field: string;
  error: string | null;
  options: { id: string; value: number; label: string; text: string | null; checked: boolean }[];
  note: {
    field: string;
    value: string;
    error: string | null;
    open: boolean;
    maxlength: number;
  };
};

export type ReviewView = {
  title: string;
  assessmentId: string;
  problem: string | null;
  progress: ProgressView;
  unanswered: { href: string; text: string }[];
};

export const START_PAGE = definePage<StartView>('assessments/start');
export const AREA_PAGE = definePage<AreaView>('assessments/area');
export const REVIEW_PAGE = definePage<ReviewView>('assessments/review');

/** The way in: what it is, how far one is, and for which role. */
export function startView(
  t: Translate,
  locale: Locale,
  given: {
    framework: Framework;
    state: AssessmentState;
    memberships: readonly CurrentMembership[];
    roles: readonly RoleCode[];
    errors?: FieldErrors;
  },
): StartView {
  const { framework, memberships, roles } = given;
  const { open, submitted } = given.state;
  const errors = given.errors ?? {};
  const progress = open ? progressView(t, locale, { open, framework }) : null;
  const next = progress?.steps.find((step) => !step.done);
  const statements = framework.competencies.length;
  const preferred = submitted && roles.includes(submitted.role) ? submitted.role : roles[0];
  const [first] = memberships;

  return {
    title: t('assessments.start.title'),
    lead: t('assessments.start.lead', {
      statements,
      minutes: Math.round((statements * MINUTES_PER_STATEMENT) / 10) * 10,
    }),
    errors: errorSummary(errors),
    progress,
    continueHref: next?.href ?? '/assessment/review',
    continueLabel: next
      ? t('assessments.start.continue', { area: next.name })
      : t('assessments.start.toReview'),
    openSince: open
      ? t('assessments.start.openSince', {
          date: formatDate(open.startedAt, locale),
          role: roleName(framework, open.role, locale),
        })
      : '',
    submitted: submitted
      ? t('assessments.start.submitted', {
          date: formatDate(submitted.submittedAt, locale),
          role: roleName(framework, submitted.role, locale),
        })
      : null,
    roles: {
      id: 'role',
      name: 'role',
      type: 'radio',
      legend: t('assessments.start.role'),
      hint: t('assessments.start.roleHint'),
      error: errors['role'] ?? null,
      options: roles.map((role) => ({
        value: role,
        label: roleName(framework, role, locale),
        hint:
          memberships
            .filter((membership) => membership.role === role)
            .map(({ cluster }) => cluster)
            .join(', ') || null,
        checked: role === preferred,
      })),
    },
    onlyRole:
      first && roles.length === 1
        ? t('assessments.start.onlyRole', {
            role: roleName(framework, first.role, locale),
            cluster: first.cluster,
          })
        : null,
  };
}

/** The statements of one area. After a refused form, `typed` holds what was sent. */
export function areaView(
  t: Translate,
  locale: Locale,
  given: {
    open: OpenAssessment;
    framework: Framework;
    area: string;
    typed?: Record<string, { level: string; note: string }>;
    errors?: FieldErrors;
  },
): AreaView {
  const { open, framework } = given;
  const errors = given.errors ?? {};
  const position = framework.areas.findIndex(({ code }) => code === given.area);
  const area = framework.areas[position];
  const before = framework.areas[position - 1];
  const after = framework.areas[position + 1];
  const levelNames = framework.levels.map(({ name }) => textIn(name, locale));

  const statements = framework.competencies
    .filter((competency) => competency.area === given.area)
    .map(({ code, name, definition, descriptors }): StatementView => {
      const saved = open.answers[code];
      const typed = given.typed?.[code];
      const level = typed ? typed.level : String(saved?.level ?? '');
      const note = typed ? typed.note : (saved?.note ?? '');
      const field = levelField(code);
      const noteError = errors[noteField(code)] ?? null;
      return {
        code,
        name: textIn(name, locale),
        definition: textIn(definition, locale),
        field,
        error: errors[field] ?? null,
        options: LEVELS.map((value) => {
          const descriptor = descriptors[value - 1];
          return {
            // The error summary links to the first choice by the name of the field.
            id: value === 0 ? field : `${field}-${value}`,
            value,
            label: value === 0 ? t('assessments.area.levelZero') : `${value} ${levelNames[value] ?? ''}`,
            text: descriptor ? textIn(descriptor, locale) : t('assessments.area.levelZeroText'),
            checked: level === String(value),
          };
        }),
        note: {
          field: noteField(code),
          value: note,
          error: noteError,
          open: note !== '' || noteError !== null,
          maxlength: NOTE_LENGTH,
        },
      };
    });

  return {
    title: area ? textIn(area.name, locale) : given.area,
    description: area ? textIn(area.description, locale) : '',
    place: t('assessments.area.place', { number: position + 1, count: framework.areas.length }),
    code: given.area,
    assessmentId: open.id,
    progress: progressView(t, locale, { ...given, current: given.area }),
    errors: errorSummary(errors).map(({ href, text }) => ({
      href: href === '#' ? '#statements' : href,
      text,
    })),
    statements,
    previous: before ? { href: `/assessment/${before.code}`, name: textIn(before.name, locale) } : null,
    next: after
      ? t('assessments.area.next', { area: textIn(after.name, locale) })
      : t('assessments.area.toReview'),
  };
}

/** What the form of an area was sent with, for showing it again; never for deciding anything. */
export function typedAnswers(
  competencies: readonly string[],
  body: unknown,
): Record<string, { level: string; note: string }> {
  const form = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string): string => {
    const value = form[name];
    return typeof value === 'string' ? value : '';
  };
  return Object.fromEntries(
    competencies.map((code) => [code, { level: text(levelField(code)), note: text(noteField(code)) }]),
  );
}

/** What is answered, what is not, and the way to submit. */
export function reviewView(
  t: Translate,
  locale: Locale,
  given: { open: OpenAssessment; framework: Framework },
  problem: string | null = null,
): ReviewView {
  const { open, framework } = given;
  return {
    title: t('assessments.review.title'),
    assessmentId: open.id,
    problem,
    progress: progressView(t, locale, given),
    unanswered: framework.competencies
      .filter(({ code }) => !isAnswered(open.answers[code]))
      .map(({ code, area, name }) => ({
        href: `/assessment/${area}#${levelField(code)}`,
        text: textIn(name, locale),
      })),
  };
}

function progressView(
  t: Translate,
  locale: Locale,
  given: { open: OpenAssessment; framework: Framework; current?: string },
): ProgressView {
  const { open, framework } = given;
  const answered = framework.competencies.filter(({ code }) => isAnswered(open.answers[code])).length;
  const total = framework.competencies.length;
  return {
    answered,
    total,
    text: t('assessments.progress', { answered, total }),
    steps: framework.areas.map(({ code, name }) => {
      const statements = framework.competencies.filter(({ area }) => area === code);
      const ready = statements.filter((competency) => isAnswered(open.answers[competency.code])).length;
      const done = ready === statements.length;
      return {
        code,
        href: `/assessment/${code}`,
        name: textIn(name, locale),
        current: code === given.current,
        icon: done ? 'check-circle' : ready > 0 ? 'half' : 'circle',
        done,
        place: t('assessments.areaProgress', { answered: ready, total: statements.length }),
      };
    }),
  };
}

function isAnswered(answer: Answer | undefined): boolean {
  return (answer?.level ?? null) !== null;
}

function roleName(framework: Framework, role: RoleCode, locale: Locale): string {
  const profile = framework.profiles.find(({ code }) => code === role);
  return profile ? textIn(profile.name, locale) : role;
}
