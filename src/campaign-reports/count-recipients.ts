import type { Em } from '../db/orm.ts'

/** Counts everybody whom a run's plan has written down, in the transaction that plans it. */
export async function countAudience(
  em: Em,
  { workspaceId, id }: { workspaceId: string; id: string },
): Promise<void> {
  await em.execute(
    `with planned as (select * from campaign_recipients where workspace_id = ? and run_id = ?),
     ${countingRecipients('planned')}
     select count(*) from counted_recipients`,
    [workspaceId, id],
  )
}

/**
 * A part of a statement (after `with … as (…),`) that counts the recipients which another part of it adds, at the minute in
 * which their run was made.
 * @param added the part of the statement that returns workspace_id, run_id, variant and skipped.
 */
export function countingRecipients(added: string): string {
  return `counted_recipients as (
    insert into campaign_deltas (workspace_id, run_id, at, counts)
    select r.workspace_id, r.id, date_trunc('minute', r.created_at), jsonb_object_agg(g.key, g.n) from (
      select a.run_id, count(*) as n,
        concat(${metricOf('a')}, '|', a.variant, '|', a.skipped) as key
      from ${added} as a group by a.run_id, a.variant, a.skipped) as g
    join campaign_runs r on r.id = g.run_id group by r.workspace_id, r.id, r.created_at returning 1)`
}

/** Of a recipient: whether the run means to reach it. */
export function metricOf(recipient: string): string {
  return `case when ${recipient}.skipped is null then 'intended' else 'left-out' end`
}
