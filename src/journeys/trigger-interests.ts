import type { Em } from '../db/orm.ts'

/**
 * What published journeys listen to: `custom-event <name>`, else the trigger's type. Most events interest nobody, and are
 * then not judged at all.
 */
export async function listTriggerInterests(em: Em, workspaceId: string): Promise<Set<string>> {
  const rows = await em.execute<{ interest: string }[]>(
    `select distinct concat_ws(' ', t ->> 'type', t ->> 'event') as interest
     from journeys j join journey_versions v on v.id = j.published_version_id
       cross join jsonb_array_elements(v.definition -> 'triggers') as t
     where j.workspace_id = ? and j.deleted_at is null`,
    [workspaceId],
  )
  return new Set(rows.map((row) => row.interest))
}
