import { askChoice, askText } from './dialog.js'
import { element } from './dom.js'

/** The buttons under a message of the business; each sends the webhook message that a real phone would. */
export function tapsOf(item, answered, act) {
  const reply = (message) => act({ ...message, context: { id: item.id } })
  if (item.type === 'template') return templateTaps(item.template?.buttons ?? [], answered, reply)
  if (item.type !== 'interactive') return []
  const content = item.message.interactive
  const make = interactiveTaps[content.type]
  return make ? make(content, answered, reply) : []
}

const interactiveTaps = {
  button: ({ action }, answered, reply) =>
    action.buttons.map(({ reply: button }) =>
      tap(button.title, answered, () => reply(interactive('button_reply', button))),
    ),
  list: ({ action }, answered, reply) => [
    tap(`☰ ${action.button}`, answered, async () => {
      const row = await askChoice(action.button, action.sections)
      if (row) reply(interactive('list_reply', row))
    }),
  ],
  cta_url: ({ action }) => [link(action.parameters.display_text, action.parameters.url)],
  voice_call: ({ action }) => [tap(`✆ ${action.parameters?.display_text ?? 'Call now'}`, true, () => {})],
  flow: ({ action }, answered, reply) => [
    tap(action.parameters.flow_cta, answered, async () => {
      const start = { flow_token: action.parameters.flow_token ?? 'unused', answer: '' }
      const json = await askText('Answers of the form (JSON)', JSON.stringify(start, null, 2), isJson)
      if (json) reply(interactive('nfm_reply', { name: 'flow', body: 'Sent', response_json: json }))
    }),
  ],
  address_message: (_content, answered, reply) => [
    tap('Provide address', answered, async () => {
      const start = {
        values: { name: 'Ana', address: '1 Main Street', city: 'Springfield', in_pin_code: '560001' },
      }
      const json = await askText('Address (JSON)', JSON.stringify(start, null, 2), isJson)
      if (json)
        reply(interactive('nfm_reply', { name: 'address_message', body: 'Address', response_json: json }))
    }),
  ],
  location_request_message: (_content, answered, reply) => [
    tap('Send location', answered, () => reply(sampleLocation())),
  ],
  product: ({ action }, answered, reply) => [
    tap('Order one', answered, () => reply(order(action.catalog_id, [action.product_retailer_id]))),
  ],
  product_list: ({ action }, answered, reply) => [
    tap('Order one of each', answered, () => {
      const ids = action.sections.flatMap((section) =>
        section.product_items.map((one) => one.product_retailer_id),
      )
      reply(order(action.catalog_id, ids))
    }),
  ],
  catalog_message: ({ action }, answered, reply) => [
    tap('View catalog and order', answered, () =>
      reply(order('sandbox-catalog', [action.parameters?.thumbnail_product_retailer_id ?? 'SKU-1'])),
    ),
  ],
}

export function sampleLocation() {
  return {
    type: 'location',
    location: { latitude: 12.9716, longitude: 77.5946, name: 'Cubbon Park', address: 'Bengaluru, India' },
  }
}

function templateTaps(buttons, answered, reply) {
  return buttons.map((button) => {
    if (button.type !== 'QUICK_REPLY') return tap(button.text, true, () => {})
    return tap(button.text, answered, () =>
      reply({ type: 'button', button: { payload: button.payload, text: button.text } }),
    )
  })
}

function interactive(type, content) {
  return { type: 'interactive', interactive: { type, [type]: content } }
}

function order(catalogId, ids) {
  const items = ids.map((id) => ({ product_retailer_id: id, quantity: 1, item_price: 10, currency: 'USD' }))
  return { type: 'order', order: { catalog_id: String(catalogId), text: '', product_items: items } }
}

function tap(title, isDone, onclick) {
  return element('button', { type: 'button', disabled: Boolean(isDone), onclick }, title)
}

function link(title, url) {
  // Anything but http(s) would run in this page.
  if (!/^https?:\/\//i.test(url)) return tap(title, true, () => {})
  return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, `↗ ${title}`)
}

function isJson(text) {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
