import fc from 'fast-check'
import { dateFormatProblem, parseAttributeText, parseSystemText } from '../../src/model/attribute-text.ts'
import {
  attributeNameProblem,
  readAttribute,
  readSystemAttribute,
} from '../../src/model/contact-attributes.ts'
import type { AttributeType } from '../../src/model/event-attributes.ts'
import type { Json } from '../../src/model/json.ts'

test.each<[AttributeType, string, Json]>([
  ['integer', ' +42 ', 42],
  ['float', '1234.5', 1234.5],
  ['float', '-.5', -0.5],
  ['boolean', 'YES', true],
  ['boolean', '0', false],
  ['list', 'red; green ;;blue', ['red', 'green', 'blue']],
  ['list', '[1, "two"]', [1, 'two']],
  ['list', '', []],
  ['date', '2026-02-28', '2026-02-28'],
  ['datetime', '2026-02-28T10:00+02:00', '2026-02-28T08:00:00.000Z'],
  ['datetime', '2026-02-28 9:05', '2026-02-28T09:05:00.000Z'],
  ['datetime', '2026-02-28', '2026-02-28T00:00:00.000Z'],
  ['json', '{"a": [1]}', { a: [1] }],
  ['uuid', '019B0F61-2A3B-7C4D-8E5F-0123456789AB', '019b0f61-2a3b-7c4d-8e5f-0123456789ab'],
  ['string', ' kept as words ', 'kept as words'],
])('%s reads %j', (type, text, value) => {
  expect(parseAttributeText(type, text)).toEqual({ value })
})

test.each<[AttributeType, string, string]>([
  ['integer', '1.5', '"1.5" is no whole number'],
  ['integer', '9007199254740993', 'is no whole number'],
  ['float', '1,5', 'is no number: digits with a decimal point'],
  ['float', 'Infinity', 'is no number'],
  ['boolean', 'maybe', 'is none of yes, no'],
  ['list', '[{"a": 1}]', 'must be a list'],
  ['date', '2026-02-30', '"2026-02-30" is no date as YYYY-MM-DD'],
  ['datetime', '2026-02-28T25:00Z', 'is no time as YYYY-MM-DD HH:MM'],
  ['json', '{a: 1}', 'is no JSON'],
  ['uuid', '7', 'must be a UUID'],
  ['string', 'x'.repeat(4_097), 'at most 4,096 characters'],
])('%s refuses %j in words', (type, text, words) => {
  expect(parseAttributeText(type, text)).toEqual({ problem: expect.stringContaining(words) as string })
})

test('dates may come in a format of their own', () => {
  const read = (text: string, dateFormat: string, type: AttributeType = 'date') =>
    parseAttributeText(type, text, { dateFormat })
  expect(read('31/12/1999', 'DD/MM/YYYY')).toEqual({ value: '1999-12-31' })
  expect(read('1.2.2026', 'DD.MM.YYYY')).toEqual({ value: '2026-02-01' })
  expect(read('12/31/1999', 'DD/MM/YYYY')).toEqual({ problem: '"12/31/1999" is no date as DD/MM/YYYY' })
  expect(read('31/12/1999 23:59', 'DD/MM/YYYY', 'datetime')).toEqual({ value: '1999-12-31T23:59:00.000Z' })
  expect(parseSystemText('date_of_birth', '31.12.1999', { dateFormat: 'DD.MM.YYYY' })).toEqual({
    value: '1999-12-31',
  })
  expect(['DD/MM/YYYY', 'YYYY-MM-DD', 'MM.DD.YYYY'].map(dateFormatProblem)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  for (const format of ['DD/MM', 'DD/MM/YYYY HH', 'DD/DD/YYYY', '(a+)+DDMMYYYY'])
    expect(dateFormatProblem(format)).toContain('must hold')
})

test.each([
  ['language', 'pt_br', 'pt-BR'],
  ['country', 'germany', 'DE'],
  ['country', 'uk', 'GB'],
  ['country', 'Côte d’Ivoire', 'CI'],
  ['time_zone', ' Asia/Kolkata ', 'Asia/Kolkata'],
  ['email', 'Ann@example.org', 'Ann@example.org'],
  ['gender', 'non-binary', 'non-binary'],
  ['date_of_birth', '1990-05-17', '1990-05-17'],
] as const)('%s takes %j', (name, text, value) => {
  expect(readSystemAttribute(name, text)).toEqual({ value })
})

test.each([
  ['language', 'not a language'],
  ['country', 'Atlantis'],
  ['country', 'XX'],
  ['time_zone', 'Mars/Olympus'],
  ['time_zone', '+02:00'],
  ['email', 'ann@'],
  ['gender', 'x'.repeat(51)],
  ['date_of_birth', '1990-02-30'],
  ['date_of_birth', '0001-01-01'],
  ['first_name', ' '],
  ['city', 7],
] as const)('%s refuses %j', (name, value) => {
  expect(readSystemAttribute(name, value)).toHaveProperty('problem')
})

test.each([
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'Email',
  'phone',
  'tags',
  'id',
  'a"; drop table contacts; --',
  'a b',
  '1st',
  'ä',
  '',
])('no attribute is called %j', (name) => expect(attributeNameProblem(name)).toBeDefined())

test('what is written as text reads back as it was', () => {
  const cases: [AttributeType, fc.Arbitrary<Json>][] = [
    ['integer', fc.maxSafeInteger()],
    ['boolean', fc.boolean()],
    ['json', fc.jsonValue() as fc.Arbitrary<Json>],
    ['list', fc.array(fc.oneof(fc.string(), fc.maxSafeInteger(), fc.boolean()))],
    ['uuid', fc.uuid()],
    [
      'date',
      fc
        .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((at) => at.toISOString().slice(0, 10)),
    ],
  ]
  for (const [type, values] of cases) {
    fc.assert(
      fc.property(values, (value) => {
        const text = typeof value === 'string' && type !== 'json' ? value : JSON.stringify(value)
        expect(parseAttributeText(type, text)).toEqual({ value: JSON.parse(JSON.stringify(value)) as Json })
        expect(readAttribute(type, JSON.parse(JSON.stringify(value)) as Json)).toHaveProperty('value')
      }),
      { numRuns: 100 },
    )
  }
})
