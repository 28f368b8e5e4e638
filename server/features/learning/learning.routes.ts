import { type Request, type Response, Router } from 'express';
import type { Database } from '../../platform/db/database';
import { NotFoundError } from '../../platform/errors';
import { currentUser, requireRole, requireUser } from '../../platform/http/current-user';
import { parseForm } from '../../platform/http/forms';
import { redirectWith, render } from '../../platform/http/page';
import { selectOptionalLessonText } from '../catalogue/catalogue.read-model';
import { continueHref, progressInModule } from './learning.policy';
import {
  type LearnerCourse,
  selectCourseLearners,
  selectLearnerCourseByEnrolment,
  selectTaughtCourses,
} from './learning.read-model';
import { positionSchema, recordSchema } from './learning.schemas';
import type { LearningService } from './learning.service';
import {
  LESSON_PAGE,
  lessonView,
  PEOPLE_PAGE,
  peopleView,
  RECORD_PAGE,
  recordView,
  TEACHING_PAGE,
  teachingView,
} from './learning.views';

const PEOPLE_PER_PAGE = 50;

/** Enrolling, the lesson player, and the trainer's people page. */
export function learningRoutes(db: Database, learning: LearningService): Router {
  const router = Router();

  router.post('/courses/:slug/enrol', requireUser, async (req, res) => {
    const slug = String(req.params['slug']);
    await learning.enrol(currentUser(req).id, slug);
    redirectWith(req, res, `/learn/${slug}`);
  });

  router.get('/learn/:slug', requireUser, async (req, res) => {
    const course = await learning.learnerCourse(currentUser(req).id, String(req.params['slug']));
    res.redirect(303, await resumeHref(course));
  });

  router.get('/learn/:slug/:module/:lesson', requireUser, async (req, res, next) => {
    const { slug, module: moduleCode, lesson } = req.params as Record<'slug' | 'module' | 'lesson', string>;
    // The quiz of a module lives at .../quiz and belongs to another feature.
    if (lesson === 'quiz') return next('route');
    const course = await learning.learnerCourse(currentUser(req).id, slug);
    const module = course.outline.modules.find((candidate) => candidate.code === moduleCode);
    if (!module?.lessons.some((candidate) => candidate.slug === lesson)) throw new NotFoundError();
    const [text, prerequisites] = await Promise.all([
      selectOptionalLessonText(db, course.courseVersionId, moduleCode, lesson, req.locale),
      learning.prerequisites(course),
    ]);
    if (!text) throw new NotFoundError();
    const view = lessonView({
      course,
      module,
      lessonSlug: lesson,
      // The facilitator's guide is for those who teach the course, not for those who take it.
      text: { ...text, facilitatorHtml: '' },
      openPrerequisites: prerequisites.get(moduleCode) ?? [],
      t: req.t,
      locale: req.locale,
    });
    render(req, res, LESSON_PAGE, view);
  });

  router.post('/learn/:slug/:module/:lesson/position', requireUser, async (req, res) => {
    const { slug, module, lesson } = req.params as Record<'slug' | 'module' | 'lesson', string>;
    const form = parseForm(positionSchema, req.body, req.t);
    if (form.ok) {
      await learning.savePosition(currentUser(req).id, slug, module, lesson, form.value.position);
      res.status(204).end();
    } else {
      res.status(422).json({ errors: form.errors });
    }
  });

  router.post('/learn/:slug/:module/:lesson/done', requireUser, async (req, res) => {
    const { slug, module: moduleCode, lesson } = req.params as Record<'slug' | 'module' | 'lesson', string>;
    const user = currentUser(req);
    await learning.completeLesson(user.id, slug, moduleCode, lesson);
    const course = await learning.learnerCourse(user.id, slug);
    const module = course.outline.modules.find((candidate) => candidate.code === moduleCode);
    const index = module?.lessons.findIndex((candidate) => candidate.slug === lesson) ?? -1;
    const next = module?.lessons[index + 1];
    if (next) return redirectWith(req, res, `/learn/${slug}/${moduleCode}/${next.slug}`);
    const quizNext = module?.quiz && !course.quizzesPassed.includes(moduleCode);
    redirectWith(req, res, quizNext ? `/learn/${slug}/${moduleCode}/quiz` : `/courses/${slug}`);
  });

  router.get('/teaching', requireRole('trainer', 'admin'), async (req, res) => {
    const user = currentUser(req);
    const courses = await selectTaughtCourses(db, user.role === 'admin' ? null : user.id);
    render(req, res, TEACHING_PAGE, teachingView(courses, req.t, req.locale));
  });

  router.get('/teaching/:slug', requireRole('trainer', 'admin'), async (req, res) => {
    const course = await learning.taughtCourse(currentUser(req), String(req.params['slug']));
    const pages = Math.max(1, Math.ceil(course.learners / PEOPLE_PER_PAGE));
    const page = Math.min(pages, Math.max(1, Math.trunc(Number(req.query['page'])) || 1));
    const learners = await selectCourseLearners(db, course.id, {
      limit: PEOPLE_PER_PAGE,
      offset: (page - 1) * PEOPLE_PER_PAGE,
    });
    render(
      req,
      res,
      PEOPLE_PAGE,
      peopleView({ course, learners, page, pages, t: req.t, locale: req.locale }),
    );
  });

  const recordPath = '/teaching/:slug/record/:enrolmentId/:module';
  router.get(recordPath, requireRole('trainer', 'admin'), (req, res) => showRecord(req, res));

  router.post(recordPath, requireRole('trainer', 'admin'), async (req, res) => {
    const { slug, enrolmentId, module } = req.params as Record<'slug' | 'enrolmentId' | 'module', string>;
    const form = parseForm(recordSchema, { ...req.body, enrolmentId, module }, req.t);
    if (!form.ok) return showRecord(req, res, form.errors);
    const { heldOn, outcome, note } = form.value;
    await learning.recordOutcome(currentUser(req), slug, {
      enrolmentId,
      moduleCode: module,
      heldOn,
      outcome,
      note,
    });
    redirectWith(req, res, `/teaching/${slug}`, { kind: 'success', text: req.t('learning.record.saved') });
  });

  async function showRecord(req: Request, res: Response, errors?: Record<string, string>): Promise<void> {
    const {
      slug,
      enrolmentId,
      module: moduleCode,
    } = req.params as Record<'slug' | 'enrolmentId' | 'module', string>;
    const taught = await learning.taughtCourse(currentUser(req), slug);
    if (!/^[0-9a-f-]{36}$/.test(enrolmentId)) throw new NotFoundError();
    const course = await selectLearnerCourseByEnrolment(db, enrolmentId);
    const module = course?.outline.modules.find((candidate) => candidate.code === moduleCode);
    if (!course || course.courseId !== taught.id || !module) throw new NotFoundError();
    const text = (field: string) => (typeof req.body?.[field] === 'string' ? String(req.body[field]) : '');
    const view = recordView({
      courseSlug: slug,
      learner: { enrolmentId, name: course.learnerName },
      module,
      record: course.records.find((record) => record.module === moduleCode),
      ...(errors
        ? { errors, typed: { heldOn: text('heldOn'), outcome: text('outcome'), note: text('note') } }
        : {}),
      today: new Date().toISOString().slice(0, 10),
      t: req.t,
      locale: req.locale,
    });
    render(req, res, RECORD_PAGE, view, { status: errors ? 422 : 200 });
  }

  /** Where "Continue" leads in a course; its own page when nothing can go on. */
  async function resumeHref(course: LearnerCourse): Promise<string> {
    const prerequisites = await learning.prerequisites(course);
    const progress = course.outline.modules.map((module) =>
      progressInModule(course, module, (prerequisites.get(module.code) ?? []).length === 0),
    );
    return continueHref(course, progress);
  }

  return router;
}
