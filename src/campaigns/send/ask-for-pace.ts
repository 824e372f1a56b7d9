import { listTraffic } from '../../arbiter/load-traffic.ts'
import type { Em } from '../../db/orm.ts'
import { arbiterSettingsSchema } from '../../model/arbiter-settings.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Judging } from './judge-candidates.ts'
import type { Lane } from './lane.ts'
import { campaignSendKey, type Candidate } from './load-candidates.ts'

export type Pace = Pick<Judging, 'nowMs' | 'arbiter' | 'traffic'>

/**
 * What the contact arbiter goes by, for everybody of a chunk. Their conversations are locked before their paces, as a single
 * send does it, and all in one order: two that want the same people do not wait for each other.
 */
export async function loadPace(
  em: Em,
  { workspaceId, runId, number }: Lane,
  candidates: Candidate[],
): Promise<Pace> {
  const [row] = await em.execute<{ now_ms: number; settings: JsonObject | null }[]>(
    `select extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
       (select settings from arbiter_settings where workspace_id = ?) as settings`,
    [workspaceId],
  )
  const nowMs = row?.now_ms ?? Date.now()
  if (!row?.settings) return { nowMs, arbiter: undefined, traffic: new Map() }
  const arbiter = arbiterSettingsSchema.parse(row.settings)
  const contactIds = JSON.stringify(candidates.map((each) => each.contact_id))
  await em.execute(
    `select id from conversations where number_id = ? and workspace_id = ?
       and contact_id in (select jsonb_array_elements_text(?::jsonb)::uuid) order by id for update`,
    [number.id, workspaceId, contactIds],
  )
  await em.execute(
    `select pg_advisory_xact_lock(key) from (select distinct hashtextextended(c, 15) as key
       from jsonb_array_elements_text(?::jsonb) as c order by 1) keys`,
    [contactIds],
  )
  const asking = candidates.map(({ contact_id: contactId, recipient_id }) => {
    return { contactId, sendKey: campaignSendKey(runId, recipient_id, 1) }
  })
  const traffic = await listTraffic(em, arbiter, { workspaceId, asking })
  return { nowMs, arbiter, traffic }
}
