import { setStatus } from '../conversations/status.ts'
import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import type { Ringing } from './do-timer.ts'

/** The chat is open again, and whoever has it sees it among those that are. */
export async function endSnooze(em: Em, { workspaceId, conversationId }: Ringing): Promise<OutboxRow[]> {
  return (await setStatus(em, { workspaceId, conversationId, status: 'open', by: 'the clock' })).outbox
}
