import type { JsonObject } from './json.ts'
import type { Reply } from './reply.ts'

/** Countries whose customers WhatsApp asks for an address by a form of its own. */
export const addressFormCountries = ['IN', 'SG'] as const
export type AddressFormCountry = (typeof addressFormCountries)[number]

/** A contact's country as far as the phone number tells it, where WhatsApp has a form for it. */
export function addressFormFor(contact: {
  phone?: unknown
  country?: unknown
}): AddressFormCountry | undefined {
  const { phone, country } = contact
  if (typeof phone === 'string' && phone !== '') {
    if (/^91\d{10}$/.test(phone)) return 'IN'
    return /^65\d{8}$/.test(phone) ? 'SG' : undefined
  }
  return addressFormCountries.find((code) => code === country)
}

/** Fields of the form by the names that variables have for them. */
const names: Record<string, string> = {
  name: 'name',
  phone_number: 'phone',
  in_pin_code: 'postal_code',
  sg_post_code: 'postal_code',
  address: 'street',
  house_number: 'house_number',
  floor_number: 'floor_number',
  tower_number: 'tower_number',
  building_name: 'building_name',
  unit_number: 'unit_number',
  landmark_area: 'landmark',
  city: 'city',
  state: 'state',
}

/**
 * An address out of WhatsApp's form, or a place that was shared, in one shape: `address` is the whole of it in one line.
 * Undefined when the reply is neither, or says too little to be one.
 */
export function readAddress(reply: Reply): JsonObject | undefined {
  if (reply.location) return fromLocation(reply.location)
  if (reply.form !== 'address_message' || !reply.answers) return undefined
  const { values } = reply.answers
  const given = isRecord(values) ? values : reply.answers
  const fields = Object.entries(names).flatMap(([field, name]) => {
    const value = given[field]
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
    return text === '' ? [] : [[name, text] as const]
  })
  const country = 'sg_post_code' in given ? 'SG' : 'in_pin_code' in given ? 'IN' : undefined
  const address = { ...Object.fromEntries(fields), ...(country && { country }) } as Record<string, string>
  if (!address['street'] && !address['postal_code']) return undefined
  if (address['postal_code'] && !/^\d{6}$/.test(address['postal_code'].replace(/\s/g, ''))) return undefined
  return { ...address, address: inOneLine(address) }
}

function fromLocation(location: NonNullable<Reply['location']>): JsonObject {
  const { latitude, longitude, name, address } = location
  const line = [name, address].filter(Boolean).join(', ')
  return { latitude, longitude, ...(line !== '' && { address: line }) }
}

function inOneLine(address: Record<string, string>): string {
  const { house_number: house, floor_number: floor, tower_number: tower, unit_number: unit } = address
  return [
    ...[unit && `Unit ${unit}`, house, floor && `Floor ${floor}`, tower && `Tower ${tower}`],
    ...[address['building_name'], address['street'], address['landmark'], address['city'], address['state']],
    address['postal_code'],
  ]
    .filter(Boolean)
    .join(', ')
}

function isRecord(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
