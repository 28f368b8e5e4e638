import { LRUCache } from 'lru-cache';
import { searchConfiguration } from '../../content/import-courses';
import type { CourseOutline, PlannableModule } from '../../core/curriculum';
import type { ContentLanguage, LocalizedText } from '../../core/framework';
import type { Database } from '../../platform/db/database';
import { NotFoundError } from '../../platform/errors';
import type { CatalogueFilters } from './catalogue.schemas';

export type CatalogueCourse = { id: string; versionId: string; outline: CourseOutline };

/** What a course's address and the path of a picture or download can look like; anything else is not worth a statement. */
const SLUG = /^[a-z0-9-]{1,100}$/;
const MEDIA_PATH = /^m\d{1,2}\/(figures|files)\/[a-z0-9][a-z0-9._-]{0,200}$/;

/** The course under an address, in its current version; null if there is none or it was archived. */
export async function selectOptionalCourse(db: Database, slug: string): Promise<CatalogueCourse | null> {
  if (!SLUG.test(slug)) return null;
  const rows = await db.query<CatalogueCourse>(
    'catalogue.course',
    `select c.id, v.id as "versionId", v.outline
     from courses c join course_versions v on v.id = c.current_version_id
     where c.slug = $1 and c.archived_at is null`,
    [slug],
  );
  return rows[0] ?? null;
}

/** Versions never change, so they may be kept; per database object, so that tests do not share them. */
const outlines = new WeakMap<Database, LRUCache<string, CourseOutline>>();

/** The outline of a course version, current or not. Usually without a statement. */
export async function selectOutline(db: Database, courseVersionId: string): Promise<CourseOutline> {
  const cache = outlines.get(db) ?? new LRUCache<string, CourseOutline>({ max: 200 });
  outlines.set(db, cache);
  const known = cache.get(courseVersionId);
  if (known) return known;
  const [row] = await db.query<{ outline: CourseOutline }>(
    'catalogue.outline',
    `select outline from course_versions where id = $1`,
    [courseVersionId],
  );
  if (!row) throw new NotFoundError();
  cache.set(courseVersionId, row.outline);
  return row.outline;
}

export type LessonText = {
  title: string;
  html: string;
  /** Guide for the facilitator: for those who teach the course only. */
  facilitatorHtml: string;
  words: number;
  /** Language of the text: the one asked for, or English where there is no translation. */
  language: ContentLanguage;
};

/** A lesson as rendered HTML, in `language` or else in English. */
export async function selectOptionalLessonText(
  db: Database,
  courseVersionId: string,
  moduleCode: string,
  lessonSlug: string,
  language: string,
): Promise<LessonText | null> {
  const rows = await db.query<LessonText>(
    'catalogue.lesson',
    `select title, html, facilitator_html as "facilitatorHtml", words, language from lesson_texts
     where course_version_id = $1 and module_code = $2 and lesson_slug = $3 and language in ($4, 'en')
     order by (language = $4) desc limit 1`,
    [courseVersionId, moduleCode, lessonSlug, language],
  );
  return rows[0] ?? null;
}

export type PlannerModule = PlannableModule & {
  title: LocalizedText;
  courseCode: string;
  courseSlug: string;
  courseTitle: LocalizedText;
  /** Has lessons; a module without them can be planned but not yet started. */
  open: boolean;
};

/** How long a process may go on with the curriculum it knows after another process has imported a newer one. */
const RECHECK_MS = 10_000;
const curricula = new WeakMap<Database, { modules: Promise<PlannerModule[]>; readAt: number }>();

/** Every module of the current curriculum, in its order: what paths are planned from. Read at most every ten seconds. */
export function selectPlannableModules(db: Database): Promise<PlannerModule[]> {
  const known = curricula.get(db);
  if (known && Date.now() - known.readAt < RECHECK_MS) return known.modules;
  const modules = readModules(db);
  curricula.set(db, { modules, readAt: Date.now() });
  modules.catch(() => curricula.delete(db));
  return modules;
}

/** Makes this process read the curriculum again, after it has changed it itself. */
export function forgetCurriculum(db: Database): void {
  curricula.delete(db);
}

function readModules(db: Database): Promise<PlannerModule[]> {
  return db.query<PlannerModule>(
    'catalogue.modules',
    `select m.code, m.minutes, m.modes, m.levels, m.prerequisites, m.open, c.code as "courseCode", c.slug as "courseSlug",
       (select jsonb_object_agg(e.language, e.title) from catalogue_entries e
        where e.course_id = c.id and e.module_code = m.code) as title,
       (select jsonb_object_agg(e.language, e.title) from catalogue_entries e
        where e.course_id = c.id and e.module_code = '') as "courseTitle"
     from modules m join courses c on c.id = m.course_id
     where m.retired_at is null and c.archived_at is null
     order by c.position, c.code, m.position`,
  );
}

export type TrainingPathRow = {
  code: string;
  /** Role of the framework it is made for; null for everyone. */
  roleCode: string | null;
  title: LocalizedText;
  description: LocalizedText;
  modules: string[];
  waivesPrerequisites: boolean;
};

/** The ready-made paths, in order. */
export function selectTrainingPaths(db: Database): Promise<TrainingPathRow[]> {
  return db.query<TrainingPathRow>(
    'catalogue.paths',
    `select code, role_code as "roleCode", title, description, modules, waives_prerequisites as "waivesPrerequisites"
     from training_paths order by code`,
  );
}

export type GlossaryRow = { id: string; term: LocalizedText; definition: LocalizedText };

export function selectGlossary(db: Database): Promise<GlossaryRow[]> {
  return db.query<GlossaryRow>('catalogue.glossary', `select id, term, definition from glossary_terms`);
}

/** A picture or download as it was when the address was made: `version` begins its content hash. */
export async function selectOptionalMedia(
  db: Database,
  slug: string,
  path: string,
  version: string,
): Promise<{ mime: string; body: Buffer } | null> {
  if (!SLUG.test(slug) || !MEDIA_PATH.test(path)) return null;
  const rows = await db.query<{ mime: string; body: Buffer }>(
    'catalogue.media',
    `select m.mime_type as mime, m.body from media m join courses c on c.id = m.course_id
     where c.slug = $1 and m.path = $2 and starts_with(m.content_hash, $3) limit 1`,
    [slug, path, version],
  );
  return rows[0] ?? null;
}

export type FoundModule = {
  courseCode: string;
  courseSlug: string;
  courseTitle: string;
  courseSummary: string;
  courseMinutes: number;
  courseModules: number;
  code: string;
  title: string;
  summary: string;
  /** Language of title and summary: the reader's, or English. */
  language: ContentLanguage;
  minutes: number;
  modes: PlannableModule['modes'];
  open: boolean;
};

/** Shortest and longest workload of each length that the catalogue offers, in minutes. */
const LENGTHS = { short: [0, 90], medium: [91, 180], long: [181, 100_000] } as const;

/**
 * Modules that fit all filters, best match first if there is something to search for, else in the curriculum's order;
 * modules of one course stand together. A module is found by its own words, those of its lessons or those of its course.
 */
export function searchModules(
  db: Database,
  filters: CatalogueFilters,
  language: string,
): Promise<FoundModule[]> {
  const [shortest, longest] = filters.length ? LENGTHS[filters.length] : [0, 100_000];
  return db.query<FoundModule>(
    'catalogue.search',
    `with asked as (
       select websearch_to_tsquery($2::regconfig, fold_accents($3)) as own,
         websearch_to_tsquery('english', fold_accents($3)) as english),
     entry as (
       select e.course_id, e.module_code, e.language, e.title, e.summary,
         $3 = '' or e.search @@ (case when e.language = $1 then own else english end) as hit,
         ts_rank(e.search, case when e.language = $1 then own else english end) as rank
       from catalogue_entries e, asked
       where e.language = $1 or (e.language = 'en' and not exists (
         select 1 from catalogue_entries o
         where o.course_id = e.course_id and o.module_code = e.module_code and o.language = $1))),
     found as (
       select c.id, c.position as course_position, c.code as course_code, c.slug, course.title as course_title,
         course.summary as course_summary, m.code, m.position, m.minutes, m.modes, m.open,
         own.title, own.summary, own.language, case when $3 = '' then 0 else course.rank + own.rank end as rank
       from modules m
       join courses c on c.id = m.course_id and c.archived_at is null
       join course_versions v on v.id = c.current_version_id
       join entry course on course.course_id = c.id and course.module_code = ''
       join entry own on own.course_id = c.id and own.module_code = m.code
       where m.retired_at is null and (course.hit or own.hit)
         and ($4::text is null or m.levels ? $4)
         and ($5::text is null or v.outline -> 'tasks' ? $5)
         and ($6::int is null or exists (
           select 1 from jsonb_each_text(m.levels) l where l.value::int = $6 and ($4::text is null or l.key = $4)))
         and ($7::text is null or $7 = any(m.modes))
         and ($8::text is null or exists (
           select 1 from lesson_texts t where t.course_version_id = v.id and t.module_code = m.code and t.language = $8))
         and m.minutes between $9 and $10)
     select course_code as "courseCode", slug as "courseSlug", course_title as "courseTitle",
       course_summary as "courseSummary", code, title, summary, language, minutes, modes, open,
       (select count(*)::int from modules a where a.course_id = found.id and a.retired_at is null) as "courseModules",
       (select sum(minutes)::int from modules a where a.course_id = found.id and a.retired_at is null)
         as "courseMinutes"
     from found
     order by max(rank) over (partition by id) desc, course_position, course_code, rank desc, position`,
    [
      language,
      searchConfiguration(language),
      filters.q,
      filters.competency,
      filters.task,
      filters.level,
      filters.mode,
      filters.language,
      shortest,
      longest,
    ],
  );
}
