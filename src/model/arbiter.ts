import type { ArbiterCap, ArbiterCategory, ArbiterSettings } from './arbiter-settings.ts'
import { quietUntil } from './quiet-hours.ts'
import { durationMs, type Duration } from './schedule.ts'

/** A message that we want to send of our own accord. */
export interface SendQuestion {
  category: ArbiterCategory
  /** 1 goes first, 9 last. */
  priority: number
  nowMs: number
  /** Later it is of no use. */
  expiresAtMs: number
  /** IANA name: the contact's, or the nearest that is known. */
  timeZone: string
}

/** What one person gets from us and says to us, over all numbers. */
export interface ContactTraffic {
  /** What was sent of our own accord, in the longest window. */
  sent: { category: ArbiterCategory; atMs: number }[]
  lastReplyMs: number | undefined
  /** Others that were deferred, and when each asks again. */
  waiting: { category: ArbiterCategory; priority: number; untilMs: number; expiresAtMs: number }[]
}

export type ArbiterCode = 'frequency_cap' | 'quiet_hours' | 'recent_reply'
export type ArbiterVerdict =
  | { verdict: 'grant'; reason: string }
  | { verdict: 'defer'; untilMs: number; code: ArbiterCode; reason: string }
  | { verdict: 'deny'; untilMs: number | undefined; code: ArbiterCode; reason: string }

interface Obstacle {
  /** Infinity: for ever. */
  untilMs: number
  code: ArbiterCode
  reason: string
}

/** Who yields looks again this long after the one who goes first may go. */
const yieldMs = 5_000
/** Somebody whose time has come and who has not asked for so long will not come: its run was ended or is held. */
const absentAfterMs = 5 * 60_000

/** May this go out now? One that may not waits for the moment when nothing stands against it, unless that is too late. */
export function judgeSend(
  settings: ArbiterSettings,
  question: SendQuestion,
  traffic: ContactTraffic,
): ArbiterVerdict {
  const { nowMs, expiresAtMs } = question
  const obstacles = [
    ...settings.caps.map((cap) => judgeCap(cap, question, traffic)),
    judgeGap(settings, question, traffic),
    judgeReply(settings, question, traffic),
  ].filter((each) => each !== undefined)
  let last = obstacles.toSorted((a, b) => b.untilMs - a.untilMs)[0]
  if (last === undefined || last.untilMs <= expiresAtMs) {
    last = judgeQuiet(settings, question, last?.untilMs ?? nowMs) ?? last
  }
  if (!last) return { verdict: 'grant', reason: sayRoom(settings, question, traffic) }
  const { untilMs, code, reason } = last
  if (untilMs <= expiresAtMs) return { verdict: 'defer', untilMs, code, reason }
  return { verdict: 'deny', untilMs: Number.isFinite(untilMs) ? untilMs : undefined, code, reason }
}

function judgeCap(cap: ArbiterCap, question: SendQuestion, traffic: ContactTraffic): Obstacle | undefined {
  if (!cap.categories.includes(question.category)) return undefined
  const windowMs = durationMs(cap.window)
  const sent = sentWithin(cap, question.nowMs, traffic)
  const code = 'frequency_cap'
  const reason = `${sent.length} of ${sayCap(cap)} were sent`
  if (cap.maximum === 0) return { untilMs: Number.POSITIVE_INFINITY, code, reason }
  const blocking = sent[cap.maximum - 1]
  // Exactly a window later the message is out of it.
  if (blocking !== undefined) return { untilMs: blocking + windowMs, code, reason }
  const first = listFirst(cap.categories, windowMs, question, traffic)
  return sent.length + first.length < cap.maximum ? undefined : yieldTo(first, question)
}

/** Newest first. */
function sentWithin({ categories, window }: ArbiterCap, nowMs: number, { sent }: ContactTraffic): number[] {
  const since = nowMs - durationMs(window)
  return sent
    .filter(({ category, atMs }) => categories.includes(category) && atMs > since)
    .map(({ atMs }) => atMs)
    .sort((a, b) => b - a)
}

function judgeGap(
  { minimumGap }: ArbiterSettings,
  question: SendQuestion,
  traffic: ContactTraffic,
): Obstacle | undefined {
  if (!minimumGap?.categories.includes(question.category)) return undefined
  const { categories, duration } = minimumGap
  const gapMs = durationMs(duration)
  const last = Math.max(
    ...traffic.sent.filter(({ category }) => categories.includes(category)).map(({ atMs }) => atMs),
  )
  if (last + gapMs > question.nowMs) {
    const reason = `${sayDuration(duration)} must lie between two messages`
    return { untilMs: last + gapMs, code: 'frequency_cap', reason }
  }
  const first = listFirst(categories, gapMs, question, traffic)
  return first.length > 0 ? yieldTo(first, question) : undefined
}

/** Who goes first, and would find no room if this went out now. */
function listFirst(
  categories: ArbiterCategory[],
  takesMs: number,
  { priority, nowMs }: SendQuestion,
  { waiting }: ContactTraffic,
): ContactTraffic['waiting'] {
  return waiting.filter(
    (other) =>
      other.priority < priority &&
      categories.includes(other.category) &&
      other.expiresAtMs > nowMs &&
      other.untilMs + absentAfterMs > nowMs &&
      other.untilMs < nowMs + takesMs,
  )
}

function yieldTo(first: ContactTraffic['waiting'], { nowMs, priority }: SendQuestion): Obstacle {
  const next = Math.min(...first.map(({ untilMs }) => untilMs))
  const highest = Math.min(...first.map((other) => other.priority))
  const reason = `a message of priority ${highest} waits for the room that is left, and this one has priority ${priority}`
  return { untilMs: Math.max(next, nowMs) + yieldMs, code: 'frequency_cap', reason }
}

function judgeReply(
  { replyWins }: ArbiterSettings,
  { category, nowMs }: SendQuestion,
  { lastReplyMs }: ContactTraffic,
): Obstacle | undefined {
  if (lastReplyMs === undefined || !replyWins?.categories.includes(category)) return undefined
  const untilMs = lastReplyMs + durationMs(replyWins.within)
  if (untilMs <= nowMs) return undefined
  const reason = `the contact wrote less than ${sayDuration(replyWins.within)} ago`
  return { untilMs, code: 'recent_reply', reason }
}

function judgeQuiet(
  { quietHours }: ArbiterSettings,
  { category, timeZone }: SendQuestion,
  atMs: number,
): Obstacle | undefined {
  if (!quietHours?.categories.includes(category)) return undefined
  const untilMs = quietUntil(quietHours, atMs, timeZone)
  if (untilMs === undefined) return undefined
  const { from, to, days } = quietHours
  const reason = `it is quiet from ${from} to ${to}${days.length > 0 ? `, on ${days.join(', ')} all day` : ''} in ${timeZone}`
  return { untilMs, code: 'quiet_hours', reason }
}

/** The cap that is nearest to being full. */
function sayRoom({ caps }: ArbiterSettings, question: SendQuestion, traffic: ContactTraffic): string {
  const tightest = caps
    .filter(({ categories }) => categories.includes(question.category))
    .map((cap) => ({ cap, used: sentWithin(cap, question.nowMs, traffic).length + 1 }))
    .sort((a, b) => a.cap.maximum - a.used - (b.cap.maximum - b.used))[0]
  return tightest ? `${tightest.used} of ${sayCap(tightest.cap)}` : 'no cap counts it'
}

function sayCap({ maximum, categories, window }: ArbiterCap): string {
  return `${maximum} ${categories.join(' or ')} messages in ${sayDuration(window)}`
}

function sayDuration({ amount, unit }: Duration): string {
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`
}
