import type { Em } from '../db/orm.ts'

/** A journey's card that calls by a connection. */
export interface ConnectionUse {
  journeyId: string
  journeyName: string
  where: 'draft' | 'published'
  cardId: string
}

/** Every place that names a connection. Runs inside of older versions fail at such a card, and say so. */
export async function listConnectionUses(
  em: Em,
  workspaceId: string,
  connectionId: string,
): Promise<ConnectionUse[]> {
  return em.execute<ConnectionUse[]>(
    `with places as (
       select j.id, j.name, 'draft' as place, j.draft as definition from journeys j
       where j.workspace_id = ? and j.deleted_at is null
       union all
       select j.id, j.name, 'published', v.definition from journeys j
       join journey_versions v on v.id = j.published_version_id
       where j.workspace_id = ? and j.deleted_at is null)
     select p.id as "journeyId", p.name as "journeyName", p.place as "where", c.key as "cardId" from places p
     cross join jsonb_each(case when jsonb_typeof(p.definition->'cards') = 'object' then p.definition->'cards' else '{}' end) c
     where c.value->'settings'->>'connection' = ? order by p.name, p.id, p.place, c.key limit 200`,
    [workspaceId, workspaceId, connectionId],
  )
}
