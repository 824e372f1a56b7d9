import fc from 'fast-check'
import { formatMoney, parseMoney, toMajor, toMinor } from '../../src/model/money.ts'

test.each([
  ['9.99 USD', { minor: 999, currency: 'USD' }],
  ['USD 9.9', { minor: 990, currency: 'USD' }],
  ['9.99usd', { minor: 999, currency: 'USD' }],
  ['1,299.00 INR', { minor: 129_900, currency: 'INR' }],
  ['1200 JPY', { minor: 1_200, currency: 'JPY' }],
  ['1200.00 JPY', { minor: 1_200, currency: 'JPY' }],
  ['0.125 KWD', { minor: 125, currency: 'KWD' }],
  ['0 EUR', { minor: 0, currency: 'EUR' }],
  ['1.2345 CLF', { minor: 12_345, currency: 'CLF' }],
])('%s is read', (text, money) => expect(parseMoney(text)).toEqual(money))

test.each([
  ['9.99', /amount and a currency/],
  ['free', /amount and a currency/],
  ['9,99 EUR', /amount and a currency/],
  ['-1 USD', /amount and a currency/],
  ['1e3 USD', /amount and a currency/],
  ['9.99 XYZ', /XYZ is not an ISO 4217/],
  ['9.999 USD', /USD has 2 decimals at most/],
  ['1.5 JPY', /JPY has 0 decimals at most/],
  ['99999999999999 USD', /too large/],
])('%s is refused', (text, problem) => expect(parseMoney(text)).toMatch(problem))

test('what is written is read back as the same money', () => {
  const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF', 'INR')
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000_000_000 }), currency, (minor, code) => {
      const money = { minor, currency: code }
      expect(parseMoney(formatMoney(money))).toEqual(money)
      expect(toMinor(toMajor(money), code)).toBe(minor)
    }),
  )
})

test.each([
  [8.165, 'USD', 817],
  [0.145, 'KWD', 145],
  ['12.5', 'USD', 1_250],
  [30, 'JPY', 30],
  [1.005, 'USD', 101],
  [-1, 'USD', undefined],
  [1e21, 'USD', undefined],
  ['', 'USD', undefined],
  [null, 'USD', undefined],
  [1, 'XYZ', undefined],
])('%p %s is %p in minor units', (amount, currency, minor) => {
  expect(toMinor(amount, currency)).toBe(minor)
})
