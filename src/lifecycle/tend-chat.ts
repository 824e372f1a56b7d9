import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { closeEpisode } from '../conversations/episodes.ts'
import { planTimers, silenceEndsMs, type PlannedTimer } from '../model/chat-timers.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { loadChat, type LoadedChat } from './chat-state.ts'
import { doTimer } from './do-timer.ts'
import { noteDeadlines } from './note-deadlines.ts'
import { sayStanding } from './say-standing.ts'
import { sendScheduled } from './send-scheduled.ts'
import { fireOnce, keepTimers, wakeChats } from './timers.ts'

export interface TendInput {
  workspaceId: string
  conversationId: string
  /** After so long without a word a chat is closed that no setting closes. */
  silenceMs: number
}

/**
 * When the chat's workflow looks again, and what it says meanwhile; what histories hold from before it said so has no words.
 * Closed: there is nothing left to wait for.
 */
export type Tended = { closed: true } | { closed: false; nextInMs: number; details?: string }

/** Doing one thing may make another one due: a chat that is given on waits anew. More at once is a mistake. */
const maximumTurns = 20

/**
 * What a chat does when its clock rings, or when something changed that its clock hangs on: does once what is due, plans
 * anew, and says when to look again. The rows decide, so that it may be asked as often as one likes.
 */
export async function tendChat(deps: Deps, input: TendInput): Promise<Tended> {
  const em = forkFor(deps.orm, input.workspaceId)
  await sendScheduled(deps, input)
  const { outbox, ...next } = await em.transactional((tx) => tend(tx, input))
  relaySoon(deps, outbox)
  return next
}

async function tend(em: Em, input: TendInput): Promise<Tended & { outbox: OutboxRow[] }> {
  const { workspaceId } = input
  const { conversationId } = await lockChat(em, workspaceId, input.conversationId)
  if (conversationId !== input.conversationId) {
    // What was merged into another conversation is looked after there.
    await keepTimers(em, { ...input, episodeId: null }, [])
    return { closed: true, outbox: await wakeChats(em, workspaceId, [conversationId]) }
  }
  const outbox: OutboxRow[] = []
  for (let turn = 0; turn < maximumTurns; turn += 1) {
    const chat = await loadChat(em, workspaceId, conversationId)
    if (!chat) return { closed: true, outbox }
    const timers = await plan(em, input, chat)
    const due = timers.find(({ dueMs }) => dueMs <= chat.state.nowMs)
    if (due) {
      if (await fireOnce(em, input, due)) outbox.push(...(await doTimer(em, input, chat, due)))
      continue
    }
    const silentAtMs = chat.state.episode && silenceEndsMs(chat.state, chat.settings, input.silenceMs)
    if (silentAtMs != null && silentAtMs <= chat.state.nowMs) {
      const { contactId } = chat
      outbox.push(...(await closeEpisode(em, { workspaceId, conversationId, contactId, outcome: 'silence' })))
      continue
    }
    return { ...(await rest(em, input, chat, timers, silentAtMs ?? undefined)), outbox }
  }
  throw new Error(`chat ${conversationId} has something to do for ever`)
}

/** A workspace that set nothing has no rows to keep. */
async function plan(em: Em, input: TendInput, chat: LoadedChat): Promise<PlannedTimer[]> {
  const planned = planTimers(chat.state, chat.settings)
  if (planned.length === 0 && !chat.hasTimers) return []
  await noteDeadlines(em, input, chat, planned)
  return keepTimers(em, { ...input, episodeId: chat.state.episode?.id ?? null }, planned)
}

/** Nothing is due: until when, and in words. */
async function rest(
  em: Em,
  input: TendInput,
  chat: LoadedChat,
  timers: PlannedTimer[],
  silentAtMs: number | undefined,
): Promise<Tended> {
  const { nowMs, windowEndsMs, episode } = chat.state
  if (episode && windowEndsMs !== null && windowEndsMs <= nowMs)
    await noteClosedWindow(em, input, chat.contactId, windowEndsMs)
  const windowMs = episode && windowEndsMs !== null && windowEndsMs > nowMs ? windowEndsMs : undefined
  const next = [timers[0]?.dueMs, chat.scheduledMs, silentAtMs, windowMs].filter((at) => at != null)
  if (!episode && next.length === 0) return { closed: true }
  const lookAtMs = Math.min(...next, nowMs + longestLookMs)
  const details = sayStanding(chat, timers, silentAtMs)
  return { closed: false, nextInMs: Math.max(Math.ceil(lookAtMs - nowMs), 0) + 50, details }
}

/** A chat that waits for nothing by the clock is looked at all the same: what it hangs on may have been changed by hand. */
const longestLookMs = 24 * 60 * 60_000

/** One fact a window: its end is part of the id. */
async function noteClosedWindow(
  em: Em,
  { workspaceId, conversationId }: TendInput,
  contactId: string,
  endedMs: number,
): Promise<void> {
  const id = derivedId(conversationId, new Date(endedMs).toISOString(), 'window.closed')
  const data = { conversation: conversationId }
  await recordFacts(em, workspaceId, [
    { id, atMs: Math.round(endedMs), kind: 'window.closed', contactId, data },
  ])
}
