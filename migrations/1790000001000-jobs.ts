import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Jobs1790000001000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table jobs (
        id uuid primary key,
        kind text not null,
        dedupe_key text,
        payload jsonb not null,
        attempts integer not null default 0,
        max_attempts integer not null default 10,
        run_at timestamptz not null default now(),
        locked_until timestamptz,
        locked_by text,
        dispatched_at timestamptz,
        finished_at timestamptz,
        failed_at timestamptz,
        last_error text,
        created_at timestamptz not null default now()
      )`);
    await db.query(`
      create unique index jobs_dedupe on jobs (kind, dedupe_key)
        where finished_at is null and failed_at is null and dedupe_key is not null`);
    await db.query(
      `create index jobs_ready on jobs (run_at) where finished_at is null and failed_at is null`,
    );
    await db.query(`create index jobs_failed on jobs (failed_at) where failed_at is not null`);
    await db.query(`
      create function notify_jobs() returns trigger language plpgsql as $$
      begin
        perform pg_notify('jobs', '');
        return null;
      end $$`);
    await db.query(
      `create trigger jobs_notify after insert on jobs for each statement execute function notify_jobs()`,
    );
    // One row per mail that was handed to the transport: a job delivered twice sends one mail.
    await db.query(`
      create table mail_log (
        job_id uuid primary key,
        template text not null,
        recipient_id uuid constraint mail_log_recipient_id_fkey references users (id) on delete set null,
        sent_at timestamptz not null default now()
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table mail_log`);
    await db.query(`drop table jobs`);
    await db.query(`drop function notify_jobs()`);
  }
}
