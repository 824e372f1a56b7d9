import { Temporal } from 'temporal-polyfill'
import type { Em } from '../db/orm.ts'
import type { EntryRule } from '../model/journey-definition.ts'
import { validZone } from '../model/schedule.ts'

export interface Entering {
  workspaceId: string
  journeyId: string
  entry: EntryRule
  contactId: string | undefined
  /** The value of the event's attribute that names the entry. */
  entryKey: string | undefined
}

/**
 * Why somebody may not enter, if so; who may is counted. The caller has locked the contact. A journey that is capped lets
 * one in after the other: the row that counts is locked until the caller commits.
 */
export async function passEntryRules(em: Em, entering: Entering): Promise<string | undefined> {
  return (await findReentryObstacle(em, entering)) ?? (await passCaps(em, entering))
}

interface Before {
  inside: boolean
  sameInside: boolean
  days: number
}

/** Entries of other keys stand beside this one; how often somebody may enter is counted over all of them. */
export async function findReentryObstacle(
  em: Em,
  { journeyId, entry, contactId, entryKey }: Entering,
): Promise<string | undefined> {
  if (contactId === undefined) return undefined
  if (entry.reentry === 'always' && entryKey === undefined) return undefined
  const [last] = await em.execute<Before[]>(
    `select bool_or(ended_at is null and jumped_at is null) as inside,
       bool_or(ended_at is null and jumped_at is null and entry_key is not distinct from ?::text) as "sameInside",
       extract(epoch from now() - max(started_at))::float8 / 86400 as days
     from runs where journey_id = ? and contact_id = ? having count(*) > 0`,
    [entryKey ?? null, journeyId, contactId],
  )
  if (!last) return undefined
  if (last.sameInside && entryKey !== undefined) {
    return `the run of ${entry.eventKey} "${entryKey}" is inside: the event is for what it waits for`
  }
  if (entry.reentry === 'always') return undefined
  if (entryKey === undefined ? last.inside : last.sameInside) return 'already inside'
  if (entry.reentry === 'once') return 'has been in this journey before, and it takes each contact once'
  const days = entry.days ?? 1
  if (entry.reentry === 'every-n-days' && last.days < days) return `entered less than ${days} days ago`
  return undefined
}

async function passCaps(em: Em, { workspaceId, journeyId, entry }: Entering): Promise<string | undefined> {
  const { maximumPerDay, maximumInside } = entry
  if (maximumPerDay === undefined && maximumInside === undefined) return undefined
  const gate = await lockGate(em, workspaceId, journeyId)
  if (maximumInside !== undefined) {
    const [row] = await em.execute<{ inside: number }[]>(
      `select count(*)::int as inside from (
         select 1 from runs where journey_id = ? and ended_at is null limit ?) as few`,
      [journeyId, maximumInside],
    )
    if ((row?.inside ?? 0) >= maximumInside) return `${maximumInside} contacts are inside, which is the most`
  }
  if (maximumPerDay === undefined) return undefined
  const zone = validZone(entry.timeZone) ?? 'UTC'
  const today = Temporal.Instant.fromEpochMilliseconds(gate.nowMs).toZonedDateTimeISO(zone)
  const day = `${today.toPlainDate().toString()} ${zone}`
  const entered =
    gate.day === day ? gate.entrants : await countSince(em, journeyId, today.startOfDay().epochMilliseconds)
  if (entered >= maximumPerDay) return `the journey takes ${maximumPerDay} entrants a day`
  await em.execute(
    'update journey_gates set day = ?, entrants = ? where journey_id = ? and workspace_id = ?',
    [...[day, entered + 1, journeyId, workspaceId]],
  )
  return undefined
}

interface Gate {
  /** The day, with its time zone, that entrants are counted of. */
  day: string | null
  entrants: number
  nowMs: number
}

async function lockGate(em: Em, workspaceId: string, journeyId: string): Promise<Gate> {
  const [gate] = await em.execute<Gate[]>(
    `insert into journey_gates (journey_id, workspace_id) values (?, ?)
     on conflict (journey_id) do update set journey_id = excluded.journey_id
     returning day, entrants, floor(extract(epoch from now()) * 1000)::float8 as "nowMs"`,
    [journeyId, workspaceId],
  )
  if (!gate) throw new Error(`journey ${journeyId} has no gate`)
  return gate
}

/** The first of a day, and after a cap was set: ids are in the order of time, so the day is one end of an index. */
async function countSince(em: Em, journeyId: string, sinceMs: number): Promise<number> {
  const ms = sinceMs.toString(16).padStart(12, '0')
  const [row] = await em.execute<{ entered: number }[]>(
    'select count(*)::int as entered from runs where journey_id = ? and id >= ? and id = lineage_id',
    [journeyId, `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`],
  )
  return row?.entered ?? 0
}
