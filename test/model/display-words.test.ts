import { choosePhrasing } from '../../src/model/phrasing.ts'
import { addressFormFor, readAddress } from '../../src/model/postal-address.ts'
import { readDate } from '../../src/model/read-date.ts'
import { toReply } from '../../src/model/reply.ts'
import { withUtm } from '../../src/model/utm.ts'

test.each<[string, 'day-first' | 'month-first', string | undefined]>([
  ['2026-04-03', 'month-first', '2026-04-03'],
  ['3/4/2026', 'day-first', '2026-04-03'],
  ['3/4/2026', 'month-first', '2026-03-04'],
  ['03.04.26', 'day-first', '2026-04-03'],
  ['3 4 87', 'day-first', '1987-04-03'],
  ['3rd April 2026', 'day-first', '2026-04-03'],
  ['Sept 9, 2026', 'day-first', '2026-09-09'],
  ['29/2/2026', 'day-first', undefined],
  ['31 April 2026', 'day-first', undefined],
  ['13/13/2026', 'day-first', undefined],
  ['maybe 3, 2026', 'day-first', undefined],
  ['tomorrow', 'day-first', undefined],
  ['', 'day-first', undefined],
])('a day that a person wrote: %j (%s)', (written, order, day) => {
  expect(readDate(written, order)).toBe(day)
})

test.each([
  ['https://a.b/c', { source: 's' }, 'https://a.b/c?utm_source=s'],
  ['https://a.b/c?x=1', { source: 's', medium: 'm' }, 'https://a.b/c?x=1&utm_source=s&utm_medium=m'],
  [
    'https://a.b/c?utm_source=own&x=1#top',
    { source: 's', term: 't' },
    'https://a.b/c?utm_source=own&x=1&utm_term=t#top',
  ],
  ['https://a.b/c?', { content: 'a b&c' }, 'https://a.b/c?utm_content=a%20b%26c'],
  ['https://a.b/c', {}, 'https://a.b/c'],
])('UTM parameters of %s', (url, utm, expected) => {
  expect(withUtm(url, utm)).toBe(expected)
})

test('no phrasing comes twice in a row, and each of them comes', () => {
  for (const mode of ['random', 'round-robin'] as const) {
    const said: number[] = []
    for (let at = 0; at < 200; at++) {
      said.push(choosePhrasing(4, { mode, last: said.at(-1), draw: (at * 0.618) % 1 }))
    }
    expect(said.filter((each, at) => each === said[at - 1])).toEqual([])
    expect([...new Set(said)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3])
  }
  expect(choosePhrasing(2, { mode: 'random', last: 5, draw: 0.99 })).toBe(1)
  expect(choosePhrasing(1, { mode: 'random', last: 0, draw: 0.5 })).toBe(0)
})

const reply = (message: Record<string, unknown>) => toReply(message, 'm', 'f')
const address = (response: object) =>
  reply({
    type: 'interactive',
    interactive: {
      type: 'nfm_reply',
      nfm_reply: { name: 'address_message', body: 'x', response_json: JSON.stringify(response) },
    },
  })

test('addresses out of the form, saved ones and those of Singapore too', () => {
  expect(
    readAddress(
      address({
        values: {
          ...{ in_pin_code: 560_001, house_number: '12', floor_number: '3', tower_number: 'B' },
          ...{
            building_name: 'Sun Court',
            address: 'MG Road',
            landmark_area: 'Near the park',
            city: 'Bengaluru',
          },
        },
      }),
    ),
  ).toMatchObject({
    postal_code: '560001',
    landmark: 'Near the park',
    country: 'IN',
    address: '12, Floor 3, Tower B, Sun Court, MG Road, Near the park, Bengaluru, 560001',
  })
  expect(
    readAddress(address({ sg_post_code: '059893', address: '1 Park Road', unit_number: '04-07' })),
  ).toEqual({
    ...{ street: '1 Park Road', postal_code: '059893', unit_number: '04-07', country: 'SG' },
    address: 'Unit 04-07, 1 Park Road, 059893',
  })
  expect(readAddress(address({ values: { in_pin_code: '12', address: 'MG Road' } }))).toBeUndefined()
  expect(readAddress(address({ values: {} }))).toBeUndefined()
  expect(readAddress(reply({ type: 'text', text: { body: 'MG Road 1' } }))).toBeUndefined()
})

test('a shared place says its name and address where it has them', () => {
  const location = { latitude: 12.9, longitude: 77.5, name: 'Cubbon Park', address: 'Bengaluru', url: 'x' }
  expect(readAddress(reply({ type: 'location', location }))).toEqual({
    ...{ latitude: 12.9, longitude: 77.5, address: 'Cubbon Park, Bengaluru' },
  })
})

test.each([
  [{ phone: '919876543210' }, 'IN'],
  [{ phone: '6581234567' }, 'SG'],
  [{ phone: '4915112345678', country: 'IN' }, undefined],
  [{ country: 'SG' }, 'SG'],
  [{}, undefined],
])('who is asked by a form: %j', (contact, form) => {
  expect(addressFormFor(contact)).toBe(form)
})

test('a cart is what a card gets of it; large answers are cut to what a history can hold', () => {
  const order = {
    ...{ catalog_id: '1', text: 'Gift wrap, please' },
    product_items: [{ product_retailer_id: 'SKU-1', quantity: 2, item_price: 9.5, currency: 'EUR' }],
  }
  expect(reply({ type: 'order', order }).order).toEqual({
    ...{ total: 19, currency: 'EUR', note: 'Gift wrap, please' },
    items: [{ retailer_id: 'SKU-1', quantity: 2, price: 9.5, currency: 'EUR' }],
  })
  const response_json = JSON.stringify({ flow_token: 't', small: 'a', large: 'x'.repeat(9_000), last: 'z' })
  const flow = reply({
    type: 'interactive',
    interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', response_json } },
  })
  expect(flow).toMatchObject({ form: 'flow', answers: { small: 'a', last: 'z' } })
  expect(flow.answers).not.toHaveProperty('large')
})
