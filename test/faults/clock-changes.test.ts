import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { simulateJourney } from '../../src/simulation/simulate.ts'
import { syntheticContact } from '../../src/simulation/simulated-world.ts'
import { playCertification, playSimulation } from '../support/play-rehearsal.ts'
import { openBulkRig } from '../bulk/bulk-rig.ts'

// Clocks in Berlin: forward at 02:00 on 28 March 2027, back at 03:00 on 31 October 2027.

const delay = (given: object, next: string) => ({
  type: 'time-delay',
  settings: { delay: given },
  next: { done: next },
})
const nine = { mode: 'local-time', time: '09:00' }
const night = { mode: 'local-time', time: '02:30' }
const monday = { mode: 'local-time', time: '09:00', weekdays: ['monday'] }

/** Two mornings with the night of the change between them, and the Monday after. */
const draft = {
  start: 'first',
  triggers: [{ type: 'user-utterance', keywords: ['hi'] }],
  cards: {
    first: delay(nine, 'second'),
    second: delay(night, 'third'),
    third: delay(nine, 'fourth'),
    fourth: delay(monday, 'end'),
    end: { type: 'end-conversation', settings: {} },
  },
}
const forward = {
  start: '2027-03-26T20:00:00Z',
  // 02:30 does not exist on the 28th: it is an hour later.
  wakes: ['2027-03-27T08:00Z', '2027-03-28T01:30Z', '2027-03-28T07:00Z', '2027-03-29T07:00Z'],
}
const back = {
  start: '2027-10-29T20:00:00Z',
  // 02:30 comes twice on the 31st: the first counts.
  wakes: ['2027-10-30T07:00Z', '2027-10-31T00:30Z', '2027-10-31T08:00Z', '2027-11-01T08:00Z'],
}

async function wakesOf(start: string, given: object, contact: object): Promise<string[]> {
  const { definition } = checkJourney(given)
  if (!definition) throw new Error('the journey should be publishable')
  const { trace } = await simulateJourney(definition, {
    contact: { ...syntheticContact(), ...contact },
    startAtMs: Date.parse(start),
  })
  const woken = trace.filter(({ kind, data }) => kind === 'card.left' && data['outlet'] === 'done')
  return woken.map(({ atMs }) => `${new Date(atMs).toISOString().slice(0, 16)}Z`)
}

test.each([forward, back])('nine is nine where the contact lives, from $start', async ({ start, wakes }) => {
  expect(await wakesOf(start, draft, { time_zone: 'Europe/Berlin' })).toEqual(wakes)
})

test('days before a date are days of the calendar, hours are hours', async () => {
  const before = (offset: object) => ({
    ...draft,
    start: 'wait',
    cards: {
      wait: delay(
        { mode: 'date-attribute', attribute: 'vars.due', offset, direction: 'before', time: '09:00' },
        'end',
      ),
      end: draft.cards.end,
    },
  })
  const vars = { due: '2027-03-29' }
  const wakes = async (offset: object) => {
    const { definition } = checkJourney(before(offset))
    if (!definition) throw new Error('the journey should be publishable')
    const startAtMs = Date.parse(forward.start)
    const contact = { ...syntheticContact(), time_zone: 'Europe/Berlin' }
    const { finishedAtMs } = await simulateJourney(definition, { contact, startAtMs, vars })
    return new Date(finishedAtMs).toISOString()
  }
  expect(await wakes({ amount: 2, unit: 'days' })).toBe('2027-03-27T08:00:00.000Z')
  expect(await wakes({ amount: 48, unit: 'hours' })).toBe('2027-03-27T07:00:00.000Z')
})

test.each([forward, back])(
  'on Temporal the same instants are waited for, from $start',
  async ({ start, wakes }) => {
    const rig = await openBulkRig()
    await rig.worker()
    const ref = await playSimulation(rig, draft, {
      audience: { kind: 'synthetic', count: 3, places: [{ timeZone: 'Europe/Berlin' }] },
      entryAt: start,
      seed: 7,
    })
    const certification = await playCertification(rig, ref, 3)
    expect(certification.rehearsals.map(({ difference }) => difference).filter(Boolean)).toEqual([])
    expect(certification.state).toBe('passed')
    const left = certification.rehearsals.flatMap(({ steps }) =>
      steps.filter(({ outlet }) => outlet === 'done'),
    )
    expect(left).toHaveLength(wakes.length * certification.rehearsals.length)
  },
  240_000,
)
