import { Migration } from '@mikro-orm/migrations'

/** Drafts that several people edit, waits that follow the contact's time zone, and what runs count for. */
export class DraftsAndLineages extends Migration {
  override up(): void {
    for (const statement of [drafts, zones, reasons, lineages]) this.addSql(statement)
  }
}

/** Which edition of its draft a journey has, and who made it when: whoever edits an older one is told. */
const drafts = `
alter table journeys add column if not exists draft_revision int not null default 1,
  add column if not exists draft_by text, add column if not exists draft_at timestamptz;`

/**
 * Zones come by forms, imports, merges and APIs: the change of the row is the one place that none of them can miss. All runs
 * of journeys that wait for local times are told, wherever they stand: one may be on its way to such a card just now.
 */
const zones = `
create function tell_zone() returns trigger language plpgsql as $$
begin
  insert into outbox (workflow_id, name, payload, claimed_until)
  select r.workflow_id, 'zoneChanged', '{}', now() from runs r join journey_versions v on v.id = r.version_id
  where r.contact_id = new.id and r.workspace_id = new.workspace_id and r.ended_at is null
    and exists (select 1 from jsonb_path_query(v.definition, '$.cards.*.settings.delay.mode') as d(mode)
      where d.mode #>> '{}' in ('local-time', 'until', 'date-attribute'));
  return null;
end $$;
create trigger tell_zone after update of time_zone on contacts for each row
  when (old.time_zone is distinct from new.time_zone) execute function tell_zone();`

/**
 * What a run's end is counted under. Whoever ends a run may say why in words of their own, and each would be a counter; the
 * words stay in the run. What journeys complete with is said by their cards.
 */
const reasons = `
create function end_reason(r runs) returns text language sql immutable as $$
  select case when r.state <> 'exited' then left(coalesce(r.outcome, ''), 100)
    when r.outcome in ('opted out', 'resolved by hand', 'nobody resolved it in time', 'ended by a migration of its journey',
      'after a pause only the newest of the contact goes on') then r.outcome
    when r.outcome like 'restarted from card %' then 'restarted'
    when r.outcome like 'after a pause it was overdue for more than % hours' then 'overdue after a pause'
    when r.outcome like 'card % does not exist in this version' then 'the card does not exist in this version'
    else 'other' end $$;`

/**
 * A run that restarts another has its paths, as inherited: they are no trials more, and a success only where the lineage had
 * none. The goal is that of the first run, for all paths of the lineage.
 */
const lineages = `
drop function path_marks(runs);
create function path_marks(r runs) returns table (
  version_id uuid, day date, key text, late boolean, inherited boolean, completed boolean) language sql immutable as $$
  select (p.value ->> 'version')::uuid, (p.value ->> 'day')::date, p.key || '|' || (p.value ->> 'path'),
    coalesce((p.value -> 'late')::boolean, false), coalesce((p.value -> 'inherited')::boolean, false),
    coalesce((p.value -> 'completed')::boolean, false)
  from jsonb_each(r.paths) as p $$;
create or replace function count_end() returns trigger language plpgsql as $$
begin
  perform tell_counters(new, new.version_id, utc_day(new.ended_at),
    jsonb_build_object('ended|' || new.state || '|' || end_reason(new), 1)
      || at_card_count('ended-at', new.at_card, 1));
  if new.state = 'completed' and new.paths <> '{}' then
    perform tell_counters(new, p.version_id, p.day, jsonb_build_object('path-completed|' || p.key, 1)) from path_marks(new) as p
    where not p.completed;
  end if;
  return null;
end $$;
create or replace function count_goal() returns trigger language plpgsql as $$
begin
  perform tell_counters(new, coalesce(new.goal_version_id, new.version_id), utc_day(new.goal_at), '{"goal||": 1}');
  perform tell_counters(new, p.version_id, p.day, jsonb_build_object('path-goal|' || p.key, 1))
  from runs r cross join lateral path_marks(r) as p
  where r.lineage_id = new.id and r.paths <> '{}' and not p.late and not p.inherited;
  return null;
end $$;`
