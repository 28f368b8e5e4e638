import type { Framework } from '../../core/framework';
import { textIn } from '../../core/localized-text';
import type { PathStep } from '../../core/path/plan';
import { errorSummary, type FieldErrors } from '../../platform/http/forms';
import { definePage } from '../../platform/http/page';
import { formatDate, formatMinutes, formatNumber } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import { type FieldView, field } from '../../platform/views/field';
import type { PlannerModule } from '../catalogue/catalogue.read-model';
import type { Plan } from './paths.read-model';
import type { RecommendedPath } from './paths.service';

type StepView = {
  code: string;
  title: string;
  href: string;
  mode: string;
  time: string;
  cumulative: string;
  reasons: string[];
  soon: boolean;
};

type PlanView = {
  summary: string;
  /** What differs between the plan and the path recommended now; null when nothing does. */
  changed: { text: string; added: string[]; removed: string[] } | null;
  weeks: {
    when: string;
    due: string;
    title: string;
    href: string;
    time: string;
    done: boolean;
    doneText: string;
    current: boolean;
  }[];
};

export type PathView = {
  title: string;
  /** Nothing to plan from yet. */
  empty: boolean;
  lead: string;
  status: string;
  facts: { label: string; value: string; note: string }[];
  steps: StepView[];
  unreachable: string[];
  plan: PlanView | null;
  accept: null | {
    hash: string;
    errors: { href: string; text: string }[];
    hoursPerWeek: FieldView;
    startsOn: FieldView;
    submit: string;
  };
  basis: string;
};
export const PATH_PAGE = definePage<PathView>('paths/path');

export type PathViewInput = {
  path: RecommendedPath | null;
  plan: Plan | null;
  completed: string[];
  modules: ReadonlyMap<string, PlannerModule>;
  today: string;
  typed?: { hoursPerWeek: string; startsOn: string };
  errors?: FieldErrors;
  t: Translate;
  locale: Locale;
};

export function pathView(given: PathViewInput): PathView {
  const { path, plan, t, locale } = given;
  const blank = {
    title: t('paths.title'),
    status: '',
    facts: [],
    steps: [],
    unreachable: [],
    plan: null,
    accept: null,
    basis: '',
  };
  if (!path) return { ...blank, empty: true, lead: '' };

  const { solution, profile } = path;
  const framework = profile.framework.document;
  const modes = new Set(solution.steps.map((step) => given.modules.get(step.module)?.courseCode));
  let sum = 0;
  const steps = solution.steps.map((step) => {
    sum += step.minutes;
    return stepView(step, sum, given, framework);
  });
  return {
    ...blank,
    empty: false,
    lead: solution.steps.length > 0 ? t('paths.lead') : t('paths.nothing'),
    status: t(solution.status === 'optimal' ? 'paths.optimal' : 'paths.bounded', {
      bound: formatMinutes(solution.bound, locale),
    }),
    facts: [
      { label: t('paths.total'), value: formatMinutes(solution.minutes, locale), note: '' },
      {
        label: t('paths.modules'),
        value: String(solution.steps.length),
        note: t('paths.courses', { count: modes.size }),
      },
      {
        label: t('paths.gaps'),
        value: String(solution.outcomes.length),
        note: t('paths.gapsNote', { role: roleName(framework, profile.role, locale) }),
      },
    ],
    steps,
    unreachable: solution.unreachable.map((miss) =>
      t(`paths.unreachable.${miss.reason}`, {
        competency: competencyName(framework, miss.competency, locale),
        required: miss.required,
        reachable: miss.reachable,
        modules: miss.modules.join(', '),
      }),
    ),
    plan: plan ? planView(plan, path, given) : null,
    accept: solution.steps.length > 0 ? acceptForm(path.hash, given) : null,
    basis: t('paths.basis', { version: `${framework.code} ${framework.version}` }),
  };
}

function acceptForm(
  hash: string,
  { plan, today, typed, errors = {}, t }: PathViewInput,
): NonNullable<PathView['accept']> {
  return {
    hash,
    errors: errorSummary(errors),
    hoursPerWeek: field('hoursPerWeek', t('paths.hoursPerWeek'), {
      type: 'number',
      short: true,
      min: 0.5,
      max: 40,
      step: 0.5,
      value: typed?.hoursPerWeek ?? String(plan?.hoursPerWeek ?? 3),
      hint: t('paths.hoursHint'),
      error: errors['hoursPerWeek'] ?? null,
    }),
    startsOn: field('startsOn', t('paths.startsOn'), {
      type: 'date',
      short: true,
      value: typed?.startsOn ?? today,
      error: errors['startsOn'] ?? null,
    }),
    submit: t(plan ? 'paths.acceptAgain' : 'paths.accept'),
  };
}

/** Every sentence is read from the solution, so that what is said and what was decided cannot differ. */
function stepView(
  step: PathStep,
  sum: number,
  { modules, t, locale }: PathViewInput,
  framework: Framework,
): StepView {
  const module = modules.get(step.module);
  const reasons = step.closes.map(({ competency, from, to, required }) =>
    t(to < required ? 'paths.reason.towards' : 'paths.reason.reaches', {
      competency: competencyName(framework, competency, locale),
      from,
      to,
      required,
    }),
  );
  const [next] = step.prerequisiteFor;
  if (next !== undefined) {
    const opened = modules.get(next);
    reasons.push(
      t('paths.reason.prerequisite', {
        count: step.prerequisiteFor.length,
        module: opened ? `${textIn(opened.title, locale)} (${next})` : next,
      }),
    );
  }
  return {
    code: step.module,
    title: module ? textIn(module.title, locale) : step.module,
    href: module ? `/courses/${module.courseSlug}#${step.module}` : '/catalogue',
    mode: (module?.modes ?? []).map((mode) => t(`catalogue.modes.${mode}`)).join(' + '),
    time: formatMinutes(step.minutes, locale),
    cumulative: t('paths.cumulative', { time: formatMinutes(sum, locale) }),
    reasons,
    soon: module ? !module.open : false,
  };
}

function planView(
  plan: Plan,
  path: RecommendedPath,
  { modules, completed, today, t, locale }: PathViewInput,
): PlanView {
  const planned = new Set(plan.steps.map((step) => step.module));
  const recommended = new Set(path.solution.steps.map((step) => step.module));
  const name = (code: string) => {
    const module = modules.get(code);
    return module ? `${code} ${textIn(module.title, locale)}` : code;
  };
  const added = [...recommended].filter((code) => !planned.has(code)).map(name);
  const removed = [...planned]
    .filter((code) => !recommended.has(code) && !completed.includes(code))
    .map(name);
  const firstOpen = plan.steps.find((step) => !completed.includes(step.module))?.module;
  return {
    summary: t('paths.plan.summary', {
      time: formatMinutes(plan.minutes, locale),
      hours: formatNumber(plan.hoursPerWeek, locale),
      from: formatDate(plan.startsOn, locale),
      to: formatDate(plan.steps.at(-1)?.dueOn ?? plan.startsOn, locale),
    }),
    changed: added.length + removed.length > 0 ? { text: t('paths.plan.changed'), added, removed } : null,
    weeks: plan.steps.map((step) => {
      const module = modules.get(step.module);
      const done = completed.includes(step.module);
      return {
        when: formatDate(step.startsOn, locale),
        due: t(!done && step.dueOn < today ? 'paths.plan.wasDue' : 'paths.plan.due', {
          date: formatDate(step.dueOn, locale),
        }),
        title: name(step.module),
        href: module ? `/courses/${module.courseSlug}#${step.module}` : '/catalogue',
        time: formatMinutes(step.minutes, locale) + (module && !module.open ? ` · ${t('paths.soon')}` : ''),
        done,
        doneText: t('paths.plan.done'),
        current: step.module === firstOpen,
      };
    }),
  };
}

function competencyName(framework: Framework, code: string, locale: Locale): string {
  const competency = framework.competencies.find((candidate) => candidate.code === code);
  return competency ? `${textIn(competency.name, locale)} (${code})` : code;
}

function roleName(framework: Framework, code: string, locale: Locale): string {
  const profile = framework.profiles.find((candidate) => candidate.code === code);
  return profile ? textIn(profile.name, locale) : code;
}
