import { randomBytes } from 'node:crypto'
import { GraphError } from './graph-errors.ts'
import type { Ledger, SentMessage } from './ledger.ts'
import type { Media } from './media.ts'
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
  rates: Rates
  statuses: Statuses
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

/** Looks at what a valid message refers to, then takes it into the ledger. */
export function createSender(deps: Deps) {
  const { settings, ledger, phones, media, templates, rates, statuses, onSent } = deps

  function check(number: SandboxNumber, message: ValidMessage, payload: Json): Checked {
    if (message.to === number.displayNumber.replace(/\D/g, '')) {
      throw new GraphError(131021, 'Sender and recipient phone number is the same.')
    }
    const template = message.template
      ? checkTemplate(templates.find(number.wabaId, message.template.name), message.template)
      : null
    if (template?.category === 'AUTHENTICATION' && message.byBsuid) {
      throw new GraphError(131062, 'Authentication templates need a phone number as the recipient.')
    }
    const customer = phones.meet(message.to)
    const failure =
      checkMedia(message.type, payload) ?? (template ? null : checkWindow(number, customer, message))
    return { message, customer, template, failure }
  }

  function checkMedia(type: string, payload: Json): Failure | null {
    const owners =
      type === 'interactive'
        ? headersOf(payload.interactive)
        : type === 'template'
          ? templateMedia(payload.template)
          : [[type, payload[type]] as const]
    for (const [kind, content] of owners) {
      const id = (content as { id?: unknown } | undefined)?.id
      if (id === undefined || !['image', 'video', 'audio', 'document', 'sticker'].includes(kind)) continue
      const failure = media.check(kind, String(id))
      if (failure) return failure
    }
    return null
  }

  function checkWindow(number: SandboxNumber, customer: Customer, message: ValidMessage): Failure | null {
    const { windowErrors } = settings.current
    if (windowErrors === 'off' || message.isGroup) return null
    const lastInboundAtMs = customer.chats.get(number.phoneNumberId)?.lastInboundAtMs ?? 0
    if (Date.now() - lastInboundAtMs <= WINDOW_MS) return null
    const details =
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.'
    if (windowErrors === 'sync') throw new GraphError(131047, details)
    return { code: 131047, details }
  }

  return {
    check,
    /** Takes the message: rates, ledger, chat, statuses. Returns Meta's answer. */
    accept(number: SandboxNumber, { message, customer, template, failure }: Checked, payload: Json) {
      const { phoneNumberId } = number
      rates.take(phoneNumberId, customer.userId)
      const sent = ledger.record({
        id: newMessageId(),
        phoneNumberId,
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
      return {
        messaging_product: 'whatsapp',
        contacts: [
          message.byBsuid
            ? { input: message.input, user_id: message.to }
            : { input: message.input, wa_id: message.to },
        ],
        messages: [{ id: sent.id, ...(template ? { message_status: 'accepted' } : {}) }],
      }
    },
  }
}

/** Shaped like Meta's: base64 over upper-case hex digits. */
export function newMessageId(): string {
  return `wamid.HBgL${Buffer.from(randomBytes(16).toString('hex').toUpperCase()).toString('base64')}`
}

function headersOf(interactive: unknown): [string, unknown][] {
  const header = (interactive as { header?: Json } | undefined)?.header
  return header ? Object.entries(header) : []
}

function templateMedia(template: unknown): [string, unknown][] {
  const components = (template as { components?: { parameters?: Json[] }[] } | undefined)?.components ?? []
  return components.flatMap((component) =>
    (component.parameters ?? []).map((one): [string, unknown] => [String(one.type), one[String(one.type)]]),
  )
}
