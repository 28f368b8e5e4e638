import type { Database } from '../../platform/db/database';
import type { CurrentUser } from '../../platform/http/current-user';
import { formatDate } from '../../platform/i18n/format';
import { selectOutline } from '../catalogue/catalogue.read-model';
import type { CourseLearnerState, LearnerStateOf, ModuleLearnerState } from '../catalogue/catalogue.views';
import { continueHref, nextStep, progressInModule } from './learning.policy';
import { selectOptionalLearnerCourse } from './learning.read-model';
import type { LearningService } from './learning.service';
import { awaitedSentence, statusView } from './learning.views';

/** What a course page says to this reader: enrol, continue, or where each module stands. */
export function createLearnerState(db: Database, learning: LearningService): LearnerStateOf {
  return async (user: CurrentUser | null, course, { t, locale }) => {
    const { slug, modules } = course.outline;
    const blank = { outline: null, progress: null, modules: {} };
    if (!modules.some((module) => module.open))
      return { ...blank, action: null, note: t('learning.course.soon') };
    if (!user) {
      const href = `/login?next=${encodeURIComponent(`/courses/${slug}`)}`;
      return { ...blank, action: { kind: 'link', href, label: t('learning.course.signIn') }, note: null };
    }
    const taken = await selectOptionalLearnerCourse(db, user.id, slug);
    if (!taken) {
      const enrol = {
        kind: 'post',
        href: `/courses/${slug}/enrol`,
        label: t('learning.course.enrol'),
      } as const;
      return { ...blank, action: enrol, note: t('learning.course.enrolHint') };
    }

    const prerequisites = await learning.prerequisites(taken);
    const progress = taken.outline.modules.map((module) =>
      progressInModule(taken, module, (prerequisites.get(module.code) ?? []).length === 0),
    );
    const states = taken.outline.modules.map((module, i): [string, ModuleLearnerState] => {
      const own = progress[i] ?? { status: 'soon', missing: [] };
      const waitsFor = prerequisites.get(module.code) ?? [];
      const record = taken.records.find((candidate) => candidate.module === module.code);
      const first = module.lessons[0];
      return [
        module.code,
        {
          status: statusView(own.status, own.missing, t),
          action:
            first && own.status !== 'soon'
              ? moduleAction(slug, module.code, first.slug, own.missing, t)
              : null,
          note:
            own.status === 'locked'
              ? t('learning.lockedBy', { modules: waitsFor.join(', ') })
              : awaitedSentence(module, own, record, t, locale),
        },
      ];
    });
    const done = progress.filter(({ status }) => status === 'done').length;
    const state: CourseLearnerState = {
      outline: taken.outdated ? await selectOutline(db, taken.courseVersionId) : null,
      action: action(
        taken.completedAt !== null,
        continueHref(taken, progress),
        nextStep(taken, progress) !== null,
        taken.lessons.length > 0,
        t,
      ),
      note: taken.completedAt
        ? t('learning.course.completed', { date: formatDate(taken.completedAt, locale) })
        : taken.outdated
          ? t('learning.course.version')
          : null,
      progress: {
        done,
        total: progress.length,
        label: t('learning.course.progress', { count: done, total: progress.length }),
      },
      modules: Object.fromEntries(states),
    };
    return state;
  };
}

type Translate = Parameters<LearnerStateOf>[2]['t'];

function action(
  completed: boolean,
  href: string,
  canGoOn: boolean,
  started: boolean,
  t: Translate,
): CourseLearnerState['action'] {
  if (completed) return { kind: 'link', href: '/certificates', label: t('learning.course.certificate') };
  if (!canGoOn) return null;
  return { kind: 'link', href, label: t(started ? 'learning.course.continue' : 'learning.course.start') };
}

/** The lessons of a module that has some left to read, otherwise its quiz, otherwise the lessons to look at again. */
function moduleAction(
  slug: string,
  code: string,
  firstLesson: string,
  missing: string[],
  t: Translate,
): ModuleLearnerState['action'] {
  const quizNext = missing.includes('quiz') && !missing.includes('lessons');
  return quizNext
    ? { href: `/learn/${slug}/${code}/quiz`, label: t('learning.quiz') }
    : { href: `/learn/${slug}/${code}/${firstLesson}`, label: t('learning.course.open') };
}
