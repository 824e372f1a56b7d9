import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { AppError } from '../../src/model/errors.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { playCertification, playSimulation } from '../support/play-rehearsal.ts'
import { randomScenario } from '../support/random-journey.ts'
import { runSql } from '../support/run-sql.ts'
import { storeBlocks } from '../support/store-blocks.ts'

let house: OpenHouse

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const draft = {
  start: 'hello',
  triggers: [{ type: 'user-utterance', keywords: ['hi'] }],
  cards: {
    hello: { type: 'message', settings: { text: 'Hello {{contact.first_name}}' }, next: { next: 'ask' } },
    ask: {
      type: 'interactive-message',
      settings: {
        body: 'Shall we?',
        buttons: [
          { id: 'yes', title: 'Yes' },
          { id: 'no', title: 'No' },
        ],
        timeout: { amount: 20, unit: 'hours' },
        reminder: { after: { amount: 2, unit: 'hours' }, text: 'Still there?' },
      },
      next: { 'button:yes': 'count', 'button:no': 'end', timeout: 'long', other: 'end' },
    },
    count: {
      type: 'user-input',
      settings: { question: 'How many?', answer: 'number', variable: 'count', retries: 1 },
      next: { valid: 'wait', invalid: 'end', timeout: 'end' },
    },
    wait: {
      type: 'time-delay',
      settings: {
        delay: { mode: 'local-time', time: '09:00' },
        event: {
          name: 'paid',
          condition: { kind: 'compare', path: 'event.amount', operator: 'greater', value: 5 },
        },
      },
      next: { done: 'say', event: 'thanks' },
    },
    thanks: { type: 'message', settings: { text: 'Thanks for {{event.amount}}' }, next: { next: 'end' } },
    say: { type: 'message', settings: { text: 'Good morning' }, next: { next: 'end' } },
    long: {
      type: 'time-delay',
      settings: { delay: { mode: 'duration', duration: { amount: 90, unit: 'days' } } },
      next: { done: 'late' },
    },
    late: { type: 'message', settings: { text: 'Too late' }, next: {} },
    end: { type: 'end-conversation', settings: { close: true, goalReached: true }, next: {} },
  },
}
const body = {
  audience: {
    kind: 'synthetic',
    count: 400,
    places: [{ timeZone: 'Asia/Tokyo' }, { timeZone: 'Europe/Berlin' }],
  },
  entryAt: '2026-12-01T09:00:00Z',
  seed: 11,
  faults: [{ card: 'thanks', code: 'whatsapp_refused', rate: 0.3 }],
  behaviour: {
    default: {
      answers: [
        { probability: 0.4, text: '7' },
        { probability: 0.3, text: 'many' },
      ],
    },
    cards: {
      ask: {
        answers: [
          { probability: 0.5, button: 'yes' },
          { probability: 0.2, button: 'no' },
        ],
        stop: 0.05,
      },
    },
    events: [
      {
        event: 'paid',
        probability: 0.5,
        after: { kind: 'fixed', after: { amount: 1, unit: 'hours' } },
        attributes: { amount: 9 },
      },
    ],
  },
}

test('the ways of a simulation go the same way on Temporal, and nothing leaves the house', async () => {
  const ref = await playSimulation(house, draft, body)
  const certification = await playCertification(house, ref, 20)
  expect(certification.rehearsals.map(({ difference }) => difference).filter(Boolean)).toEqual([])
  expect(certification).toMatchObject({ state: 'passed', by: 'test' })
  expect(certification.rehearsals.length).toBeGreaterThan(6)
  const outlets = new Set(certification.rehearsals.flatMap(({ steps }) => steps.map(({ outlet }) => outlet)))
  expect([...outlets]).toEqual(expect.arrayContaining(['button:yes', 'timeout', 'event', 'done', 'valid']))
  expect(await house.ledger()).toEqual([])
  const { rows } = await runSql(
    house.databaseUrl,
    `select (select count(*) from messages) as messages, (select count(*) from contacts) as contacts,
       (select count(*) from runs) as runs, (select count(*) from rehearsals where tape <> '[]') as tapes,
       (select count(*) from facts where kind in ('certification.started', 'certification.ended')) as facts`,
  )
  expect(rows).toEqual([{ messages: '0', contacts: '0', runs: '0', tapes: '0', facts: '2' }])
}, 120_000)

test('another answer of the simulator is noticed, and said where', async () => {
  const ref = await playSimulation(house, draft, {
    ...body,
    seed: 12,
    audience: { kind: 'synthetic', count: 3 },
  })
  const deliver = /\(deliver\) differs .* "Shall we\?" instead of "Shall I\?"/
  // As if the simulator had rendered another question, or foretold another trace or end, or done more.
  const spoils: [assignment: string, difference: RegExp][] = [
    [`tape := replace(new.tape::text, 'Shall we?', 'Shall I?')::jsonb`, deliver],
    [`opening := jsonb_set(new.opening, '{foretold,facts,0,atMs}', '7')`, /trace differs at facts\.0\.atMs/],
    [`opening := jsonb_set(new.opening, '{foretold,end,reason}', '"lost"')`, /trace differs at end\.reason/],
    ['operations := new.operations + 1', /it did \d+ operations, the simulator \d+/],
  ]
  for (const [assignment, difference] of spoils) {
    await runSql(
      house.databaseUrl,
      `create or replace function spoil() returns trigger language plpgsql as $$ begin
      new.${assignment}; return new; end $$;
      create or replace trigger spoil before insert on rehearsals for each row execute function spoil()`,
    )
    try {
      const { state, rehearsals } = await playCertification(house, ref, 1)
      expect(state).toBe('failed')
      expect(rehearsals[0]?.difference).toMatch(difference)
    } finally {
      await runSql(house.databaseUrl, 'drop trigger spoil on rehearsals')
    }
  }
}, 120_000)

test('whom chance sends another way goes that way on Temporal, too', async () => {
  const paths = ['a', 'b'].map((id) => ({ id, weight: 1 }))
  const next = { 'path:a': 'one', 'path:b': 'two' }
  const say = (text: string) => ({ type: 'message', settings: { text }, next: {} })
  const cards = { split: { type: 'ab-splitter', settings: { paths }, next }, one: say('A'), two: say('B') }
  const order = { audience: { kind: 'synthetic', count: 20 }, windowOpen: 1 }
  const ref = await playSimulation(house, { ...draft, start: 'split', cards }, order)
  const { state, rehearsals } = await playCertification(house, ref, 2)
  expect({ state, ways: rehearsals.length, differences: rehearsals.map((each) => each.difference) }).toEqual({
    ...{ state: 'passed', ways: 2, differences: [null, null] },
  })
}, 60_000)

const seed = randomInt(2 ** 31)
test(`random journeys of all cards are certified (fast-check seed ${seed})`, async () => {
  // Blocks of a Flow name this one.
  await runSql(
    house.databaseUrl,
    `insert into flows (id, workspace_id, waba_id, meta_id, name, status)
     values (gen_random_uuid(), $1, 'waba', '77', 'Booking', 'PUBLISHED')`,
    [house.workspaceId],
  )
  const scenarios = fc.sample(randomScenario({ maximumCards: 7 }), { numRuns: 8, seed })
  const certified = await Promise.all(
    scenarios.map(async ({ definition, replies, events }) => {
      const audience = { kind: 'synthetic', count: 20, tags: { vip: 0.5 } }
      const order = { audience, seed: 5, windowOpen: 1, replies, events }
      const ref = await playSimulation(house, await storeBlocks(house, definition), order)
      const certification = await playCertification(house, ref, 3).catch((error: unknown) => {
        // Random journeys may go in circles, all of them.
        if (error instanceof AppError && error.code === 'unprocessable') return undefined
        throw error
      })
      const differences = certification?.rehearsals.flatMap(({ difference }) => difference ?? [])
      expect({ differences: differences ?? [], definition }).toEqual({ differences: [], definition })
      return certification ? 1 : 0
    }),
  )
  expect(certified).toContain(1)
}, 180_000)
