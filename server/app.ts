import express, { type Express } from 'express';
import type { Composition } from './composition';
import { setUpSignIn } from './features/accounts/set-up-sign-in';
import { navigation } from './navigation';
import { setUpErrors } from './platform/http/error-handler';
import { setUpAssets } from './platform/http/set-up-assets';
import { setUpCsrf } from './platform/http/set-up-csrf';
import { type ReadinessCheck, setUpHealth } from './platform/http/set-up-health';
import { setUpLanguage } from './platform/http/set-up-language';
import { setUpLogging } from './platform/http/set-up-logging';
import { setUpPages } from './platform/http/set-up-pages';
import { setUpSecurity } from './platform/http/set-up-security';
import { setUpSessions } from './platform/http/set-up-sessions';

/** The web application: every middleware and feature in the order in which a request meets them. */
export function createApp(services: Composition, checks: ReadinessCheck[]): Express {
  const { config, db, log, i18n, engine } = services;
  const app = express();

  setUpLogging(app, log);
  setUpHealth(app, checks);
  setUpSecurity(app, { https: config.secureCookies, trustProxy: config.trustProxy });
  setUpAssets(app);
  app.use(express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 500 }));
  setUpSessions(app, { pool: db.pool, secret: config.sessionSecret, secure: config.secureCookies });
  setUpSignIn(app, db, services.accounts.service);
  setUpLanguage(app, i18n);
  setUpPages(app, { engine, navigation, demo: config.demo });
  setUpCsrf(app);

  app.use(services.home.routes);
  app.use(services.accounts.routes);
  app.use(services.frameworks.routes);
  app.use(services.assessments.routes);
  app.use(services.paths.routes);
  app.use(services.catalogue.routes);
  app.use(services.learning.routes);
  app.use(services.quizzes.routes);
  app.use(services.certificates.routes);
  app.use(services.register.routes);
  app.use(services.admin.routes);

  setUpErrors(app, i18n);
  return app;
}
