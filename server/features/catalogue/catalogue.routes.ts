import { type Response, Router } from 'express';
import type { Database } from '../../platform/db/database';
import { NotFoundError } from '../../platform/errors';
import { render } from '../../platform/http/page';
import { currentFramework } from '../frameworks/frameworks.read-model';
import {
  searchModules,
  selectGlossary,
  selectOptionalCourse,
  selectOptionalMedia,
  selectPlannableModules,
  selectTrainingPaths,
} from './catalogue.read-model';
import { filtersSchema, glossaryQuerySchema } from './catalogue.schemas';
import {
  CATALOGUE_PAGE,
  COURSE_PAGE,
  catalogueView,
  courseView,
  GLOSSARY_PAGE,
  glossaryView,
  type LearnerStateOf,
  PATHS_PAGE,
  pathsView,
  type Reader,
} from './catalogue.views';

/** Public pages: catalogue, courses with their pictures and downloads, ready-made paths, glossary. */
export function catalogueRoutes(db: Database, learnerState: LearnerStateOf): Router {
  const router = Router();

  router.get('/catalogue', async (req, res) => {
    const filters = filtersSchema.parse(req.query);
    const [framework, found] = await Promise.all([
      currentFramework(db),
      searchModules(db, filters, req.locale),
    ]);
    render(
      req,
      res,
      CATALOGUE_PAGE,
      catalogueView({ filters, found, framework: framework.document, ...reader(req) }),
    );
  });

  router.get('/catalogue/paths', async (req, res) => {
    const [framework, paths, modules] = await Promise.all([
      currentFramework(db),
      selectTrainingPaths(db),
      selectPlannableModules(db),
    ]);
    render(
      req,
      res,
      PATHS_PAGE,
      pathsView({ paths, modules, framework: framework.document, ...reader(req) }),
    );
  });

  router.get('/courses/:slug', async (req, res) => {
    const course = await selectOptionalCourse(db, req.params.slug);
    if (!course) throw new NotFoundError();
    const [framework, modules, learner] = await Promise.all([
      currentFramework(db),
      selectPlannableModules(db),
      learnerState(req.user ?? null, course, reader(req)),
    ]);
    const view = courseView({ course, modules, learner, framework: framework.document, ...reader(req) });
    render(req, res, COURSE_PAGE, view);
  });

  router.get('/courses/:slug/media/*path', async (req, res) => {
    const version = req.query['v'];
    // The database is asked for the very path; nothing is looked up on disk.
    const path = req.params.path.join('/');
    if (typeof version !== 'string' || !/^[0-9a-f]{12}$/.test(version)) throw new NotFoundError();
    const file = await selectOptionalMedia(db, req.params.slug, path, version);
    if (!file) throw new NotFoundError();
    sendMedia(res, path, file);
  });

  router.get('/glossary', async (req, res) => {
    const { q } = glossaryQuerySchema.parse(req.query);
    render(req, res, GLOSSARY_PAGE, glossaryView({ terms: await selectGlossary(db), q, ...reader(req) }));
  });

  return router;
}

const reader = ({ t, locale }: Reader): Reader => ({ t, locale });

/** Authors' files: cached for good under an address that names their content, and never run as part of this site. */
function sendMedia(res: Response, path: string, file: { mime: string; body: Buffer }): void {
  res.set({
    'Content-Type': file.mime,
    'Cache-Control': 'public, max-age=31536000, immutable',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
  });
  if (!file.mime.startsWith('image/')) res.attachment(path.split('/').at(-1));
  res.send(file.body);
}
