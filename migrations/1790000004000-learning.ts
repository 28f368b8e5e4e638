import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Learning1790000004000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table learning_plans (
        id uuid primary key,
        user_id uuid not null constraint learning_plans_user_id_fkey references users (id) on delete cascade,
        framework_version_id uuid not null
          constraint learning_plans_framework_version_id_fkey references framework_versions (id),
        role_code text not null,
        problem_hash text not null,
        solution jsonb not null,
        minutes integer not null,
        hours_per_week numeric(4, 1) not null
          constraint learning_plans_hours_per_week_check check (hours_per_week between 0.5 and 40),
        starts_on date not null,
        accepted_at timestamptz not null default now(),
        replaced_at timestamptz
      )`);
    await db.query(
      `create unique index learning_plans_current_key on learning_plans (user_id) where replaced_at is null`,
    );
    await db.query(`
      create table learning_plan_steps (
        plan_id uuid not null constraint learning_plan_steps_plan_id_fkey references learning_plans (id) on delete cascade,
        position integer not null,
        module_code text not null constraint learning_plan_steps_module_code_fkey references modules (code),
        minutes integer not null,
        starts_on date not null,
        due_on date not null,
        primary key (plan_id, position)
      )`);
    await db.query(`
      create table enrolments (
        id uuid primary key,
        user_id uuid not null constraint enrolments_user_id_fkey references users (id) on delete cascade,
        course_id uuid not null constraint enrolments_course_id_fkey references courses (id),
        course_version_id uuid not null
          constraint enrolments_course_version_id_fkey references course_versions (id),
        enrolled_at timestamptz not null default now(),
        completed_at timestamptz,
        constraint enrolments_user_id_course_id_key unique (user_id, course_id)
      )`);
    await db.query(`create index enrolments_course_id_idx on enrolments (course_id)`);
    await db.query(`
      create table lesson_progress (
        enrolment_id uuid not null
          constraint lesson_progress_enrolment_id_fkey references enrolments (id) on delete cascade,
        module_code text not null,
        lesson_slug text not null,
        position real not null default 0
          constraint lesson_progress_position_check check (position between 0 and 1),
        seen_at timestamptz not null default now(),
        completed_at timestamptz,
        primary key (enrolment_id, module_code, lesson_slug)
      )`);
    // lesson_progress.position: Where the reader was, as a share of the page: 0 top, 1 end.
    await db.query(`
      create table module_completions (
        enrolment_id uuid not null
          constraint module_completions_enrolment_id_fkey references enrolments (id) on delete cascade,
        module_code text not null,
        completed_at timestamptz not null default now(),
        primary key (enrolment_id, module_code)
      )`);
    await db.query(`
      create table module_records (
        id uuid primary key,
        enrolment_id uuid not null
          constraint module_records_enrolment_id_fkey references enrolments (id) on delete cascade,
        module_code text not null,
        held_on date not null,
        outcome text not null
          constraint module_records_outcome_check check (outcome in ('achieved', 'attended', 'absent')),
        note text not null default '',
        recorded_by uuid constraint module_records_recorded_by_fkey references users (id) on delete set null,
        recorded_at timestamptz not null default now(),
        replaced_at timestamptz
      )`);
    // module_records: What a trainer recorded of a live, workshop, field, peer or panel module. A correction replaces, never overwrites.
    await db.query(`
      create unique index module_records_current_key on module_records (enrolment_id, module_code)
        where replaced_at is null`);
    await db.query(`
      create table course_trainers (
        course_id uuid not null constraint course_trainers_course_id_fkey references courses (id) on delete cascade,
        user_id uuid not null constraint course_trainers_user_id_fkey references users (id) on delete cascade,
        primary key (course_id, user_id)
      )`);
    await db.query(`
      create table quiz_attempts (
        id uuid primary key,
        user_id uuid not null constraint quiz_attempts_user_id_fkey references users (id) on delete cascade,
        enrolment_id uuid not null
          constraint quiz_attempts_enrolment_id_fkey references enrolments (id) on delete cascade,
        quiz_id uuid not null constraint quiz_attempts_quiz_id_fkey references quizzes (id),
        number integer not null,
        seed bigint not null,
        slots jsonb not null,
        started_at timestamptz not null default now(),
        submitted_at timestamptz,
        points numeric(8, 4),
        max_points numeric(8, 4),
        passed boolean,
        constraint quiz_attempts_submitted_check check ((submitted_at is null) = (points is null)),
        constraint quiz_attempts_enrolment_id_quiz_id_number_key unique (enrolment_id, quiz_id, number)
      )`);
    await db.query(
      `create unique index quiz_attempts_open_key on quiz_attempts (enrolment_id, quiz_id) where submitted_at is null`,
    );
    await db.query(`create index quiz_attempts_user_id_idx on quiz_attempts (user_id)`);
    await db.query(`
      create table attempt_answers (
        attempt_id uuid not null constraint attempt_answers_attempt_id_fkey references quiz_attempts (id) on delete cascade,
        slot integer not null,
        answer jsonb not null,
        flagged boolean not null default false,
        saved_at timestamptz not null default now(),
        points numeric(8, 4),
        max_points numeric(8, 4),
        primary key (attempt_id, slot)
      )`);
    await db.query(`
      create table certificates (
        id uuid primary key,
        number text not null constraint certificates_number_key unique,
        user_id uuid not null constraint certificates_user_id_fkey references users (id),
        enrolment_id uuid not null constraint certificates_enrolment_id_key unique
          constraint certificates_enrolment_id_fkey references enrolments (id),
        snapshot jsonb not null,
        requested_at timestamptz not null default now(),
        issued_at timestamptz,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        revocation_reason text,
        pdf bytea,
        pdf_sha256 text,
        constraint certificates_issued_check check ((issued_at is null) = (pdf is null) and (pdf is null) = (pdf_sha256 is null))
      )`);
    await db.query(`create index certificates_user_id_idx on certificates (user_id)`);
    // certificates.snapshot: Everything the certificate says, fixed when it was earned; the PDF is rendered from this and nothing else.
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of [
      'certificates',
      'attempt_answers',
      'quiz_attempts',
      'course_trainers',
      'module_records',
      'module_completions',
      'lesson_progress',
      'enrolments',
      'learning_plan_steps',
      'learning_plans',
    ]) {
      await db.query(`drop table ${table}`);
    }
  }
}
