import {
  isSupportedCountry,
  parsePhoneNumberFromString,
  getCountries,
  getCountryCallingCode,
  type CountryCode,
} from 'libphonenumber-js/max'

export type Country = CountryCode

/** The number as ITU's E.164 without the plus sign, and under which other id WhatsApp may know the same phone. */
export type PhoneReading = { waId: string; alias?: string } | { problem: string }

/**
 * Reads a phone number as people write it. Metadata "max": every country's ranges, so that a number that cannot exist is
 * refused here and not by WhatsApp; landlines pass, because businesses use them on WhatsApp.
 */
export function readPhone(text: string, country?: Country): PhoneReading {
  const written = text.normalize('NFKC').replace(/^'/, '').trim()
  if (/^\d(?:[.,]\d+)?E\+?\d+$/i.test(written))
    return { problem: 'a spreadsheet has rounded it: format the column as text and save it again' }
  if (/[A-Za-z]/.test(written)) return { problem: 'holds letters' }
  const digits = written.replace(/\D/g, '')
  if (digits.length < 6) return { problem: digits === '' ? 'holds no digits' : 'is too short' }
  const isInternational = /^\s*(?:\+|00)/.test(written)
  const candidates = isInternational
    ? [international(digits.replace(/^00/, ''))]
    : [country && { text: written, country }, international(digits)]
  for (const candidate of candidates) {
    if (!candidate) continue
    const number = parsePhoneNumberFromString(candidate.text, candidate.country)
    if (number?.isValid() && !number.ext) return withAlias(number.number.slice(1), number.country)
  }
  if (isInternational) return { problem: 'is no phone number of its country' }
  return {
    problem: country
      ? `is no phone number of ${country}, nor one with a country code`
      : 'has no country code: map a country column or choose a default country',
  }
}

/** Forms that the ranges do not know any more, or not yet, although phones are still written so. */
function international(digits: string): { text: string; country?: Country } {
  // Mexico dropped the 1 of mobiles in 2019; WhatsApp still writes 521.
  if (/^521\d{10}$/.test(digits)) return { text: `+52${digits.slice(3)}` }
  // Brazil put a 9 before every mobile number until 2016; WhatsApp knows older accounts without it.
  if (/^55\d{2}[6-9]\d{7}$/.test(digits)) return { text: `+${digits.slice(0, 4)}9${digits.slice(4)}` }
  return { text: `+${digits}` }
}

/** WhatsApp takes either form to send to, and names the sender of a message by the second one in many cases. */
function withAlias(waId: string, country: Country | undefined): PhoneReading {
  if (country === 'MX' && waId.length === 12) return { waId, alias: `521${waId.slice(2)}` }
  if (country === 'BR' && /^55\d{2}9\d{8}$/.test(waId))
    return { waId, alias: waId.slice(0, 4) + waId.slice(5) }
  if (country === 'AR')
    return { waId, alias: waId.startsWith('549') ? `54${waId.slice(3)}` : `549${waId.slice(2)}` }
  return { waId }
}

let byCallingCode: Map<string, Country> | undefined

/** A country by its ISO 3166 code (`DE`), its calling code (`+49`, `0049`, `49`) or its English name. */
export function readCountry(text: string): Country | undefined {
  const written = text.trim()
  const code = written.toUpperCase()
  if (isSupportedCountry(code)) return code
  if (/^(?:\+|00)?\d{1,4}$/.test(written)) {
    byCallingCode ??= new Map(
      // The first country of a shared code is its main one: US of 1, RU of 7.
      [...getCountries()].sort(mainFirst).map((each) => [getCountryCallingCode(each), each]),
    )
    return byCallingCode.get(written.replace(/^(?:\+|00)/, ''))
  }
  return countryByName(written)
}

const mainCountries = new Set<string>('US RU GB IT NO AU MA FI RE GP CW SH'.split(' '))

/** The last entry of a map wins. */
function mainFirst(a: string, b: string): number {
  return Number(mainCountries.has(a)) - Number(mainCountries.has(b))
}

let byName: Map<string, Country> | undefined

function countryByName(name: string): Country | undefined {
  if (!byName) {
    const names = new Intl.DisplayNames(['en'], { type: 'region' })
    byName = new Map(getCountries().map((code) => [(names.of(code) ?? code).toLowerCase(), code]))
  }
  return byName.get(name.toLowerCase())
}
