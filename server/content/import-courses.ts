import { createHash } from 'node:crypto';
import type { ContentLanguage } from '../core/framework';
import { textIn } from '../core/localized-text';
import type { Item } from '../core/quiz/item';
import type { Database } from '../platform/db/database';
import { uuidv7 } from '../platform/ids';
import type { LoadedContent, LoadedCourse } from './content';
import type { GlossaryTerm } from './glossary-index';
import type { TrainingPath } from './reference';

export type ImportResult = {
  /** Codes of courses that got a new version. */
  changed: string[];
  unchanged: string[];
  /** Codes of courses that are no longer among the files. */
  archived: string[];
};

/**
 * Brings the database up to what was loaded. A changed course gets a new, immutable version; learners in progress keep
 * theirs. One transaction per course, one import at a time, and nothing at all for what has not changed.
 */
export async function importCourses(db: Database, content: LoadedContent): Promise<ImportResult> {
  const known = await db.query<{ code: string; hash: string | null }>(
    'content.known',
    `select c.code, v.content_hash as hash from courses c left join course_versions v on v.id = c.current_version_id
     where c.archived_at is null`,
  );
  const hashes = new Map(known.map(({ code, hash }) => [code, hash]));
  const keys = content.courses.flatMap(({ quizzes }) =>
    quizzes.flatMap(({ items }) => items.map(({ id }) => id)),
  );
  const result: ImportResult = { changed: [], unchanged: [], archived: [] };
  for (const [position, course] of content.courses.entries()) {
    const { code } = course.outline;
    if (hashes.get(code) === course.hash) {
      result.unchanged.push(code);
      continue;
    }
    await db.transaction(async () => {
      await lock(db);
      await importCourse(db, course, position, keys);
    });
    result.changed.push(code);
  }
  result.archived = await archiveMissing(db, content);
  await orderCourses(db, content);
  return result;
}

/** One import at a time: several processes may start together. */
async function lock(db: Database): Promise<void> {
  db.assertTransaction();
  await db.query('content.lock', `select pg_advisory_xact_lock(hashtext('identikit:courses'))`);
}

async function importCourse(
  db: Database,
  course: LoadedCourse,
  position: number,
  allItemKeys: readonly string[],
): Promise<void> {
  const { outline } = course;
  // The address may have belonged to a course that was removed or renamed.
  await db.query(
    'content.freeSlug',
    `update courses set slug = slug || '-' || lower(code) || '-former' where slug = $1 and code <> $2`,
    [outline.slug, outline.code],
  );
  const [row] = await db.query<{
    id: string;
    versionId: string | null;
    hash: string | null;
    number: number | null;
  }>(
    'content.course',
    `with saved as (
       insert into courses (id, code, slug, position) values ($1, $2, $3, $4)
       on conflict (code) do update set slug = excluded.slug, position = excluded.position, archived_at = null
       returning id, current_version_id)
     select saved.id, saved.current_version_id as "versionId", v.content_hash as hash,
       (select max(number) from course_versions where course_id = saved.id) as number
     from saved left join course_versions v on v.id = saved.current_version_id`,
    [uuidv7(), outline.code, outline.slug, position],
  );
  if (!row) throw new Error(`The course ${outline.code} was not saved.`);
  await projectModules(db, row.id, course);
  await saveMedia(db, row.id, course);
  // Another process may have imported the same files between the comparison and the lock.
  if (row.hash === course.hash) return;
  const items = await saveItems(db, course);
  await retireItems(db, row.versionId, allItemKeys);
  const versionId = uuidv7();
  await db.query(
    'content.version',
    `insert into course_versions (id, course_id, number, content_hash, outline) values ($1, $2, $3, $4, $5)`,
    [versionId, row.id, (row.number ?? 0) + 1, course.hash, JSON.stringify(outline)],
  );
  await saveLessons(db, versionId, course);
  await saveQuizzes(db, versionId, course, items);
  await db.query('content.publish', `update courses set current_version_id = $2 where id = $1`, [
    row.id,
    versionId,
  ]);
  await indexCourse(db, row.id, course);
}

async function projectModules(db: Database, courseId: string, { outline }: LoadedCourse): Promise<void> {
  const rows = outline.modules.map(({ code, minutes, modes, levels, prerequisites, open }, position) => ({
    code,
    position,
    minutes,
    modes,
    levels,
    prerequisites,
    open,
  }));
  await db.query(
    'content.modules',
    `insert into modules (code, course_id, position, minutes, modes, levels, prerequisites, open)
     select code, $1, position, minutes, modes, levels, prerequisites, open
     from jsonb_to_recordset($2::jsonb) as m(code text, position integer, minutes integer, modes text[], levels jsonb,
       prerequisites text[], open boolean)
     on conflict (code) do update set course_id = excluded.course_id, position = excluded.position,
       minutes = excluded.minutes, modes = excluded.modes, levels = excluded.levels,
       prerequisites = excluded.prerequisites, open = excluded.open, retired_at = null`,
    [courseId, JSON.stringify(rows)],
  );
  await db.query(
    'content.retireModules',
    `update modules set retired_at = now(), open = false
     where course_id = $1 and retired_at is null and not (code = any($2::text[]))`,
    [courseId, rows.map(({ code }) => code)],
  );
}

/** Former files stay: the versions that learners began with still show them. */
async function saveMedia(db: Database, courseId: string, { media }: LoadedCourse): Promise<void> {
  await db.query(
    'content.media',
    `insert into media (course_id, path, content_hash, mime_type, body)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::bytea[])
     on conflict do nothing`,
    [
      courseId,
      media.map(({ path }) => path),
      media.map(({ hash }) => hash),
      media.map(({ mime }) => mime),
      media.map(({ body }) => body),
    ],
  );
}

type ItemRow = {
  id: string;
  key: string;
  versionId: string | null;
  hash: string | null;
  number: number | null;
};

/** Saves the items that changed as new versions. Returns the current version of every item of the course, by its key. */
async function saveItems(db: Database, { quizzes }: LoadedCourse): Promise<ReadonlyMap<string, string>> {
  const items = quizzes.flatMap((quiz) => quiz.items);
  const keys = items.map(({ id }) => id);
  await db.query(
    'content.items',
    `insert into items (id, key) select * from unnest($1::uuid[], $2::text[])
     on conflict (key) do update set retired_at = null where items.retired_at is not null`,
    [items.map(() => uuidv7()), keys],
  );
  const rows = await db.query<ItemRow>(
    'content.itemVersions',
    `select i.id, i.key, v.id as "versionId", v.content_hash as hash, v.number
     from items i left join item_versions v on v.id = i.current_version_id where i.key = any($1::text[])`,
    [keys],
  );
  const saved = new Map(rows.map((row) => [row.key, row]));
  const current = new Map<string, string>();
  const changes: object[] = [];
  for (const item of items) {
    const row = saved.get(item.id);
    if (!row) throw new Error(`The item ${item.id} was not saved.`);
    const hash = hashOfItem(item);
    if (row.hash === hash && row.versionId !== null) {
      current.set(item.id, row.versionId);
      continue;
    }
    const id = uuidv7();
    current.set(item.id, id);
    const { type, competency, level, difficulty } = item;
    changes.push({
      id,
      item_id: row.id,
      number: (row.number ?? 0) + 1,
      type,
      competency,
      level,
      difficulty,
      document: item,
      hash,
    });
  }
  if (changes.length > 0) {
    await db.query(
      'content.changedItems',
      `with added as (
         insert into item_versions (id, item_id, number, type, competency_code, level, difficulty, document, content_hash)
         select id, item_id, number, type, competency, level, difficulty, document, hash
         from jsonb_to_recordset($1::jsonb) as v(id uuid, item_id uuid, number integer, type text, competency text,
           level smallint, difficulty text, document jsonb, hash text)
         returning id, item_id)
       update items set current_version_id = added.id from added where items.id = added.item_id`,
      [JSON.stringify(changes)],
    );
  }
  return current;
}

/** Items of the former version that no course asks any more. One that moved to another course stays. */
async function retireItems(
  db: Database,
  formerVersionId: string | null,
  keys: readonly string[],
): Promise<void> {
  await db.query(
    'content.retireItems',
    `update items set retired_at = now()
     where retired_at is null and not (key = any($2::text[])) and id in (
       select v.item_id from quizzes q join item_versions v on v.id = any(q.item_version_ids)
       where q.course_version_id = $1)`,
    [formerVersionId, keys],
  );
}

const hashOfItem = (item: Item) => createHash('sha256').update(JSON.stringify(item)).digest('hex');

async function saveLessons(db: Database, versionId: string, { lessons }: LoadedCourse): Promise<void> {
  const rows = lessons.map(({ module, slug, language, title, html, facilitatorHtml, words }) => ({
    module,
    slug,
    language,
    title,
    html,
    facilitatorHtml,
    words,
  }));
  await db.query(
    'content.lessons',
    `insert into lesson_texts
       (course_version_id, module_code, lesson_slug, language, title, html, facilitator_html, words)
     select $1, module, slug, language, title, html, "facilitatorHtml", words
     from jsonb_to_recordset($2::jsonb) as l(module text, slug text, language text, title text, html text,
       "facilitatorHtml" text, words integer)`,
    [versionId, JSON.stringify(rows)],
  );
}

async function saveQuizzes(
  db: Database,
  versionId: string,
  { quizzes }: LoadedCourse,
  items: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = quizzes.map((quiz) => ({
    id: uuidv7(),
    module: quiz.module,
    pass_mark: quiz.passMark,
    settings: { slots: quiz.slots },
    items: quiz.items.map(({ id }) => items.get(id)),
  }));
  await db.query(
    'content.quizzes',
    `insert into quizzes (id, course_version_id, module_code, pass_mark, settings, item_version_ids)
     select id, $1, module, pass_mark, settings, items
     from jsonb_to_recordset($2::jsonb) as q(id uuid, module text, pass_mark smallint, settings jsonb, items uuid[])`,
    [versionId, JSON.stringify(rows)],
  );
}

/** PostgreSQL's dictionaries of the content languages; `simple` only splits into words. */
export function searchConfiguration(language: string): string {
  const known: Partial<Record<ContentLanguage, string>> = {
    en: 'english',
    it: 'italian',
    de: 'german',
    hu: 'hungarian',
  };
  return known[language as ContentLanguage] ?? 'simple';
}

/** What the catalogue searches: a row for the course and for each module, in each language that the course has a title in. */
async function indexCourse(
  db: Database,
  courseId: string,
  { outline, lessons }: LoadedCourse,
): Promise<void> {
  const rows = Object.keys(outline.title).flatMap((language) => [
    {
      module: '',
      language,
      configuration: searchConfiguration(language),
      title: textIn(outline.title, language),
      summary: textIn(outline.summary, language),
      outcomes: '',
      body: '',
    },
    ...outline.modules.map((module) => ({
      module: module.code,
      language,
      configuration: searchConfiguration(language),
      title: textIn(module.title, language),
      summary: textIn(module.summary, language),
      outcomes: module.outcomes.map((outcome) => textIn(outcome, language)).join('\n'),
      body: lessons
        .filter((lesson) => lesson.module === module.code && lesson.language === language)
        .map(({ title, text }) => `${title}\n${text}`)
        .join('\n'),
    })),
  ]);
  await db.query('content.forgetEntries', `delete from catalogue_entries where course_id = $1`, [courseId]);
  await db.query(
    'content.entries',
    `insert into catalogue_entries (course_id, module_code, language, title, summary, search)
     select $1, module, language, title, summary,
       setweight(to_tsvector(configuration::regconfig, fold_accents(title)), 'A')
       || setweight(to_tsvector(configuration::regconfig, fold_accents(summary)), 'B')
       || setweight(to_tsvector(configuration::regconfig, fold_accents(outcomes)), 'C')
       || setweight(to_tsvector(configuration::regconfig, fold_accents(body)), 'D')
     from jsonb_to_recordset($2::jsonb) as e(module text, language text, configuration text, title text, summary text,
       outcomes text, body text)`,
    [courseId, JSON.stringify(rows)],
  );
}

/** Archives what is no longer among the files. A course that is there with an error stays as it was. */
async function archiveMissing(db: Database, { courses, slugs }: LoadedContent): Promise<string[]> {
  // An empty folder is a wrong path or a disk that is not mounted, not a decision to end every course.
  if (slugs.length === 0) return [];
  return db.transaction(async () => {
    await lock(db);
    const rows = await db.query<{ id: string; code: string }>(
      'content.archive',
      `update courses set archived_at = now()
       where archived_at is null and not (code = any($1::text[])) and not (slug = any($2::text[]))
       returning id, code`,
      [courses.map(({ outline }) => outline.code), slugs],
    );
    if (rows.length > 0) {
      await db.query(
        'content.archiveModules',
        `update modules set retired_at = now(), open = false where course_id = any($1::uuid[]) and retired_at is null`,
        [rows.map(({ id }) => id)],
      );
    }
    return rows.map(({ code }) => code);
  });
}

/** Courses stand in the order of their codes. */
async function orderCourses(db: Database, { courses }: LoadedContent): Promise<void> {
  await db.query(
    'content.order',
    `update courses c set position = o.position - 1
     from unnest($1::text[]) with ordinality as o(code, position)
     where c.code = o.code and c.position <> o.position - 1`,
    [courses.map(({ outline }) => outline.code)],
  );
}

/** Replaces the ready-made paths by those given. */
export async function importTrainingPaths(db: Database, paths: readonly TrainingPath[]): Promise<void> {
  const rows = paths.map(({ code, role, title, description, modules, waivesPrerequisites }) => ({
    code,
    role,
    title,
    description,
    modules,
    waives: waivesPrerequisites,
  }));
  await db.query(
    'content.paths',
    `with given as (
       select * from jsonb_to_recordset($1::jsonb) as p(code text, role text, title jsonb, description jsonb,
         modules text[], waives boolean)),
     removed as (delete from training_paths where code not in (select code from given))
     insert into training_paths (code, role_code, title, description, modules, waives_prerequisites)
     select code, role, title, description, modules, waives from given
     on conflict (code) do update set role_code = excluded.role_code, title = excluded.title,
       description = excluded.description, modules = excluded.modules,
       waives_prerequisites = excluded.waives_prerequisites`,
    [JSON.stringify(rows)],
  );
}

/** Replaces the glossary by the terms given. */
export async function importGlossary(db: Database, terms: readonly GlossaryTerm[]): Promise<void> {
  await db.query(
    'content.glossary',
    `with given as (
       select * from jsonb_to_recordset($1::jsonb) as g(id text, term jsonb, definition jsonb)),
     removed as (delete from glossary_terms where id not in (select id from given))
     insert into glossary_terms (id, term, definition) select id, term, definition from given
     on conflict (id) do update set term = excluded.term, definition = excluded.definition`,
    [JSON.stringify(terms)],
  );
}
