import { listChoices } from '../model/block.ts'
import type { MessageContent } from '../model/message.ts'
import type { JsonObject } from '../model/json.ts'
import type { Reply } from '../model/reply.ts'
import type { Delivery, SendRequest } from '../../workflows/cards/journey-state.ts'
import type { SimulatedArbiter } from './simulated-arbiter.ts'
import { describeSent } from './simulated-templates.ts'
import type { createSimulatedWorld, SimulationClock } from './simulated-world.ts'
import type { ScriptedReply, SimulationOptions, SimulationSinks } from './simulation.ts'

interface Sending {
  options: Pick<SimulationOptions, 'fault' | 'templates'>
  clock: SimulationClock
  messages: SimulationSinks['messages']
  world: ReturnType<typeof createSimulatedWorld>
  arbiter: SimulatedArbiter
  note(kind: string, data: JsonObject): void
}

/** What the journey sent, and which question is open. */
export function createSimulatedSends({ options, clock, messages, world, arbiter, note }: Sending) {
  let question: MessageContent | undefined
  let askedAtMs = clock.nowMs

  function deliver(request: SendRequest): Delivery {
    const { cardId, key } = request
    const fault = options.fault?.(cardId, request.epoch === 0 ? key : `${key} again ${request.epoch}`)
    if (fault) {
      note('fault.injected', { card: cardId, code: fault.code })
      return { state: 'refused', ...fault }
    }
    const denial = world.isNew(request) ? arbiter.ask(request) : undefined
    const { sent, refusal, isNew, windowOpen } = world.send(request, denial)
    if (isNew && refusal) note('message.skipped', { card: cardId, ...refusal })
    if (sent) {
      const text = describeSent(sent, options.templates)
      messages.push({ atMs: clock.nowMs, cardId, content: sent, text, windowOpen })
      note('message.planned', { card: cardId, text })
      if (request.proactive) arbiter.tookPlace(request)
    }
    if (!refusal && request.ask) {
      question = sent ?? question
      askedAtMs = clock.nowMs
    }
    // A simulated message is called by its card, so that a script can tell of a click on it.
    return refusal ? { state: 'refused', ...refusal } : { state: 'accepted', messageId: cardId }
  }

  return { question: () => question, askedAtMs: () => askedAtMs, deliver }
}

/** What WhatsApp would have sent: a tap brings the title of its button. */
export function toSimulatedReply(
  given: ScriptedReply,
  id: string,
  question: MessageContent | undefined,
): Reply {
  const { buttonId, location, answers } = given
  const title = buttonId === undefined ? undefined : titleOf(question, buttonId)
  const form = answers && formOf(question)
  const isFilledIn = buttonId !== undefined || answers
  const type = form === 'order' ? form : isFilledIn ? 'interactive' : location ? 'location' : 'text'
  return {
    messageId: id,
    factId: id,
    type,
    text: given.text ?? title ?? '',
    ...(buttonId !== undefined && { choiceId: buttonId }),
    ...(location && { location }),
    ...(answers && (form === 'order' ? { order: answers } : { answers, form })),
  }
}

/** What is filled in answers the question that was asked: an address, a cart, else a Flow. */
function formOf(question: MessageContent | undefined): string {
  if (question?.type !== 'interactive') return 'flow'
  const { type } = question.interactive
  if (type === 'address_message') return type
  return ['product', 'product_list', 'catalog_message'].includes(type) ? 'order' : 'flow'
}

function titleOf(question: MessageContent | undefined, choiceId: string): string | undefined {
  if (question?.type !== 'interactive') return undefined
  return listChoices(question.interactive).find(({ id }) => id === choiceId)?.title
}
