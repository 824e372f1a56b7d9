import { sentComponentsSchema, valuesOfComponents } from '../../src/model/template-from-components.ts'

const read = (components: object[]) => valuesOfComponents(sentComponentsSchema.parse(components))

test('what components carry goes to its places', () => {
  expect(
    read([
      {
        type: 'header',
        parameters: [{ type: 'document', document: { filename: 'a.pdf', link: 'https://a.example/a.pdf' } }],
      },
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ann' },
          { type: 'currency', currency: { fallback_value: '5 €', code: 'EUR', amount_1000: 5_000 } },
          { type: 'text', parameter_name: 'city', text: 7 },
        ],
      },
      {
        type: 'button',
        sub_type: 'quick_reply',
        index: 1,
        parameters: [{ type: 'payload', payload: 'flow_x' }],
      },
      { type: 'button', sub_type: 'url', index: '2', parameters: [{ type: 'text', text: 'end' }] },
      {
        type: 'button',
        sub_type: 'copy_code',
        index: 3,
        parameters: [{ type: 'coupon_code', coupon_code: 'C' }],
      },
    ]),
  ).toEqual({
    media: { filename: 'a.pdf', link: 'https://a.example/a.pdf' },
    body: { '1': 'Ann', '2': '5 €', city: '7' },
    buttons: { '1': { payload: 'flow_x' }, '2': { suffix: 'end' }, '3': { code: 'C' } },
  })
  expect(read([{ type: 'header', parameters: [{ type: 'text', text: 'Hi' }] }])).toEqual({
    header: { '1': 'Hi' },
  })
  expect(
    read([
      { type: 'header', parameters: [{ type: 'location', location: { latitude: '1.5', longitude: 2 } }] },
    ]),
  ).toEqual({
    location: { latitude: 1.5, longitude: 2 },
  })
  expect(read([])).toEqual({})
})

test('a carousel’s cards have values of their own', () => {
  const card = { components: [{ type: 'body', parameters: [{ type: 'text', text: 'One' }] }] }
  expect(read([{ type: 'carousel', cards: [card] }])).toEqual({ cards: [{ body: { '1': 'One' } }] })
})
