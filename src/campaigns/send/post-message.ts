import { sendMessage, type SendAnswer } from '../../../integrations/whatsapp/send-message.ts'
import type { SendDeps } from '../../inbox/send-message.ts'
import { toWire } from '../../inbox/to-wire.ts'
import { fateOf } from '../../model/autopilot.ts'
import type { DueMessage } from './judge-candidates.ts'
import type { Lane } from './lane.ts'
import type { ClaimedPerson } from './write-claim.ts'
import type { LaneMedia } from './lane-media.ts'

/** What became of one message that was in flight. */
export type Outcome = { message: DueMessage; person: ClaimedPerson } & (
  | { kind: 'accepted'; wamid: string }
  /** For sure not accepted. */
  | { kind: 'again'; afterMs: number; code: string | null; reason: string; said: string }
  /** Nobody can say: its status webhook will, or the sweep decides. */
  | { kind: 'unsure'; reason: string }
  | { kind: 'failed'; code: string; reason: string; said: string }
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
        ? toOutcome(lane, message, person, await post(deps, lane, media, person, message))
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

function toOutcome(lane: Lane, message: DueMessage, person: ClaimedPerson, answer: SendAnswer): Outcome {
  const base = { message, person }
  switch (answer.outcome) {
    case 'accepted':
      return { ...base, kind: 'accepted', wamid: answer.wamid }
    case 'not-sent': {
      const afterMs = Math.min(500 * 2 ** message.attempt, 30_000)
      return { ...base, kind: 'again', afterMs, code: null, reason: answer.reason, said: answer.reason }
    }
    case 'no-answer':
      return { ...base, kind: 'unsure', reason: answer.reason }
    case 'refused':
      return toRefused(lane, message, person, answer)
  }
}

function toRefused(
  lane: Lane,
  message: DueMessage,
  person: ClaimedPerson,
  { httpStatus, code: given, reason: said, retryAfterMs }: Extract<SendAnswer, { outcome: 'refused' }>,
): Outcome {
  const reason = `WhatsApp: ${said}`
  const base = { message, person, reason, said }
  const code = given === undefined ? undefined : String(given)
  const { attempt } = message
  const fate = fateOf(lane.policy, { httpStatus, code, attempt, retryAfterMs })
  switch (fate.fate) {
    case 'unknown':
      return { message, person, kind: 'unsure', reason }
    case 'again':
      return { ...base, kind: 'again', code: code ?? null, afterMs: fate.delayMs }
    case 'failed':
      return { ...base, kind: 'failed', code: code ?? 'whatsapp_refused' }
  }
}

/** Time for the status of the one before. */
const followMs = 30_000

function follow(before: Outcome, message: DueMessage, person: ClaimedPerson): Outcome {
  const base = { message, person }
  if (before.kind === 'again' || before.kind === 'unsure') {
    const { reason } = before
    const afterMs = before.kind === 'again' ? before.afterMs : followMs
    return { ...base, kind: 'again', afterMs, code: null, reason, said: reason }
  }
  return { ...base, kind: 'skipped', code: 'earlier_failed', reason: 'the message before it did not go out' }
}
