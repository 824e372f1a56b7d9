import { addBusinessMs } from './business-hours.ts'
import type { InboxSettings } from './inbox-settings.ts'

/** What a chat does by the clock. */
export type TimerKind =
  | 'snooze'
  | 'first-response'
  | 'resolution'
  | 'unattended'
  | 'return'
  | 'nudge'
  | 'closure'
  | 'satisfaction'

/** A chat as its clock sees it; times in epoch milliseconds. */
export interface ChatState {
  nowMs: number
  status: 'open' | 'pending' | 'snoozed' | 'closed'
  spam: boolean
  snoozedUntilMs: number | null
  assignedUserId: string | null
  assignedGroupId: string | null
  assignedAtMs: number | null
  /** Since when the customer waits for an answer. */
  waitingSinceMs: number | null
  windowEndsMs: number | null
  /** When either side wrote last. */
  activeAtMs: number
  /** A journey awaits the customer's next message. */
  isAsked: boolean
  /** The live one. */
  episode: { id: string; openedMs: number; firstResponseMs: number | null } | null
  /** A person gave the chat to whoever has it, who has not written since. */
  handed: { eventId: string; atMs: number } | null
  /** The last episode, over for less than a day, when nobody was asked how it went. */
  closed: { id: string; closedMs: number; byPeople: boolean; askedMs: number | null } | null
}

export interface PlannedTimer {
  kind: TimerKind
  /** What it is for: done once for each. */
  basis: string
  dueMs: number
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Everything that a chat will do by the clock as it stands now. What is due already stands in it too. */
export function planTimers(chat: ChatState, settings: InboxSettings): PlannedTimer[] {
  if (chat.spam) return []
  const planned = chat.episode
    ? [
        planSnooze(chat),
        planFirstResponse(chat, settings),
        planResolution(chat, settings),
        planUnattended(chat, settings),
        planReturn(chat, settings),
        planNudge(chat, settings),
        planClosure(chat, settings),
      ]
    : [planSatisfaction(chat, settings)]
  return planned.filter((timer) => timer !== undefined)
}

type Planned = PlannedTimer | undefined

function planSnooze({ status, snoozedUntilMs }: ChatState): Planned {
  if (status !== 'snoozed' || snoozedUntilMs === null) return undefined
  return { kind: 'snooze', basis: String(snoozedUntilMs), dueMs: snoozedUntilMs }
}

function inBusinessTime(
  { businessHours }: InboxSettings,
  timer: Omit<PlannedTimer, 'dueMs'>,
  from: number,
  minutes: number,
) {
  const dueMs = addBusinessMs(businessHours, from, minutes * minuteMs)
  return dueMs === undefined ? undefined : { ...timer, dueMs }
}

function planFirstResponse({ episode, waitingSinceMs }: ChatState, settings: InboxSettings): Planned {
  const { firstResponseMinutes } = settings.deadlines
  if (!episode || firstResponseMinutes === null || waitingSinceMs === null) return undefined
  if (episode.firstResponseMs !== null) return undefined
  const timer = { kind: 'first-response', basis: episode.id } as const
  return inBusinessTime(settings, timer, waitingSinceMs, firstResponseMinutes)
}

function planResolution({ episode }: ChatState, settings: InboxSettings): Planned {
  const { resolutionMinutes } = settings.deadlines
  if (!episode || resolutionMinutes === null) return undefined
  const timer = { kind: 'resolution', basis: episode.id } as const
  return inBusinessTime(settings, timer, episode.openedMs, resolutionMinutes)
}

/** Whoever gets a chat in which somebody waits already has as long as whoever had it before. */
function planUnattended(chat: ChatState, settings: InboxSettings): Planned {
  const { unattended } = settings
  const { assignedUserId, assignedAtMs, waitingSinceMs, status } = chat
  if (!unattended || assignedUserId === null || waitingSinceMs === null || status === 'snoozed')
    return undefined
  const sinceMs = Math.max(waitingSinceMs, assignedAtMs ?? 0)
  const timer = { kind: 'unattended', basis: `${assignedUserId}:${sinceMs}` } as const
  return inBusinessTime(settings, timer, sinceMs, unattended.afterMinutes)
}

function planReturn({ handed, status }: ChatState, settings: InboxSettings): Planned {
  const { returning } = settings
  if (!returning || !handed || status === 'snoozed') return undefined
  return inBusinessTime(
    settings,
    { kind: 'return', basis: handed.eventId },
    handed.atMs,
    returning.afterMinutes,
  )
}

/** Once a window, whose end is its name. */
function planNudge(
  { nowMs, windowEndsMs, waitingSinceMs, isAsked }: ChatState,
  { nudge }: InboxSettings,
): Planned {
  if (!nudge || windowEndsMs === null || windowEndsMs <= nowMs || isAsked) return undefined
  if (nudge.when === 'customer-waits' && waitingSinceMs === null) return undefined
  const dueMs = windowEndsMs - nudge.minutesBefore * minuteMs
  return { kind: 'nudge', basis: String(windowEndsMs), dueMs }
}

/** A chat in which a journey awaits an answer is the journey's to end. */
function planClosure(chat: ChatState, { closure }: InboxSettings): Planned {
  const { episode, status, waitingSinceMs, activeAtMs, isAsked } = chat
  if (!closure || !episode || status === 'snoozed' || isAsked) return undefined
  if (waitingSinceMs !== null && !closure.whileCustomerWaits) return undefined
  const dueMs = activeAtMs + closure.afterMinutes * minuteMs
  return { kind: 'closure', basis: `${episode.id}:${activeAtMs}`, dueMs }
}

function planSatisfaction({ closed, nowMs }: ChatState, { satisfaction }: InboxSettings): Planned {
  if (!satisfaction || !closed || (satisfaction.of === 'people' && !closed.byPeople)) return undefined
  const isTired = closed.askedMs !== null && nowMs - closed.askedMs < satisfaction.everyDays * dayMs
  if (isTired) return undefined
  const dueMs = closed.closedMs + satisfaction.delayMinutes * minuteMs
  return { kind: 'satisfaction', basis: closed.id, dueMs }
}

/**
 * When silence closes a chat that no setting closes, if it does: one that somebody has, and in which the customer waits, is
 * not closed under their hands, and a snoozed one has a time of its own.
 */
export function silenceEndsMs(
  chat: ChatState,
  { closure }: InboxSettings,
  silenceMs: number,
): number | undefined {
  const { status, waitingSinceMs, assignedUserId, assignedGroupId, activeAtMs, isAsked } = chat
  if (status === 'snoozed' || (closure && !isAsked)) return undefined
  const isOnDesk = assignedUserId !== null || assignedGroupId !== null
  return isOnDesk && waitingSinceMs !== null ? undefined : activeAtMs + silenceMs
}
