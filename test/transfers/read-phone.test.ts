import { readCountry, readPhone, type Country } from '../../src/transfers/read-phone.ts'

test.each<[string, Country | undefined, object]>([
  ['+49 151 23456789', undefined, { waId: '4915123456789' }],
  ['0049 (151) 234-56789', undefined, { waId: '4915123456789' }],
  ['0151 23456789', 'DE', { waId: '4915123456789' }],
  ['4915123456789', undefined, { waId: '4915123456789' }],
  ["'+4915123456789", undefined, { waId: '4915123456789' }],
  ['98765 43210', 'IN', { waId: '919876543210' }],
  ['+52 1 55 1234 5678', undefined, { waId: '525512345678', alias: '5215512345678' }],
  ['+55 31 8888-7777', undefined, { waId: '5531988887777', alias: '553188887777' }],
  ['011 15-2345-6789', 'AR', { waId: '5491123456789', alias: '541123456789' }],
  ['4.91512E+12', undefined, { problem: expect.stringContaining('spreadsheet') }],
  ['0151 23456789', undefined, { problem: expect.stringContaining('no country code') }],
  ['+49 1', undefined, { problem: 'is too short' }],
  ['call me', undefined, { problem: 'holds letters' }],
  ['+999 123456789', undefined, { problem: expect.stringContaining('no phone number') }],
])('%s of %s', (text, country, expected) => {
  expect(readPhone(text, country)).toEqual(expected)
})

test('countries by code, calling code and name', () => {
  expect(['de', '+49', '0044', '1', 'Brazil', 'Atlantis'].map(readCountry)).toEqual([
    'DE',
    'DE',
    'GB',
    'US',
    'BR',
    undefined,
  ])
})
