import { Router } from 'express';
import type { Database } from '../../platform/db/database';
import { NotFoundError } from '../../platform/errors';
import { render } from '../../platform/http/page';
import { currentFramework } from '../frameworks/frameworks.read-model';
import {
  selectClusters,
  selectMemberships,
  selectOptionalCluster,
  selectPartners,
} from '../organisations/organisations.read-model';
import type { OrganisationsService } from '../organisations/organisations.service';
import { registerQuerySchema } from './register.schemas';
import { CLUSTER_PAGE, CLUSTERS_PAGE, clustersView, clusterView } from './register.views';

const CLUSTERS_PER_PAGE = 50;

/** The public register of clusters. */
export function registerRoutes(db: Database, organisations: OrganisationsService): Router {
  const router = Router();

  router.get('/clusters', async (req, res) => {
    const query = registerQuerySchema.parse(req.query);
    const [partners, { rows, total }, memberships] = await Promise.all([
      selectPartners(db),
      selectClusters(db, query, {
        limit: CLUSTERS_PER_PAGE,
        offset: (query.page - 1) * CLUSTERS_PER_PAGE,
      }),
      req.user ? selectMemberships(db, req.user.id) : [],
    ]);
    const view = clustersView(
      {
        query,
        countries: [...new Set(partners.map(({ country }) => country))],
        clusters: rows,
        total,
        pages: Math.max(1, Math.ceil(total / CLUSTERS_PER_PAGE)),
        own: new Set(memberships.map(({ clusterId }) => clusterId)),
      },
      req.t,
      req.locale,
    );
    render(req, res, CLUSTERS_PAGE, view);
  });

  router.get('/clusters/:slug', async (req, res) => {
    const cluster = await selectOptionalCluster(db, req.params.slug);
    if (!cluster) throw new NotFoundError();
    const people = await organisations.peopleOf(req.user ?? null, cluster);
    const roles = people === null ? [] : (await currentFramework(db)).document.profiles;
    render(req, res, CLUSTER_PAGE, clusterView({ cluster, people, roles }, req.t, req.locale));
  });

  return router;
}
