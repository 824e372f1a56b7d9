import { Temporal } from 'temporal-polyfill'
import { findContactZone } from '../arbiter/contact-zone.ts'
import type { Em } from '../db/orm.ts'
import type { CampaignSchedule } from '../model/campaign-definition.ts'
import { validZone } from '../model/schedule.ts'
import type { Planning } from './planning.ts'

type LocalSchedule = Extract<CampaignSchedule, { kind: 'local' }>

/** Digits that tell the country of a phone number, and of large countries the region. */
export const phoneStart = 6

/** Settles when everybody of the temporary table is due where that is a time of day at which each one lives. */
export async function placeInTime(em: Em, { workspaceId, definition }: Planning): Promise<void> {
  const { schedule } = definition
  if (schedule.kind !== 'local') return
  const nowMs = Date.now()
  const zones = await listZones(em, workspaceId, schedule, nowMs)
  const dues = zones.map(({ zone, start, timeZone }) => {
    const due = localDue(schedule, timeZone, nowMs)
    return { zone, start, due: due === undefined ? null : new Date(due).toISOString() }
  })
  await em.execute(
    `update campaign_audience a set due_at = coalesce(w.due, now()),
       reason = case when w.due is null then coalesce(a.reason, 'time_passed') else a.reason end,
       said = case when w.due is null and a.reason is null then 'that time is over where the contact lives' else a.said end
     from (${whereTheyLive}) p join jsonb_to_recordset(?::jsonb) as w(zone text, start text, due timestamptz)
       on w.zone = p.zone and w.start = p.start
     where p.contact_id = a.contact_id`,
    [workspaceId, JSON.stringify(dues)],
  )
}

/** Everybody's own zone, and for whom none is known the first digits of the phone number. */
const whereTheyLive = `select a.contact_id, coalesce(c.time_zone, '') as zone, coalesce(left(i.value, ${phoneStart}), '') as start,
    i.value as phone
  from campaign_audience a join contacts c on c.id = a.contact_id
  left join (select distinct on (contact_id) contact_id, value from identities
    where workspace_id = ? and kind = 'wa_id' and valid_to is null order by contact_id, valid_from desc) i on i.contact_id = a.contact_id`

interface Place {
  zone: string
  start: string
  timeZone: string
}

/** Which clocks there are among so many people: some hundreds, so that each is looked up once. */
async function listZones(
  em: Em,
  workspaceId: string,
  schedule: LocalSchedule,
  nowMs: number,
): Promise<Place[]> {
  const rows = await em.execute<{ zone: string; start: string; phones: (string | null)[] }[]>(
    `select p.zone, p.start, jsonb_build_array(min(p.phone), max(p.phone)) as phones from (${whereTheyLive}) p group by 1, 2`,
    [workspaceId],
  )
  const fallback = validZone(schedule.timeZone) ?? 'UTC'
  return rows.map(({ zone, start, phones }) => {
    const found = phones
      .map((waId) => findContactZone({ timeZone: zone, waId }, null, nowMs))
      .find(({ from }) => from === 'contact' || from === 'country')
    return { zone, start, timeZone: found?.timeZone ?? fallback }
  })
}

/** Epoch milliseconds; undefined when that time is over and those people are to be left out. */
function localDue({ date, time, past }: LocalSchedule, timeZone: string, nowMs: number): number | undefined {
  const at = (day: Temporal.PlainDate) => day.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds
  const dueMs = at(Temporal.PlainDate.from(date))
  if (dueMs >= nowMs) return dueMs
  if (past === 'leave-out') return undefined
  if (past === 'at-once') return nowMs
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate()
  return at(today) >= nowMs ? at(today) : at(today.add({ days: 1 }))
}

/** When the first clock on earth shows that time: whoever lives there is not to wait for the others. */
export function firstLocalMs({ date, time }: LocalSchedule): number {
  return Temporal.PlainDate.from(date).toZonedDateTime({
    timeZone: 'Pacific/Kiritimati',
    plainTime: time,
  }).epochMilliseconds
}
