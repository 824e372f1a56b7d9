/** What `returning` adds to a change of messages that is to be counted: the rows of runs as they were and as they are. */
export const countedRows = `case when new.version_id is not null or new.campaign_run_id is not null then old end as before,
  case when new.version_id is not null or new.campaign_run_id is not null then new end as after`

/**
 * Parts of a statement (after `with … as (…),`) that count the changes of messages which another part of it makes, for their
 * journeys and their campaigns: what each row counts for now, less what it counted for before. Whatever is told again
 * changes nothing.
 * @param changed the part of the statement that returns `countedRows`.
 */
export function countingMessages(changed: string): string {
  return `counted_of_journeys as (
    insert into journey_deltas (workspace_id, journey_id, version_id, day, counts)
    select v.workspace_id, v.journey_id, v.id, d.day, jsonb_object_agg(d.key, d.n) from (
      select (c.after).version_id, k.day, concat_ws('|', k.metric, (c.after).card_id, k.detail) as key, sum(k.n) as n
      from ${changed} as c cross join lateral (
        select b.*, -1 as n from message_marks(c.before) as b union all select a.*, 1 from message_marks(c.after) as a) as k
      where (c.after).version_id is not null and (c.after).card_id is not null
      group by 1, 2, 3 having sum(k.n) <> 0) as d
    join journey_versions v on v.id = d.version_id group by v.workspace_id, v.journey_id, v.id, d.day),
  counted_of_campaigns as (
    insert into campaign_deltas (workspace_id, run_id, at, counts)
    select d.workspace_id, d.run_id, d.at, jsonb_object_agg(d.key, d.n) from (
      select (c.after).workspace_id, (c.after).campaign_run_id as run_id, k.at,
        concat(k.metric, '|', (c.after).variant, '|', k.detail) as key, sum(k.n) as n
      from ${changed} as c cross join lateral campaign_moves(c.before, c.after) as k
      where (c.after).campaign_run_id is not null group by 1, 2, 3, 4 having sum(k.n) <> 0) as d
    group by 1, 2, 3)`
}
