import type { LocalizedText } from '../../core/framework';
import { textIn } from '../../core/localized-text';
import type { ModuleProgress } from '../../core/progress';
import type { CurrentUser } from '../../platform/http/current-user';
import { definePage } from '../../platform/http/page';
import { formatDate, formatMinutes } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import type { GapProfile } from '../assessments/assessments.read-model';
import { continueHref, minutesLeft, nextStep } from '../learning/learning.policy';
import type { LearnerCourse } from '../learning/learning.read-model';
import type { Plan } from '../paths/paths.read-model';
import type { CountryCounts } from './home.read-model';

export const LANDING_PAGE = definePage<{ title: string }>('home/landing');

type Continue = {
  title: string;
  detail: string;
  href: string;
  action: string;
  progress: { value: number; max: number; label: string; text: string } | null;
};

export type LearnerHomeView = {
  title: string;
  eyebrow: string;
  next: Continue;
  stats: { label: string; value: string; of: string; note: string }[];
  plan: {
    total: string;
    steps: {
      when: string;
      title: string;
      href: string;
      meta: string;
      done: boolean;
      doneText: string;
      current: boolean;
    }[];
  } | null;
};
export const LEARNER_HOME_PAGE = definePage<LearnerHomeView>('home/learner');

export type LearnerHomeInput = {
  user: CurrentUser;
  now: Date;
  profile: GapProfile | null;
  assessment: { answered: number; total: number; open: boolean; submitted: boolean };
  courses: { course: LearnerCourse; progress: ModuleProgress[] }[];
  plan: Plan | null;
  moduleTitles: ReadonlyMap<
    string,
    { title: LocalizedText; courseSlug: string; open: boolean; prerequisites: string[] }
  >;
  completed: string[];
  t: Translate;
  locale: Locale;
};

/** Dashboard of a learner: what to go on with first; competent and completed apart; the next steps of the plan. */
export function learnerHomeView(input: LearnerHomeInput): LearnerHomeView {
  const { user, now, profile, completed, plan, moduleTitles, t, locale } = input;
  const gaps = profile?.gaps ?? [];
  const verified = gaps.filter(
    (gap) => gap.estimate !== null && gap.estimate.verifiedLevel >= gap.required,
  ).length;
  const claimed = gaps.filter(
    ({ estimate, required }) =>
      estimate !== null && estimate.ordinal >= required && estimate.verifiedLevel < required,
  ).length;
  const upcoming = plan?.steps.findIndex((step) => !completed.includes(step.module)) ?? -1;
  const shown = plan ? plan.steps.slice(Math.max(0, upcoming - 1), Math.max(0, upcoming - 1) + 4) : [];
  return {
    title: t('home.greeting', { name: user.name.split(' ')[0] ?? user.name }),
    eyebrow: formatDate(now, locale),
    next: nextThing(input),
    stats: [
      {
        label: t('home.competent'),
        value: String(verified),
        of: gaps.length > 0 ? t('home.ofCompetencies', { count: gaps.length }) : t('home.notAssessed'),
        note: t('home.competentNote'),
      },
      {
        label: t('home.completed'),
        value: String(completed.length),
        of: t('home.modules', { count: completed.length }),
        note: t('home.completedNote'),
      },
      {
        label: t('home.claimed'),
        value: String(claimed),
        of: t('home.competencies', { count: claimed }),
        note: t('home.claimedNote'),
      },
    ],
    plan:
      plan === null
        ? null
        : {
            total: t('home.planTotal', { time: formatMinutes(plan.minutes, locale) }),
            steps: shown.map((step) => {
              const module = moduleTitles.get(step.module);
              return {
                when: t('home.fromTo', {
                  from: formatDate(step.startsOn, locale),
                  to: formatDate(step.dueOn, locale),
                }),
                title: module ? textIn(module.title, locale) : step.module,
                href: module ? `/courses/${module.courseSlug}#${step.module}` : '/path',
                meta: [
                  step.module,
                  formatMinutes(step.minutes, locale),
                  ...(module && !module.open ? [t('paths.soon')] : []),
                ].join(' · '),
                done: completed.includes(step.module),
                doneText: t('home.done'),
                current: step.module === plan.steps[upcoming]?.module,
              };
            }),
          },
  };
}

function nextThing(input: LearnerHomeInput): Continue {
  const { profile, assessment, courses, plan, moduleTitles, completed, t, locale } = input;
  if (!assessment.submitted) {
    const started = assessment.answered > 0;
    return {
      title: t('home.next.assessment'),
      detail: t(started ? 'home.next.assessmentGoOn' : 'home.next.assessmentStart', {
        answered: assessment.answered,
        total: assessment.total,
      }),
      href: '/assessment',
      action: t(started ? 'home.next.continue' : 'home.next.start'),
      progress: started
        ? {
            value: assessment.answered,
            max: assessment.total,
            label: t('home.next.assessmentProgress'),
            text: t('home.next.answered', { answered: assessment.answered, total: assessment.total }),
          }
        : null,
    };
  }
  for (const { course, progress } of courses) {
    if (course.completedAt) continue;
    const step = nextStep(course, progress);
    if (!step) continue;
    const module = course.outline.modules.find((candidate) => candidate.code === step.module);
    if (!module) continue;
    const quiz = 'quiz' in step;
    const lesson = quiz ? undefined : module.lessons.find((candidate) => candidate.slug === step.lesson);
    const done = module.lessons.filter(({ slug }) =>
      course.lessons.some((row) => row.module === module.code && row.lesson === slug && row.done),
    ).length;
    return {
      title: lesson
        ? textIn(lesson.title, locale)
        : t('home.next.quiz', { module: textIn(module.title, locale) }),
      detail: [
        textIn(course.outline.title, locale),
        textIn(module.title, locale),
        ...(quiz ? [] : [t('home.next.left', { time: formatMinutes(minutesLeft(course, module), locale) })]),
      ].join(' · '),
      href: continueHref(course, progress),
      action: t(quiz ? 'home.next.toQuiz' : 'home.next.toLesson'),
      progress: {
        value: done,
        max: module.lessons.length,
        label: t('home.next.moduleProgress'),
        text: t('home.next.lessons', { done, total: module.lessons.length }),
      },
    };
  }
  const waiting = courses.find(({ progress }) => progress.some(({ status }) => status === 'awaiting'));
  if (waiting) {
    return {
      title: t('home.next.waiting'),
      detail: textIn(waiting.course.outline.title, locale),
      href: `/courses/${waiting.course.outline.slug}`,
      action: t('home.next.toCourse'),
      progress: null,
    };
  }
  const startable = plan?.steps.find(({ module: code }) => {
    const module = moduleTitles.get(code);
    return (
      module?.open &&
      !completed.includes(code) &&
      module.prerequisites.every((each) => completed.includes(each))
    );
  });
  const planned = startable && moduleTitles.get(startable.module);
  if (planned) {
    return {
      title: textIn(planned.title, locale),
      detail: t('home.next.planned', {
        module: startable.module,
        time: formatMinutes(startable.minutes, locale),
      }),
      href: `/courses/${planned.courseSlug}#${startable.module}`,
      action: t('home.next.toCourse'),
      progress: null,
    };
  }
  if (!plan && profile?.hasEvidence) {
    return {
      title: t('home.next.path'),
      detail: t('home.next.pathText'),
      href: '/path',
      action: t('home.next.toPath'),
      progress: null,
    };
  }
  return {
    title: t('home.next.course'),
    detail: t('home.next.courseText'),
    href: '/catalogue',
    action: t('home.next.toCatalogue'),
    progress: null,
  };
}

export type TrainerHomeView = {
  title: string;
  eyebrow: string;
  awaiting: { title: string; href: string; text: string }[];
};
export const TRAINER_HOME_PAGE = definePage<TrainerHomeView>('home/trainer');

export type ProgrammeHomeView = {
  title: string;
  eyebrow: string;
  lead: string;
  totals: { label: string; value: string }[];
  countries: { name: string; clusters: number; people: number; assessed: number; certificates: number }[];
};
export const PROGRAMME_HOME_PAGE = definePage<ProgrammeHomeView>('home/programme');

export function programmeHomeView(
  user: CurrentUser,
  now: Date,
  counts: CountryCounts[],
  t: Translate,
  locale: Locale,
): ProgrammeHomeView {
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  const sum = (field: 'clusters' | 'people' | 'assessed' | 'certificates') =>
    String(counts.reduce((total, row) => total + row[field], 0));
  return {
    title: t('home.greeting', { name: user.name.split(' ')[0] ?? user.name }),
    eyebrow: formatDate(now, locale),
    lead: t(`home.programme.lead.${user.role}`),
    totals: (['clusters', 'people', 'assessed', 'certificates'] as const).map((field) => ({
      label: t(`home.programme.${field}`),
      value: sum(field),
    })),
    countries: counts
      .map((row) => ({ ...row, name: names.of(row.country) ?? row.country }))
      .toSorted((a, b) => a.name.localeCompare(b.name, locale)),
  };
}
