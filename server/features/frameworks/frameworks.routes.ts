import { Router } from 'express';
import { z } from 'zod';
import { ROLE_CODES } from '../../core/framework';
import type { Database } from '../../platform/db/database';
import { render } from '../../platform/http/page';
import { currentFramework } from './frameworks.read-model';
import { PROFILE_PAGE, profileView } from './frameworks.views';

/** An unknown role or a repeated parameter reads as the profile the page is about. */
const roleSchema = z.enum(ROLE_CODES).catch('CM');

/** The public job profile. */
export function frameworksRoutes(db: Database): Router {
  const router = Router();

  router.get('/profile', async (req, res) => {
    const framework = await currentFramework(db);
    const role = roleSchema.parse(req.query['role']);
    const open = req.query['show'] === 'all';
    render(req, res, PROFILE_PAGE, profileView(req.t, req.locale, framework, { role, open }));
  });

  return router;
}
