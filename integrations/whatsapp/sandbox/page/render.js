import { element, formatted } from './dom.js'
import { icon } from './icons.js'
import { tapsOf } from './taps.js'

const mediaWords = {
  image: ['picture', 'Photo'],
  video: ['film', 'Video'],
  audio: ['sound', 'Audio'],
  document: ['page', 'Document'],
  sticker: ['sticker', 'Sticker'],
}
const tickWords = {
  accepted: ['◷', 'accepted'],
  sent: ['✓', 'sent'],
  delivered: ['✓✓', 'delivered'],
  read: ['✓✓', 'read'],
  failed: ['!', 'failed'],
}

/** One message as a list item: bubble, then its buttons. `act` sends what a tap means. */
export function renderMessage(item, { byId, answered, act }) {
  const who = item.direction === 'in' ? 'You' : 'Business'
  const bubble = element(
    'div',
    { class: 'bubble' },
    element('span', { class: 'hidden' }, `${who}: `),
    quoteOf(item, byId),
    ...contentOf(item),
    metaOf(item),
  )
  const taps = item.direction === 'out' ? tapsOf(item, answered, act) : []
  return element(
    'li',
    { class: `message ${item.direction}`, 'data-id': item.id },
    bubble,
    taps.length > 0
      ? element('div', { class: 'taps', role: 'group', 'aria-label': 'Answers' }, ...taps)
      : null,
  )
}

/** Redraws the ticks only: the buttons keep the focus of whoever is about to press them. */
export function updateStatus(node, item) {
  node.querySelector('.meta').replaceWith(metaOf(item))
}

/** A short line of what a message says, for quotes. */
export function summaryOf({ type, message, template }) {
  const content = message[type] ?? {}
  if (type === 'text') return content.body
  if (type === 'interactive') return content.body?.text ?? answerTitle(content) ?? 'Interactive message'
  if (type === 'template') return template?.body ?? content.name
  if (type === 'button') return content.text
  return content.caption ?? mediaWords[type]?.[1] ?? type
}

function quoteOf({ message }, byId) {
  const quoted = byId.get(message.context?.message_id ?? message.context?.id)
  return quoted ? element('span', { class: 'quote' }, summaryOf(quoted) ?? '') : null
}

function metaOf(item) {
  const [ticks, words] = tickWords[item.status] ?? ['', item.status]
  const why = item.failure ? ` (${item.failure.code}: ${item.failure.details})` : ''
  const time = new Date(item.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return element(
    'div',
    { class: 'meta' },
    element('time', { datetime: item.at }, time),
    element('span', { class: `ticks ${item.status}`, title: words + why, 'aria-hidden': 'true' }, ticks),
    element('span', { class: 'hidden' }, words + why),
  )
}

function contentOf({ type, message, template }) {
  const content = message[type]
  if (type === 'text') return [body(content?.body)]
  if (type === 'button') return [body(content?.text)]
  if (type === 'interactive') return interactiveOf(content ?? {})
  if (type === 'template') return templateOf(message.template, template)
  if (mediaWords[type]) return mediaOf(type, content ?? {})
  if (type === 'location') return [locationOf(content ?? {})]
  if (type === 'contacts') return (content ?? []).map(contactOf)
  if (type === 'order') return [orderOf(content ?? {})]
  if (type === 'reaction') return [body(content?.emoji ? `Reacted ${content.emoji}` : 'Took a reaction back')]
  return [card('other', `A message of type “${type}”`, JSON.stringify(content ?? message.errors ?? ''))]
}

function interactiveOf(content) {
  const title = answerTitle(content)
  if (title !== undefined)
    return [body(title), content.list_reply?.description ? foot(content.list_reply.description) : null]
  if (content.nfm_reply)
    return [card('form', content.nfm_reply.body ?? 'Form answers', content.nfm_reply.response_json)]
  return [
    ...headerOf(content.header),
    body(content.body?.text ?? (content.type === 'product' ? 'A product of the catalog' : '')),
    content.type === 'product' || content.type === 'product_list' || content.type === 'catalog_message'
      ? card('bag', content.header?.text ?? 'Catalog', content.action?.catalog_id ?? '')
      : null,
    content.footer ? foot(content.footer.text) : null,
  ]
}

function answerTitle(content) {
  return content.button_reply?.title ?? content.list_reply?.title
}

function headerOf(header) {
  if (!header) return []
  if (header.type === 'text') return [element('div', { class: 'head' }, ...formatted(header.text))]
  return mediaOf(header.type, header[header.type] ?? {})
}

function templateOf(send, template) {
  if (!template) return [card('page', send?.name ?? 'Template', send?.language?.code ?? '')]
  const sentHeader = send.components?.find((one) => one.type.toLowerCase() === 'header')?.parameters?.[0]
  const hasMedia = template.headerFormat && template.headerFormat !== 'TEXT'
  return [
    ...(hasMedia && sentHeader ? mediaOf(sentHeader.type, sentHeader[sentHeader.type] ?? {}) : []),
    template.header ? element('div', { class: 'head' }, ...formatted(template.header)) : null,
    body(template.body),
    template.footer ? foot(template.footer) : null,
  ]
}

function mediaOf(type, content) {
  if (type === 'location') return [locationOf(content)]
  const [sign, word] = mediaWords[type] ?? ['page', type]
  const isPicture = (type === 'image' || type === 'sticker') && /^\d+$/.test(String(content.id ?? ''))
  const shown = isPicture
    ? element('img', { src: `/sandbox/media/${content.id}/preview`, alt: content.caption ?? word })
    : card(sign, content.filename ?? word, content.link ?? content.mime_type ?? '')
  return [shown, content.caption ? body(content.caption) : null]
}

function locationOf(content) {
  return card(
    'pin',
    content.name ?? 'Location',
    content.address ?? `${content.latitude}, ${content.longitude}`,
  )
}

function contactOf(contact) {
  return card('person', contact.name?.formatted_name ?? 'Contact', contact.phones?.[0]?.phone ?? '')
}

function orderOf(order) {
  const items = order.product_items ?? []
  return card(
    'bag',
    `Order of ${items.length} item(s)`,
    items.map((one) => `${one.quantity} × ${one.product_retailer_id}`).join(', '),
  )
}

function card(sign, title, detail) {
  return element(
    'div',
    { class: 'card' },
    icon(sign),
    element('div', {}, element('b', {}, String(title)), element('small', {}, String(detail))),
  )
}

function body(text) {
  return element('div', { class: 'body' }, ...formatted(text))
}

function foot(text) {
  return element('div', { class: 'foot' }, text)
}
