import type { Em } from '../db/orm.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { findActiveTakeover, lockChat } from '../takeover/active-takeover.ts'
import { handBack } from '../takeover/hand-back.ts'
import { takeOver } from '../takeover/take-over.ts'

interface Holder {
  assigned_user_id: string | null
  user_role: string | null
}

/** A chat that a bot is given is the bot's: no journey answers until it is taken away or given to people. */
export async function followBot(
  em: Em,
  input: { workspaceId: string; conversationId: string; by: string; causeId: string },
  before: Holder,
  after: Holder,
): Promise<OutboxRow[]> {
  const outbox: OutboxRow[] = []
  if (before.user_role === 'app') {
    const bot = `user ${before.assigned_user_id}`
    const active = await findActiveTakeover(em, await lockChat(em, input.workspaceId, input.conversationId))
    // Who has taken the chat over from the bot keeps it.
    if (active?.taken_by === bot) {
      const order = { ...input, choice: { action: 'continue' }, outcome: 'handed-back' } as const
      outbox.push(...((await handBack(em, order))?.outbox ?? []))
    }
  }
  if (after.user_role === 'app') {
    const held = { ...input, kind: 'taken', by: `user ${after.assigned_user_id}`, endsAtMs: null } as const
    outbox.push(...(await takeOver(em, held)).outbox)
  }
  return outbox
}
