import { Migration } from '@mikro-orm/migrations'

/** Counters of journeys: what happens leaves deltas in its own transaction, which are folded together a moment later. */
export class Reports extends Migration {
  override up(): void {
    for (const statement of [counters, runs, goals, messages, countingRuns]) this.addSql(statement)
  }
}

/**
 * A delta holds what one statement counted: `metric|card|detail` and how many. Counters are kept by day, and once more under
 * '-infinity' for all time, so that a report reads as many rows after years as on the first day.
 */
const counters = `
create table journey_deltas (
  id bigint generated always as identity primary key, workspace_id uuid not null, journey_id uuid not null,
  version_id uuid not null, day date not null, counts jsonb not null)
  with (autovacuum_vacuum_scale_factor = 0.01);
create index journey_deltas_journey on journey_deltas (journey_id);
create table journey_counters (
  workspace_id uuid not null, journey_id uuid not null references journeys, day date not null,
  version_id uuid not null references journey_versions, metric text not null, card_id text not null, detail text not null,
  n bigint not null, primary key (journey_id, day, version_id, metric, card_id, detail))
  with (fillfactor = 80);
create view journey_counts as
  select workspace_id, journey_id, day, version_id, metric, card_id, detail, n from journey_counters
  union all
  select d.workspace_id, d.journey_id, s.day, d.version_id, split_part(c.key, '|', 1), split_part(c.key, '|', 2),
    substring(c.key from '^[^|]*[|][^|]*[|](.*)$'), c.value::bigint
  from journey_deltas d cross join lateral (values (d.day), ('-infinity'::date)) as s(day)
    cross join lateral jsonb_each_text(d.counts) as c;`

/**
 * Where a run stands: the card it has entered and not left. Its paths: of each splitter the first that it took, when, and
 * whether its goal had been reached before. A move is a change of version under way.
 */
const runs = `
alter table runs add at_card text, add paths jsonb not null default '{}';
create index runs_at_card on runs (journey_id, at_card, id desc) where at_card is not null and ended_at is null;
create index runs_users on runs (journey_id, id desc);
alter table facts add version_id uuid, add spent_ms bigint;
create table journey_moves (
  id bigint generated always as identity primary key, workspace_id uuid not null, journey_id uuid not null,
  run_id uuid not null references runs, from_version_id uuid not null, to_version_id uuid not null, at_card text,
  at timestamptz not null default now());
create index journey_moves_journey on journey_moves (journey_id);
create index journey_moves_run on journey_moves (run_id, id);`

/**
 * A run whose goal is still open is found by its contact; its end does not close the window. Of runs that restarted one
 * another the first one's window counts.
 */
const goals = `
alter table runs add goal_event text, add goal_until timestamptz, add goal_at timestamptz, add goal_version_id uuid;
create index runs_goal on runs (contact_id, goal_event) where goal_event is not null and goal_at is null;
create index journey_versions_goal on journey_versions (workspace_id, (definition #>> '{goal,event}'))
  where definition #>> '{goal,event}' is not null;
create function open_goal() returns trigger language plpgsql as $$
declare goal jsonb := (select v.definition -> 'goal' from journey_versions v where v.id = new.version_id);
begin
  if goal is null then return new; end if;
  new.goal_event := goal ->> 'event';
  new.goal_version_id := new.version_id;
  new.goal_until := new.started_at + (goal #>> '{within,amount}')::float8 * interval '1 second' *
    (jsonb '{"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}' -> (goal #>> '{within,unit}'))::float8;
  return new;
end $$;
create trigger open_goal before insert on runs for each row
  when (new.lineage_id = new.id and new.contact_id is not null) execute function open_goal();`

/** What a message row counts for, and on which day: what changes a row counts what is new less what was. */
const messages = `
alter table messages add version_id uuid, add clicked_at timestamptz, add replied_at timestamptz;
create function message_marks(m messages) returns table (day date, metric text, detail text) language sql stable as $$
  select (s.at at time zone 'UTC')::date, s.metric, s.detail from (values
    (m.accepted_at, 'sent', ''), (m.delivered_at, 'delivered', ''), (m.read_at, 'read', ''),
    (m.clicked_at, 'clicked', ''), (m.replied_at, 'replied', ''),
    (case when m.state = 'failed' then coalesce(m.failed_at, m.inflight_at) when m.state = 'skipped' then m.inflight_at end,
      'unsent', coalesce(m.reason_code, 'unknown'))) as s(at, metric, detail)
  where s.at is not null $$;
create function spent_bucket(ms bigint) returns text language sql immutable as $$
  select (case when ms < 4 then greatest(ms, 0) else 4 * (bits - 2) + ((ms >> (bits - 3)) & 3) end)::text
  from (select 65 - position('1' in greatest(ms, 1)::bit(64)::text) as bits) as length $$;`

/**
 * Runs are ended, moved and let in by several rooms: the change of the row is the one place that none of them can miss, and
 * it happens once. Only changes that count call the function.
 */
const countingRuns = `
create function utc_day(at timestamptz) returns date language sql immutable as $$ select (at at time zone 'UTC')::date $$;
create function tell_counters(r runs, version uuid, on_day date, counted jsonb) returns void language plpgsql as $$
begin
  insert into journey_deltas (workspace_id, journey_id, version_id, day, counts)
  values (r.workspace_id, r.journey_id, version, on_day, counted);
end $$;
create function path_marks(r runs) returns table (version_id uuid, day date, key text, late boolean) language sql immutable as $$
  select (p.value ->> 'version')::uuid, (p.value ->> 'day')::date, p.key || '|' || (p.value ->> 'path'),
    coalesce((p.value -> 'late')::boolean, false)
  from jsonb_each(r.paths) as p $$;
create function at_card_count(metric text, card text, n int) returns jsonb language sql immutable as $$
  select case when card is null then '{}' else jsonb_build_object(metric || '|' || card || '|', n) end $$;

create function count_entry() returns trigger language plpgsql as $$
begin
  perform tell_counters(new, new.version_id, utc_day(new.started_at),
    jsonb_build_object(case when new.lineage_id = new.id then 'entered||' else 'restarted||' end, 1));
  return null;
end $$;
create trigger count_entry after insert on runs for each row execute function count_entry();

create function count_move() returns trigger language plpgsql as $$
begin
  insert into journey_moves (workspace_id, journey_id, run_id, from_version_id, to_version_id, at_card)
  values (new.workspace_id, new.journey_id, new.id, old.version_id, new.version_id, old.at_card);
  perform tell_counters(new, old.version_id, utc_day(now()), '{"moved-out||": 1}' || at_card_count('card-moved', old.at_card, 1));
  perform tell_counters(new, new.version_id, utc_day(now()), '{"moved-in||": 1}' || at_card_count('card-came', old.at_card, 1));
  return null;
end $$;
create trigger count_move after update of version_id on runs for each row
  when (old.version_id <> new.version_id and old.ended_at is null) execute function count_move();

create function count_end() returns trigger language plpgsql as $$
begin
  perform tell_counters(new, new.version_id, utc_day(new.ended_at),
    jsonb_build_object('ended|' || new.state || '|' || left(coalesce(new.outcome, ''), 100), 1)
      || at_card_count('ended-at', new.at_card, 1));
  if new.state = 'completed' and new.paths <> '{}' then
    perform tell_counters(new, p.version_id, p.day, jsonb_build_object('path-completed|' || p.key, 1)) from path_marks(new) as p;
  end if;
  return null;
end $$;
create trigger count_end after update of ended_at on runs for each row
  when (old.ended_at is null and new.ended_at is not null) execute function count_end();

-- The last steps of a run may be told after its end: where it ended is then another card.
create function count_late_step() returns trigger language plpgsql as $$
begin
  perform tell_counters(new, new.version_id, utc_day(new.ended_at),
    at_card_count('ended-at', old.at_card, -1) || at_card_count('ended-at', new.at_card, 1));
  return null;
end $$;
create trigger count_late_step after update of at_card on runs for each row
  when (old.ended_at is not null and old.at_card is distinct from new.at_card) execute function count_late_step();

create function count_goal() returns trigger language plpgsql as $$
begin
  perform tell_counters(new, coalesce(new.goal_version_id, new.version_id), utc_day(new.goal_at), '{"goal||": 1}');
  perform tell_counters(new, p.version_id, p.day, jsonb_build_object('path-goal|' || p.key, 1)) from path_marks(new) as p
  where new.paths <> '{}' and not p.late;
  return null;
end $$;
create trigger count_goal after update of goal_at on runs for each row
  when (old.goal_at is null and new.goal_at is not null) execute function count_goal();`
