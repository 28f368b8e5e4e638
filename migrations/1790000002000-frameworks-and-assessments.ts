import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FrameworksAndAssessments1790000002000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table framework_versions (
        id uuid primary key,
        code text not null,
        version text not null,
        status text not null constraint framework_versions_status_check check (status in ('draft', 'published')),
        document jsonb not null,
        published_at timestamptz,
        created_at timestamptz not null default now(),
        constraint framework_versions_code_version_key unique (code, version),
        constraint framework_versions_published_check check ((status = 'published') = (published_at is not null))
      )`);
    await db.query(`
      create function refuse_change_of_published_framework() returns trigger language plpgsql as $$
      begin
        if old.status = 'published' then
          raise exception 'framework % % is published and never changes: publish a new version', old.code, old.version
            using errcode = 'restrict_violation';
        end if;
        return coalesce(new, old);
      end $$`);
    await db.query(`
      create trigger framework_versions_immutable before update or delete on framework_versions
        for each row execute function refuse_change_of_published_framework()`);
    await db.query(`
      create table glossary_terms (
        id text primary key,
        term jsonb not null,
        definition jsonb not null
      )`);
    await db.query(`
      create table assessments (
        id uuid primary key,
        user_id uuid not null constraint assessments_user_id_fkey references users (id) on delete cascade,
        framework_version_id uuid not null
          constraint assessments_framework_version_id_fkey references framework_versions (id),
        role_code text not null constraint assessments_role_code_check check (role_code in ('CM', 'PO', 'IO', 'CB')),
        started_at timestamptz not null default now(),
        submitted_at timestamptz
      )`);
    await db.query(
      `create unique index assessments_open_key on assessments (user_id) where submitted_at is null`,
    );
    await db.query(`create index assessments_user_id_idx on assessments (user_id, submitted_at)`);
    await db.query(`
      create table assessment_answers (
        assessment_id uuid not null
          constraint assessment_answers_assessment_id_fkey references assessments (id) on delete cascade,
        competency_code text not null,
        level smallint constraint assessment_answers_level_check check (level between 0 and 5),
        note text not null default '',
        updated_at timestamptz not null default now(),
        primary key (assessment_id, competency_code)
      )`);
    await db.query(`
      create table evidence (
        id uuid primary key,
        user_id uuid not null constraint evidence_user_id_fkey references users (id) on delete cascade,
        framework_version_id uuid not null
          constraint evidence_framework_version_id_fkey references framework_versions (id),
        competency_code text not null,
        source text not null constraint evidence_source_check check (source in
          ('self', 'group360', 'diagnostic', 'quiz', 'graded-exercise', 'workplace', 'panel', 'prior-learning')),
        level numeric(3, 2) not null constraint evidence_level_check check (level between 0 and 5),
        cap smallint constraint evidence_cap_check check (cap between 1 and 5),
        items integer not null default 1 constraint evidence_items_check check (items >= 1),
        origin_type text not null,
        origin_id text not null,
        observed_at timestamptz not null,
        created_at timestamptz not null default now(),
        constraint evidence_origin_key unique (origin_type, origin_id, competency_code)
      )`);
    // evidence.origin_type: What produced it (assessment, quiz_attempt, module_record …); with origin_id it makes recording idempotent.
    await db.query(`create index evidence_user_id_idx on evidence (user_id, competency_code)`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of [
      'evidence',
      'assessment_answers',
      'assessments',
      'glossary_terms',
      'framework_versions',
    ]) {
      await db.query(`drop table ${table}`);
    }
    await db.query(`drop function refuse_change_of_published_framework()`);
  }
}
