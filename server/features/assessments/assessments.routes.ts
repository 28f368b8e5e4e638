import { type Request, type Response, Router } from 'express';
import { type Framework, ROLE_CODES } from '../../core/framework';
import type { Database } from '../../platform/db/database';
import { ConflictError, NotFoundError } from '../../platform/errors';
import { currentUser, requireUser } from '../../platform/http/current-user';
import { type FieldErrors, parseForm } from '../../platform/http/forms';
import { redirectWith, render } from '../../platform/http/page';
import { currentFramework, frameworkVersion } from '../frameworks/frameworks.read-model';
import {
  assessmentState,
  type CurrentMembership,
  currentMemberships,
  gapProfile,
  type OpenAssessment,
} from './assessments.read-model';
import { answersSchema, startSchema, submitSchema } from './assessments.schemas';
import type { AssessmentsService } from './assessments.service';
import {
  AREA_PAGE,
  areaView,
  REVIEW_PAGE,
  reviewView,
  START_PAGE,
  startView,
  typedAnswers,
} from './assessments.views';
import { GAP_PAGE, gapView, NO_GAP_PAGE, noGapView } from './gap.views';

/** Self-assessment page by page, and the gap page it leads to. */
export function assessmentsRoutes(db: Database, assessments: AssessmentsService): Router {
  const router = Router();
  router.use(['/assessment', '/gap'], requireUser);

  router.get('/assessment', (req, res) => showStart(req, res));

  router.post('/assessment/start', async (req, res) => {
    const { id } = currentUser(req);
    const form = parseForm(startSchema(allowedRoles(await currentMemberships(db, id))), req.body, req.t);
    if (!form.ok) return showStart(req, res, form.errors);
    await assessments.start(id, form.value.role);
    res.redirect(303, await nextUnansweredPath(id));
  });

  router.get('/assessment/review', async (req, res) => {
    const open = await loadOpen(req);
    if (!open) return res.redirect(303, '/assessment');
    render(req, res, REVIEW_PAGE, reviewView(req.t, req.locale, open));
  });

  router.post('/assessment/submit', async (req, res) => {
    const form = parseForm(submitSchema, req.body, req.t);
    if (!form.ok) throw new ConflictError('assessments.errors.stale');
    const result = await assessments.submit(currentUser(req).id, form.value.assessment);
    if (result === 'empty') {
      const open = await loadOpen(req);
      if (!open) throw new ConflictError('assessments.errors.stale');
      const problem = req.t('assessments.review.nothingAnswered');
      return render(req, res, REVIEW_PAGE, reviewView(req.t, req.locale, open, problem), { status: 422 });
    }
    redirectWith(
      req,
      res,
      '/gap',
      result === 'submitted' ? { kind: 'success', text: req.t('assessments.submitted') } : undefined,
    );
  });

  router.get('/assessment/:area', async (req, res) => {
    const open = await loadOpen(req);
    if (!open) return res.redirect(303, '/assessment');
    areaCompetencies(open.framework, req.params.area);
    render(req, res, AREA_PAGE, areaView(req.t, req.locale, { ...open, area: req.params.area }));
  });

  router.post('/assessment/:area', async (req, res) => {
    const open = await loadOpen(req);
    if (!open) throw new ConflictError('assessments.errors.stale');
    const { area } = req.params;
    const codes = areaCompetencies(open.framework, area);
    const form = parseForm(answersSchema(codes), req.body, req.t);
    if (!form.ok) {
      const given = { ...open, area, typed: typedAnswers(codes, req.body), errors: form.errors };
      return render(req, res, AREA_PAGE, areaView(req.t, req.locale, given), { status: 422 });
    }
    const { assessment, answers } = form.value;
    const result = await assessments.saveAnswers(currentUser(req).id, assessment, answers);
    if (result === 'closed') throw new ConflictError('assessments.errors.stale');
    const areas = open.framework.areas.map(({ code }) => code);
    res.redirect(303, `/assessment/${areas[areas.indexOf(area) + 1] ?? 'review'}`);
  });

  // Autosave: the same form, answered in JSON.
  router.post('/assessment/:area/answers', async (req, res) => {
    const open = await loadOpen(req);
    if (!open) throw new ConflictError('assessments.errors.stale');
    const codes = areaCompetencies(open.framework, req.params.area);
    const form = parseForm(answersSchema(codes), req.body, req.t);
    if (!form.ok) {
      res.status(422).json({ errors: form.errors });
      return;
    }
    const { assessment, answers } = form.value;
    const result = await assessments.saveAnswers(currentUser(req).id, assessment, answers);
    if (result === 'closed') throw new ConflictError('assessments.errors.stale');
    res.status(204).end();
  });

  router.get('/gap', async (req, res) => {
    const { id } = currentUser(req);
    const asOf = new Date();
    const profile = await gapProfile(db, id, asOf.getTime());
    if (profile?.hasEvidence) return render(req, res, GAP_PAGE, gapView(req.t, req.locale, profile, asOf));
    const { open } = await assessmentState(db, id);
    render(req, res, NO_GAP_PAGE, noGapView(req.t, open !== null));
  });

  async function showStart(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const { id } = currentUser(req);
    const state = await assessmentState(db, id);
    const memberships = await currentMemberships(db, id);
    const { document } = state.open
      ? await frameworkVersion(db, state.open.frameworkVersionId)
      : await currentFramework(db);
    const view = startView(req.t, req.locale, {
      framework: document,
      state,
      memberships,
      roles: allowedRoles(memberships),
      ...(errors && { errors }),
    });
    render(req, res, START_PAGE, view, { status: errors ? 422 : 200 });
  }

  async function loadOpen(req: Request): Promise<{ open: OpenAssessment; framework: Framework } | null> {
    const { open } = await assessmentState(db, currentUser(req).id);
    if (!open) return null;
    const { document } = await frameworkVersion(db, open.frameworkVersionId);
    return { open, framework: document };
  }

  /** Where to go on: the first area with an unanswered statement, or the review. */
  async function nextUnansweredPath(userId: string): Promise<string> {
    const { open } = await assessmentState(db, userId);
    if (!open) return '/assessment';
    const { document } = await frameworkVersion(db, open.frameworkVersionId);
    const next = document.competencies.find(({ code }) => (open.answers[code]?.level ?? null) === null);
    return `/assessment/${next?.area ?? 'review'}`;
  }

  return router;
}

/** The roles a person holds; all of them for somebody who belongs to no cluster yet. */
function allowedRoles(memberships: readonly CurrentMembership[]) {
  return memberships.length > 0 ? [...new Set(memberships.map(({ role }) => role))] : ROLE_CODES;
}

/** Codes of the competencies of an area. An area that does not exist is a page that does not exist. */
function areaCompetencies(framework: Framework, area: string): string[] {
  const codes = framework.competencies
    .filter((competency) => competency.area === area)
    .map(({ code }) => code);
  if (codes.length === 0) throw new NotFoundError();
  return codes;
}
