import { sendMessage, type SendAnswer } from '../../../integrations/whatsapp/send-message.ts'
import type { SendDeps } from '../../inbox/send-message.ts'
import { toWire } from '../../inbox/to-wire.ts'
import { judgeSendError } from '../../model/send-policy.ts'
import type { DueMessage } from './judge-candidates.ts'
import type { Lane } from './lane.ts'
import type { ClaimedPerson } from './write-claim.ts'
import type { LaneMedia } from './lane-media.ts'

/** What became of one message that was in flight. */
export type Outcome = { message: DueMessage; person: ClaimedPerson } & (
  | { kind: 'accepted'; wamid: string }
  /** For sure not accepted. */
  | { kind: 'again'; afterMs: number; code: string | null; reason: string; holds: 'number' | 'pair' | undefined }
  /** Nobody can say: its status webhook will, or the sweep decides. */
  | { kind: 'unsure'; reason: string }
  | { kind: 'failed'; code: string; reason: string; isNumberWide: boolean }
  /** An earlier message of the same person did not go out. */
  | { kind: 'skipped'; code: string; reason: string }
)

/** A person's messages, one after the other. What follows a message that is late is late too; what follows one that failed is left out. */
export async function postToPerson(
  deps: SendDeps,
  lane: Lane,
  media: LaneMedia,
  person: ClaimedPerson,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  let before: Outcome | undefined
  for (const message of person.messages) {
    const outcome =
      before === undefined || before.kind === 'accepted'
        ? toOutcome(message, person, await post(deps, lane, media, person, message))
        : follow(before, message, person)
    tell(outcome)
    before = outcome
  }
}

async function post(
  { config }: SendDeps,
  { number }: Lane,
  media: LaneMedia,
  { address, identityHash }: ClaimedPerson,
  { id: messageId, content }: DueMessage,
): Promise<SendAnswer> {
  return sendMessage(
    {
      baseUrl: config.WHATSAPP_BASE_URL,
      graphVersion: config.WHATSAPP_GRAPH_VERSION,
      phoneNumberId: number.phoneNumberId,
      accessToken: number.accessToken,
      timeoutMs: config.SEND_TIMEOUT_MS,
    },
    {
      ...{ address, identityHash, callbackData: messageId },
      content: toWire(config, content, { messageId, sources: media.sources }),
    },
  )
}

function toOutcome(message: DueMessage, person: ClaimedPerson, answer: SendAnswer): Outcome {
  const base = { message, person }
  switch (answer.outcome) {
    case 'accepted':
      return { ...base, kind: 'accepted', wamid: answer.wamid }
    case 'not-sent': {
      const afterMs = Math.min(500 * 2 ** message.attempt, 30_000)
      return { ...base, kind: 'again', afterMs, code: null, reason: answer.reason, holds: undefined }
    }
    case 'no-answer':
      return { ...base, kind: 'unsure', reason: answer.reason }
    case 'refused':
      return toRefused(message, person, answer)
  }
}

function toRefused(
  message: DueMessage,
  person: ClaimedPerson,
  answer: Extract<SendAnswer, { outcome: 'refused' }>,
): Outcome {
  const base = { message, person, reason: `WhatsApp: ${answer.reason}` }
  const code = String(answer.code ?? 'whatsapp_refused')
  const verdict = judgeSendError(answer.httpStatus, answer.code)
  switch (verdict.action) {
    case 'ambiguous':
      return { ...base, kind: 'unsure' }
    case 'retry-number':
      return { ...base, kind: 'again', code, afterMs: answer.retryAfterMs ?? verdict.delayMs, holds: 'number' }
    case 'retry-pair':
      return { ...base, kind: 'again', code, afterMs: 0, holds: 'pair' }
    case 'retry-later':
      return {
        ...{ ...base, kind: 'again', code, holds: undefined },
        afterMs: answer.retryAfterMs ?? verdict.delayMs * message.attempt,
      }
    case 'fail':
      return { ...base, kind: 'failed', code, isNumberWide: verdict.reason === 'number' }
  }
}

/** Time for the status of the one before. */
const followMs = 30_000

function follow(before: Outcome, message: DueMessage, person: ClaimedPerson): Outcome {
  const base = { message, person }
  if (before.kind === 'again') return { ...base, kind: 'again', afterMs: before.afterMs, code: before.code, reason: before.reason, holds: undefined }
  if (before.kind === 'unsure')
    return { ...base, kind: 'again', afterMs: followMs, code: null, reason: before.reason, holds: undefined }
  return { ...base, kind: 'skipped', code: 'earlier_failed', reason: 'the message before it did not go out' }
}
