import { readdirSync, readFileSync } from 'node:fs'
import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { saidKinds } from '../../src/analytics/why-words.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as eventRoutes } from '../../src/events/routes.ts'
import { routes as conversationRoutes } from '../../src/conversations/routes.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { openApi, type ApiRig } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { quietTemporal } from '../support/quiet-temporal.ts'
import { runSql } from '../support/run-sql.ts'

quietTemporal()
let house: OpenHouse
let api: ApiRig
let token: string

beforeAll(async () => {
  house = await openHouse()
  api = await openApi(house.deps.config, [
    ...contactRoutes,
    ...eventRoutes,
    ...conversationRoutes,
    ...inboxRoutes,
    ...analyticsRoutes,
  ])
  token = (await createApiKey(api.deps, { workspaceId: house.workspaceId, name: 'test', kind: 'platform' }))
    .key
})
afterAll(async () => {
  await api.close()
  await house.close()
})

interface Why {
  chain: { kind: string; words: string; factId: string | null; causeId: string | null; data: object }[]
  words: string
  temporal: { workflowId: string } | null
}
interface Message {
  id: string
  direction: string
  text: string
  ledger: { state: string; reasonCode: string | null } | null
}

async function ask<T = Record<string, never>>(path: string, status = 200, body?: unknown): Promise<T> {
  const method = body === undefined ? 'GET' : 'POST'
  const answer = await api.ask(method, `/platform/v1${path}`, { token, ...(body !== undefined && { body }) })
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
  return answer.body as T
}
const why = (contactId: string, query: string, status = 200) =>
  ask<Why>(`/contacts/${contactId}/why?${query}`, status)
const contactOf = (waId: string) =>
  eventually(async () => {
    const found = await ask<{ items: { id: string }[] }>(`/contacts?search=${waId}`)
    expect(found.items).toHaveLength(1)
    return found.items[0]?.id ?? ''
  })
/** The contact's messages, oldest first, once there are so many. */
const messagesOf = (contactId: string, count: number) =>
  eventually(async () => {
    const { items } = await ask<{ items: { id: string }[] }>(`/conversations?contactId=${contactId}`)
    const { items: messages } = await ask<{ items: Message[] }>(`/conversations/${items[0]?.id}/messages`)
    expect(messages).toHaveLength(count)
    return messages.reverse()
  })
const judged = (contactId: string) =>
  eventually(async () => {
    const sql = `select 1 from facts where contact_id = $1 and kind = 'trigger.evaluated'`
    expect((await runSql(house.databaseUrl, sql, [contactId])).rows.length).toBeGreaterThan(0)
  })
const kinds = ({ chain }: Why) => chain.map(({ kind }) => kind).filter((kind) => !kind.startsWith('status.'))
const say = (text: string, next: object = {}) => ({ type: 'message', settings: { text }, next })

test('every kind of fact that the code records has a sentence', () => {
  const files = ['src', 'workflows'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/simulat/.test(path))
      .map((path) => readFileSync(`${folder}/${path}`, 'utf8')),
  )
  const recorded = files.flatMap((text) =>
    [
      ...text.matchAll(
        /'((?:message|trigger|run|card|event|attributes|tags|identity|chat|window|start|contact|segment|consent|import|order|campaign|number|autopilot)\.[a-z]+)'/g,
      ),
    ].map(([, kind]) => String(kind)),
  )
  // Paths of fields and what open screens are told look alike.
  const paths = new Set([
    ...['card.id', 'run.id', 'event.condition', 'identity.hash', 'consent.from'],
    ...['trigger.condition', 'trigger.event', 'campaign.none'],
    ...['message.sent', 'message.changed', 'message.tagged', 'message.status', 'chat.read'],
  ])
  const facts = [...new Set(recorded)].filter((kind) => !paths.has(kind))
  expect(facts.length).toBeGreaterThan(15)
  expect([...saidKinds]).toEqual(expect.arrayContaining(facts))
})

test('what a message of the customer led to, and what it did not', async () => {
  const hello = await house.publish(
    { start: 'a', cards: { a: say('Hi') }, triggers: [{ type: 'user-utterance', keywords: ['hello'] }] },
    'Hello',
  )
  const bye = await house.publish(
    { start: 'a', cards: { a: say('Bye') }, triggers: [{ type: 'user-utterance', keywords: ['bye'] }] },
    'Bye',
  )
  await house.text('491800000001', 'hello')
  const contactId = await contactOf('491800000001')
  const [incoming, outgoing] = await messagesOf(contactId, 2)
  const led = await why(contactId, `message=${incoming?.id}`)
  expect(kinds(led)).toEqual(['message.received', 'trigger.evaluated', 'run.started'])
  expect(led.words).toMatch(
    /^the customer wrote "hello" → "Hello" was started: the text matches "hello" \(exact\)/,
  )
  expect(led.temporal?.workflowId).toMatch(/^chat\//)
  const sent = await why(contactId, `message=${outgoing?.id}`)
  expect(kinds(sent)).toEqual([
    'message.received',
    'trigger.evaluated',
    'run.started',
    'card.entered',
    'message.planned',
    'ledger.accepted',
  ])
  sent.chain.slice(1).forEach(({ causeId }, at) => {
    const before = sent.chain.slice(0, at + 1).map(({ factId }) => factId)
    expect(before).toContain(causeId)
  })
  expect((await why(contactId, `journey=${bye.journeyId}&not=true`)).words).toBe(
    '"Bye" was not started: the text matches no keyword (exact)',
  )
  expect((await why(contactId, `journey=${hello.journeyId}`)).words).toMatch(/a run of "Hello" started/)
  await why(contactId, '', 400)
  await why(contactId, `journey=${bye.journeyId}&message=${incoming?.id}`, 400)
})

test('why a message was sent after an event, back to the very beginning', async () => {
  await ask('/event-types', 201, { name: 'paid', attributes: { amount: 'float' } })
  const delay = { mode: 'duration', duration: { amount: 3, unit: 'hours' } }
  await house.publish(
    {
      start: 'wait',
      cards: {
        wait: { type: 'time-delay', settings: { delay, event: { name: 'paid' } }, next: { event: 'thanks' } },
        thanks: say('Thanks for {{event.amount}}'),
      },
      triggers: [{ type: 'user-utterance', keywords: ['order'] }],
    },
    'Order',
  )
  await house.text('491800000002', 'order')
  const contactId = await contactOf('491800000002')
  await eventually(async () => {
    const waits = await runSql(house.databaseUrl, 'select 1 from event_waits where contact_id = $1', [
      contactId,
    ])
    expect(waits.rows).toHaveLength(1)
  })
  const event = { type: 'paid', contactId, attributes: { amount: 9.5 } }
  expect(await ask('/events', 201, event)).toMatchObject({ reached: 1 })
  const [, thanks] = await messagesOf(contactId, 2)
  expect(thanks?.text).toBe('Thanks for 9.5')
  expect(kinds(await why(contactId, `message=${thanks?.id}`))).toEqual([
    'message.received',
    'trigger.evaluated',
    'run.started',
    'card.entered',
    'event.received',
    'event.taken',
    'card.left',
    'card.entered',
    'message.planned',
    'ledger.accepted',
  ])
})

test('why a message was not sent', async () => {
  await house.publish(
    {
      start: 'a',
      cards: { a: say('{{vars.gone}}') },
      triggers: [{ type: 'user-utterance', keywords: ['gap'] }],
    },
    'Gap',
  )
  await house.text('491800000003', 'gap')
  const contactId = await contactOf('491800000003')
  const [, skipped] = await messagesOf(contactId, 2)
  expect(skipped?.ledger).toMatchObject({ state: 'skipped', reasonCode: 'missing_variable' })
  const { chain } = await why(contactId, `message=${skipped?.id}`)
  expect(chain.at(-1)?.words).toBe(
    'the message was not sent: missing_variable: vars.gone has no value and no fallback',
  )
})

test('nothing to tell is told as well, and nobody hears about others', async () => {
  const draft = { start: 'a', cards: { a: say('x') }, triggers: [{ type: 'api' }] }
  const { journeyId } = await house.publish(draft, 'Never')
  const { id: contactId } = await ask<{ id: string }>('/contacts', 201, { waId: '491800000004' })
  expect(await why(contactId, `journey=${journeyId}&not=true`)).toEqual({
    chain: [],
    words: '"Never" was not started: no message or event of this contact was ever judged against it',
    temporal: null,
  })
  await runSql(house.databaseUrl, 'update journeys set published_version_id = null where id = $1', [
    journeyId,
  ])
  expect((await why(contactId, `journey=${journeyId}&not=true`)).words).toBe(
    '"Never" was not started: it is not published',
  )
  await house.text('491800000005', 'whatever')
  const other = await contactOf('491800000005')
  await judged(other)
  const [message] = await messagesOf(other, 1)
  await why(contactId, `message=${message?.id}`, 404)
})
