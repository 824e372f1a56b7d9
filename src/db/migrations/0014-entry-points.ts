import { Migration } from '@mikro-orm/migrations'

/** Where people come in: entry points with a code, keys of entries, and journeys that let in only so many. */
export class EntryPoints extends Migration {
  override up(): void {
    for (const statement of [points, entries, zones]) this.addSql(statement)
  }
}

/** A message that carries the code came by the entry point; each is counted once. */
const points = `
create table entry_points (
  id uuid primary key, workspace_id uuid not null references workspaces, journey_id uuid not null references journeys,
  number_id uuid not null references phone_numbers, kind text not null, name text not null, code text not null,
  text text not null, arrivals bigint not null default 0, entries bigint not null default 0, last_arrival_at timestamptz,
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(), deleted_at timestamptz,
  check (kind in ('qr', 'link', 'widget')));
create unique index entry_points_code on entry_points (number_id, code) where deleted_at is null;
create index entry_points_page on entry_points (workspace_id, id desc) where deleted_at is null;
create table entry_point_arrivals (
  message_id uuid primary key references messages on delete cascade, workspace_id uuid not null,
  entry_point_id uuid not null references entry_points);`

/** \`entry_key\`: the value of the event's attribute \`entry_attribute\`, by which later events find the run. */
const entries = `
alter table runs add column entry_attribute text, add column entry_key text;
create index runs_inside on runs (journey_id) where ended_at is null;
create table journey_gates (
  journey_id uuid primary key references journeys, workspace_id uuid not null, day text,
  entrants int not null default 0);`

/**
 * PostgreSQL works out what is constant while it plans, also in a branch that is not taken: where the zone is one that there
 * is none of, the plan failed. A zone that is judged while it runs is no constant.
 */
const zones = `
do $do$ begin
  execute replace(pg_get_functiondef('local_time(timestamptz, text)'::regprocedure), 'then at at time zone zone',
    'then at at time zone (case when pg_input_is_valid(''2000-01-01 00:00:00 '' || zone, ''timestamptz'')
      then zone else ''UTC'' end)');
end $do$;`
