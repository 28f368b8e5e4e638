import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Catalogue1790000003000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // unaccent() is only STABLE; pinned to its dictionary it may be used in an index.
    await db.query(`
      create function fold_accents(text) returns text language sql immutable parallel safe strict
        as $$ select public.unaccent('public.unaccent'::regdictionary, $1) $$`);
    await db.query(`
      create table courses (
        id uuid primary key,
        code text not null constraint courses_code_key unique,
        slug text not null constraint courses_slug_key unique,
        position integer not null,
        current_version_id uuid,
        archived_at timestamptz
      )`);
    await db.query(`
      create table course_versions (
        id uuid primary key,
        course_id uuid not null constraint course_versions_course_id_fkey references courses (id),
        number integer not null,
        content_hash text not null,
        outline jsonb not null,
        published_at timestamptz not null default now(),
        constraint course_versions_course_id_number_key unique (course_id, number)
      )`);
    // course_versions.outline: Everything but lesson bodies and items: titles, outcomes, modules, lesson lists, quiz settings. Never updated.
    await db.query(`
      alter table courses add constraint courses_current_version_id_fkey
        foreign key (current_version_id) references course_versions (id)`);
    await db.query(`
      create table lesson_texts (
        course_version_id uuid not null
          constraint lesson_texts_course_version_id_fkey references course_versions (id) on delete cascade,
        module_code text not null,
        lesson_slug text not null,
        language text not null,
        title text not null,
        html text not null,
        facilitator_html text not null default '',
        words integer not null,
        primary key (course_version_id, module_code, lesson_slug, language)
      )`);
    await db.query(`
      create table catalogue_entries (
        course_id uuid not null constraint catalogue_entries_course_id_fkey references courses (id) on delete cascade,
        module_code text not null,
        language text not null,
        title text not null,
        summary text not null,
        search tsvector not null,
        primary key (course_id, module_code, language)
      )`);
    // catalogue_entries: Search index of the current versions: a row per course (module_code empty) or module, and language.
    await db.query(`create index catalogue_entries_search_idx on catalogue_entries using gin (search)`);
    await db.query(`
      create table modules (
        code text primary key,
        course_id uuid not null constraint modules_course_id_fkey references courses (id),
        position integer not null,
        minutes integer not null constraint modules_minutes_check check (minutes > 0),
        modes text[] not null,
        levels jsonb not null,
        prerequisites text[] not null,
        open boolean not null,
        retired_at timestamptz
      )`);
    // modules: The current curriculum, as the path planner reads it; written by the course importer.
    await db.query(`
      create table training_paths (
        code text primary key,
        role_code text,
        title jsonb not null,
        description jsonb not null,
        modules text[] not null,
        waives_prerequisites boolean not null default false
      )`);
    await db.query(`
      create table media (
        course_id uuid not null constraint media_course_id_fkey references courses (id) on delete cascade,
        path text not null,
        content_hash text not null,
        mime_type text not null,
        body bytea not null,
        primary key (course_id, path, content_hash)
      )`);
    await db.query(`
      create table items (
        id uuid primary key,
        key text not null constraint items_key_key unique,
        current_version_id uuid,
        retired_at timestamptz
      )`);
    await db.query(`
      create table item_versions (
        id uuid primary key,
        item_id uuid not null constraint item_versions_item_id_fkey references items (id),
        number integer not null,
        type text not null,
        competency_code text not null,
        level smallint not null,
        difficulty text not null,
        document jsonb not null,
        content_hash text not null,
        created_at timestamptz not null default now(),
        constraint item_versions_item_id_number_key unique (item_id, number)
      )`);
    await db.query(`
      alter table items add constraint items_current_version_id_fkey
        foreign key (current_version_id) references item_versions (id)`);
    await db.query(`
      create table quizzes (
        id uuid primary key,
        course_version_id uuid not null constraint quizzes_course_version_id_fkey references course_versions (id),
        module_code text not null,
        pass_mark smallint not null constraint quizzes_pass_mark_check check (pass_mark between 1 and 100),
        settings jsonb not null default '{}',
        item_version_ids uuid[] not null,
        constraint quizzes_course_version_id_module_code_key unique (course_version_id, module_code)
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table courses drop constraint courses_current_version_id_fkey`);
    await db.query(`alter table items drop constraint items_current_version_id_fkey`);
    for (const table of [
      'quizzes',
      'item_versions',
      'items',
      'media',
      'training_paths',
      'modules',
      'catalogue_entries',
      'lesson_texts',
      'course_versions',
      'courses',
    ]) {
      await db.query(`drop table ${table}`);
    }
    await db.query(`drop function fold_accents(text)`);
  }
}
