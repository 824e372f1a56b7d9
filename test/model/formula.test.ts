import fc from 'fast-check'
import { evaluateFormula, formulaProblem } from '../../src/model/formula.ts'

const nowMs = Date.parse('2026-11-21T00:00:00Z')
const contact = { name: 'Ann', points: 5, age: '42', list: [1, 2, 3], since: '2026-03-01' }
const lines = [
  { quantity: 2, price: 9.99 },
  { quantity: 1, price: 5 },
]
const scope = { contact, vars: { x: 2.5 }, event: { lines }, nowMs }
const value = (formula: string) => evaluateFormula(formula, scope)

test.each([
  ['contact.points + 1', 6],
  ['contact.points / 2', 2.5],
  ['contact.points + vars.x', 7.5],
  ['5 / 2', 2.5],
  ['100 / (2 * 4) / (1 + 1)', 6.25],
  ['12 / 2 / 3 + 1 / 4', 2.25],
  ['size(contact.list) / size(contact.name + "x")', 0.75],
  ['contact.?gone.orValue(1) / 4', 0.25],
  ['0.1 + 0.2', 0.3],
  ['round(10.0 / 3, 2) == 3.33', true],
  ['round(contact.points) == 5', true],
  ['number(contact.age) + 1', 43],
  ['sum(event.lines.map(l, l.quantity * l.price))', 24.98],
  ['contact.?gone.orValue(0) + 1', 1],
  ['has(contact.gone) ? "yes" : "no"', 'no'],
  ['contact.points > 3 && contact.name.startsWith("A") ? "gold" : "none"', 'gold'],
  ['upper(contact.name) + "!"', 'ANN!'],
  ['contact.list.filter(x, x > 1)', [2, 3]],
  ['now - duration("24h")', '2026-11-20T00:00:00.000Z'],
  ['{"total": max(contact.points, 7)}', { total: 7 }],
  ['size(contact.list)', 3],
])('%s is %j', (formula, expected) => {
  expect(formulaProblem(formula)).toBeUndefined()
  expect(value(formula)).toEqual({ value: expected })
})

test.each([
  ['1 +', 'at character 4:'],
  ['contact.points + nowhere', 'at character 18: Unknown variable: nowhere'],
  ['foo(1)', 'no matching overload'],
  ['contact.name.matches("(a+)+$")', 'run for ever'],
  ['contact.name.matches(contact.name)', 'written out'],
  ['contact.list.map(x, contact.list.map(y, x))', 'inside of another walk'],
  ['cel.bind(x, 3, x + x)', 'not available'],
  ['__proto__', 'Reserved'],
  ['1'.repeat(2_001), 'longer than'],
  [`${'('.repeat(60)}1${')'.repeat(60)}`, 'maxDepth'],
])('%.40s is refused before publishing', (formula, words) => {
  expect(formulaProblem(formula)).toContain(words)
  expect(value(formula)).toMatchObject({ problem: expect.stringContaining(words) })
})

test.each([
  ['contact.gone + 1', 'at character 9: No such key: gone'],
  ['contact.name + 1', 'no such overload'],
  ['1 / 2 + contact.gone / 2', 'at character 17: No such key: gone'],
  ['1 / 2 / contact.gone', 'at character 17: No such key: gone'],
  ['contact.__proto__', 'No such key'],
  ['contact.constructor', 'No such key'],
  ['number(contact.name)', '"Ann" is no number'],
  ['contact.points * 1e308 * 10.0', 'no amount'],
  ['now - now', 'no text, number'],
])('%s has no answer here', (formula, words) => {
  expect(formulaProblem(formula)).toBeUndefined()
  expect(value(formula)).toMatchObject({ problem: expect.stringContaining(words) })
})

test('formulas have no clock of their own', () => {
  expect(evaluateFormula('now', { contact })).toMatchObject({ problem: expect.stringContaining('now') })
})

test('numbers of any kind mix, and give what arithmetic gives', () => {
  const number = fc.oneof(
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.float({ min: -100, max: 100, noNaN: true }),
  )
  fc.assert(
    fc.property(number, number, fc.constantFrom('+', '-', '*'), (a, b, sign) => {
      const expected = sign === '+' ? a + b : sign === '-' ? a - b : a * b
      const vars = { a, b }
      expect(evaluateFormula(`vars.a ${sign} vars.b`, { vars })).toEqual({
        value: Number(expected.toPrecision(15)),
      })
      if (Number.isInteger(b) && b >= 0) {
        expect(evaluateFormula(`vars.a ${sign} ${b}`, { vars })).toEqual({
          value: Number(expected.toPrecision(15)),
        })
      }
    }),
  )
})

test('any text is judged without an error', () => {
  const piece = fc.constantFrom(
    'contact',
    '.',
    'points',
    '+',
    '(',
    ')',
    '[',
    ']',
    '"',
    '1',
    '2.5',
    '?',
    ':',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
      const result = value(pieces.join(''))
      expect('value' in result || typeof result.problem === 'string').toBe(true)
    }),
  )
})
