import { checkJourney } from '../../src/journeys/validate-journey.ts'
import { simulateCard } from '../support/simulate-card.ts'

const form = {
  flow: '1234567890',
  body: 'Book a table',
  button: 'Book',
  screen: 'FIRST',
  data: { name: '{{contact.first_name}}', seats: [1, 2] },
  timeout: { amount: 1, unit: 'hours' },
}

test('what was filled in becomes a variable', async () => {
  const { outlet, vars, messages } = await simulateCard('interactive-flow', form, {
    replies: [{ answers: { email: 'ann@example.com', seats: 2 } }],
  })
  expect(outlet).toBe('completed')
  expect(vars['form']).toEqual({ email: 'ann@example.com', seats: 2 })
  expect(messages[0]?.content).toMatchObject({
    interactive: {
      type: 'flow',
      action: {
        parameters: {
          flow_id: '1234567890',
          flow_cta: 'Book',
          flow_action: 'navigate',
          flow_action_payload: { screen: 'FIRST', data: { name: 'Ann', seats: [1, 2] } },
        },
      },
    },
  })
})

test('without a first screen the Flow decides', async () => {
  const { messages } = await simulateCard('interactive-flow', { ...form, screen: undefined, data: {} })
  const parameters = { flow_message_version: '3', flow_id: '1234567890', flow_cta: 'Book' }
  expect(messages[0]?.content).toEqual({
    type: 'interactive',
    interactive: { type: 'flow', body: { text: 'Book a table' }, action: { name: 'flow', parameters } },
  })
})

test('other words, silence, and a window that is closed', async () => {
  const other = await simulateCard('interactive-flow', form, { replies: [{ text: 'what is this?' }] })
  expect(other.outlet).toBe('other')
  expect(await simulateCard('interactive-flow', form)).toMatchObject({
    outlet: 'timeout',
    afterMs: 3_600_000,
  })
  expect((await simulateCard('interactive-flow', form, { windowOpen: false })).outlet).toBe('failed')
})

test.each([
  ['an emoji on the button', { button: 'Book 🍽' }, 'button'],
  ['data for no screen', { screen: undefined }, 'screen'],
  ['a name instead of an id', { flow: 'booking' }, 'flow'],
])('%s: refused', (_what, change, field) => {
  const { problems } = checkJourney({
    start: 'it',
    cards: { it: { type: 'interactive-flow', settings: { ...form, ...change } } },
    triggers: [{ type: 'api' }],
  })
  expect(problems).toContainEqual(
    expect.objectContaining({ severity: 'error', field: `cards.it.settings.${field}` }),
  )
})
