import type { CourseOutline, ModuleOutline } from '../../core/curriculum';
import {
  CONTENT_LANGUAGES,
  type ContentLanguage,
  type Framework,
  type LocalizedText,
} from '../../core/framework';
import { textIn } from '../../core/localized-text';
import type { CurrentUser } from '../../platform/http/current-user';
import { definePage } from '../../platform/http/page';
import { formatMinutes } from '../../platform/i18n/format';
import type { Locale, Translate } from '../../platform/i18n/i18n';
import { type SelectView, select } from '../../platform/views/field';
import type {
  CatalogueCourse,
  FoundModule,
  GlossaryRow,
  PlannerModule,
  TrainingPathRow,
} from './catalogue.read-model';
import type { CatalogueFilters } from './catalogue.schemas';

export type Reader = { t: Translate; locale: Locale };

/** A text and its language, where that is not the page's. */
type Words = { text: string; lang: string | null };

function words(text: LocalizedText, locale: Locale): Words {
  return { text: textIn(text, locale), lang: text[locale] === undefined ? 'en' : null };
}

const modesInWords = (modes: readonly string[], t: Translate) =>
  modes.map((mode) => t(`catalogue.modes.${mode}`)).join(' + ');

type ModuleLine = {
  code: string;
  href: string;
  title: string;
  summary: string | null;
  lang: string | null;
  facts: string;
  open: boolean;
};
type CourseResult = {
  code: string;
  href: string;
  title: string;
  summary: string;
  lang: string | null;
  facts: string;
  modules: ModuleLine[];
};
export type CatalogueView = {
  title: string;
  q: string;
  selects: SelectView[];
  filtered: boolean;
  /** A filter besides the words is set: the filters stand open. */
  narrowed: boolean;
  count: string;
  courses: CourseResult[];
};
export const CATALOGUE_PAGE = definePage<CatalogueView>('catalogue/catalogue');

export function catalogueView(
  given: { filters: CatalogueFilters; found: FoundModule[]; framework: Framework } & Reader,
): CatalogueView {
  const { filters, found, t, locale } = given;
  const { q, ...others } = filters;
  const narrowed = Object.values(others).some((value) => value !== null);
  const filtered = q !== '' || narrowed;
  const courses = groupBy(found, (module) => module.courseSlug);
  return {
    title: t('catalogue.title'),
    q,
    selects: filterSelects(given),
    filtered,
    narrowed,
    count: t('catalogue.count', {
      count: found.length,
      courses: t('catalogue.courses', { count: courses.size }),
    }),
    courses: [...courses.values()].map((modules) => courseResult(modules, filtered, t, locale)),
  };
}

function courseResult(modules: FoundModule[], filtered: boolean, t: Translate, locale: Locale): CourseResult {
  const [course] = modules as [FoundModule];
  const lang = course.language === locale ? null : course.language;
  const all = t('catalogue.modulesCount', { count: course.courseModules });
  return {
    code: course.courseCode,
    href: `/courses/${course.courseSlug}`,
    title: course.courseTitle,
    summary: course.courseSummary,
    lang,
    facts: `${course.courseCode} · ${all} · ${formatMinutes(course.courseMinutes, locale)}`,
    modules: modules.map((module) => ({
      code: module.code,
      href: `/courses/${course.courseSlug}#${module.code}`,
      title: module.title,
      // Without a filter the page lists the whole curriculum: titles are enough.
      summary: filtered ? module.summary : null,
      lang: module.language === locale ? null : module.language,
      facts: `${module.code} · ${formatMinutes(module.minutes, locale)} · ${modesInWords(module.modes, t)}`,
      open: module.open,
    })),
  };
}

function filterSelects({
  filters,
  framework,
  t,
  locale,
}: { filters: CatalogueFilters; framework: Framework } & Reader): SelectView[] {
  const choice = (
    name: Exclude<keyof CatalogueFilters, 'q'>,
    options: { value: string; label: string }[],
  ): SelectView =>
    select(
      name,
      t(`catalogue.filters.${name}`),
      [{ value: '', label: t('catalogue.filters.any') }, ...options],
      {
        value: String(filters[name] ?? ''),
      },
    );
  const languageNames = new Intl.DisplayNames([locale], { type: 'language' });
  return [
    choice(
      'competency',
      framework.competencies.map(({ code, name }) => ({
        value: code,
        label: `${code} ${textIn(name, locale)}`,
      })),
    ),
    choice(
      'task',
      framework.tasks.map(({ code, name }) => ({ value: code, label: `${code} ${textIn(name, locale)}` })),
    ),
    choice(
      'level',
      framework.levels
        .filter(({ level }) => level > 0)
        .map(({ level, name }) => ({ value: String(level), label: `${level} ${textIn(name, locale)}` })),
    ),
    choice(
      'mode',
      (['O', 'L', 'W', 'F', 'P', 'PAN'] as const).map((mode) => ({
        value: mode,
        label: t(`catalogue.modes.${mode}`),
      })),
    ),
    choice(
      'length',
      (['short', 'medium', 'long'] as const).map((length) => ({
        value: length,
        label: t(`catalogue.lengths.${length}`),
      })),
    ),
    choice(
      'language',
      CONTENT_LANGUAGES.map((code) => ({ value: code, label: languageNames.of(code) ?? code })),
    ),
  ];
}

/** What a reader may do on a course page and where they stand: from the learning feature. */
export type CourseLearnerState = {
  /** The version this learner takes, if it is not the current one. */
  outline: CourseOutline | null;
  /** The one thing to do next: a form that posts, or a link. */
  action: { kind: 'post' | 'link'; href: string; label: string } | null;
  /** A sentence beside the action. */
  note: string | null;
  progress: { done: number; total: number; label: string } | null;
  /** Module code → where the learner stands. */
  modules: Record<string, ModuleLearnerState>;
};
export type ModuleLearnerState = {
  status: { kind: string; text: string };
  action: { href: string; label: string } | null;
  note: string | null;
};

/** Asks a later feature where a reader stands; null if there is nothing to say or to offer. `user` is null for a passer-by. */
export type LearnerStateOf = (
  user: CurrentUser | null,
  course: CatalogueCourse,
  reader: Reader,
) => Promise<CourseLearnerState | null>;

type Reference = { href: string | null; label: string };
type ModuleView = {
  code: string;
  title: Words;
  summary: Words;
  facts: string;
  outcomes: Words[];
  competencies: { href: string; code: string; name: string; level: string }[];
  prerequisites: Reference[];
  open: boolean;
  lessons: { title: Words; time: string }[];
  quiz: string | null;
  learner: ModuleLearnerState | null;
};
export type CourseView = {
  title: string;
  titleLang: string | null;
  facts: string;
  summary: Words;
  fallback: boolean;
  tasks: { code: string; name: string }[];
  advised: Reference[];
  modules: ModuleView[];
  learner: Omit<CourseLearnerState, 'modules' | 'outline'> | null;
};
export const COURSE_PAGE = definePage<CourseView>('catalogue/course');

/** A course page. `modules` is the current curriculum, for the titles of prerequisites in other courses. */
export function courseView(
  given: {
    course: CatalogueCourse;
    modules: readonly PlannerModule[];
    framework: Framework;
    learner: CourseLearnerState | null;
  } & Reader,
): CourseView {
  const { course, modules, framework, learner, t, locale } = given;
  const outline = learner?.outline ?? course.outline;
  const minutes = outline.modules.reduce((sum, module) => sum + module.minutes, 0);
  const count = t('catalogue.modulesCount', { count: outline.modules.length });
  const title = words(outline.title, locale);
  const refer = referenceIn(modules, outline, locale);
  return {
    title: title.text,
    titleLang: title.lang,
    facts: `${outline.code} · ${count} · ${formatMinutes(minutes, locale)}`,
    summary: words(outline.summary, locale),
    fallback: title.lang !== null,
    tasks: outline.tasks.map((code) => {
      const task = framework.tasks.find((candidate) => candidate.code === code);
      return { code, name: task ? textIn(task.name, locale) : '' };
    }),
    advised: outline.advised.map(refer),
    modules: outline.modules.map((module) => moduleView(module, { refer, framework, learner, t, locale })),
    learner: learner && { action: learner.action, note: learner.note, progress: learner.progress },
  };
}

function moduleView(
  module: ModuleOutline,
  given: {
    refer: (code: string) => Reference;
    framework: Framework;
    learner: CourseLearnerState | null;
  } & Reader,
): ModuleView {
  const { refer, framework, learner, t, locale } = given;
  return {
    code: module.code,
    title: words(module.title, locale),
    summary: words(module.summary, locale),
    facts: `${module.code} · ${formatMinutes(module.minutes, locale)} · ${modesInWords(module.modes, t)}`,
    outcomes: module.outcomes.map((outcome) => words(outcome, locale)),
    competencies: Object.entries(module.levels).map(([code, reached]) => {
      const competency = framework.competencies.find((candidate) => candidate.code === code);
      const level = framework.levels.find((candidate) => candidate.level === reached);
      return {
        href: `/profile#${code}`,
        code,
        name: competency ? textIn(competency.name, locale) : code,
        level: t('catalogue.course.level', { level: reached, name: level ? textIn(level.name, locale) : '' }),
      };
    }),
    prerequisites: module.prerequisites.map(refer),
    open: module.open,
    lessons: module.lessons.map((lesson) => ({
      title: words(lesson.title, locale),
      time: formatMinutes(lesson.minutes, locale),
    })),
    quiz: module.quiz
      ? t('catalogue.course.quiz', { count: module.quiz.items, mark: module.quiz.passMark })
      : null,
    learner: learner?.modules[module.code] ?? null,
  };
}

/** Names a course or module by its code, with its title and address where the curriculum has it. */
function referenceIn(modules: readonly PlannerModule[], outline: CourseOutline, locale: Locale) {
  return (code: string): Reference => {
    const own = outline.modules.find((module) => module.code === code);
    if (own) return { href: `#${code}`, label: `${code} ${textIn(own.title, locale)}` };
    const module = modules.find((candidate) => candidate.code === code);
    if (module) {
      return {
        href: `/courses/${module.courseSlug}#${code}`,
        label: `${code} ${textIn(module.title, locale)}`,
      };
    }
    const course = modules.find((candidate) => candidate.courseCode === code);
    if (!course) return { href: null, label: code };
    const { courseTitle } = course;
    return { href: `/courses/${course.courseSlug}`, label: `${code} ${textIn(courseTitle, locale)}` };
  };
}

type PathView = {
  code: string;
  title: Words;
  description: Words;
  facts: string;
  waives: boolean;
  contents: string;
  modules: ModuleLine[];
};
export type PathsView = { title: string; paths: PathView[] };
export const PATHS_PAGE = definePage<PathsView>('catalogue/paths');

export function pathsView(
  given: { paths: TrainingPathRow[]; modules: readonly PlannerModule[]; framework: Framework } & Reader,
): PathsView {
  const { paths, framework, t, locale } = given;
  const byCode = new Map(given.modules.map((module) => [module.code, module]));
  return {
    title: t('catalogue.paths.title'),
    paths: paths.map((path) => {
      const modules = path.modules.flatMap((code) => byCode.get(code) ?? []);
      const minutes = modules.reduce((sum, module) => sum + module.minutes, 0);
      const role = framework.profiles.find(({ code }) => code === path.roleCode);
      const count = t('catalogue.modulesCount', { count: modules.length });
      const audience = role ? textIn(role.name, locale) : t('catalogue.paths.everyone');
      return {
        code: path.code,
        title: words(path.title, locale),
        description: words(path.description, locale),
        facts: `${audience} · ${count} · ${formatMinutes(minutes, locale)}`,
        waives: path.waivesPrerequisites,
        contents: t('catalogue.paths.show', { count: modules.length }),
        modules: modules.map((module) => ({
          code: module.code,
          href: `/courses/${module.courseSlug}#${module.code}`,
          title: textIn(module.title, locale),
          summary: null,
          lang: words(module.title, locale).lang,
          facts: `${module.code} · ${formatMinutes(module.minutes, locale)} · ${modesInWords(module.modes, t)}`,
          open: module.open,
        })),
      };
    }),
  };
}

type TermView = {
  id: string;
  term: Words;
  definition: Words;
  others: { code: ContentLanguage; language: string; term: string }[];
};
export type GlossaryView = {
  title: string;
  q: string;
  count: string;
  letters: { letter: string; id: string; terms: TermView[] }[];
};
export const GLOSSARY_PAGE = definePage<GlossaryView>('catalogue/glossary');

export function glossaryView(given: { terms: GlossaryRow[]; q: string } & Reader): GlossaryView {
  const { q, t, locale } = given;
  const languageNames = new Intl.DisplayNames([locale], { type: 'language' });
  const collator = new Intl.Collator(locale);
  const sought = fold(q);
  const terms = given.terms
    .filter(({ term, definition }) =>
      [...Object.values(term), textIn(definition, locale)].some((text) => fold(text).includes(sought)),
    )
    .toSorted((a, b) => collator.compare(textIn(a.term, locale), textIn(b.term, locale)));
  const letters = groupBy(terms, ({ term }) => fold(textIn(term, locale)).charAt(0).toUpperCase());
  return {
    title: t('catalogue.glossary.title'),
    q,
    count: t('catalogue.glossary.count', { count: terms.length }),
    letters: [...letters].map(([letter, group]) => ({
      letter,
      id: `letter-${letter.toLowerCase()}`,
      terms: group.map(({ id, term, definition }) => ({
        id,
        term: words(term, locale),
        definition: words(definition, locale),
        others: CONTENT_LANGUAGES.flatMap((code) => {
          const other = term[code];
          if (other === undefined || code === locale) return [];
          return [{ code, language: languageNames.of(code) ?? code, term: other }];
        }),
      })),
    })),
  };
}

function groupBy<T>(list: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of list) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return groups;
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
