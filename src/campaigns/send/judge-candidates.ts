import { findContactZone } from '../../arbiter/contact-zone.ts'
import { toContactView } from '../../contacts/contact-view.ts'
import { newId } from '../../db/columns.ts'
import { refusalOf, type Refusal } from '../../inbox/compose-message.ts'
import { pairDelayMs } from '../../inbox/pair-pace.ts'
import { isSpamStopped, spamReason } from '../../inbox/plan-send.ts'
import type { ArbiterSettings } from '../../model/arbiter-settings.ts'
import { judgeSend } from '../../model/arbiter.ts'
import { consentRefusal } from '../../model/consent.ts'
import { listLibraryMedia } from '../../model/media-references.ts'
import type { MessageContent } from '../../model/message.ts'
import { durationMs } from '../../model/schedule.ts'
import { countryOfPhone } from '../../pricing/country-of-phone.ts'
import type { LoadedTraffic } from '../../arbiter/load-traffic.ts'
import type { Composed } from './compose-variant.ts'
import type { Lane } from './lane.ts'
import type { Candidate } from './load-candidates.ts'

export interface DueMessage {
  id: string
  n: number
  attempt: number
  content: MessageContent
  costMicros: number | null
}
export interface Judged {
  candidate: Candidate
  variant: string
  category: ReturnType<Lane['composer']['look']>['category']
  messages: DueMessage[]
  verdict:
    | { kind: 'send'; reason: string | undefined }
    | { kind: 'skip'; code: string; reason: string }
    | { kind: 'wait'; untilMs: number; code: string; reason: string; expiresAtMs: number | undefined }
}
export interface Judging {
  nowMs: number
  arbiter: ArbiterSettings | undefined
  traffic: ReadonlyMap<string, LoadedTraffic>
  winner: string | null
  /** Files of the library that WhatsApp has. */
  media: ReadonlyMap<string, unknown>
}

/** A template that may not be sent now is looked at again after this. */
const unavailableMs = 5 * 60_000
/** Whom an agent talks to is looked at again after this; after a day the message is of no use any more. */
const heldMs = 60_000
const heldAtMostMs = 24 * 3_600_000

/** Whether a message goes out now, by the same rules as any other: pure, so that a chunk costs no more than its rows. */
export function judgeCandidate(lane: Lane, candidate: Candidate, judging: Judging): Judged {
  const variant = candidate.variant ?? judging.winner ?? lane.definition.variants[0]?.id ?? ''
  const { category, unavailable, width } = lane.composer.look(variant)
  const messages = messagesOf(candidate, width)
  const found = { candidate, variant, category }
  const composed = unavailable === undefined ? compose(lane, candidate, variant, messages, judging.nowMs) : []
  const filled = messages.map((each, at) => ({ ...each, content: composed[at]?.content ?? each.content }))
  // Of what does not go out, the first message stands for all.
  const one = () => filled.slice(0, 1)
  const skip = ({ code, reason }: Refusal): Judged => ({
    ...{ ...found, messages: one(), verdict: { kind: 'skip', code, reason } },
  })
  const wait = (untilMs: number, code: string, reason: string, expiresAtMs?: number): Judged => ({
    ...{ ...found, messages: one(), verdict: { kind: 'wait', untilMs, code, reason, expiresAtMs } },
  })
  if (candidate.is_twin)
    return skip({ code: 'duplicate', reason: 'the same person got it under another contact' })
  const endsAtMs = expiryOf(lane, candidate)
  if (endsAtMs !== undefined && endsAtMs < judging.nowMs)
    return skip({ code: 'time_passed', reason: 'it was of no use any more' })
  if (unavailable !== undefined)
    return wait(judging.nowMs + unavailableMs, 'template_unavailable', unavailable)
  if (candidate.held !== null)
    return judging.nowMs - candidate.due_ms > heldAtMostMs
      ? skip({ code: 'time_passed', reason: `it was held for a day: ${candidate.held}` })
      : wait(judging.nowMs + heldMs, 'held', candidate.held)
  const refusal = composed
    .map((each) => refuse(lane, candidate, category, each))
    .find((each) => each !== undefined)
  if (refusal) return skip(refusal)
  const files = composed.flatMap(({ content }) => listLibraryMedia(content))
  if (files.some(({ id }) => !judging.media.has(id)))
    return skip({ code: 'invalid_message', reason: 'it shows a file that differs from person to person' })
  const pairMs = pairDelayMs(candidate.pair_wait_ms)
  if (pairMs > 0)
    return wait(judging.nowMs + pairMs, 'pair', 'this customer was sent too much in a short time')
  const ruling = askArbiter(lane, candidate, category, judging, endsAtMs)
  if (ruling?.verdict === 'deny') return skip(ruling)
  if (ruling?.verdict === 'defer') return wait(ruling.untilMs, ruling.code, ruling.reason, ruling.expiresAtMs)
  const costMicros = priceOf(lane, candidate, category, judging.nowMs)
  return {
    ...found,
    messages: filled.map((each) => ({ ...each, costMicros })),
    verdict: { kind: 'send', reason: ruling?.reason },
  }
}

/** Those that are not out yet, of all that the person gets. */
function messagesOf({ known }: Candidate, width: number): DueMessage[] {
  return Array.from({ length: width }, (_, at) => at + 1).flatMap((n) => {
    const row = known.find((each) => each.n === n)
    if (row && row.state !== 'planned') return []
    return [{ id: row?.id ?? newId(), n, attempt: row?.attempt ?? 0, content: nothing, costMicros: null }]
  })
}

/** Stands where there is no message to show. */
export const nothing: MessageContent = { type: 'text', text: { body: '' } }

/** Ids of messages that are out already are not needed any more, but keep their place. */
function compose(
  lane: Lane,
  candidate: Candidate,
  variant: string,
  messages: DueMessage[],
  nowMs: number,
): Composed[] {
  const ids: string[] = []
  for (const { id, n } of messages) ids[n - 1] = id
  const { contact_id: contactId, language, given, groups } = candidate
  const to = {
    ...{ contactId, language, groups },
    contact: toContactView({ ...candidate, id: contactId }),
    given: { ...lane.definition.given, ...given },
  }
  const all = lane.composer.compose(variant, to, ids, nowMs)
  return messages.flatMap(({ n }) => all[n - 1] ?? [])
}

function refuse(
  lane: Lane,
  candidate: Candidate,
  category: Judged['category'],
  { content, missing }: Composed,
): Refusal | undefined {
  const unwanted = isSpamStopped(candidate.spam, lane.definition.class)
    ? spamReason
    : consentRefusal(candidate.refused, category)
  return refusalOf(content, missing, {
    unwanted,
    reachable: Boolean(candidate.wa_id || candidate.bsuid),
    windowOpen: candidate.window_open,
    distrusted: candidate.is_distrusted,
  })
}

function expiryOf({ definition }: Lane, { due_ms: dueMs }: Candidate): number | undefined {
  return definition.expireAfter && dueMs + durationMs(definition.expireAfter)
}

function askArbiter(
  lane: Lane,
  candidate: Candidate,
  category: Judged['category'],
  { nowMs, arbiter, traffic }: Judging,
  endsAtMs: number | undefined,
): (ReturnType<typeof judgeSend> & { expiresAtMs: number }) | undefined {
  if (!arbiter) return undefined
  const { time_zone: timeZone, wa_id: waId, contact_id: contactId } = candidate
  const loaded = traffic.get(contactId)
  const expiresAtMs = endsAtMs ?? loaded?.own?.expires_ms ?? nowMs + durationMs(arbiter.expireAfter)
  const verdict = judgeSend(
    arbiter,
    {
      ...{ category, priority: lane.definition.priority, nowMs, expiresAtMs },
      timeZone: findContactZone({ timeZone, waId }, arbiter.timeZone, nowMs).timeZone,
    },
    loaded?.traffic ?? { sent: [], lastReplyMs: undefined, waiting: [] },
  )
  return { ...verdict, expiresAtMs }
}

/** By the rate card of now, in its currency's millionths; null where nobody has entered a price. */
function priceOf(
  lane: Lane,
  { wa_id: waId, country, window_open: windowOpen }: Candidate,
  category: Judged['category'],
  atMs: number,
): number | null {
  const at = (waId ? countryOfPhone(waId) : undefined) ?? country ?? '??'
  const price = lane.prices.priceOf({ atMs, country: at, category, windowOpen })
  if (price === 'free') return 0
  return price === 'unknown' ? null : price.micros
}
