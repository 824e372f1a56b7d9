import type { Em } from '../db/orm.ts'

/** Beside event types: whether a live segment looks at engagement with campaigns. */
export const campaignEngagement = 'campaign engagement'

/**
 * Which of these types some live segment, waiting run, goal or published trigger of the workspace looks at. One cheap question a
 * batch of webhooks: nearly always the answer is none.
 */
export async function listEventInterests(em: Em, workspaceId: string, types: string[]): Promise<Set<string>> {
  const rows = await em.execute<{ type: string }[]>(
    `select t.type from jsonb_array_elements_text(?::jsonb) as t(type) where
       exists (select 1 from segments s where s.workspace_id = ? and s.kind = 'live' and s.deleted_at is null
         and ('event:' || t.type = any(s.depends_on) or t.type = '${campaignEngagement}'
           and exists (select 1 from unnest(s.depends_on) as key where starts_with(key, 'campaign:'))))
       or exists (select 1 from event_waits w where w.workspace_id = ? and w.event = t.type and w.taken_at is null)
       or exists (select 1 from journey_versions v where v.workspace_id = ? and v.definition #>> '{goal,event}' = t.type)
       or exists (select 1 from journeys j join journey_versions v on v.id = j.published_version_id
         cross join jsonb_array_elements(v.definition -> 'triggers') as g
         where j.workspace_id = ? and j.deleted_at is null and g ->> 'event' = t.type)`,
    [JSON.stringify(types), ...Array.from({ length: 4 }, () => workspaceId)],
  )
  return new Set(rows.map((row) => row.type))
}
