import type { Em } from '../db/orm.ts'
import { countedRows, countingMessages } from './count-messages.ts'

/** A customer did something with a message of a journey: answered its question, quoted it, tapped or followed a link. */
export interface Reaction {
  /** Of ours, in one of these ways. */
  messageId?: string | undefined
  wamid?: string | undefined
  /** `run:card:visit:n` of the question. */
  askKey?: string | undefined
  /** The last one that a campaign wrote to this contact within a day. */
  contactId?: string | undefined
  replied: boolean
  clicked: boolean
}

/** Notes on the messages, and counts, what was done with them for the first time. */
export async function countReactions(
  em: Em,
  { workspaceId, numberId }: { workspaceId: string; numberId?: string },
  reactions: Reaction[],
): Promise<void> {
  if (reactions.length === 0) return
  await em.execute(
    `with told as (
       select * from jsonb_to_recordset(?::jsonb) as t(id uuid, wamid text, run_id uuid, send_key text, contact_id uuid,
         replied boolean, clicked boolean)),
     hit as (
       select f.id, bool_or(f.replied) as replied, bool_or(f.clicked) as clicked from (
         select t.id, t.replied, t.clicked from told t where t.id is not null
         union all select m.id, t.replied, t.clicked from told t
           join messages m on m.number_id = ?::uuid and m.wamid = t.wamid and m.direction = 'out'
         union all select m.id, t.replied, t.clicked from told t join runs r on r.id = t.run_id
           join messages m on m.workspace_id = r.workspace_id and m.send_key = 'journey:' || r.lineage_id || ':' || t.send_key
         union all select m.id, t.replied, t.clicked from told t cross join lateral (
           select l.id from messages l where l.contact_id = t.contact_id and l.number_id = ?::uuid and l.proactive
             and l.inflight_at > now() - interval '24 hours' and l.accepted_at is not null and l.campaign_run_id is not null
           order by l.inflight_at desc limit 1) m where t.contact_id is not null
       ) f group by f.id),
     -- In the order in which statuses lock them too: two that want the same rows wait for each other one way only.
     locked as (select m.id, hit.replied, hit.clicked from hit join messages m on m.id = hit.id order by m.id for update of m),
     changed as (
       update messages m set replied_at = case when locked.replied then coalesce(m.replied_at, now()) else m.replied_at end,
         clicked_at = case when locked.clicked then coalesce(m.clicked_at, now()) else m.clicked_at end
       from locked where m.id = locked.id and m.workspace_id = ? and (m.version_id is not null or m.campaign_run_id is not null)
         and (locked.replied and m.replied_at is null or locked.clicked and m.clicked_at is null)
       returning ${countedRows}),
     ${countingMessages('changed')}
     select count(*) from changed`,
    [JSON.stringify(reactions.map(toRow)), numberId ?? null, numberId ?? null, workspaceId],
  )
}

function toRow({ messageId, wamid, askKey, contactId, replied, clicked }: Reaction) {
  const [runId, ...key] = askKey?.split(':') ?? []
  return {
    ...{ id: messageId ?? null, wamid: wamid ?? null, contact_id: contactId ?? null, replied, clicked },
    ...{ run_id: runId ?? null, send_key: key.join(':') },
  }
}
