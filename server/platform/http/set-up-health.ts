import type { Express } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** A dependency that must answer before requests are sent here. `check` throws or returns a sentence about its state. */
export type ReadinessCheck = { name: string; required: boolean; check(): Promise<string> };

/** `/healthz` (process up), `/readyz` (dependencies up) and `/metrics` (Prometheus), before everything that costs. */
export function setUpHealth(app: Express, checks: ReadinessCheck[]): void {
  app.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });

  app.get('/readyz', async (_req, res) => {
    const results = await Promise.all(
      checks.map(async ({ name, required, check }) => {
        try {
          return { name, required, ok: true, detail: await check() };
        } catch {
          return { name, required, ok: false, detail: 'not reachable' };
        }
      }),
    );
    const ready = results.every((result) => result.ok || !result.required);
    res.status(ready ? 200 : 503).json({
      status: ready ? (results.every((result) => result.ok) ? 'ok' : 'degraded') : 'unavailable',
      checks: Object.fromEntries(results.map(({ name, ok, detail }) => [name, { ok, detail }])),
    });
  });

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  app.use((req, res, next) => {
    const stop = durations.startTimer();
    res.on('finish', () => {
      const route: unknown = req.route?.path;
      stop({
        method: req.method,
        route: typeof route === 'string' ? route : 'unmatched',
        status: res.statusCode,
      });
    });
    next();
  });
  app.get('/metrics', async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics());
  });
}
