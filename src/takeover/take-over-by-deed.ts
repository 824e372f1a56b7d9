import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { takeOver } from './take-over.ts'
import { findTakeoverSettings } from './takeover-settings.ts'

const minuteMs = 60_000

/** Who writes has the chat, for as long as the workspace says; who types has it for a moment. */
export async function takeOverByDeed(
  em: Em,
  input: {
    workspaceId: string
    conversationId: string
    kind: 'message' | 'echo' | 'typing'
    by: string
    causeId?: string
  },
): Promise<OutboxRow[]> {
  const { settings } = await findTakeoverSettings(em, input.workspaceId)
  const { onMessage, minutesAfterMessage, minutesAfterTyping } = settings
  if (input.kind !== 'typing' && !onMessage) return []
  const minutes = input.kind === 'typing' ? minutesAfterTyping : minutesAfterMessage
  const endsAtMs = minutes === null ? null : Date.now() + minutes * minuteMs
  return (await takeOver(em, { ...input, endsAtMs })).outbox
}
