import { simulateRun } from '../../src/simulation/simulate.ts'
import { syntheticContact } from '../../src/simulation/simulated-world.ts'
import { checkJourney } from '../../src/journeys/validate-journey.ts'
import type { JourneyDriver } from '../../workflows/cards/journey-state.ts'
import { startAtMs } from '../support/simulate-card.ts'

type Delivery = Parameters<JourneyDriver['deliver']>[0]

const hours = (amount: number) => ({ amount, unit: 'hours' })
const reminder = { after: hours(2), text: 'Still there?' }
const choice = { buttons: [{ id: 'yes', title: 'Yes' }] }
const rows = [{ title: 'Sizes', rows: [{ id: 's', title: 'Small' }] }]
const asking: Record<string, object> = {
  'user-input': { question: 'How many?', variable: 'count', reminder, timeout: hours(5) },
  'interactive-message': { body: 'Shall we?', ...choice, reminder, timeout: hours(5) },
  'list-message': { body: 'Which?', button: 'Choose', sections: rows, reminder, timeout: hours(5) },
}

/** What the card hands over to be sent, and for which question it waits, when nobody answers or somebody does so late. */
async function hear(type: string, settings: object, answersAtMs?: number) {
  const { definition, problems } = checkJourney({
    start: 'it',
    cards: { it: { type, settings, next: {} } },
    triggers: [{ type: 'api' }],
  })
  if (!definition) throw new Error(JSON.stringify(problems))
  const sent: Pick<Delivery, 'key' | 'ask'>[] = []
  const awaited: string[] = []
  const listen = (driver: JourneyDriver): JourneyDriver => ({
    ...driver,
    deliver(delivery) {
      sent.push({ key: delivery.key, ask: delivery.ask })
      return driver.deliver(delivery)
    },
    waitForReply(key, untilMs) {
      awaited.push(key)
      return driver.waitForReply(key, untilMs)
    },
  })
  const replies = answersAtMs === undefined ? [] : [{ text: '7', atMs: answersAtMs }]
  const options = { startAtMs, contact: syntheticContact({ first_name: 'Ann' }), replies }
  await simulateRun(definition, options, { facts: { push: () => 0 }, messages: [] }, listen)
  return { sent, awaited }
}

test.each(Object.entries(asking))(
  'a reminder of %s asks again: it takes the floor, and the answer is its answer',
  async (type, settings) => {
    const { sent, awaited } = await hear(type, settings)
    expect(sent).toEqual([
      { key: 'it:1:0', ask: true },
      { key: 'it:1:1', ask: true },
    ])
    expect(awaited).toEqual(['it:1:0', 'it:1:1'])
  },
)

test('who answers before the reminder gets none', async () => {
  const { sent } = await hear('user-input', asking['user-input'] ?? {}, 3_600_000)
  expect(sent).toEqual([{ key: 'it:1:0', ask: true }])
})
