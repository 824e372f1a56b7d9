import { simulateJourney } from '../../src/simulation/simulate.ts'
import { syntheticContact } from '../../src/simulation/simulated-world.ts'
import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { simulateCard, startAtMs } from '../support/simulate-card.ts'

test('it says one of its phrasings', async () => {
  const phrasings = ['Hello {{contact.first_name}}', 'Hi {{contact.first_name}}']
  const { outlet, texts } = await simulateCard('phraser', { phrasings })
  expect(outlet).toBe('next')
  expect(['Hello Ann', 'Hi Ann']).toContain(texts[0])
  expect((await simulateCard('phraser', { phrasings }, { windowOpen: false })).outlet).toBe('failed')
})

test('a loop never says the same twice in a row', async () => {
  const { definition } = checkJourney({
    start: 'say',
    cards: {
      say: {
        type: 'phraser',
        settings: { phrasings: ['a', 'b', 'c'], mode: 'round-robin' },
        next: { next: 'wait' },
      },
      wait: {
        type: 'time-delay',
        settings: { delay: { mode: 'duration', duration: { amount: 1, unit: 'minutes' } } },
        next: { done: 'say' },
      },
    },
    triggers: [{ type: 'api' }],
  })
  if (!definition) throw new Error('not valid')
  const { messages } = await simulateJourney(definition, {
    startAtMs,
    contact: syntheticContact(),
    maximumSteps: 12,
  })
  const texts = messages.map(({ text }) => text)
  expect(texts.length).toBeGreaterThan(4)
  expect(texts.filter((text, at) => text === texts[at - 1])).toEqual([])
})
