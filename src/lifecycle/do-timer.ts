import { closeEpisode } from '../conversations/episodes.ts'
import type { Em } from '../db/orm.ts'
import type { PlannedTimer, TimerKind } from '../model/chat-timers.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { askSatisfaction } from './ask-satisfaction.ts'
import type { LoadedChat } from './chat-state.ts'
import { endSnooze } from './end-snooze.ts'
import { missDeadline } from './miss-deadline.ts'
import { passOn, passBack } from './pass-on.ts'
import { say } from './say.ts'

export interface Ringing {
  workspaceId: string
  conversationId: string
  chat: LoadedChat
  timer: PlannedTimer
}

/** Does what a timer is for, in the transaction that marks it as done. The chat is locked. */
export async function doTimer(
  em: Em,
  { workspaceId, conversationId }: { workspaceId: string; conversationId: string },
  chat: LoadedChat,
  timer: PlannedTimer,
): Promise<OutboxRow[]> {
  return deeds[timer.kind](em, { workspaceId, conversationId, chat, timer })
}

const deeds: Record<TimerKind, (em: Em, ringing: Ringing) => Promise<OutboxRow[]>> = {
  snooze: endSnooze,
  'first-response': missDeadline,
  resolution: missDeadline,
  unattended: passOn,
  return: passBack,
  nudge: remind,
  closure: close,
  satisfaction: askSatisfaction,
}

async function remind(em: Em, { chat, timer, ...place }: Ringing): Promise<OutboxRow[]> {
  const { nudge } = chat.settings
  if (!nudge) return []
  const { contactId } = chat
  const { message } = nudge
  return (await say(em, { ...place, contactId, what: 'nudge', basis: timer.basis, message })).outbox
}

/** The last word goes out first: nothing is sent into a chat that it would open again. */
async function close(em: Em, { chat, timer, ...place }: Ringing): Promise<OutboxRow[]> {
  const { contactId, settings } = chat
  const message = settings.closure?.message
  const said = message
    ? await say(em, { ...place, contactId, what: 'closure', basis: timer.basis, message })
    : undefined
  const closed = await closeEpisode(em, { ...place, contactId, outcome: 'silence' })
  return [...(said?.outbox ?? []), ...closed]
}
