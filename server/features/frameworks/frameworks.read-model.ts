import type { Framework } from '../../core/framework';
import type { Database } from '../../platform/db/database';
import { NotFoundError, OperationalError } from '../../platform/errors';

/** A published version: immutable, so its document may be kept for as long as the process lives. */
export type PublishedFramework = { id: string; document: Framework; publishedAt: Date };

/** The framework of this installation; see seeds/reference. */
const CODE = 'CM';
/** How long a process may go on with the version it knows after another process has published a newer one. */
const RECHECK_MS = 30_000;

type Cache = { versions: Map<string, PublishedFramework>; current: { id: string; checkedAt: number } | null };

/** Per database object, so that tests with a database each do not see one another's frameworks. */
const caches = new WeakMap<Database, Cache>();

function cacheOf(db: Database): Cache {
  const known = caches.get(db);
  if (known) return known;
  const cache: Cache = { versions: new Map(), current: null };
  caches.set(db, cache);
  return cache;
}

/**
 * The newest published version of the framework. Usually without a statement: the document is in memory, and whether it
 * is still the newest is asked at most every 30 seconds.
 */
export async function currentFramework(db: Database): Promise<PublishedFramework> {
  const cache = cacheOf(db);
  const now = Date.now();
  if (cache.current && now - cache.current.checkedAt < RECHECK_MS)
    return frameworkVersion(db, cache.current.id);
  const [newest] = await db.query<{ id: string }>(
    'frameworks.newest',
    `select id from framework_versions where code = $1 and status = 'published' order by published_at desc, id desc limit 1`,
    [CODE],
  );
  if (!newest) throw new OperationalError('No competence framework is published: load the reference data.');
  cache.current = { id: newest.id, checkedAt: now };
  return frameworkVersion(db, newest.id);
}

/** Makes this process look again for the newest version, after it has published one itself. */
export function forgetCurrentFramework(db: Database): void {
  cacheOf(db).current = null;
}

/** A published version by id, read once per process. */
export async function frameworkVersion(db: Database, id: string): Promise<PublishedFramework> {
  const { versions } = cacheOf(db);
  const known = versions.get(id);
  if (known) return known;
  const [row] = await db.query<PublishedFramework>(
    'frameworks.version',
    `select id, document, published_at as "publishedAt" from framework_versions where id = $1 and status = 'published'`,
    [id],
  );
  if (!row) throw new NotFoundError();
  versions.set(id, row);
  return row;
}
