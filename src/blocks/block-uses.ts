import type { Em } from '../db/orm.ts'

/** A journey's card that refers to a block. */
export interface BlockUse {
  journeyId: string
  journeyName: string
  /** Where it stands: in the draft, or in the version that new runs take. */
  where: 'draft' | 'published'
  cardId: string
  /** The version that the journey was published with; null in drafts, which take the newest when published. */
  blockVersion: number | null
  /** The block has changed since: publish the journey again to bring the change into it. */
  outdated: boolean
}

/** Every place that refers to a block. Versions that runs inside still walk keep their copy and need the block no more. */
export async function listBlockUses(em: Em, workspaceId: string, blockId: string): Promise<BlockUse[]> {
  return em.execute<BlockUse[]>(
    `with places as (
       select j.id, j.name, 'draft' as place, j.draft as definition from journeys j
       where j.workspace_id = ? and j.deleted_at is null
       union all
       select j.id, j.name, 'published', v.definition from journeys j
       join journey_versions v on v.id = j.published_version_id
       where j.workspace_id = ? and j.deleted_at is null)
     select p.id as "journeyId", p.name as "journeyName", p.place as "where", c.key as "cardId",
       case when p.place = 'published' then (c.value->'settings'->>'version')::int end as "blockVersion",
       p.place = 'published' and (c.value->'settings'->>'version')::int is distinct from b.version as outdated
     from places p
     join blocks b on b.id = ? and b.workspace_id = ?
     cross join jsonb_each(case when jsonb_typeof(p.definition->'cards') = 'object' then p.definition->'cards' else '{}' end) c
     where c.value->>'type' = 'block' and c.value->'settings'->>'block' = ?
     order by p.name, p.id, p.place, c.key`,
    [workspaceId, workspaceId, blockId, workspaceId, blockId],
  )
}
