import { type Request, type Response, Router } from 'express';
import type { Database } from '../../platform/db/database';
import { currentUser, requireUser } from '../../platform/http/current-user';
import { type FieldErrors, parseForm } from '../../platform/http/forms';
import { redirectWith, render } from '../../platform/http/page';
import { selectPlannableModules } from '../catalogue/catalogue.read-model';
import { selectCompletedModules, selectOptionalPlan } from './paths.read-model';
import { acceptSchema } from './paths.schemas';
import type { PathsService } from './paths.service';
import { PATH_PAGE, pathView } from './paths.views';

/** The recommended path and the accepted plan. */
export function pathsRoutes(db: Database, paths: PathsService): Router {
  const router = Router();

  router.get('/path', requireUser, (req, res) => show(req, res));

  router.post('/path/accept', requireUser, async (req, res) => {
    const form = parseForm(acceptSchema, req.body, req.t);
    if (!form.ok) return show(req, res, form.errors);
    const result = await paths.accept(currentUser(req).id, form.value);
    if (result === 'accepted')
      return redirectWith(req, res, '/path', { kind: 'success', text: req.t('paths.accepted') });
    redirectWith(req, res, '/path', { kind: 'info', text: req.t('paths.changedMeanwhile') });
  });

  async function show(req: Request, res: Response, errors?: FieldErrors): Promise<void> {
    const user = currentUser(req);
    const [path, plan, completed, modules] = await Promise.all([
      paths.recommend(user.id),
      selectOptionalPlan(db, user.id),
      selectCompletedModules(db, user.id),
      selectPlannableModules(db),
    ]);
    const text = (name: string) => (typeof req.body?.[name] === 'string' ? String(req.body[name]) : '');
    const view = pathView({
      path,
      plan,
      completed,
      modules: new Map(modules.map((module) => [module.code, module])),
      today: new Date().toISOString().slice(0, 10),
      ...(errors
        ? { errors, typed: { hoursPerWeek: text('hoursPerWeek'), startsOn: text('startsOn') } }
        : {}),
      t: req.t,
      locale: req.locale,
    });
    render(req, res, PATH_PAGE, view, { status: errors ? 422 : 200 });
  }

  return router;
}
