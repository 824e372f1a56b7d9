import { contactName } from '../contacts/contact-names.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** A conversation as the API shows one: number and contact, who has the floor, and what may be sent. */
export interface ConversationDetail {
  id: string
  numberId: string
  contactId: string
  contactName: string | null
  /** Until then anything may be sent, after it templates only. */
  windowEndsAt: string | null
  windowOpen: boolean
  /** The workflow that awaits the contact's next message. */
  floorWorkflowId: string | null
  episode: { id: string; openedAt: string; firstResponseAt: string | null } | null
  lastMessageAt: string | null
  createdAt: string
}

const detailSql = `select v.id, v.number_id as "numberId", v.contact_id as "contactId",
  ${contactName} as "contactName",
  ${isoTime('v.window_ends_at')} as "windowEndsAt", coalesce(v.window_ends_at > now(), false) as "windowOpen",
  v.floor_workflow_id as "floorWorkflowId",
  (select jsonb_build_object('id', e.id, 'openedAt', ${isoTime('e.opened_at')}, 'firstResponseAt', ${isoTime('e.first_response_at')})
    from conversation_episodes e where e.conversation_id = v.id and e.closed_at is null) as episode,
  ${isoTime('v.last_message_at')} as "lastMessageAt", ${isoTime('v.created_at')} as "createdAt"
  from conversations v join contacts c on c.id = v.contact_id`

/** Newest first. */
export async function listConversations(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    contactId?: string | undefined
    numberId?: string | undefined
    live?: boolean | undefined
    before?: string | undefined
    limit: number
  },
): Promise<ConversationDetail[]> {
  const { workspaceId, contactId = null, numberId = null, live = null, before = null, limit } = input
  return forkFor(deps.orm, workspaceId).execute<ConversationDetail[]>(
    `${detailSql} where v.workspace_id = ? and (?::uuid is null or v.id < ?) and (?::uuid is null or v.contact_id = ?)
       and (?::uuid is null or v.number_id = ?)
       and (?::boolean is null or ? = exists (select 1 from conversation_episodes e
         where e.conversation_id = v.id and e.closed_at is null))
     order by v.id desc limit ?`,
    [workspaceId, before, before, contactId, contactId, numberId, numberId, live, live, limit],
  )
}

export async function getConversation(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  conversationId: string,
): Promise<ConversationDetail> {
  const [conversation] = await forkFor(deps.orm, workspaceId).execute<ConversationDetail[]>(
    `${detailSql} where v.workspace_id = ? and v.id = ?`,
    [workspaceId, conversationId],
  )
  if (!conversation) throw new AppError('not_found', `conversation ${conversationId} does not exist`)
  return conversation
}
