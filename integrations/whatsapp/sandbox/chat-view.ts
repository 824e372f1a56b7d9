import type { ChatItem, Customer } from './phones.ts'
import { addressOf, WINDOW_MS } from './phones.ts'
import type { SettingsHolder } from './settings.ts'
import { renderTemplate } from './template-parameters.ts'
import type { Templates } from './templates.ts'

type Json = Record<string, unknown>
type Deps = { settings: SettingsHolder; templates: Templates }

/** One line of a chat as the page and tests read it, from either side. */
export function viewItem({ settings, templates }: Deps, item: ChatItem) {
  if ('in' in item) {
    const { id, atMs, message, delivered, readByBusiness } = item.in
    const status = readByBusiness ? 'read' : delivered ? 'delivered' : 'sent'
    return {
      id,
      direction: 'in',
      at: new Date(atMs).toISOString(),
      type: String(message.type),
      message,
      status,
    }
  }
  const { id, acceptedAtMs, type, payload, status, failure, phoneNumberId } = item.out
  return {
    id,
    direction: 'out',
    at: new Date(acceptedAtMs).toISOString(),
    type,
    message: payload,
    status,
    ...(failure ? { failure } : {}),
    ...(type === 'template' ? { template: viewTemplate(settings, templates, phoneNumberId, payload) } : {}),
  }
}

export function viewCustomer(customer: Customer) {
  return {
    id: addressOf(customer),
    waId: customer.waId,
    userId: customer.userId,
    name: customer.name,
    chats: [...customer.chats].map(([phoneNumberId, chat]) => ({
      phoneNumberId,
      lastAt: new Date(chat.lastAtMs).toISOString(),
      windowEndsAt: chat.lastInboundAtMs ? new Date(chat.lastInboundAtMs + WINDOW_MS).toISOString() : null,
      messages: chat.items.length,
    })),
  }
}

function viewTemplate(settings: SettingsHolder, templates: Templates, phoneNumberId: string, payload: Json) {
  const send = payload.template as { name: string; language: { code: string }; components?: never[] }
  const wabaId = settings.number(phoneNumberId)?.wabaId ?? ''
  const template = templates.find(wabaId, send.name).find((one) => one.language === send.language.code)
  return template ? renderTemplate(template, send.components ?? []) : null
}
