import { Migration } from '@mikro-orm/migrations'

/** Reusable messages, WhatsApp Flows with their keys and notices, and what customers filled in. */
export class BlocksAndFlows extends Migration {
  override up(): void {
    this.addSql(blocks)
    this.addSql(flows)
  }
}

const blocks = `
create table blocks (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, kind text not null,
  content jsonb not null, version int not null default 1, archived_at timestamptz, deleted_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now());
create unique index blocks_name on blocks (workspace_id, lower(name)) where deleted_at is null;
create index blocks_page on blocks (workspace_id, id desc) where deleted_at is null;`

const flows = `
create table flows (
  id uuid primary key, workspace_id uuid not null references workspaces, waba_id text not null,
  meta_id text not null, name text not null, categories text[] not null default '{}', status text not null default 'DRAFT',
  -- WhatsApp tells whole seconds.
  status_at timestamptz not null default date_trunc('second', now()),
  json text, validation_errors jsonb not null default '[]', mapping jsonb, endpoint_uri text,
  health jsonb, synced_at timestamptz, deleted_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  unique (workspace_id, meta_id));
create index flows_page on flows (workspace_id, id desc) where deleted_at is null;
create table flow_keys (
  id uuid primary key, workspace_id uuid not null, number_id uuid not null references phone_numbers,
  public_key text not null, sealed_private_key text not null, uploaded_at timestamptz, retired_at timestamptz,
  created_at timestamptz not null default now());
create index flow_keys_number on flow_keys (number_id, id desc);
create table flow_notices (
  id uuid primary key, workspace_id uuid not null, flow_id uuid not null references flows, event text not null,
  data jsonb not null, at timestamptz not null, dedupe_key text not null unique);
create index flow_notices_page on flow_notices (flow_id, id desc);
create table flow_answers (
  id uuid primary key, workspace_id uuid not null, flow_id uuid references flows, contact_id uuid not null,
  conversation_id uuid not null, message_id uuid not null unique, sent_message_id uuid, run_id uuid, token text,
  verified boolean not null, answers jsonb not null, at timestamptz not null);
create index flow_answers_page on flow_answers (workspace_id, id desc);
create index flow_answers_flow on flow_answers (flow_id, id desc);
create index flow_answers_contact on flow_answers (contact_id, id desc);`
