import { randomBytes } from 'node:crypto'
import type { Flows } from './flows.ts'
import { GraphError } from './graph-errors.ts'
import type { Identities } from './identities.ts'
import type { Ledger, SentMessage } from './ledger.ts'
import { type Media, mediaLimits } from './media.ts'
import type { ValidMessage } from './message-shapes.ts'
import { type Customer, type Phones, WINDOW_MS } from './phones.ts'
import type { Rates } from './rates.ts'
import type { SandboxNumber, SettingsHolder } from './settings.ts'
import type { Statuses } from './statuses.ts'
import { checkTemplate } from './template-parameters.ts'
import type { Template, Templates } from './templates.ts'

type Json = Record<string, unknown>
type Failure = { code: number; details: string }
type Deps = {
  settings: SettingsHolder
  ledger: Ledger
  phones: Phones
  media: Media
  templates: Templates
  flows: Flows
  rates: Rates
  statuses: Statuses
  identities: Identities
  onSent: (customer: Customer, sent: SentMessage) => void
}

/** A message that passed every check and may be accepted; `failure` is what its status will say. */
export type Checked = {
  message: ValidMessage
  customer: Customer
  template: Template | null
  failure: Failure | null
}

export type Sender = ReturnType<typeof createSender>

/** Takes what passed `checkMessage` into the ledger and sets its statuses going. */
export function createSender(deps: Deps) {
  const { ledger, phones, rates, statuses, onSent } = deps
  return {
    check: (number: SandboxNumber, message: ValidMessage, payload: Json) =>
      checkMessage(deps, number, message, payload),
    /** Rates, ledger, chat, statuses. Returns Meta's answer. */
    accept(number: SandboxNumber, { message, customer, template, failure }: Checked, payload: Json) {
      rates.take(number.phoneNumberId, customer.userId)
      const sent = ledger.record({
        id: newMessageId(),
        phoneNumberId: number.phoneNumberId,
        to: message.to,
        type: message.type,
        payload,
        bizOpaqueCallbackData: message.bizOpaqueCallbackData,
        acceptedAtMs: Date.now(),
        ...(failure ? { failure } : {}),
      })
      phones.addSent(customer, sent)
      statuses.schedule(sent, customer, template?.category.toLowerCase() ?? 'service')
      onSent(customer, sent)
      const { input, to, byBsuid } = message
      return {
        messaging_product: 'whatsapp',
        contacts: [byBsuid ? { input, user_id: to } : { input, wa_id: to }],
        messages: [{ id: sent.id, ...(template ? { message_status: 'accepted' } : {}) }],
      }
    },
  }
}

/** Looks at what a valid message refers to: template, recipient, media, window. */
function checkMessage(deps: Deps, number: SandboxNumber, message: ValidMessage, payload: Json): Checked {
  const { templates, phones, media, flows } = deps
  if (message.to === number.displayNumber.replace(/\D/g, '')) {
    throw new GraphError(131021, 'Sender and recipient phone number is the same.')
  }
  const template = message.template
    ? checkTemplate(templates.find(number.wabaId, message.template.name), message.template)
    : null
  if (template?.category === 'AUTHENTICATION' && message.byBsuid) {
    throw new GraphError(131062, 'Authentication templates need a phone number as the recipient.')
  }
  checkFlow(flows, payload)
  const customer = phones.meet(message.to)
  const unplayable = checkMedia(media, message.type, payload)
  const isFree = template !== null || message.isGroup
  const failure =
    unplayable ??
    checkIdentity(deps, customer, payload) ??
    (isFree ? null : checkWindow(deps, number, customer))
  return { message, customer, template, failure }
}

/** A Flow that is not known here may have been made elsewhere; of ours only those that can be opened are sent. */
function checkFlow(flows: Flows, payload: Json) {
  const { type, action } = (payload.interactive ?? {}) as { type?: string; action?: { parameters?: Json } }
  const { flow_id, mode } = action?.parameters ?? {}
  const flow = type === 'flow' && typeof flow_id === 'string' ? flows.get(flow_id) : undefined
  if (!flow || flow.status === 'PUBLISHED' || flow.status === 'THROTTLED') return
  if (flow.status === 'DRAFT' && mode === 'draft') return
  if (flow.status === 'BLOCKED') throw new GraphError(132068, 'Flow is in blocked state.')
  throw new GraphError(131009, `flow_id: the Flow is ${flow.status.toLowerCase()}.`)
}

function checkWindow({ settings }: Deps, number: SandboxNumber, customer: Customer): Failure | null {
  const { windowErrors } = settings.current
  if (windowErrors === 'off') return null
  const lastInboundAtMs = customer.chats.get(number.phoneNumberId)?.lastInboundAtMs ?? 0
  if (Date.now() - lastInboundAtMs <= WINDOW_MS) return null
  const details =
    'Message failed to send because more than 24 hours have passed since the customer last replied to this number.'
  if (windowErrors === 'sync') throw new GraphError(131047, details)
  return { code: 131047, details }
}

/** Like Meta, only the status says it. */
function checkIdentity({ identities }: Deps, customer: Customer, payload: Json): Failure | null {
  const given = payload.recipient_identity_key_hash
  if (given === undefined || given === identities.hashOf(customer)) return null
  return { code: 137000, details: 'recipient_identity_key_hash does not match the user’s current hash.' }
}

function checkMedia(media: Media, type: string, payload: Json): Failure | null {
  for (const [kind, content] of mediaOf(type, payload)) {
    const id = (content as { id?: string | number } | undefined)?.id
    const failure = id === undefined || !(kind in mediaLimits) ? null : media.check(kind, String(id))
    if (failure) return failure
  }
  return null
}

/** Where a message may name media: at its top, in an interactive header, in a template's parameters. */
function mediaOf(type: string, payload: Json): [kind: string, content: unknown][] {
  if (type === 'interactive') {
    const { header } = payload.interactive as { header?: Json }
    return header ? Object.entries(header) : []
  }
  if (type !== 'template') return [[type, payload[type]]]
  const { components = [] } = payload.template as { components?: { parameters?: Json[] }[] }
  return components.flatMap(({ parameters = [] }) =>
    parameters.map((one): [string, unknown] => [String(one.type), one[String(one.type)]]),
  )
}

/** Shaped like Meta's: base64 over upper-case hex digits. */
export function newMessageId(): string {
  return `wamid.HBgL${Buffer.from(randomBytes(16).toString('hex').toUpperCase()).toString('base64')}`
}
