import { z } from 'zod'

/** Decimals of a currency's minor unit where they are not 2 (ISO 4217, list of 2026-01-01). */
const exponents: Record<string, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
}
const exponentOf = new Map(
  Object.entries(exponents).flatMap(([exponent, codes]) =>
    codes.split(/\s+/).map((code) => [code, Number(exponent)] as const),
  ),
)

/** Ten thousand million of a currency with cents: sums of a thousand such lines are still exact numbers. */
const maximumMinor = 1_000_000_000_000

export const currencySchema = z
  .string()
  .refine((code) => exponentOf.has(code), 'must be an ISO 4217 currency code in capitals, like USD')
  .meta({ example: 'USD' })
export const minorSchema = z
  .int()
  .min(0)
  .max(maximumMinor)
  .meta({ description: "in the currency's minor unit: cents of USD, whole JPY, thousandths of KWD" })

export interface Money {
  minor: number
  currency: string
}

/** `9.99 USD`, `1200 JPY`, `0.125 KWD`. */
export function formatMoney({ minor, currency }: Money): string {
  return `${toDecimal(minor, currency)} ${currency}`
}

/** The amount without its currency, with all of its decimals and a point. */
function toDecimal(minor: number, currency: string): string {
  const exponent = exponentOf.get(currency) ?? 2
  const digits = String(minor).padStart(exponent + 1, '0')
  return exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/** In whole units, as conditions compare: 12.5 for `12.50 USD`. */
export function toMajor({ minor, currency }: Money): number {
  return Number(toDecimal(minor, currency))
}

/**
 * Reads a price as product feeds write it: `9.99 USD`, `USD 9.99`, `1,299.00 INR`.
 * @returns the money, or what is wrong with the text.
 */
export function parseMoney(text: string): Money | string {
  const found = /^(?:([A-Za-z]{3})\s*(\d\S*)|(\d\S*?)\s*([A-Za-z]{3}))$/.exec(text.trim())
  if (!found) return 'must be an amount and a currency, like 9.99 USD'
  const currency = (found[1] ?? found[4] ?? '').toUpperCase()
  const amount = found[2] ?? found[3] ?? ''
  const exponent = exponentOf.get(currency)
  if (exponent === undefined) return `${currency} is not an ISO 4217 currency code`
  const digits = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(amount) ? amount.replaceAll(',', '') : amount
  if (!/^\d{1,15}(\.\d+)?$/.test(digits)) return 'must be an amount and a currency, like 9.99 USD'
  const [whole = '', fraction = ''] = digits.split('.')
  if (fraction.replace(/0+$/, '').length > exponent) return `${currency} has ${exponent} decimals at most`
  const minor = Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0'))
  return minor > maximumMinor ? 'is too large' : { minor, currency }
}

/**
 * An amount that WhatsApp tells as a number in whole units, to the nearest minor unit. By its decimal digits: 0.145 KWD and
 * 8.165 USD are what they look like, not what binary makes of them. Undefined when it is no price.
 */
export function toMinor(amount: unknown, currency: string): number | undefined {
  const exponent = exponentOf.get(currency)
  const isNumber = typeof amount === 'number' || (typeof amount === 'string' && /^\d+(\.\d+)?$/.test(amount))
  if (exponent === undefined || !isNumber) return undefined
  const minor = Math.round(Number(`${amount}e${exponent}`))
  return minor >= 0 && minor <= maximumMinor ? minor : undefined
}
