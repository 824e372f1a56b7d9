import { element } from './dom.js'
import { renderMessage, updateStatus } from './render.js'
import { sampleLocation } from './taps.js'

const at = (id) => document.getElementById(id)
const state = { numbers: [], phoneNumberId: '', phone: null, customers: [], shown: new Map(), typingTimer: 0 }

start()

async function start() {
  const { numbers } = await call('GET', '/sandbox/settings')
  state.numbers = numbers
  at('number').replaceChildren(
    ...numbers.map((one) =>
      element(
        'option',
        { value: one.phoneNumberId },
        `${one.verifiedName ?? 'Business'} · ${one.displayNumber}`,
      ),
    ),
  )
  pickNumber(numbers[0].phoneNumberId)
  await loadCustomers()
  const wanted = decodeURIComponent(location.hash.slice(1)) || state.customers[0]?.id
  if (wanted) pick(wanted)
  const events = new EventSource('/sandbox/events')
  events.onmessage = (event) => onEvent(JSON.parse(event.data))
  // After a break anything may have happened.
  events.onopen = () => refresh()
}

function onEvent(event) {
  if (event.type === 'chat') scheduleCustomers()
  if (event.phone !== state.phone || event.phoneNumberId !== state.phoneNumberId) return
  if (event.type === 'typing') showTyping(true)
  else loadChat()
}

let customersTimer = 0
function scheduleCustomers() {
  clearTimeout(customersTimer)
  customersTimer = setTimeout(loadCustomers, 250)
}

async function refresh() {
  await loadCustomers()
  if (state.phone) await loadChat()
}

async function loadCustomers() {
  const { phones } = await call('GET', `/sandbox/phones?search=${encodeURIComponent(at('search').value)}`)
  state.customers = phones
  const items = phones.map((one) =>
    element(
      'li',
      {},
      element(
        'button',
        {
          type: 'button',
          'aria-current': one.id === state.phone ? 'true' : null,
          onclick: () => pick(one.id),
        },
        element('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(one.name)),
        element(
          'div',
          {},
          element('strong', {}, one.name),
          element('small', {}, one.waId ? `+${one.waId}` : one.userId),
        ),
      ),
    ),
  )
  const empty = element('li', { class: 'empty' }, 'Nobody here yet. Add a customer above.')
  const focused = [...at('customers').querySelectorAll('button')].indexOf(document.activeElement)
  at('customers').replaceChildren(...(items.length > 0 ? items : [empty]))
  if (focused >= 0) at('customers').querySelectorAll('button')[focused]?.focus()
  showName()
}

function pickNumber(phoneNumberId) {
  state.phoneNumberId = phoneNumberId
  const name = state.numbers.find((one) => one.phoneNumberId === phoneNumberId)?.verifiedName ?? 'Business'
  at('business-name').textContent = name
  at('business-avatar').textContent = initials(name)
  showTyping(false)
}

async function pick(phone) {
  state.phone = phone
  location.hash = encodeURIComponent(phone)
  resetChat()
  for (const button of at('customers').querySelectorAll('button')) button.removeAttribute('aria-current')
  await refresh()
  at('text').focus()
}

function showName() {
  at('customer-name').textContent =
    state.customers.find((one) => one.id === state.phone)?.name ?? state.phone ?? 'nobody yet'
}

function resetChat() {
  state.shown = new Map()
  at('chat').replaceChildren()
  showTyping(false)
}

let loading = false
let again = false
/** One load at a time: answers that overtake each other would draw an old chat over a new one. */
async function loadChat() {
  again = loading
  if (loading) return
  loading = true
  try {
    const { phone } = state
    const path = `${phonePath(phone)}/messages?phoneNumberId=${state.phoneNumberId}`
    const { messages } = await call('GET', path)
    if (phone === state.phone) draw(messages)
  } finally {
    loading = false
  }
  if (again) await loadChat()
}

/** Touches only what changed, so that a screen reader reads each message once. */
function draw(messages) {
  const chat = at('chat')
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80
  const byId = new Map(messages.map((item) => [item.id, item]))
  const answeredIds = new Set(
    messages.filter((one) => one.direction === 'in' && isAnswer(one)).map((one) => one.message.context?.id),
  )
  for (const item of messages) {
    const answered = answeredIds.has(item.id)
    const known = state.shown.get(item.id)
    if (known?.answered === answered) {
      if (known.status !== item.status) updateStatus(known.node, item)
      known.status = item.status
      continue
    }
    const node = renderMessage(item, { byId, answered, act: say })
    const hadFocus = known?.node.contains(document.activeElement)
    if (known) known.node.replaceWith(node)
    else chat.append(node)
    if (hadFocus) at('text').focus()
    state.shown.set(item.id, { node, answered, status: item.status })
    if (!known && item.direction === 'out') showTyping(false)
  }
  if (atEnd) chat.scrollTop = chat.scrollHeight
  const unread = messages.some((one) => one.direction === 'out' && !['read', 'failed'].includes(one.status))
  if (unread && at('receipts').checked && !document.hidden) {
    call('POST', `${phonePath(state.phone)}/read`, { phoneNumberId: state.phoneNumberId })
  }
}

function isAnswer({ type }) {
  return type === 'interactive' || type === 'button' || type === 'order'
}

/** Speaks as the customer; says so when the platform did not take it. */
async function say(message) {
  const { id, delivered } = await call('POST', `${phonePath(state.phone)}/messages`, {
    phoneNumberId: state.phoneNumberId,
    message,
  })
  const { webhookUrl } = delivered ? {} : await call('GET', '/sandbox/settings')
  const problem = webhookUrl
    ? 'The platform did not take the message. It is tried again until it does.'
    : 'No webhook URL is set, so the message reaches nobody.'
  notice(id && !delivered ? problem : '')
  await refresh()
}

async function call(method, path, body) {
  const options = body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}
  const response = await window.fetch(path, { method, ...options })
  const answer = await response.json()
  if (response.ok) return answer
  notice(answer.error?.message ?? `The sandbox answered ${response.status}.`)
  throw new Error(answer.error?.message)
}

function notice(text) {
  at('notice').textContent = text
  at('notice').hidden = !text
}

function showTyping(isTyping) {
  clearTimeout(state.typingTimer)
  at('presence').textContent = isTyping ? 'typing…' : numberShown()
  // As on a real phone: the sign goes out after 25 s at the latest.
  if (isTyping) state.typingTimer = setTimeout(showTyping, 25_000, false)
}

function numberShown() {
  return state.numbers.find((one) => one.phoneNumberId === state.phoneNumberId)?.displayNumber ?? ''
}

function phonePath(phone) {
  return `/sandbox/phones/${encodeURIComponent(phone)}`
}

function initials(name) {
  const letters = name.split(/\s+/).map((word) => [...word][0] ?? '')
  return letters.slice(0, 2).join('').toUpperCase()
}

at('number').addEventListener('change', (event) => {
  pickNumber(event.target.value)
  resetChat()
  if (state.phone) loadChat()
})

at('search').addEventListener('input', scheduleCustomers)

at('add').addEventListener('submit', async (event) => {
  event.preventDefault()
  const typed = at('add-phone').value.trim()
  const phone = /^[A-Z]{2}\./.test(typed) ? typed : typed.replace(/\D/g, '')
  const name = at('add-name').value.trim()
  const { id } = await call('PUT', phonePath(phone), name ? { name } : {})
  event.target.reset()
  await pick(id)
})

at('compose').addEventListener('submit', async (event) => {
  event.preventDefault()
  const body = at('text').value.trim()
  if (!body) return
  if (!state.phone) return notice('Add a customer first.')
  at('text').value = ''
  await say({ type: 'text', text: { body } })
})

at('location').addEventListener('click', () => {
  if (state.phone) say(sampleLocation())
  else notice('Add a customer first.')
})

at('file').addEventListener('change', async (event) => {
  const [file] = event.target.files
  event.target.value = ''
  if (!file) return
  if (!state.phone) return notice('Add a customer first.')
  const form = new FormData()
  form.append('phoneNumberId', state.phoneNumberId)
  form.append('file', file)
  const response = await window.fetch('/sandbox/media', { method: 'POST', body: form })
  const media = await response.json()
  const kind = ['image', 'video', 'audio'].find((one) => file.type.startsWith(`${one}/`)) ?? 'document'
  await say({ type: kind, [kind]: { ...media, ...(kind === 'document' ? { filename: file.name } : {}) } })
})
