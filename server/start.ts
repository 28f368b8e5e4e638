import { MIGRATIONS } from '../migrations';
import { seed } from '../seeds/run';
import { type Composition, compose } from './composition';
import { type Config, loadConfig, loadEnvFile } from './config';
import { ENTITIES } from './entities';
import { Database } from './platform/db/database';
import { startEmbeddedPostgres } from './platform/db/embedded';
import { StartupError } from './platform/errors';
import { createLog, type Log } from './platform/log/log';

/** A process that is connected, migrated and composed, and what ends it. */
export type Started = { config: Config; log: Log; services: Composition; close(): Promise<void> };

/**
 * What the web process, the worker and the commands have in common: settings, log, database, migrations, features.
 * @param options.seed load reference data, courses and (in demonstration mode) the demonstration programme.
 */
export async function start(options: { seed: boolean }): Promise<Started> {
  loadEnvFile();
  const config = loadConfig();
  const log = createLog(config.logLevel);
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres(config.dataDir) : null;
  try {
    const url = config.databaseUrl ?? embedded?.url ?? '';
    const db = await Database.connect({
      url,
      poolSize: config.databasePool,
      entities: ENTITIES,
      migrations: MIGRATIONS,
    });
    try {
      await db.migrate();
      const services = await compose({ config, db, log });
      if (options.seed) await seed(services);
      return {
        config,
        log,
        services,
        async close() {
          await services.close();
          await db.close();
          await embedded?.stop();
        },
      };
    } catch (error) {
      await db.close();
      throw error;
    }
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/**
 * Runs `main` and turns a {@link StartupError} into one line and exit code 1. Anything else is a fault: its stack is shown.
 * @param complaint first words of that line.
 */
export function runProcess(main: () => Promise<void>, complaint = 'Identikit cannot start'): void {
  main().catch((error: unknown) => {
    process.stderr.write(
      error instanceof StartupError ? `${complaint}: ${error.message}\n` : `${trace(error)}\n`,
    );
    process.exit(1);
  });
}

/** Calls `close` once at SIGINT or SIGTERM; a second signal ends the process at once. */
export function onSignals(log: Log, close: () => Promise<void>): void {
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1);
      closing = true;
      log.info({ signal }, 'shutting down');
      close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'shutdown failed');
          process.exit(1);
        },
      );
    });
  }
}

function trace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
