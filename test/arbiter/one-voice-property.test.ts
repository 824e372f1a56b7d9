import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { handBack } from '../../src/takeover/hand-back.ts'
import { takeOver } from '../../src/takeover/take-over.ts'
import { cap, openArbiterRig, type TestContact } from './arbiter-rig.ts'

let rig: Awaited<ReturnType<typeof openArbiterRig>>
const [journeyId, versionId] = [newId(), newId()]
let held = 0

beforeAll(async () => {
  rig = await openArbiterRig()
  await rig.addJourney(journeyId, versionId)
})
afterAll(() => rig.close())

/** A seeded stream of numbers in [0, 1), so that a failure can be played again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface Attempt {
  atMs: number
  category: string
}

/** Most proactive messages that any window of this length holds. */
function busiest(attempts: Attempt[], category: string, windowMs: number): number {
  const times = attempts.filter((each) => each.category === category).map(({ atMs }) => atMs)
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length))
}

const windowMs = 2_000
const settings = {
  caps: [
    ...cap(3, windowMs / 1_000, 'seconds').caps,
    ...cap(2, windowMs / 1_000, 'seconds', ['service']).caps,
  ],
  minimumGap: { duration: { amount: 0.1, unit: 'seconds' }, categories: ['marketing'] },
}

test.each([1, 2, 3])(
  'whatever journeys and agents do at once, no cap is exceeded, no gap undercut, nothing sent under hold (seed %i)',
  async (seed) => {
    const random = randomOf(seed)
    await rig.save(settings)
    const contacts = await Promise.all([1, 2, 3].map(() => rig.newContact()))
    const until = Date.now() + 6_000
    const journeys = Array.from({ length: 14 }, () => journey(random, contacts, until))
    const agents = contacts.map((contact) => agent(random, contact, until))
    await Promise.all([...journeys, ...agents])
    for (const contact of contacts) await judge(contact)
    expect(held).toBeGreaterThan(0)
  },
)

/** Many messages one after another, some of which wait and ask again, over both numbers. */
async function journey(random: () => number, contacts: TestContact[], until: number): Promise<void> {
  while (Date.now() < until) {
    const contact = contacts[Math.floor(random() * contacts.length)] as TestContact
    const at = random() < 0.5 ? 0 : 1
    const run = await startedRun(contact, at)
    const input = {
      sendKey: newId(),
      class: random() < 0.7 ? ('marketing' as const) : ('utility' as const),
      priority: 1 + Math.floor(random() * 9),
      proactive: random() < 0.85,
      progress: run,
    }
    for (let tries = 0; tries < 4 && Date.now() < until; tries += 1) {
      const result = await rig.plan(contact, at, input)
      if (result.state === 'held') held += 1
      if (result.state !== 'deferred') break
      await new Promise((resolve) => setTimeout(resolve, random() * 200))
    }
  }
}

async function agent(random: () => number, { conversations }: TestContact, until: number): Promise<void> {
  const { workspaceId } = rig
  const em = () => forkFor(rig.api.deps.orm, workspaceId)
  while (Date.now() < until) {
    const conversationId = conversations[random() < 0.5 ? 0 : 1]
    const order = { workspaceId, conversationId, by: 'user test' }
    await em().transactional((tx) => takeOver(tx, { ...order, kind: 'taken', endsAtMs: null }))
    await new Promise((resolve) => setTimeout(resolve, random() * 300))
    await em().transactional((tx) => handBack(tx, { ...order, outcome: 'handed-back' }))
    await new Promise((resolve) => setTimeout(resolve, random() * 500))
  }
}

/** A run as sends see one: its row, and what travels with every activity. */
async function startedRun({ contactId, conversations }: TestContact, at: 0 | 1) {
  const { workspaceId, numbers, rows } = rig
  const runId = newId()
  const [conversationId, numberId] = [conversations[at], numbers[at]]
  await rows(
    `insert into runs (id, workspace_id, journey_id, version_id, contact_id, conversation_id, number_id, lineage_id, entry,
       workflow_id, state, fact_id) values ($1::uuid, $2, $3, $4, $5, $6, $7, $1::uuid, $1::text, $1::text, 'running', $1::uuid)`,
    [runId, workspaceId, journeyId, versionId, contactId, conversationId, numberId],
  )
  const run = { workspaceId, runId, lineageId: runId, journeyId, contactId, conversationId, numberId }
  return { run, facts: [], state: 'running' as const, cardId: null }
}

async function judge({ contactId }: TestContact): Promise<void> {
  const sent = await rig.rows<Attempt & { proactive: boolean }>(
    `select extract(epoch from inflight_at)::float8 * 1000 as "atMs", category, proactive from messages
     where contact_id = $1 and state = 'inflight' order by inflight_at`,
    [contactId],
  )
  const proactive = sent.filter((each) => each.proactive)
  expect(proactive.length).toBeGreaterThan(3)
  expect(busiest(proactive, 'marketing', windowMs)).toBeLessThanOrEqual(3)
  expect(busiest(proactive, 'service', windowMs)).toBeLessThanOrEqual(2)
  const marketing = proactive.filter(({ category }) => category === 'marketing')
  const gaps = marketing.slice(1).map(({ atMs }, at) => atMs - (marketing[at]?.atMs ?? 0))
  expect(Math.min(Number.POSITIVE_INFINITY, ...gaps)).toBeGreaterThanOrEqual(100)
  expect(await sentUnderHold(contactId)).toEqual([])
}

/**
 * Whoever locks a conversation gets a transaction id after the lock: their order is the order of what happened in the chat,
 * which clocks, read before and after waiting, do not tell.
 */
async function sentUnderHold(contactId: string): Promise<object[]> {
  return rig.rows(
    `with acts as (
       select conversation_id, xmin::text::bigint as at, 'sent' as what from messages
         where contact_id = $1 and state = 'inflight'
       union all
       select (data ->> 'conversation')::uuid, xmin::text::bigint, kind from facts
         where contact_id = $1 and kind in ('chat.taken', 'chat.handed-back')),
     before as (
       select what, (select b.what from acts b where b.conversation_id = a.conversation_id and b.at < a.at and b.what <> 'sent'
         order by b.at desc limit 1) as last from acts a)
     select * from before where what = 'sent' and last = 'chat.taken'`,
    [contactId],
  )
}
