import { cards } from '../../workflows/cards/index.ts'
import { simulateCard } from '../support/simulate-card.ts'

const question = { body: 'Where shall we bring it?', timeout: { amount: 1, unit: 'hours' } }
const values = {
  name: 'Ann',
  address: '1 Main Street',
  in_pin_code: '560001',
  city: 'Bengaluru',
  state: 'KA',
}

test.each([
  ['India', '919876543210', { type: 'address_message', action: { parameters: { country: 'IN' } } }],
  ['Singapore', '6581234567', { type: 'address_message', action: { parameters: { country: 'SG' } } }],
  ['elsewhere', '4915112345678', { type: 'location_request_message' }],
])(
  'WhatsApp asks by a form in India and Singapore, for the location elsewhere: %s',
  async (_where, wa_id, shown) => {
    const { messages } = await simulateCard('provide-address', question, { contact: { wa_id } })
    expect(messages[0]?.content).toMatchObject({ interactive: shown })
  },
)

test('a form becomes a variable and attributes', async () => {
  const { outlet, vars, trace } = await simulateCard(
    'provide-address',
    { ...question, form: 'IN' },
    {
      replies: [{ answers: { saved_address_id: 'a1', values } }],
      attributeTypes: new Map([
        ['address', 'string'],
        ['postal_code', 'string'],
      ]),
    },
  )
  expect(outlet).toBe('provided')
  expect(vars['address']).toEqual({
    ...{ name: 'Ann', street: '1 Main Street', postal_code: '560001', city: 'Bengaluru', state: 'KA' },
    ...{ country: 'IN', address: '1 Main Street, Bengaluru, KA, 560001' },
  })
  expect(trace).toContainEqual(
    expect.objectContaining({
      kind: 'attributes.set',
      data: { names: ['address', 'postal_code', 'city', 'state', 'country'] },
    }),
  )
})

test('a location becomes a variable, and is kept only where it is said', async () => {
  const { outlet, vars, trace } = await simulateCard(
    'provide-address',
    { ...question, save: false },
    {
      replies: [{ location: { latitude: 1.5, longitude: 2 } }],
    },
  )
  expect({ outlet, address: vars['address'] }).toEqual({
    outlet: 'provided',
    address: { latitude: 1.5, longitude: 2 },
  })
  expect(trace.filter(({ kind }) => kind === 'attributes.set')).toEqual([])
})

test('an address without a pin code that can be one is asked for again', async () => {
  const replies = [{ answers: { values: { ...values, in_pin_code: '56' } } }, { text: 'no' }]
  const settings = { ...question, form: 'IN', retries: 1, invalidText: 'The pin code has 6 digits.' }
  const { outlet, texts } = await simulateCard('provide-address', settings, { replies })
  expect(outlet).toBe('other')
  expect(texts).toEqual(['Where shall we bring it?', 'The pin code has 6 digits.'])
})

test('silence, a closed window, and the attributes that it writes', async () => {
  expect(await simulateCard('provide-address', question)).toMatchObject({
    outlet: 'timeout',
    afterMs: 3_600_000,
  })
  expect((await simulateCard('provide-address', question, { windowOpen: false })).outlet).toBe('failed')
  expect(
    cards['provide-address']?.writes?.({ ...question, attributes: { city: 'town', latitude: 'lat' } }),
  ).toEqual([
    { name: 'town', type: 'string', field: 'attributes.city' },
    { name: 'lat', type: 'float', field: 'attributes.latitude' },
  ])
})

test('who is asked for a location sees a body only; by country a header may show', () => {
  const check = cards['provide-address']?.check
  const top = { type: 'text', text: 'Delivery' }
  const given = { ...question, header: top, footer: 'Thanks' }
  expect(check?.({ ...given, form: 'location' }, new Set())?.map(([field]) => field)).toEqual([
    'header',
    'footer',
  ])
  expect(check?.({ ...given, form: 'auto' }, new Set())).toEqual([])
})
