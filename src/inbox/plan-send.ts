import { askArbiter, lockPace, type Ruling } from '../arbiter/ask-arbiter.ts'
import { findMessageCategory, judgeRefused } from '../consent/find-refused.ts'
import { isConsentReply } from '../consent/plan-reply.ts'
import { toContactView } from '../contacts/contact-view.ts'
import { findTrust, type Trust } from '../contacts/whatsapp-identity.ts'
import { noteSent } from '../conversations/note-sent.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { answered } from '../lifecycle/on-deeds.ts'
import { isAutomatic } from '../lifecycle/say.ts'
import { saveProgress, type RunProgress } from '../journeys/save-progress.ts'
import type { ArbiterCategory } from '../model/arbiter-settings.ts'
import type { Refused } from '../model/consent.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'
import { sentVariant } from '../model/campaign-cards.ts'
import type { JsonObject } from '../model/json.ts'
import { pairRetryDelayMs } from '../model/send-policy.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { countedRows, countingMessages } from '../reports/count-messages.ts'
import { announcedRows, announcingMessages } from '../live/announce-messages.ts'
import { composeMessage } from './compose-message.ts'
import { lockHold } from '../holds/check-holds.ts'
import type { HeldRun } from '../../workflows/contract.ts'
import { countInitiated } from './count-initiated.ts'
import { findLedgerRow, type LedgerRow } from './find-ledger-row.ts'
import { takeFloor } from './floor.ts'
import { lockTarget, type Target } from './lock-target.ts'
import { pairDebtMs, pairDelayMs } from './pair-pace.ts'
import { writeLedgerRow } from './write-ledger-row.ts'

/** One planned message. `sendKey` makes it one message for ever, however often it is asked for. */
export interface SendInput {
  workspaceId: string
  numberId: string
  conversationId: string
  sendKey: string
  class: MessageClass
  /** A deliberate retry raises it: only then may a row that failed be tried again. */
  epoch: number
  /** It answers nobody: the contact's arbiter is asked. */
  proactive?: boolean | undefined
  /** Between senders that wait for the same contact: 1 goes first, 9 last. */
  priority?: number | undefined
  /** Of no use later; without it the arbiter's settings say how long it may wait. */
  expiresAtMs?: number | undefined
  content: MessageContent
  /** Values for `{{vars.…}}`; undefined when the texts are final. */
  vars: JsonObject | undefined
  causeId: string
  /** The workflow to wake when an ambiguous send is settled, and that takes the floor with `askKey`. */
  workflowId: string | undefined
  askKey?: string | undefined
  cardId?: string | undefined
  progress?: RunProgress | undefined
}

export type SendResult =
  | { state: 'accepted' | 'unknown'; messageId: string }
  | { state: 'deferred'; retryAfterMs: number; reason: string }
  | { state: 'refused'; code: string; reason: string }
  | { state: 'held'; hold: HeldRun }

export interface Attempt {
  state: 'attempt'
  messageId: string
  attempt: number
  numberId: string
  contactId: string
  address: { waId: string } | { bsuid: string }
  /** Of a number with the identity check on: the hash of the person whom we trust. */
  identityHash: string | undefined
  content: MessageContent
}

interface Planning {
  /** How long a doubt waits for a status webhook. */
  reconcileMs: number
  /** The number sends to nobody whose WhatsApp identity changed. */
  checksIdentity: boolean
  /** The last touch on what goes out, once it is known to whom and as which row. */
  finish(content: MessageContent, ref: { messageId: string; contactId: string }): MessageContent
  /** Gets what Temporal must be told after the commit. */
  outbox: OutboxRow[]
}

/**
 * Decides, under a lock on the conversation, whether this message goes out now, and commits `inflight` before anybody
 * calls WhatsApp. Whatever the decision, the run's progress is saved with it.
 */
export async function planSend(
  em: Em,
  given: SendInput,
  { reconcileMs, checksIdentity, finish, outbox }: Planning,
): Promise<Attempt | SendResult> {
  const target = await lockTarget(em, given)
  const contactId = target.contact_id
  const arbiter = given.proactive ? target.arbiter : null
  if (arbiter) await lockPace(em, contactId)
  // Of contacts that were merged there is one conversation a number, whichever a run began with.
  const input = { ...given, conversationId: target.conversation_id }
  const run = { ...(input.progress?.run ?? input), contactId }
  const { row, refused, isHeld } = await findLedgerRow(em, input, run)
  const held = isHeld && (await standAtHold(em, input, run))
  if (held) return held
  const settled = row && (await judgeRow(em, input, row, reconcileMs))
  const address = target.wa_id ?? target.bsuid
  const trust = checksIdentity && address ? await findTrust(em, input.numberId, address) : undefined
  const plan = settled ?? (await judgeTarget(em, input, { ...target, refused, trust, arbiter }, row, finish))
  const goesOn = plan.state === 'attempt' || plan.state === 'accepted' || plan.state === 'unknown'
  if (plan.state === 'attempt' && !input.progress && !isAutomatic(input.sendKey)) {
    outbox.push(...(await answered(em, input)))
  }
  const { askKey, workflowId } = input
  if (askKey && workflowId && goesOn)
    outbox.push(...(await takeFloor(em, { ...input, contactId, askKey, workflowId }, row?.id)))
  if (input.progress) await saveProgress(em, input.progress)
  return plan
}

/** A held run is written down as standing there, in the transaction that saw the hold: whoever lifts it finds the run. */
async function standAtHold(
  em: Em,
  { progress }: SendInput,
  run: Parameters<typeof lockHold>[1],
): Promise<SendResult | undefined> {
  const hold = await lockHold(em, run, Date.now())
  if (!hold) return undefined
  if (progress) await saveProgress(em, { ...progress, state: 'paused', heldBy: hold.holdId })
  return { state: 'held', hold }
}

/** What a row that is there already says; undefined when another attempt is due. */
async function judgeRow(
  em: Em,
  input: SendInput,
  row: LedgerRow,
  reconcileMs: number,
): Promise<SendResult | undefined> {
  if (row.state === 'accepted') return { state: 'accepted', messageId: row.id }
  if (row.state === 'unknown') return { state: 'unknown', messageId: row.id }
  if (row.state === 'failed' || row.state === 'skipped') {
    if (input.epoch > row.epoch) return undefined
    return {
      state: 'refused',
      code: row.reason_code ?? 'whatsapp_refused',
      reason: row.reason ?? 'refused before',
    }
  }
  if (row.state !== 'inflight') return undefined
  // Somebody called WhatsApp and never said how it ended: a status webhook knows, else the class decides.
  if (row.age_ms < reconcileMs) {
    await em.execute('update messages set waiting_workflow_id = ? where id = ?', [
      input.workflowId ?? null,
      row.id,
    ])
    return {
      state: 'deferred',
      retryAfterMs: Math.ceil(reconcileMs - row.age_ms) + 50,
      reason: 'it is not known whether the last attempt arrived; waiting for its status',
    }
  }
  if (input.class === 'utility') return undefined
  await em.execute(
    `with doubted as (
       update messages set state = 'unknown', waiting_workflow_id = null where id = ? returning ${countedRows}, ${announcedRows}),
     ${countingMessages('doubted')}, ${announcingMessages('doubted')}
     select count(*) from doubted`,
    [row.id],
  )
  return { state: 'unknown', messageId: row.id }
}

export const spamReason = 'the contact is marked as spam'
export function isSpamStopped(spam: boolean | undefined, messageClass: MessageClass): boolean {
  return spam === true && messageClass === 'marketing'
}

async function judgeUnwanted(
  em: Em,
  input: SendInput,
  { spam, refused }: { spam?: boolean; refused: Refused },
): Promise<string | undefined> {
  if (isSpamStopped(spam, input.class)) return spamReason
  return judgeRefused(em, input, refused)
}

/** The guards, the text, the pair's pace and the arbiter, for a message that is to go out. */
async function judgeTarget(
  em: Em,
  input: SendInput,
  target: Target & { refused: Refused; trust: Trust | undefined },
  row: LedgerRow | undefined,
  finish: Planning['finish'],
): Promise<Attempt | SendResult> {
  const values = input.vars && { contact: toContactView(target), vars: input.vars, nowMs: Date.now() }
  const { content: composed, refusal } = composeMessage(input.content, values, {
    unwanted: isConsentReply(input.sendKey) ? undefined : await judgeUnwanted(em, input, target),
    reachable: Boolean(target.wa_id || target.bsuid),
    windowOpen: target.window_open,
    distrusted: target.trust?.isDistrusted ?? false,
  })
  const { contact_id: contactId } = target
  const messageId = row?.id ?? newId()
  const attempt = (row?.attempt ?? 0) + 1
  const content = finish(composed, { messageId, contactId })
  const retryAfterMs = pairDelayMs(target.pair_wait_ms)
  if (!refusal && retryAfterMs > 0) {
    return { state: 'deferred', retryAfterMs, reason: 'this customer was sent too much in a short time' }
  }
  const category = await findMessageCategory(em, input, target.arbiter !== null && !refusal)
  const ruling: Ruling = refusal
    ? { verdict: 'deny', causeId: input.causeId, ...refusal }
    : await ask(em, input, target, category)
  if (ruling.verdict === 'defer') return { ...ruling, state: 'deferred' }
  const { causeId } = ruling
  const common = { messageId, contactId, content, category, causeId }
  if (ruling.verdict === 'deny') {
    const { code, reason } = ruling
    await writeLedgerRow(em, input, {
      ...{ ...common, attempt: attempt - 1, state: 'skipped', refusal: { code, reason } },
    })
    return { state: 'refused', code, reason }
  }
  await writeLedgerRow(em, input, { ...common, attempt, state: 'inflight', grant: ruling.reason })
  await noteSent(em, {
    ...{ workspaceId: input.workspaceId, conversationId: target.conversation_id, messageId },
    ...{ initiates: !target.window_open, isCampaign: sentVariant(input.cardId) !== undefined },
    isWord: content.type !== 'reaction',
    answers: !isAutomatic(input.sendKey),
  })
  await countInitiated(em, { workspaceId: input.workspaceId, portfolioId: target.portfolio_id }, [target])
  const address = target.wa_id ? { waId: target.wa_id } : { bsuid: target.bsuid ?? '' }
  const { numberId } = input
  const identityHash = target.trust?.hash
  return { state: 'attempt', messageId, attempt, numberId, contactId, address, identityHash, content }
}

async function ask(em: Em, input: SendInput, target: Target, category: ArbiterCategory): Promise<Ruling> {
  return askArbiter(em, target.arbiter, {
    ...{ workspaceId: input.workspaceId, contactId: target.contact_id, sendKey: input.sendKey, category },
    ...{ priority: input.priority ?? 5, expiresAtMs: input.expiresAtMs, causeId: input.causeId },
    ...{ timeZone: target.time_zone, waId: target.wa_id, workflowId: input.workflowId },
    ...{ runId: input.progress?.run.runId, cardId: input.cardId },
  })
}

/** Wait before a pair that WhatsApp called too fast (131056) may be tried again. */
export async function holdPair(em: Em, conversationId: string, attempt: number): Promise<number> {
  const retryAfterMs = pairRetryDelayMs(attempt)
  await em.execute(
    `update conversations set pair_free_at = greatest(pair_free_at, now()
       + ? * interval '1 millisecond' + interval '${pairDebtMs} ms') where id = ?`,
    [retryAfterMs, conversationId],
  )
  return retryAfterMs
}
