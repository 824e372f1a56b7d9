import { listTraffic, type LoadedTraffic } from '../../arbiter/load-traffic.ts'
import type { Em } from '../../db/orm.ts'
import type { ArbiterSettings } from '../../model/arbiter-settings.ts'
import type { Lane } from './lane.ts'
import { campaignSendKey, type Candidate, type Picked } from './load-candidates.ts'

/**
 * One at a time for each contact, whatever number or journey it is about. Conversations are locked before paces, as a single
 * send does it, and all in one order: two that want the same people do not wait for each other. Before anything is read of
 * them, since whoever waits sees what was there before.
 */
export async function lockPaces(em: Em, { workspaceId, number }: Lane, picks: Picked[]): Promise<void> {
  const ids = JSON.stringify(picks.map((pick) => pick.recipient_id))
  const people = `select coalesce(merged_into, id) from contacts where workspace_id = ?
    and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`
  await em.execute(
    `select id from conversations where number_id = ? and contact_id in (${people}) order by id for update`,
    [number.id, workspaceId, ids],
  )
  await em.execute(
    `select pg_advisory_xact_lock(key) from (select distinct hashtextextended(c::text, 15) as key
       from (${people}) p(c) order by 1) keys`,
    [workspaceId, ids],
  )
}

/** What the contact arbiter goes by, for everybody of a chunk. Call under `lockPaces`. */
export async function loadTraffics(
  em: Em,
  { workspaceId, runId }: Lane,
  arbiter: ArbiterSettings,
  candidates: Candidate[],
): Promise<Map<string, LoadedTraffic>> {
  const asking = candidates.map(({ contact_id: contactId, recipient_id }) => {
    return { contactId, sendKey: campaignSendKey(runId, recipient_id, 1) }
  })
  return listTraffic(em, arbiter, { workspaceId, asking })
}
