import { Migration } from '@mikro-orm/migrations'

/** Runs that are held, moved to other versions, and about no contact. */
export class SteeredRuns extends Migration {
  override up(): void {
    for (const statement of [runs, holds]) this.addSql(statement)
  }
}

/** `due_at`: when the wait under way ends. Two entries of one key are one run also where there is no contact. */
const runs = `
alter table runs alter column contact_id drop not null, alter column conversation_id drop not null,
  add column held_by uuid, add column due_at timestamptz;
drop index runs_entry;
create unique index runs_entry on runs (workspace_id, journey_id, contact_id, entry) nulls not distinct;
create index runs_held on runs (held_by, id) where held_by is not null;
create index runs_due on runs (journey_id, due_at) where ended_at is null and due_at is not null;`

/** One row holds a workspace, a number, a journey, a contact or a run, however many are inside. */
const holds = `
create table holds (
  id uuid primary key, workspace_id uuid not null references workspaces, scope text not null, scope_id uuid not null,
  number_id uuid, kind text not null, timers text not null, entrants text not null, reason text not null,
  placed_by text not null, placed_at timestamptz not null default now(), released_at timestamptz, released_by text,
  check (scope in ('workspace', 'number', 'journey', 'contact', 'run')), check (kind in ('pause', 'stop', 'agent')),
  check (timers in ('freeze', 'run')), check (entrants in ('enter', 'queue', 'drop')));
create unique index holds_active on holds (workspace_id, scope, scope_id, coalesce(number_id, scope_id), kind)
  where released_at is null;
create index holds_thawed on holds (workspace_id, released_at) where released_at is not null and timers = 'freeze';`
