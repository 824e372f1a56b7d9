import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { trackEvent } from '../../src/events/track-event.ts'
import { declareAttributes } from '../../src/contacts/attribute-definitions.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { simulateJourney } from '../../src/simulation/simulate.ts'
import type { AttributeType } from '../../src/model/event-attributes.ts'
import type { ScriptedReply } from '../../src/simulation/simulation.ts'
import { startRun } from '../../src/journeys/start-run.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { messageBody } from '../inbound/webhook-bodies.ts'
import type { SentPayload } from '../support/house.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { randomScenario, type RandomScenario } from '../support/random-journey.ts'
import { signedPost } from '../support/signed-post.ts'

let house: OpenHouse

beforeAll(async () => {
  house = await openHouse()
  await house.settings({ windowErrors: 'off' })
  const wanted = [...attributeTypes].map(([name, type]) => ({ name, type }))
  await forkFor(house.deps.orm, house.workspaceId).transactional((em) =>
    declareAttributes(em, house.workspaceId, wanted),
  )
  for (const name of ['paid', 'shipped']) {
    const attributes = JSON.stringify({ amount: 'integer' })
    await rows('insert into event_types (id, workspace_id, name, attributes) values ($1, $2, $3, $4)', [
      newId(),
      house.workspaceId,
      name,
      attributes,
    ])
  }
})
const attributeTypes = new Map<string, AttributeType>([
  ['answer', 'string'],
  ['count', 'integer'],
  ['renewal_date', 'date'],
])
afterAll(() => house.close())

const rows = <T extends object>(sql: string, values?: unknown[]) => house.rows<T>(sql, values)

const seed = randomInt(2 ** 31)

test(`the simulator and Temporal give the same trace (fast-check seed ${seed})`, async () => {
  const scenarios = fc.sample(randomScenario({ pace: 'seconds', maximumCards: 7 }), { numRuns: 16, seed })
  const pairs = await playAll(scenarios)
  for (const { simulated, real, scenario } of pairs)
    expect({ ...real, scenario }).toEqual({ ...simulated, scenario })
  // A property over journeys that do nothing would prove nothing.
  expect(pairs.flatMap(({ real }) => real.messages).length).toBeGreaterThan(10)
}, 300_000)

const atOnce = 8
/** Waits last 2 seconds here: on a busy machine an answer may come too late. Alone and thrice it does not, unless it is a bug. */
const tries = 3

async function playAll(scenarios: RandomScenario[]) {
  const phoneOf = (at: number, attempt: number) => `49${17 + attempt}${seed % 1e6}${at + 10}`
  const pairs: Awaited<ReturnType<typeof playBoth>>[] = []
  let taken = 0
  const playNext = async (): Promise<void> => {
    for (let at = taken++; at < scenarios.length; at = taken++)
      pairs[at] = await playBoth(scenarios[at] as RandomScenario, phoneOf(at, 1))
  }
  await Promise.all(Array.from({ length: atOnce }, playNext))
  for (const at of pairs.keys()) {
    for (let attempt = 2; attempt <= tries && !isSame(pairs[at]); attempt++)
      pairs[at] = await playBoth(scenarios[at] as RandomScenario, phoneOf(at, attempt))
  }
  return pairs
}

function isSame(pair: Awaited<ReturnType<typeof playBoth>> | undefined): boolean {
  return isDeepStrictEqual(pair?.real, pair?.simulated)
}

const compared = ['card.entered', 'card.left', 'card.failed', 'run.stuck', 'run.ended', 'event.taken']

async function playBoth(scenario: RandomScenario, waId: string) {
  const contactId = await createContact(scenario, waId)
  const { definition, replies, events } = scenario
  const contact = { ...scenario.contact, id: contactId, wa_id: waId }
  const options = { contact, attributeTypes, startAtMs: Date.now(), replies, events }
  const simulation = await simulateJourney(definition, options)
  const simulated = {
    state: simulation.state,
    trace: simulation.trace
      .filter(({ kind }) => compared.includes(kind))
      .map(({ kind, data }) => ({ kind, data })),
    messages: simulation.messages.map(({ text }) => text),
    vars: simulation.state === 'stuck' ? {} : simulation.vars,
  }
  return { simulated, real: await playReally(scenario, contactId, waId), scenario }
}

async function createContact({ contact }: RandomScenario, waId: string): Promise<string> {
  const contactId = newId()
  await rows(
    `insert into contacts (id, workspace_id, first_name, time_zone, tags, attributes) values ($1, $2, $3, $4, $5, $6)`,
    [
      contactId,
      house.workspaceId,
      contact.first_name,
      contact.time_zone,
      contact.tags,
      JSON.stringify(contact.attributes),
    ],
  )
  await rows(
    `insert into identities (id, workspace_id, contact_id, kind, value, source) values ($1, $2, $3, 'wa_id', $4, 'test')`,
    [newId(), house.workspaceId, contactId, waId],
  )
  await rows(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
     values ($1, $2, $3, $4, now() + interval '24 hours')`,
    [newId(), house.workspaceId, house.numberId, contactId],
  )
  return contactId
}

async function playReally({ definition, replies, events }: RandomScenario, contactId: string, waId: string) {
  const { workspaceId, numberId } = house
  const { journeyId, versionId } = await house.publish(definition, `random ${waId}`)
  const { start: startCard, entry } = definition
  const journey = { id: journeyId, name: 'random', numberId, versionId, startCard, entry }
  const started = await forkFor(house.deps.orm, workspaceId).transactional((em) =>
    startRun(em, { workspaceId, journey, contactId, entry: 'test', causeId: newId() }),
  )
  if (!started.started) throw new Error(started.reason)
  relaySoon(house.deps, started.outbox)
  const player = createPlayer(contactId, waId, [...replies], [...events])
  for (;;) {
    const [run] = await rows<{ state: string; vars: object }>('select state, vars from runs where id = $1', [
      started.runId,
    ])
    if (run && ['completed', 'exited', 'stuck'].includes(run.state)) {
      const trace = await rows<{ kind: string; data: object }>(
        'select kind, data from facts where run_id = $1 and kind = any($2) order by at',
        [started.runId, compared],
      )
      const messages = (await house.ledger(waId)).map(({ payload }) => textOf(payload))
      return { state: run.state, trace, messages, vars: run.vars }
    }
    await player.react()
    await sleep(60)
  }
}

/** The customer and the outside world: they act a while after the run began to wait, as the script says. */
function createPlayer(
  contactId: string,
  waId: string,
  replies: RandomScenario['replies'],
  events: RandomScenario['events'],
) {
  const answered = new Set<string>()
  let heard = 0
  return {
    async react(): Promise<void> {
      const [floor] = await rows<{ floor_ask_key: string | null }>(
        'select floor_ask_key from conversations where contact_id = $1',
        [contactId],
      )
      const [wait] = await rows<{ wait_key: string; event: string }>(
        'select wait_key, event from event_waits where contact_id = $1 and taken_at is null',
        [contactId],
      )
      const question = floor?.floor_ask_key
      if (question && !answered.has(question) && replies.length > 0) {
        answered.add(question)
        const reply = replies.shift() as ScriptedReply
        await sleep(reply.afterMs ?? 0)
        await say(waId, reply, heard++)
      } else if (wait && !answered.has(wait.wait_key)) {
        const at = events.findIndex(({ name }) => name === wait.event)
        const [event] = at < 0 ? [] : events.splice(at, 1)
        if (!event) return
        await sleep(event.afterMs ?? 0)
        const { workspaceId } = house
        const { name: type, attributes = {} } = event
        await trackEvent(house.deps, {
          workspaceId,
          contactId,
          type,
          attributes,
          eventId: newId(),
          atMs: Date.now(),
        })
      }
    },
  }
}

async function say(waId: string, reply: ScriptedReply, at: number): Promise<void> {
  const { buttonId, location, text, answers } = reply
  const nfm_reply = {
    name: 'flow',
    body: text,
    response_json: JSON.stringify({ ...answers, flow_token: 'unused' }),
  }
  const button_reply = { id: buttonId, title: await titleOf(waId, buttonId) }
  const words =
    buttonId !== undefined
      ? { type: 'interactive', interactive: { type: 'button_reply', button_reply } }
      : answers
        ? { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply } }
        : location
          ? { type: 'location', location }
          : { type: 'text', text: { body: text ?? '' } }
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const body = messageBody(house.access, {
    messages: [{ from: waId, id: `wamid.${waId}.${at}`, timestamp, ...words }],
  })
  expect(await signedPost(house, body)).toBe(200)
}

/** A tap brings the title that the button had. */
async function titleOf(waId: string, buttonId: string | undefined): Promise<string> {
  const messages = await house.ledger(waId)
  const choices = messages.flatMap(({ payload }) => {
    const { buttons = [], sections = [] } = payload.interactive?.action ?? {}
    return [...buttons.map(({ reply }) => reply), ...sections.flatMap(({ rows: inside }) => inside)]
  })
  return choices.findLast(({ id }) => id === buttonId)?.title ?? ''
}

function textOf(payload: SentPayload): string {
  const { text, interactive, image } = payload
  return text?.body ?? interactive?.body.text ?? image?.caption ?? ''
}
