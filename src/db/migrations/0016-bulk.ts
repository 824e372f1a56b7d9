import { Migration } from '@mikro-orm/migrations'

/** One order for many runs, item by item; and who waits at the door of a paused journey. */
export class Bulk extends Migration {
  override up(): void {
    for (const statement of [operations, entrants]) this.addSql(statement)
  }
}

const operations = `
create table bulk_operations (
  id uuid primary key, workspace_id uuid not null references workspaces, kind text not null, selection jsonb not null,
  instruction jsonb not null, digest text not null, rate_per_minute double precision, spread_hours double precision,
  canary jsonb, state text not null default 'pending', total int not null default 0, done int not null default 0,
  skipped int not null default 0, failed int not null default 0, gathered_after uuid, gathered_at timestamptz,
  canary_ends_at timestamptz, canary_passed_at timestamptz, reason text, workflow_id text not null, fact_id uuid not null,
  by text not null, created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
  ended_at timestamptz,
  check (state in ('pending', 'running', 'paused', 'cancelled', 'completed', 'stopped')));
-- Who presses twice gets the operation that is under way.
create unique index bulk_operations_live on bulk_operations (workspace_id, digest)
  where state in ('pending', 'running', 'paused');
create index bulk_operations_page on bulk_operations (workspace_id, id desc);
create table bulk_items (
  operation_id uuid not null references bulk_operations on delete cascade, item_id uuid not null, workspace_id uuid not null,
  subject text not null default 'run', place double precision not null, superseded boolean not null default false,
  state text not null default 'pending', attempts int not null default 0,
  tried_at timestamptz, reason text, settled_at timestamptz,
  primary key (operation_id, item_id),
  check (subject in ('run', 'entrant')), check (state in ('pending', 'done', 'skipped', 'failed')))
  with (fillfactor = 80);
create index bulk_items_pending on bulk_items (operation_id, place, item_id) where state = 'pending';`

const entrants = `
create table queued_entrants (
  id uuid primary key, workspace_id uuid not null, hold_id uuid not null, journey_id uuid not null references journeys,
  contact_id uuid references contacts, entry text not null, entry_key text, vars jsonb not null default '{}',
  cause_id uuid not null, queued_at timestamptz not null default now(),
  unique nulls not distinct (workspace_id, journey_id, contact_id, entry));
create index queued_entrants_hold on queued_entrants (hold_id, id);
create index queued_entrants_contact on queued_entrants (contact_id);
-- What was accepted after an emergency stop.
create index messages_accepted on messages (workspace_id, accepted_at) where accepted_at is not null;`
