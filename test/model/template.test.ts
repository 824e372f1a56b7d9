import fc from 'fast-check'
import { listPlaceholders, renderTemplate } from '../../src/model/template.ts'

const scope = {
  contact: { first_name: 'Ann', attributes: { city: 'Rome', list: [1, 2] } },
  vars: { zero: 0, no: false, nothing: null, empty: '', braces: '{{vars.zero}}' },
}

test.each([
  ['Hi {{contact.first_name}}', 'Hi Ann'],
  ['Hi {{ contact.first_name | "you" }}', 'Hi Ann'],
  ['Hi {{contact.last_name | "you"}}', 'Hi you'],
  ["Hi {{contact.last_name | ''}}!", 'Hi !'],
  ['{{vars.zero}} {{vars.no}}', '0 false'],
  ['{{contact.attributes.list}} {{contact.attributes.list.1}}', '[1,2] 2'],
  ['{{vars.braces}}', '{{vars.zero}}'],
  ['{{not a placeholder}} {{ {{contact.first_name}}', '{{not a placeholder}} {{ Ann'],
  ['no braces', 'no braces'],
  ['{{contact.first_name', '{{contact.first_name'],
])('%j becomes %j', (text, expected) => {
  expect(renderTemplate(text, scope)).toEqual({ value: expected, missing: [] })
})

test.each([
  '{{vars.nothing}}',
  '{{vars.empty}}',
  '{{vars.gone.deep}}',
  '{{contact.constructor.name}}',
  '{{nowhere}}',
])('what has no value is missing: %s', (text) => {
  expect(renderTemplate(text, scope).missing).toEqual([text.slice(2, -2)])
})

test('strings at any depth are rendered, keys and other values stay', () => {
  const content = { '{{vars.zero}}': ['{{vars.zero}}', 1, null, { a: '{{contact.attributes.city}}' }] }
  expect(renderTemplate(content, scope).value).toEqual({ '{{vars.zero}}': ['0', 1, null, { a: 'Rome' }] })
})

test('placeholders are listed with their fallbacks', () => {
  expect(listPlaceholders({ a: 'x {{vars.a}}', b: ['{{vars.b | "2"}}', '{{bad |}}'] })).toEqual([
    { path: 'vars.a', fallback: undefined },
    { path: 'vars.b', fallback: '2' },
  ])
})

test('any text is rendered without an error, and text without braces stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { value } = renderTemplate(text, scope)
      if (!text.includes('{{')) expect(value).toBe(text)
    }),
  )
})
