import { parsePhoneNumberFromString } from 'libphonenumber-js/max'

const countries = new Map<string, string | undefined>()
/** Calling and area codes: what lies behind does not change the country. */
const prefixDigits = 7

/** The country that WhatsApp charges a message by. @param phone digits with the country code */
export function countryOfPhone(phone: string): string | undefined {
  const prefix = phone.slice(0, prefixDigits)
  if (countries.has(prefix)) return countries.get(prefix)
  if (countries.size > 50_000) countries.clear()
  const country = parsePhoneNumberFromString(`+${phone}`)?.country
  countries.set(prefix, country)
  return country
}
