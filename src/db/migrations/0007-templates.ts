import { Migration } from '@mikro-orm/migrations'

/** Message templates as WhatsApp knows them, and what is being written about them here. */
export class Templates extends Migration {
  override up(): void {
    for (const statement of [templates, syncs]) this.addSql(statement)
  }
}

/**
 * One row a language. `components` and `category` are what WhatsApp has, or will be given first; `draft` is an edit that was
 * not submitted yet. The `…_at` times are WhatsApp's: an older event never overwrites a newer one.
 */
const templates = `
create table templates (
  id uuid primary key, workspace_id uuid not null references workspaces, waba_id text not null,
  name text not null, language text not null, category text not null,
  parameter_format text not null default 'POSITIONAL', components jsonb not null, draft jsonb,
  status text not null default 'draft', status_at timestamptz, status_before text, submitting_at timestamptz,
  submit_error jsonb, meta_id text, rejected_reason text, quality text, quality_at timestamptz,
  previous_category text, correct_category text, category_at timestamptz, components_at timestamptz,
  library_id text, source text not null default 'here', synced_at timestamptz, archived_at timestamptz,
  deleted_at timestamptz, created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  check (status in ('draft', 'submitting', 'pending', 'approved', 'flagged', 'rejected', 'paused', 'disabled', 'locked',
    'in_appeal', 'limit_exceeded', 'pending_deletion', 'archived', 'deleted')),
  check (parameter_format in ('POSITIONAL', 'NAMED')), check (source in ('here', 'library', 'whatsapp')));
create unique index templates_language on templates (workspace_id, waba_id, name, language) where deleted_at is null;
create index templates_meta on templates (workspace_id, waba_id, meta_id) where meta_id is not null;
create index templates_page on templates (workspace_id, id desc) where deleted_at is null;`

/** When the templates of an account were last fetched, and whose turn it is to do it. */
const syncs = `
create table template_syncs (
  workspace_id uuid not null references workspaces, waba_id text not null, claimed_until timestamptz,
  due_at timestamptz not null default now(), finished_at timestamptz, error text, found int,
  primary key (workspace_id, waba_id));
create table template_settings (
  workspace_id uuid primary key references workspaces, default_language text not null default 'en');`
