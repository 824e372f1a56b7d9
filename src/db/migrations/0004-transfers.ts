import { Migration } from '@mikro-orm/migrations'

/** Files on their way in, what became of their rows, and the questions that exports answer. */
export class Transfers extends Migration {
  override up(): void {
    for (const statement of [timeOrderedIds, imports, rows, exports]) this.addSql(statement)
  }
}

/** PostgreSQL has it from version 18 on. */
const timeOrderedIds = `
do $do$ begin
  if not exists (select from pg_proc where proname = 'uuidv7') then
    create function uuidv7() returns uuid language sql volatile parallel safe as $$
      select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
        52, 1), 53, 1), 'hex')::uuid $$;
  end if;
end $do$;`

/**
 * The file itself lies here too, in pieces: API and worker may be different machines, and there is no other store that
 * every installation has. Pieces are kept as they are, uncompressed: compressing them costs more than it saves.
 */
const imports = `
create table imports (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, state text not null,
  stage text not null default 'rows', bytes bigint not null default 0, file jsonb, plan jsonb,
  dry_run boolean not null default false, asked_to_stop boolean not null default false, workflow_id text, fact_id uuid, by text not null,
  offset_bytes bigint not null default 0, last_row bigint not null default 0, after_contact uuid,
  rows_read bigint not null default 0, accepted bigint not null default 0, rejected bigint not null default 0,
  created bigint not null default 0, updated bigint not null default 0, unchanged bigint not null default 0,
  duplicates bigint not null default 0, skipped bigint not null default 0, spread bigint not null default 0,
  journeys_asked bigint not null default 0, error text, attempt int not null default 0,
  created_at timestamptz not null default now(), started_at timestamptz, ended_at timestamptz,
  updated_at timestamptz not null default now(), file_removed_at timestamptz,
  check (state in ('uploading', 'uploaded', 'ready', 'running', 'paused', 'checked', 'completed', 'cancelled', 'failed')));
create index imports_page on imports (workspace_id, id desc);
create table import_chunks (
  import_id uuid not null references imports on delete cascade, no int not null, data bytea not null, primary key (import_id, no));
alter table import_chunks alter data set storage external;`

/**
 * Who an import has touched: a later row about the same contact is a duplicate, and all that follows goes by this list.
 * No foreign keys: checking a million costs seconds, and whoever removes an import removes these.
 */
const rows = `
create table import_contacts (
  import_id uuid not null, contact_id uuid not null, row_no bigint not null,
  outcome text not null, fact_id uuid, changes jsonb, tags text[], opt_in boolean, primary key (import_id, contact_id));
create table import_rejects (
  import_id uuid not null, row_no bigint not null, starts_at bigint not null,
  bytes int not null, field text, value text, reason text not null, primary key (import_id, row_no));`

const exports = `
create table exports (
  id uuid primary key, workspace_id uuid not null references workspaces, name text not null, request jsonb not null,
  by text not null, created_at timestamptz not null default now());
create index exports_page on exports (workspace_id, id desc);`
