import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AccountsAndOrganisations1790000000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create extension if not exists citext`);
    await db.query(`create extension if not exists unaccent`);
    await db.query(`
      create table partners (
        id uuid primary key,
        code text not null constraint partners_code_key unique,
        country char(2) not null,
        name text not null
      )`);
    await db.query(`
      create table clusters (
        id uuid primary key,
        partner_id uuid not null constraint clusters_partner_id_fkey references partners (id),
        slug text not null constraint clusters_slug_key unique,
        name text not null,
        type text constraint clusters_type_check check (type in ('IND', 'SRV', 'RND')),
        stage text constraint clusters_stage_check check (stage in ('emerging', 'growing', 'mature')),
        region text not null,
        fictional boolean not null,
        facts jsonb not null default '{}'
      )`);
    await db.query(`create index clusters_partner_id_idx on clusters (partner_id)`);
    await db.query(`
      create table users (
        id uuid primary key,
        email citext not null constraint users_email_key unique,
        name text not null,
        password_hash text,
        role text not null constraint users_role_check
          check (role in ('learner', 'trainer', 'staff', 'coordinator', 'admin')),
        partner_id uuid constraint users_partner_id_fkey references partners (id),
        locale text not null default 'en',
        fictional boolean not null default false,
        credentials_changed_at timestamptz not null default now(),
        disabled_at timestamptz,
        created_at timestamptz not null default now()
      )`);
    // users.credentials_changed_at: Sessions opened before this moment are over: set by a new password and by signing out everywhere.
    await db.query(`
      create table memberships (
        id uuid primary key,
        user_id uuid not null constraint memberships_user_id_fkey references users (id) on delete cascade,
        cluster_id uuid not null constraint memberships_cluster_id_fkey references clusters (id),
        role_code text not null constraint memberships_role_code_check check (role_code in ('CM', 'PO', 'IO', 'CB')),
        since date not null,
        until date,
        constraint memberships_until_check check (until is null or until >= since)
      )`);
    await db.query(
      `create unique index memberships_current_key on memberships (user_id, cluster_id) where until is null`,
    );
    await db.query(`create index memberships_cluster_id_idx on memberships (cluster_id)`);
    await db.query(`
      create table account_tokens (
        id uuid primary key,
        user_id uuid not null constraint account_tokens_user_id_fkey references users (id) on delete cascade,
        purpose text not null constraint account_tokens_purpose_check check (purpose in ('invitation', 'password-reset')),
        token_hash bytea not null constraint account_tokens_token_hash_key unique,
        expires_at timestamptz not null,
        used_at timestamptz,
        created_at timestamptz not null default now()
      )`);
    await db.query(`create index account_tokens_user_id_idx on account_tokens (user_id)`);
    // Table of connect-pg-simple, in our migrations so that one tool owns the schema.
    await db.query(
      `create table sessions (sid text primary key, sess json not null, expire timestamptz not null)`,
    );
    await db.query(`create index sessions_expire_idx on sessions (expire)`);
    // Table of rate-limiter-flexible.
    await db.query(
      `create table rate_limits (key text primary key, points integer not null default 0, expire bigint)`,
    );
    await db.query(`
      create table audit_entries (
        id uuid primary key,
        at timestamptz not null default now(),
        actor_id uuid constraint audit_entries_actor_id_fkey references users (id) on delete set null,
        action text not null,
        object_type text not null,
        object_id text not null,
        details jsonb not null default '{}'
      )`);
    await db.query(`create index audit_entries_object_idx on audit_entries (object_type, object_id, at)`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of [
      'audit_entries',
      'rate_limits',
      'sessions',
      'account_tokens',
      'memberships',
      'users',
      'clusters',
      'partners',
    ]) {
      await db.query(`drop table ${table}`);
    }
  }
}
