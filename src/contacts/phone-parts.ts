import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { AppError, type FieldError } from '../model/errors.ts'
import { toWaId } from '../model/phone.ts'
import { readCountry, readPhone } from '../transfers/read-phone.ts'

/**
 * A WhatsApp id out of a number as it is dialled at home and its country. A number that is no country's (yet) is put
 * together as it stands: WhatsApp knows better.
 * @param parts.countryCode `91`, `+91` or `IN`
 */
export function joinPhone(parts: { phone: string; countryCode: string }): string {
  const country = readCountry(parts.countryCode)
  const callingCode = parts.countryCode.replace(/\D/g, '').replace(/^00/, '')
  const fields: FieldError[] = []
  if (!country)
    fields.push({ field: 'countryCode', message: 'must be a calling code like 91, or a code like IN' })
  if (!/^\+?[\d\s().-]{4,25}$/.test(parts.phone.trim())) {
    fields.push({
      field: 'phone',
      message: 'must be a phone number: digits, with or without spaces and signs',
    })
  }
  if (fields.length > 0) throw refuse(fields)
  const reading = readPhone(parts.phone, country)
  const isWhole = /^\s*(?:\+|00)/.test(parts.phone)
  const waId =
    'waId' in reading
      ? reading.waId
      : toWaId(isWhole || !callingCode ? parts.phone : callingCode + parts.phone)
  if (!waId) throw refuse([{ field: 'phone', message: 'is no phone number of this country' }])
  if (!callingCode || waId.startsWith(callingCode)) return waId
  throw refuse([{ field: 'phone', message: `is no phone number of the country code ${callingCode}` }])
}

/** The way back, where the country is known. */
export function splitPhone(waId: string): { phone: string; countryCode: string | null } {
  const number = parsePhoneNumberFromString(`+${waId}`)
  if (!number) return { phone: waId, countryCode: null }
  return { phone: number.nationalNumber, countryCode: number.countryCallingCode }
}

function refuse(fields: FieldError[]): AppError {
  const message = fields.map(({ field, message: words }) => `${field} ${words}`).join('; ')
  return new AppError('invalid_input', message, { fields })
}
