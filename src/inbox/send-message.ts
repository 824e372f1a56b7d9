import { sendMessage as callWhatsApp, type SendAnswer } from '../../integrations/whatsapp/send-message.ts'
import { hearRefusedSend } from '../consent/hear-refusals.ts'
import { withLinkTokens } from '../campaigns/link-token.ts'
import type { Deps } from '../deps.ts'
import { forkFor, type Em } from '../db/orm.ts'
import { saveProgress } from '../journeys/save-progress.ts'
import { findFlowButton } from '../flows/find-flow-button.ts'
import { withFlowToken } from '../flows/flow-token.ts'
import { forgetUploads, prepareMedia } from '../media/prepare-media.ts'
import { judgeSendError, type SendVerdict } from '../model/send-policy.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { countedRows, countingMessages } from '../reports/count-messages.ts'
import { announcedRows, announcingMessages } from '../live/announce-messages.ts'
import { findNumberAccess } from '../settings/numbers.ts'
import { holdPair, planSend, type Attempt, type SendInput, type SendResult } from './plan-send.ts'
import { applyStoredStatuses, lockWamids } from './receive-statuses.ts'
import { maximumWaitMs, slowDown, type SendRate } from './send-rate.ts'
import { toWire } from './to-wire.ts'

export interface SendDeps extends Deps {
  rate: SendRate
}

/**
 * Sends one planned message at most once, however often it is called for the same key: the row says `inflight` before
 * WhatsApp is called and what became of it after. A `deferred` result asks to be called again after the given time.
 */
export async function sendMessage(deps: SendDeps, input: SendInput): Promise<SendResult> {
  const em = forkFor(deps.orm, input.workspaceId)
  const slot = await deps.rate.reserve(input.numberId)
  if (!slot.reserved)
    return defer(em, input, { retryAfterMs: maximumWaitMs, reason: 'the number is at its speed limit' })
  if (slot.waitMs > 1) await new Promise((resolve) => setTimeout(resolve, slot.waitMs))
  const { SEND_RECONCILE_MS: reconcileMs, MASTER_KEY: masterKey = '' } = deps.config
  const runId = input.progress?.run.runId
  const number = await findNumberAccess(deps, input.numberId)
  const media = await prepareMedia(deps, number, input.content)
  if (media.state === 'deferred') return defer(em, input, media)
  const flowButton = await findFlowButton(deps, number, input.content)
  const outbox: OutboxRow[] = []
  const plan = await em.transactional((tx) =>
    planSend(tx, input, {
      outbox,
      reconcileMs,
      checksIdentity: number.identityCheck,
      finish: (content, ref) =>
        withLinkTokens(
          deps.config,
          withFlowToken(masterKey, content, { ...ref, runId }, flowButton),
          ref.messageId,
        ),
    }),
  )
  relaySoon(deps, outbox)
  if (plan.state !== 'attempt') return plan
  const answer = await callWhatsApp(
    {
      baseUrl: deps.config.WHATSAPP_BASE_URL,
      graphVersion: deps.config.WHATSAPP_GRAPH_VERSION,
      phoneNumberId: number.phoneNumberId,
      accessToken: number.accessToken,
      timeoutMs: deps.config.SEND_TIMEOUT_MS,
    },
    {
      ...{ address: plan.address, identityHash: plan.identityHash },
      content: toWire(deps.config, plan.content, { ...media, messageId: plan.messageId }),
      callbackData: plan.messageId,
    },
  )
  return settle(deps, input, plan, answer)
}

/** Nothing is planned yet, but what the run has done until now is told with this call only. */
async function defer(
  em: Em,
  { progress }: SendInput,
  { retryAfterMs, reason }: { retryAfterMs: number; reason: string },
): Promise<SendResult> {
  if (progress) await em.transactional((tx) => saveProgress(tx, progress))
  return { state: 'deferred', retryAfterMs, reason }
}

async function settle(
  deps: SendDeps,
  input: SendInput,
  plan: Attempt,
  answer: SendAnswer,
): Promise<SendResult> {
  const em = forkFor(deps.orm, input.workspaceId)
  switch (answer.outcome) {
    case 'accepted':
      await em.transactional((tx) => markAccepted(tx, plan, answer.wamid))
      return { state: 'accepted', messageId: plan.messageId }
    case 'not-sent': {
      await returnToPlan(em, plan, answer.reason)
      const retryAfterMs = Math.min(500 * 2 ** plan.attempt, 30_000)
      return { state: 'deferred', retryAfterMs, reason: answer.reason }
    }
    case 'no-answer':
      return awaitStatus(deps, em, input, plan, answer.reason)
    case 'refused':
      return settleRefusal(deps, em, input, plan, answer)
  }
}

/** A parameter that is not valid (an id of media may have expired), and media that could not be had. */
const mediaCodes = new Set([100, 131052, 131053])

/** WhatsApp may have lost an upload before its time: the file is uploaded once more before the refusal counts. */
async function isLostMedia(
  deps: SendDeps,
  input: SendInput,
  { content, attempt }: Attempt,
  code: number | undefined,
): Promise<boolean> {
  if (!mediaCodes.has(code ?? 0)) return false
  return (await forgetUploads(deps, { ...input, content })) && attempt < 3
}

async function settleRefusal(
  deps: SendDeps,
  em: Em,
  input: SendInput,
  plan: Attempt,
  answer: Extract<SendAnswer, { outcome: 'refused' }>,
): Promise<SendResult> {
  const verdict: SendVerdict = judgeSendError(answer.httpStatus, answer.code)
  const reason = `WhatsApp: ${answer.reason}`
  if (await isLostMedia(deps, input, plan, answer.code)) {
    await returnToPlan(em, plan, reason)
    return { state: 'deferred', retryAfterMs: 200, reason }
  }
  switch (verdict.action) {
    case 'ambiguous':
      return awaitStatus(deps, em, input, plan, reason)
    case 'retry-number': {
      const retryAfterMs = answer.retryAfterMs ?? verdict.delayMs
      await returnToPlan(em, plan, reason)
      await slowDown(deps.orm, plan.numberId, retryAfterMs)
      return { state: 'deferred', retryAfterMs, reason }
    }
    case 'retry-pair': {
      await returnToPlan(em, plan, reason)
      return {
        state: 'deferred',
        retryAfterMs: await holdPair(em, input.conversationId, plan.attempt),
        reason,
      }
    }
    case 'retry-later':
      await returnToPlan(em, plan, reason)
      return {
        state: 'deferred',
        retryAfterMs: answer.retryAfterMs ?? verdict.delayMs * plan.attempt,
        reason,
      }
    case 'fail': {
      const code = String(answer.code ?? 'whatsapp_refused')
      const { workspaceId } = input
      const told = await em.transactional(async (tx) => {
        await markFailed(tx, plan, code, reason)
        return hearRefusedSend(tx, { ...plan, workspaceId, code, reason: answer.reason })
      })
      relaySoon(deps, told)
      return { state: 'refused', code, reason }
    }
  }
}

/** A status webhook may have been faster: it left the wamid, or statuses that only the wamid leads to. */
async function markAccepted(em: Em, plan: Attempt, wamid: string): Promise<void> {
  await lockWamids(em, [wamid])
  const [found] = await em.execute<{ was_told: boolean }[]>(
    `with accepted as (
       update messages set wamid = ?, state = case when state = 'inflight' then 'accepted' else state end,
         accepted_at = coalesce(accepted_at, now()), status = coalesce(status, 'accepted'), waiting_workflow_id = null
       where id = ? returning ${countedRows}, ${announcedRows}),
     ${countingMessages('accepted')}, ${announcingMessages('accepted')}
     select exists (select 1 from message_statuses s where s.number_id = ? and s.wamid = ?) as was_told`,
    [wamid, plan.messageId, plan.numberId, wamid],
  )
  if (found?.was_told) await applyStoredStatuses(em, plan.messageId, plan.numberId, wamid)
}

/** For sure not accepted: it may be tried again without any doubt. */
async function returnToPlan(em: Em, plan: Attempt, reason: string): Promise<void> {
  await em.execute(`update messages set state = 'planned', reason = ? where id = ? and state = 'inflight'`, [
    reason,
    plan.messageId,
  ])
}

async function markFailed(em: Em, plan: Attempt, code: string, reason: string): Promise<void> {
  await em.execute(
    `with failed as (
       update messages set state = 'failed', reason_code = ?, reason = ?, failed_at = now()
       where id = ? and state = 'inflight' returning ${countedRows}, ${announcedRows}),
     ${countingMessages('failed')}, ${announcingMessages('failed')}
     select count(*) from failed`,
    [code, reason, plan.messageId],
  )
}

async function awaitStatus(
  deps: SendDeps,
  em: Em,
  input: SendInput,
  plan: Attempt,
  reason: string,
): Promise<SendResult> {
  const waiting = await em.execute<object[]>(
    `update messages set waiting_workflow_id = ?, reason = ? where id = ? and state = 'inflight' returning id`,
    [input.workflowId ?? null, reason, plan.messageId],
  )
  // Its status may have come first; then there is nothing to wait for.
  return { state: 'deferred', retryAfterMs: waiting.length > 0 ? deps.config.SEND_RECONCILE_MS : 0, reason }
}
