import { simulateCard, type CardOptions } from '../support/simulate-card.ts'

test('a text goes out with its placeholders filled, and the card is left by next', async () => {
  const { outlet, messages } = await simulateCard('message', {
    text: 'Hi {{contact.first_name}}, {{contact.attributes.city | "wherever you are"}}',
  })
  expect(outlet).toBe('next')
  expect(messages[0]?.content).toEqual({
    type: 'text',
    text: { body: 'Hi Ann, wherever you are', preview_url: false },
  })
})

test.each([
  ['a value that is missing', { text: 'Hi {{contact.last_name}}' }, {}, 'missing_variable'],
  ['a closed window', { text: 'Hi' }, { windowOpen: false }, 'window_closed'],
  ['a contact without an address', { text: 'Hi' }, { contact: { wa_id: null } }, 'unreachable'],
  [
    'a text that became too long',
    { text: '{{contact.attributes.essay}}' },
    { contact: { attributes: { essay: 'x'.repeat(4_097) } } },
    'invalid_message',
  ],
])('%s fails the card: by its outlet, or it is stuck', async (_what, settings, options, code) => {
  const connected = await simulateCard('message', settings, options)
  expect(connected).toMatchObject({ outlet: 'failed', state: 'completed', texts: [] })
  const parked = await simulateCard('message', settings, { ...options, withoutFailed: true })
  expect(parked).toMatchObject({ state: 'stuck', problem: { cardId: 'it', code } })
})

test.each<[string, CardOptions['contact'], CardOptions['messageClass'], boolean]>([
  ['of everything', { optedOut: true }, 'utility', false],
  ['of marketing, and this is', { refusedCategories: ['marketing'] }, 'marketing', false],
  ['of marketing, and this is not', { refusedCategories: ['marketing'] }, 'utility', true],
])('a contact who opted out %s', async (_what, contact, messageClass, isSent) => {
  const settings = { text: 'Hi' }
  const connected = await simulateCard('message', settings, { contact, messageClass })
  expect(connected).toMatchObject({ outlet: isSent ? 'next' : 'failed', texts: isSent ? ['Hi'] : [] })
  const alone = await simulateCard('message', settings, { contact, messageClass, withoutFailed: true })
  expect(alone).toMatchObject(
    isSent ? { state: 'completed' } : { state: 'exited', reason: 'opted out', problem: null },
  )
})

test('a stuck run goes on as the resolution says, and what was refused is tried again', async () => {
  const options = { withoutFailed: true }
  const retried = await simulateCard(
    'message',
    { text: 'Hi {{vars.name}}' },
    { ...options, resolutions: [{ action: 'retry', vars: { name: 'Bob' } }] },
  )
  expect(retried).toMatchObject({ state: 'completed', texts: ['Hi Bob'], outlet: 'next' })
  const skipped = await simulateCard(
    'message',
    { text: 'Hi {{vars.name}}' },
    { ...options, resolutions: [{ action: 'skip' }] },
  )
  expect(skipped).toMatchObject({ outlet: 'next', texts: [] })
  const left = await simulateCard(
    'message',
    { text: 'Hi {{vars.name}}' },
    { ...options, resolutions: [{ action: 'exit', reason: 'enough' }] },
  )
  expect(left).toMatchObject({ state: 'exited', reason: 'enough' })
})
