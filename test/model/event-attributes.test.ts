import { attributeTypes, checkAttributes } from '../../src/model/event-attributes.ts'

const declared = Object.fromEntries(attributeTypes.map((type) => [`a_${type}`, type]))

test('values that fit their types', () => {
  const attributes = {
    a_integer: 3,
    a_string: 'x',
    a_float: 1.5,
    a_boolean: false,
    a_list: [1, 'b', true],
    a_date: '2026-02-28',
    a_datetime: '2026-02-28T10:00:00+05:30',
    a_json: { deep: [null] },
    a_uuid: '0193a6f0-0000-7000-8000-000000000000',
  }
  expect(checkAttributes(declared, attributes)).toEqual([])
  expect(checkAttributes(declared, {})).toEqual([])
})

test.each<[string, unknown]>([
  ['a_integer', 1.5],
  ['a_string', 1],
  ['a_float', '1'],
  ['a_boolean', 'true'],
  ['a_list', [{}]],
  ['a_date', '2026-02-30'],
  ['a_datetime', '2026-02-28'],
  ['a_uuid', 'x'],
  ['a_other', 1],
  ['constructor', 1],
])('%s: %j names its field', (name, value) => {
  expect(checkAttributes(declared, { [name]: value as never })).toMatchObject([
    { field: `attributes.${name}` },
  ])
})
