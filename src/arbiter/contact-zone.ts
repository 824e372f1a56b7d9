import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { validZone } from '../model/schedule.ts'

export interface ContactZone {
  timeZone: string
  /** Where it was found. */
  from: 'contact' | 'country' | 'workspace' | 'default'
}

/** The time where a person lives, as well as we know it. */
export function findContactZone(
  contact: { timeZone: string | null | undefined; waId: string | null | undefined },
  workspaceZone: string | null,
  nowMs: number,
): ContactZone {
  const own = validZone(contact.timeZone ?? undefined)
  if (own) return { timeZone: own, from: 'contact' }
  const country = contact.waId ? zoneOfPhone(contact.waId, nowMs) : undefined
  if (country) return { timeZone: country, from: 'country' }
  return workspaceZone ? { timeZone: workspaceZone, from: 'workspace' } : { timeZone: 'UTC', from: 'default' }
}

/** Countries whose other zones are far islands or unofficial: nearly everybody lives by this clock. */
const mainZones: Record<string, string> = {
  CL: 'America/Santiago',
  CN: 'Asia/Shanghai',
  EC: 'America/Guayaquil',
  ES: 'Europe/Madrid',
  NZ: 'Pacific/Auckland',
  PT: 'Europe/Lisbon',
}

/** V8 has it; TypeScript's own library does not say so yet. */
type RegionalLocale = Intl.Locale & { getTimeZones(): string[] }

/** Undefined where a country has several clocks: a guess could ring in the night. */
function zoneOfPhone(waId: string, nowMs: number): string | undefined {
  const country = parsePhoneNumberFromString(`+${waId}`)?.country
  if (!country) return undefined
  if (mainZones[country]) return mainZones[country]
  const locale = new Intl.Locale('und', { region: country }) as RegionalLocale
  const zones = locale.getTimeZones()
  const clocks = new Set(zones.map((timeZone) => clockOf(timeZone, nowMs)))
  return clocks.size === 1 ? validZone(zones[0]) : undefined
}

function clockOf(timeZone: string, nowMs: number): string {
  return new Date(nowMs).toLocaleString('en', { timeZone, dateStyle: 'short', timeStyle: 'short' })
}
