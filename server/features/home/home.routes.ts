import { type Request, type Response, Router } from 'express';
import { textIn } from '../../core/localized-text';
import type { Database } from '../../platform/db/database';
import { currentUser, requireUser } from '../../platform/http/current-user';
import { render } from '../../platform/http/page';
import { formatDate } from '../../platform/i18n/format';
import { assessmentState, gapProfile } from '../assessments/assessments.read-model';
import { selectPlannableModules } from '../catalogue/catalogue.read-model';
import { openPrerequisites, progressInModule } from '../learning/learning.policy';
import { selectLearnerCourses } from '../learning/learning.read-model';
import { scopeOf } from '../organisations/organisations.policy';
import { selectCompletedModules, selectOptionalPlan } from '../paths/paths.read-model';
import { selectAwaitingRecords, selectCountryCounts } from './home.read-model';
import {
  LANDING_PAGE,
  LEARNER_HOME_PAGE,
  learnerHomeView,
  PROGRAMME_HOME_PAGE,
  programmeHomeView,
  TRAINER_HOME_PAGE,
} from './home.views';

/** The landing page, and the dashboard of each role. */
export function homeRoutes(db: Database): Router {
  const router = Router();

  router.get('/', (req, res) => {
    if (req.user) return res.redirect(303, '/home');
    render(req, res, LANDING_PAGE, { title: req.t('home.landing.title') });
  });

  router.get('/home', requireUser, async (req, res) => {
    const { role } = currentUser(req);
    if (role === 'learner') return showLearner(req, res);
    if (role === 'trainer') return showTrainer(req, res);
    return showProgramme(req, res);
  });

  async function showLearner(req: Request, res: Response): Promise<void> {
    const user = currentUser(req);
    const now = new Date();
    const [profile, state, courses, plan, completed, modules] = await Promise.all([
      gapProfile(db, user.id, now.getTime()),
      assessmentState(db, user.id),
      selectLearnerCourses(db, user.id),
      selectOptionalPlan(db, user.id),
      selectCompletedModules(db, user.id),
      selectPlannableModules(db),
    ]);
    const moduleOf = new Map(modules.map((module) => [module.code, module]));
    const verified = Object.fromEntries(
      Object.entries(profile?.estimates ?? {}).map(([code, estimate]) => [code, estimate.verifiedLevel]),
    );
    const levelsOf = (code: string) => moduleOf.get(code)?.levels ?? null;
    const answers = Object.values(state.open?.answers ?? {});
    const view = learnerHomeView({
      user,
      now,
      profile,
      assessment: {
        answered: answers.filter((answer) => answer.level !== null).length,
        total: profile?.framework.document.competencies.length ?? 28,
        open: state.open !== null,
        submitted: state.submitted !== null,
      },
      courses: courses.map((course) => ({
        course,
        progress: course.outline.modules.map((module) =>
          progressInModule(
            course,
            module,
            openPrerequisites(course, module, levelsOf, verified).length === 0,
          ),
        ),
      })),
      plan,
      moduleTitles: moduleOf,
      completed,
      t: req.t,
      locale: req.locale,
    });
    render(req, res, LEARNER_HOME_PAGE, view);
  }

  async function showTrainer(req: Request, res: Response): Promise<void> {
    const user = currentUser(req);
    const awaiting = await selectAwaitingRecords(db, user.id);
    render(req, res, TRAINER_HOME_PAGE, {
      title: req.t('home.greeting', { name: user.name.split(' ')[0] ?? user.name }),
      eyebrow: formatDate(new Date(), req.locale),
      awaiting: awaiting.map((row) => ({
        title: textIn(row.courseTitle, req.locale),
        href: `/teaching/${row.slug}`,
        text: req.t('home.trainer.awaiting', { count: row.learners }),
      })),
    });
  }

  async function showProgramme(req: Request, res: Response): Promise<void> {
    const user = currentUser(req);
    const { figures } = scopeOf(user);
    const counts =
      figures === null ? [] : await selectCountryCounts(db, figures === 'all' ? null : figures.partnerId);
    render(req, res, PROGRAMME_HOME_PAGE, programmeHomeView(user, new Date(), counts, req.t, req.locale));
  }

  return router;
}
