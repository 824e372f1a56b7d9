import type { Em } from '../../db/orm.ts'
import { tapPayload } from '../../model/campaign-tap.ts'
import type { FollowUp } from '../../model/campaign-definition.ts'
import { durationMs } from '../../model/schedule.ts'
import { always, sql, type Fragment } from '../../segments/fragment.ts'

export interface DuePerson {
  contactId: string
  messageId: string
}

type Reaction = 'delivered' | 'read' | 'clicked' | 'replied'

/** When it first happened to one of somebody's messages of the run; rows are `m`, one group a person. */
const firstAt: Record<Reaction, string> = {
  delivered: 'min(least(m.delivered_at, m.read_at))',
  read: 'min(m.read_at)',
  clicked: 'min(m.clicked_at)',
  replied: 'min(m.replied_at)',
}
const began: Fragment = { sql: 'min(coalesce(m.accepted_at, m.inflight_at))', params: [] }
const isAccepted: Fragment = { sql: `bool_or(m.state in ('accepted', 'unknown'))`, params: [] }

/** Those of a run whom a follow-up has become true of and who have not had it. By their ids, as contacts are locked. */
export async function findDue(
  em: Em,
  { workspaceId, runId }: { workspaceId: string; runId: string },
  followUp: FollowUp,
  limit: number,
): Promise<DuePerson[]> {
  const query = sql`select p.contact_id as "contactId", p.message_id as "messageId" from (
      select m.contact_id, (array_agg(m.id order by m.id))[1] as message_id from messages m
      where m.workspace_id = ${workspaceId}::uuid and m.campaign_run_id = ${runId}::uuid and m.direction = 'out'
      group by m.contact_id having ${holds(runId, followUp)}) p
    where not exists (select 1 from campaign_follow_ups f where f.run_id = ${runId}::uuid
      and f.follow_up = ${followUp.id}::text and (f.contact_id = p.contact_id
        or f.contact_id in (select o.id from contacts o where o.merged_into = p.contact_id)))
    order by p.contact_id limit ${limit}::int`
  return em.execute<DuePerson[]>(query.sql, query.params)
}

function holds(runId: string, { on, within, codes, button }: FollowUp): Fragment {
  const ms = within ? durationMs(within) : undefined
  if (on === 'failed') {
    const which = codes
      ? sql`m.reason_code in (select jsonb_array_elements_text(${JSON.stringify(codes)}::jsonb))`
      : always
    return sql`bool_or(m.state = 'failed' and ${which}) and not ${isAccepted}`
  }
  const isNot = on.startsWith('not-')
  const at: Fragment = { sql: firstAt[on.replace('not-', '') as Reaction], params: [] }
  const until = sql`${began} + ${ms ?? 0}::float8 * interval '1 millisecond'`
  // What did not happen in time has not happened, though it does later.
  if (isNot) return sql`${isAccepted} and ${until} <= now() and (${at} is null or ${at} > ${until})`
  const inTime = ms === undefined ? always : sql`${at} <= ${until}`
  return sql`${at} is not null and ${inTime} and ${tapped(runId, button)}`
}

/** The button's payload came back from this person. */
function tapped(runId: string, button: number | undefined): Fragment {
  if (button === undefined) return always
  const payload = tapPayload({ runId, index: button })
  return sql`exists (select 1 from messages r where r.contact_id = m.contact_id and r.direction = 'in'
    and coalesce(r.content #>> '{button,payload}', r.content #>> '{interactive,button_reply,id}') = ${payload}::text)`
}
