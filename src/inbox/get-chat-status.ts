import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getSurvivor } from '../contacts/find-contacts.ts'
import { isWithAgent } from '../takeover/active-takeover.ts'

/** How the chat of a contact with one of our numbers stands. */
export interface ChatStatus {
  contactId: string
  numberId: string
  /** `none`: they never spoke with this number. */
  status: 'open' | 'closed' | 'none'
  conversationId: string | null
  /** Of the latest episode. */
  openedAt: string | null
  firstResponseAt: string | null
  closedAt: string | null
  outcome: string | null
  /** Until then anything may be sent, after it templates only. */
  windowOpen: boolean
  windowEndsAt: string | null
  /** Who answers next: `journey` when one awaits the contact's reply, `agent` when one has taken the chat over. */
  heldBy: 'agent' | 'journey' | 'nobody'
  lastReceivedAt: string | null
  lastSentAt: string | null
}

export async function getChatStatus(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, numberId, contactId }: { workspaceId: string; numberId: string; contactId: string },
): Promise<ChatStatus> {
  const [chat] = await forkFor(deps.orm, workspaceId).execute<Omit<ChatStatus, 'contactId' | 'numberId'>[]>(
    `select case when e.id is null then 'none' when e.closed_at is null then 'open' else 'closed' end as status,
       v.id as "conversationId", ${isoTime('e.opened_at')} as "openedAt",
       ${isoTime('e.first_response_at')} as "firstResponseAt", ${isoTime('e.closed_at')} as "closedAt", e.outcome,
       coalesce(v.window_ends_at > now(), false) as "windowOpen", ${isoTime('v.window_ends_at')} as "windowEndsAt",
       case when ${isWithAgent('v')} then 'agent' when v.floor_workflow_id is null then 'nobody' else 'journey' end as "heldBy",
       ${lastMessage('in')} as "lastReceivedAt", ${lastMessage('out')} as "lastSentAt"
     from conversations v left join lateral (select * from conversation_episodes e where e.conversation_id = v.id
       order by e.closed_at is null desc, e.opened_at desc limit 1) e on true
     where v.workspace_id = ? and v.number_id = ? and v.contact_id = ?`,
    [workspaceId, numberId, contactId],
  )
  if (chat) return { contactId, numberId, ...chat }
  // Whom we do not know has no status.
  const { id } = await getSurvivor(deps, workspaceId, contactId)
  if (id !== contactId) return getChatStatus(deps, { workspaceId, numberId, contactId: id })
  return { ...silence, contactId: id, numberId }
}

function lastMessage(direction: 'in' | 'out'): string {
  const sent = direction === 'in' ? '' : " and m.state in ('inflight', 'accepted', 'unknown')"
  return `(select ${isoTime('m.created_at')} from messages m where m.conversation_id = v.id
    and m.direction = '${direction}'${sent} order by m.id desc limit 1)`
}

const silence: Omit<ChatStatus, 'contactId' | 'numberId'> = {
  ...{ status: 'none', conversationId: null, openedAt: null, firstResponseAt: null, closedAt: null },
  ...{ outcome: null, windowOpen: false, windowEndsAt: null, heldBy: 'nobody' },
  ...{ lastReceivedAt: null, lastSentAt: null },
}
