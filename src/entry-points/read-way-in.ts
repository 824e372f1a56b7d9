import type { Em } from '../db/orm.ts'
import { codesIn } from '../model/entry-point.ts'
import { toText, type JsonObject } from '../model/json.ts'
import { readReferral } from '../model/referral.ts'
import type { Stimulus } from '../model/triggers.ts'

/** How a customer came to write: by an ad, by an entry point, or by themselves. */
export interface WayIn {
  stimuli: Stimulus[]
  /** `referral` and `entry_point`, where there is one. */
  vars: JsonObject
  referral: JsonObject | undefined
  entryPointId: string | undefined
}

interface PointRow {
  id: string
  kind: string
  name: string
  code: string
  journey_id: string
}

export async function readWayIn(
  em: Em,
  message: { workspaceId: string; numberId: string; text: string; content: Record<string, unknown> },
): Promise<WayIn> {
  const referral = readReferral(message.content)
  const point = await findPoint(em, message)
  const byPoint: Stimulus[] = point
    ? [
        {
          type: point.kind === 'widget' ? 'widget' : 'qr-code',
          ...{ entryPointId: point.id, name: point.name, journeyId: point.journey_id },
        },
      ]
    : []
  const { source_id: sourceId, source_type: sourceType } = referral ?? {}
  const byAd: Stimulus[] = referral
    ? [{ type: 'ad-click', sourceId: toText(sourceId), sourceType: toText(sourceType) || 'ad' }]
    : []
  return {
    stimuli: [...byPoint, ...byAd],
    vars: {
      ...(referral && { referral }),
      ...(point && {
        entry_point: { id: point.id, name: point.name, kind: point.kind, code: point.code },
      }),
    },
    referral,
    entryPointId: point?.id,
  }
}

/** Of several codes in one text the first counts. */
async function findPoint(
  em: Em,
  { workspaceId, numberId, text }: Parameters<typeof readWayIn>[1],
): Promise<PointRow | undefined> {
  const codes = codesIn(text)
  if (codes.length === 0) return undefined
  const [point] = await em.execute<PointRow[]>(
    `select e.id, e.kind, e.name, e.code, e.journey_id
     from jsonb_array_elements_text(?::jsonb) with ordinality as given(code, at)
     join entry_points e on e.number_id = ? and e.code = given.code
     where e.workspace_id = ? and e.deleted_at is null order by given.at limit 1`,
    [JSON.stringify(codes), numberId, workspaceId],
  )
  return point
}

/** Counts a message that came by an entry point, once however often it is routed. In the transaction that judged it. */
export async function countArrival(
  em: Em,
  { workspaceId, messageId, entryPointId }: { workspaceId: string; messageId: string; entryPointId: string },
): Promise<void> {
  await em.execute(
    `with arrived as (
       insert into entry_point_arrivals (message_id, workspace_id, entry_point_id) values (?, ?, ?)
       on conflict do nothing returning entry_point_id)
     update entry_points e set arrivals = arrivals + 1, last_arrival_at = now(),
       entries = entries + (select count(*) from runs r where r.workspace_id = e.workspace_id
         and r.journey_id = e.journey_id and r.entry = ? and r.contact_id = (select contact_id from messages where id = ?))
     from arrived where e.id = arrived.entry_point_id and e.workspace_id = ?`,
    [messageId, workspaceId, entryPointId, messageId, messageId, workspaceId],
  )
}
