import { AsyncLocalStorage } from 'node:async_hooks';
import type pg from 'pg';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  type Repository,
} from 'typeorm';
import { StartupError } from '../errors';
import { SnakeNaming } from './naming';
import { isRetryable } from './pg-errors';

type Constructor = new () => object;
export type DatabaseOptions = {
  url: string;
  poolSize: number;
  entities: Constructor[];
  migrations: Constructor[];
  /** Called with the SQL of every statement sent through `query`: how tests count statements per page. */
  onStatement?: (sql: string) => void;
};

/** Attempts at a transaction that PostgreSQL aborted for a serialisation failure or a deadlock. */
const ATTEMPTS = 3;

/**
 * The one door to PostgreSQL. Entities and repositories write; pages read through {@link Database.query}.
 * A transaction lives in asynchronous context: whatever runs inside `transaction(...)` joins it without being told.
 */
export class Database {
  readonly dataSource: DataSource;
  readonly #context = new AsyncLocalStorage<EntityManager>();
  readonly #onStatement: ((sql: string) => void) | undefined;

  private constructor(dataSource: DataSource, onStatement: ((sql: string) => void) | undefined) {
    this.dataSource = dataSource;
    this.#onStatement = onStatement;
  }

  /**
   * Connects. Does not migrate: see {@link Database.migrate}.
   * @throws StartupError in one line if the database does not answer.
   */
  static async connect(options: DatabaseOptions): Promise<Database> {
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      entities: options.entities,
      migrations: options.migrations,
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
      namingStrategy: new SnakeNaming(),
      poolSize: options.poolSize,
      connectTimeoutMS: 5000,
      applicationName: 'identikit',
      installExtensions: false,
      logging: false,
    });
    try {
      await dataSource.initialize();
    } catch (cause) {
      const { host, pathname } = new URL(options.url);
      const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
      throw new StartupError(
        `The database ${pathname.slice(1)} at ${host} cannot be reached: ${reason}. Check DATABASE_URL, or unset it to use the embedded PostgreSQL.`,
        { cause },
      );
    }
    return new Database(dataSource, options.onStatement);
  }

  /** Brings the schema up to date; one process at a time, so that several may start together. */
  async migrate(): Promise<void> {
    const lock = this.dataSource.createQueryRunner();
    try {
      await lock.query(`select pg_advisory_lock(hashtext('identikit:migrate'))`);
      await this.dataSource.runMigrations();
    } finally {
      await lock.query(`select pg_advisory_unlock(hashtext('identikit:migrate'))`).catch(() => undefined);
      await lock.release();
    }
  }

  /**
   * Runs `work` in one transaction, or joins the one that is already open. Rolls back when `work` throws.
   * Serialisation failures and deadlocks are tried again, so `work` must have no effect outside the database.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.inTransaction()) return work();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.dataSource.transaction((manager) => this.#context.run(manager, work));
      } catch (error) {
        if (attempt >= ATTEMPTS || !isRetryable(error)) throw error;
      }
    }
  }

  /** A repository of the current transaction, or of the pool outside one. */
  repository<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E> {
    return (this.#context.getStore() ?? this.dataSource.manager).getRepository(entity);
  }

  /**
   * Runs one statement as a named prepared statement (parsed and planned once per connection: about a third of the
   * cost of an unnamed one) and returns its rows. Joins the current transaction.
   * @param name unique per SQL text, e.g. `home.dashboard`.
   */
  async query<T>(name: string, text: string, values: readonly unknown[] = []): Promise<T[]> {
    this.#onStatement?.(text);
    const runner = this.#context.getStore()?.queryRunner;
    const client: pg.Pool | pg.PoolClient = runner ? await runner.connect() : this.pool;
    const result = await client.query({ name, text, values: [...values] });
    return result.rows as T[];
  }

  /** The pool under everything: for LISTEN and streaming. Ordinary statements go through {@link Database.query}. */
  get pool(): pg.Pool {
    return (this.dataSource.driver as unknown as { master: pg.Pool }).master;
  }

  inTransaction(): boolean {
    return this.#context.getStore() !== undefined;
  }

  /** For methods that lock rows: a lock taken outside a transaction is released before it protects anything. */
  assertTransaction(): void {
    if (!this.inTransaction()) throw new Error('This must run inside Database.transaction().');
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
