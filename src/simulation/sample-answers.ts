import { listChoices } from '../model/block.ts'
import type { MessageContent } from '../model/message.ts'
import type { Answer } from './behaviour.ts'

type Sample = Omit<Answer, 'probability'>

/** What somebody may plausibly answer to a question, by what it offers: a tap on each of its choices, or a form filled in. */
export function sampleAnswers(question: MessageContent | undefined): Sample[] {
  if (question?.type === 'template') return templateButtons(question.template.components)
  if (question?.type !== 'interactive') return [{ text: 'ok' }]
  const { interactive } = question
  const choices = listChoices(interactive)
  if (choices.length > 0) return choices.map(({ id }) => ({ button: id }))
  return [byKind[interactive.type] ?? { text: 'ok' }]
}

const cart = {
  items: [{ retailer_id: 'SKU-1', quantity: 1, price: 10, currency: 'USD' }],
  total: 10,
  currency: 'USD',
}

const byKind: Record<string, Sample> = {
  product: { answers: cart },
  product_list: { answers: cart },
  catalog_message: { answers: cart },
  flow: { answers: { done: true } },
  address_message: { answers: { address: '1 Example Street', city: 'Mumbai', in_pin_code: '400001' } },
  location_request_message: { location: { latitude: 19.076, longitude: 72.8777 } },
}

/** Quick replies come back with their payload. */
function templateButtons(components: Record<string, unknown>[] = []): Sample[] {
  const payloads = components.flatMap(({ type, sub_type, parameters }) => {
    const isReply =
      String(type).toLowerCase() === 'button' && String(sub_type).toLowerCase() === 'quick_reply'
    const [first] = isReply && Array.isArray(parameters) ? (parameters as { payload?: unknown }[]) : []
    return typeof first?.payload === 'string' ? [{ button: first.payload }] : []
  })
  return payloads.length > 0 ? payloads : [{ text: 'ok' }]
}
