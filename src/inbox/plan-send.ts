import { recordFacts } from '../analytics/facts.ts'
import { judgeRefused } from '../consent/find-refused.ts'
import { isConsentReply } from '../consent/plan-reply.ts'
import { contactViewColumns, toContactView } from '../contacts/contact-view.ts'
import { findTrust, type Trust } from '../contacts/whatsapp-identity.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { saveProgress, type RunProgress } from '../journeys/save-progress.ts'
import { AppError } from '../model/errors.ts'
import type { Refused } from '../model/consent.ts'
import { describeContent, type MessageClass, type MessageContent } from '../model/message.ts'
import type { JsonObject } from '../model/json.ts'
import { pairRetryDelayMs } from '../model/send-policy.ts'
import { composeMessage } from './compose-message.ts'
import { holdValues, isHolding, lockHold } from '../holds/check-holds.ts'
import type { HeldRun } from '../../workflows/contract.ts'
import { findLedgerRow, type LedgerRow } from './find-ledger-row.ts'
import { takeFloor } from './floor.ts'

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

interface Target {
  conversation_id: string
  contact_id: string
  bsuid: string | null
  window_open: boolean
  pair_wait_ms: number
  /** Something may hold the run. */
  is_held: boolean
}

/** WhatsApp lets a pair borrow 45 messages of one per 6 seconds from its future. */
const pairIntervalMs = 6_000
const pairBurst = 45

interface Planning {
  /** How long a doubt waits for a status webhook. */
  reconcileMs: number
  /** The number sends to nobody whose WhatsApp identity changed. */
  checksIdentity: boolean
  /** The last touch on what goes out, once it is known to whom and as which row. */
  finish(content: MessageContent, ref: { messageId: string; contactId: string }): MessageContent
}

/**
 * Decides, under a lock on the conversation, whether this message goes out now, and commits `inflight` before anybody
 * calls WhatsApp. Whatever the decision, the run's progress is saved with it.
 */
export async function planSend(
  em: Em,
  given: SendInput,
  { reconcileMs, checksIdentity, finish }: Planning,
): Promise<Attempt | SendResult> {
  const target = await lockTarget(em, given)
  // Of contacts that were merged there is one conversation a number, whichever a run began with.
  const input = { ...given, conversationId: target.conversation_id }
  const held = target.is_held && (await standAtHold(em, input))
  if (held) return held
  const { row, refused } = await findLedgerRow(em, input, target.contact_id)
  const settled = row && (await judgeRow(em, input, row, reconcileMs))
  const address = target.wa_id ?? target.bsuid
  const trust = checksIdentity && address ? await findTrust(em, input.numberId, address) : undefined
  const plan = settled ?? (await judgeTarget(em, input, { ...target, refused, trust }, row, finish))
  const goesOn = plan.state === 'attempt' || plan.state === 'accepted' || plan.state === 'unknown'
  if (input.askKey && input.workflowId && goesOn) await takeFloor(em, input, row?.id)
  if (input.progress) await saveProgress(em, input.progress)
  return plan
}

export async function lockTarget(
  em: Em,
  input: Pick<SendInput, 'conversationId' | 'workspaceId' | 'numberId' | 'progress'>,
): Promise<Target & Parameters<typeof toContactView>[0]> {
  const [target] = await em.execute<(Target & Parameters<typeof toContactView>[0])[]>(
    `select v.id as conversation_id, v.contact_id, coalesce(v.window_ends_at > now(), false) as window_open, ${contactViewColumns},
       (select value from identities i join phone_numbers p on p.id = v.number_id and p.portfolio_id = i.scope
        where i.contact_id = c.id and i.kind = 'bsuid' and i.valid_to is null limit 1) as bsuid,
       extract(epoch from v.pair_free_at - now())::float8 * 1000 as pair_wait_ms,
       exists (select 1 from holds h where ${isHolding}) as is_held
     from conversations v join contacts c on c.id = v.contact_id
     where v.id = (select coalesce(merged_into, id) from conversations where id = ?) and v.workspace_id = ?
       and v.number_id = ? for update of v`,
    [...holdValues(input.progress?.run ?? input), input.conversationId, input.workspaceId, input.numberId],
  )
  if (!target) throw new AppError('not_found', `conversation ${input.conversationId} does not exist`)
  return target
}

/** A held run is written down as standing there, in the transaction that saw the hold: whoever lifts it finds the run. */
async function standAtHold(em: Em, input: SendInput): Promise<SendResult | undefined> {
  const { progress } = input
  const hold = await lockHold(em, progress?.run ?? input, Date.now())
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
  await em.execute("update messages set state = 'unknown', waiting_workflow_id = null where id = ?", [row.id])
  return { state: 'unknown', messageId: row.id }
}

async function judgeUnwanted(
  em: Em,
  input: SendInput,
  { spam, refused }: { spam?: boolean; refused: Refused },
): Promise<string | undefined> {
  if (spam && input.class === 'marketing') return 'the contact is marked as spam'
  return judgeRefused(em, input, refused)
}

/** The guards, the text and the pair's pace, for a message that is to go out. */
async function judgeTarget(
  em: Em,
  input: SendInput,
  target: Awaited<ReturnType<typeof lockTarget>> & { refused: Refused; trust: Trust | undefined },
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
  const messageId = row?.id ?? newId()
  const attempt = (row?.attempt ?? 0) + 1
  const content = finish(composed, { messageId, contactId: target.contact_id })
  if (refusal) {
    await writeRow(em, input, target, {
      messageId,
      attempt: attempt - 1,
      state: 'skipped',
      content,
      refusal,
    })
    return { state: 'refused', ...refusal }
  }
  if (target.pair_wait_ms > (pairBurst - 1) * pairIntervalMs) {
    const retryAfterMs = Math.ceil(target.pair_wait_ms - (pairBurst - 1) * pairIntervalMs)
    return { state: 'deferred', retryAfterMs, reason: 'this customer was sent too much in a short time' }
  }
  await writeRow(em, input, target, { messageId, attempt, state: 'inflight', content })
  await em.execute(
    `update conversations set pair_free_at = greatest(pair_free_at, now()) + interval '${pairIntervalMs} ms',
       last_message_at = now() where id = ?`,
    [input.conversationId],
  )
  const { contact_id: contactId } = target
  const address = target.wa_id ? { waId: target.wa_id } : { bsuid: target.bsuid ?? '' }
  return {
    state: 'attempt',
    messageId,
    attempt,
    numberId: input.numberId,
    contactId,
    address,
    identityHash: target.trust?.hash,
    content,
  }
}

interface RowValues {
  messageId: string
  attempt: number
  state: 'inflight' | 'skipped'
  content: MessageContent
  refusal?: { code: string; reason: string }
}

async function writeRow(em: Em, input: SendInput, target: Target, values: RowValues): Promise<void> {
  const { messageId, attempt, state, content, refusal } = values
  const factId = newId()
  const text = describeContent(content)
  await em.execute(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, run_id,
       card_id, fact_id, cause_id, send_key, class, state, attempt, epoch, reason_code, reason, inflight_at)
     values (?, ?, ?, ?, ?, 'out', ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now())
     on conflict (id) do update set state = excluded.state, content = excluded.content, text = excluded.text,
       attempt = excluded.attempt, epoch = excluded.epoch, reason_code = excluded.reason_code, reason = excluded.reason,
       inflight_at = now(), status = null, failed_at = null, wamid = null, run_id = excluded.run_id`,
    [
      messageId,
      input.workspaceId,
      input.conversationId,
      input.numberId,
      target.contact_id,
      content.type,
      JSON.stringify(content),
      text,
      input.progress?.run.runId ?? null,
      input.cardId ?? null,
      factId,
      input.causeId,
      input.sendKey,
      input.class,
      state,
      attempt,
      input.epoch,
      refusal?.code ?? null,
      refusal?.reason ?? null,
    ],
  )
  const kind = state === 'skipped' ? 'message.skipped' : 'message.planned'
  const data: JsonObject = { message: messageId, attempt, card: input.cardId ?? null, ...refusal }
  await recordFacts(em, input.workspaceId, [
    {
      id: factId,
      atMs: Date.now(),
      kind,
      contactId: target.contact_id,
      runId: input.progress?.run.runId,
      causeId: input.causeId,
      data,
    },
  ])
}

/** Wait before a pair that WhatsApp called too fast (131056) may be tried again. */
export async function holdPair(em: Em, conversationId: string, attempt: number): Promise<number> {
  const retryAfterMs = pairRetryDelayMs(attempt)
  await em.execute(
    `update conversations set pair_free_at = greatest(pair_free_at, now()
       + ? * interval '1 millisecond' + interval '${(pairBurst - 1) * pairIntervalMs} ms') where id = ?`,
    [retryAfterMs, conversationId],
  )
  return retryAfterMs
}
