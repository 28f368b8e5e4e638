import { type Request, type Response, Router } from 'express';
import { BadRequestError, NotFoundError } from '../../platform/errors';
import { currentUser, requireUser } from '../../platform/http/current-user';
import { render } from '../../platform/http/page';
import { attemptId, goSchema, questionNumber } from './quizzes.schemas';
import type { Attempt, QuizzesService } from './quizzes.service';
import {
  ATTEMPT_PAGE,
  attemptView,
  CHECK_PAGE,
  checkView,
  INTRO_PAGE,
  introView,
  problemMessages,
  RESULT_PAGE,
  type Refused,
  resultView,
} from './quizzes.views';

const idOf = (req: Request): string => {
  const id = attemptId.safeParse(req.params['id']);
  if (!id.success) throw new NotFoundError();
  return id.data.toLowerCase();
};

/** Quizzes as learners take them. Mounted before learning, whose lesson route would take `…/quiz` for a lesson. */
export function quizzesRoutes(quizzes: QuizzesService): Router {
  const router = Router();

  router.get('/learn/:slug/:module/quiz', requireUser, async (req, res) => {
    const { slug, module } = req.params as Record<'slug' | 'module', string>;
    const quiz = await quizzes.learnerQuiz(currentUser(req).id, slug, module);
    const open = quiz.attempts.find(({ submittedAt }) => submittedAt === null);
    if (open) return res.redirect(303, `/attempts/${open.id}`);
    render(req, res, INTRO_PAGE, introView(quiz, req));
  });

  router.post('/learn/:slug/:module/quiz/start', requireUser, async (req, res) => {
    const { slug, module } = req.params as Record<'slug' | 'module', string>;
    const id = await quizzes.start(currentUser(req).id, slug, module);
    res.redirect(303, `/attempts/${id}`);
  });

  router.get('/attempts/:id', requireUser, async (req, res) => {
    const attempt = await ownAttempt(req);
    if (attempt.submittedAt) return res.redirect(303, resultHref(attempt));
    const wanted = questionNumber.safeParse(req.query['question']);
    // Without a number, on with the first question that has no answer.
    const current = wanted.success
      ? attempt.questions[wanted.data - 1]
      : (attempt.questions.find(({ answer }) => answer === null) ?? attempt.questions[0]);
    if (!current) throw new NotFoundError();
    render(req, res, ATTEMPT_PAGE, attemptView(attempt, current, req));
  });

  // The address of a form that came back with errors: reloading it, or switching the language there, shows the question.
  router.get('/attempts/:id/answers/:number', requireUser, (req, res) => {
    const number = questionNumber.safeParse(req.params['number']);
    if (!number.success) throw new NotFoundError();
    res.redirect(303, `/attempts/${idOf(req)}?question=${number.data}`);
  });

  router.post('/attempts/:id/answers/:number', requireUser, async (req, res) => {
    const id = idOf(req);
    const number = questionNumber.safeParse(req.params['number']);
    if (!number.success) throw new NotFoundError();
    // An empty form clears the answer; a body that is no form at all must not.
    if (typeof req.body !== 'object' || req.body === null) throw new BadRequestError();
    const { _csrf, go, flagged, ...raw } = req.body as Record<string, unknown>;
    const given = { raw, flagged: flagged === '1' };
    const result = await quizzes.save(currentUser(req).id, id, number.data, given);
    const wantsJson = req.accepts(['html', 'json']) === 'json';
    if (result.kind === 'saved') {
      if (wantsJson) return res.set('Cache-Control', 'no-store').json({ savedAt: result.savedAt });
      return res.redirect(303, await afterSaving(req, id, number.data, go));
    }
    if (wantsJson) return res.status(422).json({ errors: problemMessages(result.problems, req.t) });
    await showRefused(req, res, number.data, {
      problems: result.problems,
      typed: raw,
      flagged: given.flagged,
    });
  });

  router.get('/attempts/:id/review', requireUser, async (req, res) => {
    const attempt = await ownAttempt(req);
    if (attempt.submittedAt) return res.redirect(303, resultHref(attempt));
    render(req, res, CHECK_PAGE, checkView(attempt, req));
  });

  router.post('/attempts/:id/submit', requireUser, async (req, res) => {
    const id = idOf(req);
    await quizzes.submit(currentUser(req).id, id);
    res.redirect(303, `/attempts/${id}/result`);
  });

  router.get('/attempts/:id/result', requireUser, async (req, res) => {
    const attempt = await ownAttempt(req);
    if (!attempt.submittedAt) return res.redirect(303, `/attempts/${attempt.id}`);
    const page = questionNumber.safeParse(req.query['page']);
    render(req, res, RESULT_PAGE, resultView(attempt, page.success ? page.data : 1, req));
  });

  const ownAttempt = (req: Request): Promise<Attempt> => quizzes.attempt(currentUser(req).id, idOf(req));

  /** Where a form that was saved leads: to the next part of the case, to a neighbouring question or to the review. */
  async function afterSaving(req: Request, id: string, number: number, go: unknown): Promise<string> {
    const to = (question: number) => `/attempts/${id}?question=${question}`;
    if (req.body.next !== undefined) return `${to(number)}#open-part`;
    const where = goSchema.parse(go);
    if (where === 'stay') return to(number);
    if (where === 'previous') return to(Math.max(1, number - 1));
    const { questions } = await ownAttempt(req);
    return number < questions.length ? to(number + 1) : `/attempts/${id}/review`;
  }

  async function showRefused(req: Request, res: Response, number: number, refused: Refused): Promise<void> {
    const attempt = await ownAttempt(req);
    const current = attempt.questions[number - 1];
    if (!current) throw new NotFoundError();
    render(req, res, ATTEMPT_PAGE, attemptView(attempt, current, req, refused), { status: 422 });
  }

  return router;
}

function resultHref(attempt: Attempt): string {
  return `/attempts/${attempt.id}/result`;
}
