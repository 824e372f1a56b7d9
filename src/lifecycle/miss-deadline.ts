import { recordFacts } from '../analytics/facts.ts'
import { notify } from '../conversations/notify.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { recordEvents } from '../events/record-events.ts'
import { announce } from '../live/announce.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import type { Ringing } from './do-timer.ts'

/** A deadline has passed: the episode says so for ever, whoever has the chat is told, and journeys may listen for it. */
export async function missDeadline(
  em: Em,
  { workspaceId, conversationId, chat, timer }: Ringing,
): Promise<OutboxRow[]> {
  const { contactId, state } = chat
  const deadline = timer.kind
  const column = deadline === 'first-response' ? 'first_response_breached_at' : 'resolution_breached_at'
  await em.execute(
    `update conversation_episodes set ${column} = to_timestamp(?::float8 / 1000.0) where id = ? and workspace_id = ?`,
    [timer.dueMs, timer.basis, workspaceId],
  )
  const id = derivedId(timer.basis, deadline, 'deadline.missed')
  const atMs = Date.now()
  const due = new Date(timer.dueMs).toISOString()
  const data = { conversation: conversationId, episode: timer.basis, deadline, due }
  await recordFacts(em, workspaceId, [{ id, atMs, kind: 'deadline.missed', contactId, data }])
  await announce(em, workspaceId, [
    { kind: 'conversation.changed', conversationId, data: { what: ['deadlines'] } },
  ])
  const { assignedUserId, assignedGroupId } = state
  const groupId = assignedUserId === null && assignedGroupId !== null ? assignedGroupId : undefined
  const userIds = assignedUserId === null ? [] : [assignedUserId]
  await notify(em, {
    ...{ workspaceId, conversationId, kind: 'deadline', userIds, groupId, data: { deadline, due } },
  })
  const attributes = { conversation_id: conversationId, deadline }
  return recordEvents(em, workspaceId, [
    { contactId, type: 'deadline_missed', attributes, atMs, causeId: id },
  ])
}
