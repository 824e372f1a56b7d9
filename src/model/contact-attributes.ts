import { z } from 'zod'
import { attributeSchemas, type AttributeType } from './event-attributes.ts'
import type { Json } from './json.ts'

/** An attribute that every contact has: of the writable ones there is a column of the same name. */
export interface SystemAttribute {
  name: string
  type: AttributeType
  label: string
  description?: string
  writable: boolean
}

/** Columns of `contacts` that people, imports and journeys write. */
export const writableAttributes = [
  'name',
  'first_name',
  'last_name',
  'email',
  'language',
  'time_zone',
  'date_of_birth',
  'gender',
  'city',
  'state',
  'country',
] as const
export type WritableAttribute = (typeof writableAttributes)[number]

const described: Record<WritableAttribute, Omit<SystemAttribute, 'name' | 'writable'>> = {
  name: { type: 'string', label: 'Name', description: 'the full name, at first the one of WhatsApp' },
  first_name: { type: 'string', label: 'First name' },
  last_name: { type: 'string', label: 'Last name' },
  email: { type: 'string', label: 'E-mail' },
  language: { type: 'string', label: 'Language', description: 'a BCP 47 tag like pt-BR; pt_BR is taken too' },
  time_zone: { type: 'string', label: 'Time zone', description: 'of the IANA database, like Asia/Kolkata' },
  date_of_birth: { type: 'date', label: 'Date of birth', description: 'YYYY-MM-DD' },
  gender: { type: 'string', label: 'Gender', description: 'in your words, up to 50 characters' },
  city: { type: 'string', label: 'City' },
  state: { type: 'string', label: 'State' },
  country: {
    type: 'string',
    label: 'Country',
    description: 'ISO 3166 code like IN; English names are taken too',
  },
}

/** Kept by the product itself: shown, filtered and sorted by, never set as attributes. */
const readOnly: Omit<SystemAttribute, 'writable'>[] = [
  { name: 'phone', type: 'string', label: 'Phone', description: 'digits with country code' },
  { name: 'wa_id', type: 'string', label: 'WhatsApp id' },
  { name: 'username', type: 'string', label: 'WhatsApp username' },
  { name: 'external_customer_id', type: 'string', label: 'External id', description: "your own system's id" },
  { name: 'whatsapp_opted', type: 'boolean', label: 'WhatsApp opt-in' },
  { name: 'tags', type: 'list', label: 'Tags' },
  { name: 'spam', type: 'boolean', label: 'Spam' },
  { name: 'source', type: 'string', label: 'Source', description: 'where the contact came from' },
  { name: 'created_at', type: 'datetime', label: 'Created' },
  { name: 'last_seen_at', type: 'datetime', label: 'Last seen', description: "the contact's last message" },
]

export const systemAttributes: SystemAttribute[] = [
  ...writableAttributes.map((name) => ({ name, ...described[name], writable: true })),
  ...readOnly.map((each) => ({ ...each, writable: false })),
]

/** Names that mean something else where attributes are read: in texts, conditions and JavaScript. */
const reserved = new Set([
  ...systemAttributes.map(({ name }) => name),
  ...['id', 'attributes', 'contact', 'opted_out_at', 'opted_out', 'spam_at', 'updated_at', 'merged_into'],
  ...['__proto__', 'prototype', 'constructor', 'hasownproperty', 'isprototypeof', 'propertyisenumerable'],
  ...['tostring', 'tolocalestring', 'valueof', '__definegetter__', '__definesetter__', '__lookupgetter__'],
  '__lookupsetter__',
])

/** Why a custom attribute may not be called so. */
export function attributeNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)) {
    return 'must be 1 to 100 letters, digits and _, not beginning with a digit'
  }
  return reserved.has(name.toLowerCase()) ? `"${name}" is reserved: choose another name` : undefined
}

export function isWritableAttribute(name: string): name is WritableAttribute {
  return (writableAttributes as readonly string[]).includes(name)
}

export type Reading<T extends Json = Json> = { value: T } | { problem: string }

/** A custom attribute's value as it is stored, or what is wrong with it. Nothing is converted. */
export function readAttribute(type: AttributeType, value: Json): Reading {
  const parsed = attributeSchemas[type].safeParse(value)
  if (parsed.success) return { value: parsed.data as Json }
  const issue = parsed.error.issues[0]
  const rest = issue && issue.path.length > 0 ? ` (at ${issue.path.join('.')}: ${issue.message})` : ''
  return { problem: `${expectations[type]}${rest}` }
}

const expectations: Record<AttributeType, string> = {
  integer: 'must be a whole number',
  string: 'must be a text of at most 4,096 characters',
  float: 'must be a number',
  boolean: 'must be true or false',
  list: 'must be a list of at most 1,000 texts, numbers or booleans',
  date: 'must be a date as YYYY-MM-DD',
  datetime: 'must be a date and time with its offset, like 2026-11-21T09:30:00Z',
  json: 'must be JSON',
  uuid: 'must be a UUID',
}

/** A system attribute's value in its stored form: trimmed, the language and the country by their codes. */
export function readSystemAttribute(name: WritableAttribute, value: Json): Reading<string> {
  if (typeof value !== 'string') return { problem: 'must be a text' }
  const text = value.trim()
  if (text === '') return { problem: 'must not be empty: null empties it' }
  return readers[name](text)
}

const limited =
  (maximum: number) =>
  (text: string): Reading<string> =>
    text.length <= maximum ? { value: text } : { problem: `must have at most ${maximum} characters` }

const readers: Record<WritableAttribute, (text: string) => Reading<string>> = {
  name: limited(200),
  first_name: limited(200),
  last_name: limited(200),
  email: (text) =>
    text.length <= 254 && z.email().safeParse(text).success
      ? { value: text }
      : { problem: 'must be an e-mail address' },
  language: readLanguage,
  time_zone: (text) =>
    isZone(text) ? { value: text } : { problem: 'must be an IANA time zone like Asia/Kolkata' },
  date_of_birth: (text) =>
    z.iso.date().safeParse(text).success && text >= '1880' && text < '2200'
      ? { value: text }
      : { problem: 'must be a date as YYYY-MM-DD' },
  gender: limited(50),
  city: limited(100),
  state: limited(100),
  country: (text) => {
    const code = countryCode(text)
    return code
      ? { value: code }
      : { problem: 'must be an ISO 3166 country code like IN, or its English name' }
  },
}

function readLanguage(text: string): Reading<string> {
  try {
    const [tag] = Intl.getCanonicalLocales(text.replaceAll('_', '-'))
    if (tag && tag.length <= 35) return { value: tag }
  } catch {
    // No language tag: said below.
  }
  return { problem: 'must be a language tag like en or pt-BR' }
}

/** Canonical names are looked up; older ones, like Asia/Calcutta, take longer. */
const canonicalZones = new Set(Intl.supportedValuesOf('timeZone'))

function isZone(zone: string): boolean {
  if (canonicalZones.has(zone)) return true
  // Offsets like +02:00 pass as zones, but they know no summer time.
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Regions that CLDR names and ISO 3166 does not assign. */
const notCountries = new Set('EU EZ UN QO XA XB ZZ AC CP CQ DG EA IC TA NT QU'.split(' '))

/** Codes by themselves and by English names; the names are those of CLDR. */
const countryCodes = new Map(listCountries())

function countryCode(text: string): string | undefined {
  return countryCodes.get(text.toUpperCase()) ?? countryCodes.get(foldName(text))
}

function listCountries(): [string, string][] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  const found = letters
    .flatMap((first) => letters.map((second) => first + second))
    .flatMap((code): { code: string; name: string; today: string }[] => {
      const name = names.of(code)
      if (!name || notCountries.has(code)) return []
      // What was withdrawn leads to what came after it, UK to GB.
      return [{ code, name, today: new Intl.Locale(`und-${code}`).region ?? code }]
    })
  return found.flatMap(({ code, name, today }) => [
    [code, today],
    [foldName(name), today],
  ])
}

function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
}
