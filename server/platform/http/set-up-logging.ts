import type { Express } from 'express';
import pinoHttp from 'pino-http';
import { uuidv7 } from '../ids';
import type { Log } from '../log/log';

/** One log line per request, with an id that error pages show as their reference. Query strings are not logged: they may hold tokens. */
export function setUpLogging(app: Express, log: Log): void {
  app.use(
    pinoHttp({
      logger: log,
      genReqId: (_req, res) => {
        const id = uuidv7();
        res.setHeader('X-Request-Id', id);
        return id;
      },
      customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'warn' : 'info'),
      serializers: {
        req: (req: { id: string; method: string; url: string }) => ({
          id: req.id,
          method: req.method,
          path: req.url.split('?')[0],
        }),
        res: (res: { statusCode: number }) => ({ status: res.statusCode }),
      },
      autoLogging: {
        ignore: (req) =>
          req.url === '/healthz' || req.url === '/readyz' || (req.url ?? '').startsWith('/assets/'),
      },
    }),
  );
}
