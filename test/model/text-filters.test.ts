import fc from 'fast-check'
import { listPlaceholders, renderTemplate, templateProblems, textScope } from '../../src/model/template.ts'

const nowMs = Date.parse('2026-11-21T20:00:00Z')
const contact = {
  first_name: 'ann',
  language: 'de_DE',
  time_zone: 'Asia/Kolkata',
  points: '12',
  list: [1, 'b'],
}
const vars = { currency: 'EUR', long: 'abcdefghij', event: { amount: 1234.5, at: '2026-11-21T20:00:00Z' } }
const scope = textScope({ contact, vars, nowMs })
const render = (text: string) => renderTemplate(text, scope)

test.each([
  ['{{contact.first_name | capitalize}}', 'Ann'],
  ['{{contact.first_name | upcase | append: "!"}}', 'ANN!'],
  ['{{contact.gone | capitalize | "there"}}', 'there'],
  ['{{contact.gone | default: contact.first_name}}', 'ann'],
  ["{{contact.gone | default: 'x' | upcase}}", 'X'],
  ['{{contact.points | plus: 1 | times: 2}}', '26'],
  ['{{event.amount | times: 0.1 | round: 1}}', '123.5'],
  ['{{event.amount | money: "EUR"}}', '1.234,50\u00a0€'],
  ['{{event.amount | money: vars.currency}}', '1.234,50\u00a0€'],
  ['{{event.amount | number: 2}}', '1.234,50'],
  ['{{event.at | date: "%d.%m.%Y %H:%M"}}', '22.11.2026 01:30'],
  ['{{event.at | date: "%-d. %B", "UTC"}}', '21. November'],
  ['{{now | date: "%A"}}', 'Sonntag'],
  ['{{vars.long | truncate: 5}}', 'abcd…'],
  ['{{contact.list | json}} {{contact.list | join: "/"}} {{contact.list | size}}', '[1,"b"] 1/b 2'],
])('%s says %s', (text, expected) => {
  expect(render(text)).toEqual({ value: expected, missing: [] })
})

test.each([
  ['{{contact.first_name | date}}', 'contact.first_name'],
  ['{{contact.first_name | plus: 1}}', 'contact.first_name'],
  ['{{event.amount | money: vars.gone}}', 'event.amount'],
  ['{{contact.gone | times: 2}}', 'contact.gone'],
  ['{{vars.constructor | upcase}}', 'vars.constructor'],
])('what a filter can make nothing of is missing: %s', (text, path) => {
  expect(render(text)).toEqual({ value: '', missing: [path] })
})

test.each([
  ['{{contact.x | upcas}}', 'there is no filter "upcas"'],
  ['{{contact.x | upcase: 3}}', 'takes 0 arguments'],
  ['{{contact.x | date: "%Q"}}', 'no format of dates'],
  ['{{contact.x | money: "euro"}}', 'no currency'],
  ['{{contact.x | }}', 'cannot be read'],
])('%s can never work, and is not sent either', (text, words) => {
  expect(templateProblems({ body: text })).toEqual([expect.stringContaining(words)])
  expect(render(text).missing).toEqual([expect.stringContaining(words)])
})

test("a customer's own braces stay what they are", () => {
  for (const text of ['{{foo | bar}}', '{{not a placeholder}}', '{% if x %}', '{{ "a" | upcase }}']) {
    expect(render(text)).toEqual({ value: text, missing: [] })
    expect(templateProblems(text)).toEqual([])
  }
})

test('placeholders of expressions are listed, those of arguments too', () => {
  expect(listPlaceholders('{{event.amount | money: vars.currency}} {{contact.a | upcase | "x"}}')).toEqual([
    { path: 'event.amount', fallback: undefined },
    { path: 'vars.currency', fallback: undefined },
    { path: 'contact.a', fallback: 'x' },
  ])
})

test('replacing cannot make a text grow without end', () => {
  const grown = `{{vars.long${' | replace: "a", vars.long'.repeat(19)}}}`
  expect(render(grown).value.length).toBeLessThan(20_000)
  const all = textScope({ contact: {}, vars: { a: 'a'.repeat(4_000) }, nowMs })
  expect(renderTemplate('{{vars.a | replace: "a", vars.a}}', all).missing).toEqual(['vars.a'])
})

test('the same text and scope give the same, whatever was rendered before; nothing throws', () => {
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '|',
    'contact.first_name',
    'upcase',
    ':',
    '"',
    "'",
    ' ',
    'date',
    '5',
    'é',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('')
      expect(render(text)).toEqual(render(text))
    }),
  )
})
