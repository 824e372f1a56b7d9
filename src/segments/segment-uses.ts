import { findCampaignUses } from '../campaigns/campaign-uses.ts'
import type { Em } from '../db/orm.ts'

/** Something that would miss a segment. */
export interface SegmentUse {
  kind: 'segment' | 'journey' | 'campaign'
  id: string
  name: string
}

/**
 * The segments whose conditions name a segment, the published journeys that do, in a trigger or a card, and the campaigns that
 * go on by themselves or whose run is not over: who is left out by it would be written to.
 */
export async function findSegmentUses(em: Em, workspaceId: string, segmentId: string): Promise<SegmentUse[]> {
  const uses = await em.execute<SegmentUse[]>(
    `select 'segment' as kind, id, name from segments
     where workspace_id = ? and deleted_at is null and depends_on @> array[?::text]
     union all
     select 'journey', j.id, j.name from journeys j join journey_versions v on v.id = j.published_version_id
     where j.workspace_id = ? and j.deleted_at is null and strpos(v.definition::text, ?::text) > 0
       and not exists (select 1 from campaigns c where c.journey_id = j.id)
     order by 1, 3`,
    [workspaceId, `segment:${segmentId}`, workspaceId, segmentId],
  )
  return [...uses, ...(await findCampaignUses(em, workspaceId, segmentId))]
}

/** Those of some segments that depend on a segment by whatever many others, itself included. */
export async function findDependents(
  em: Em,
  workspaceId: string,
  segmentId: string,
  among: string[],
): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `with recursive dependent(id) as (
       select ?::uuid
       union
       select s.id from dependent d join segments s on s.workspace_id = ? and s.deleted_at is null
         and s.depends_on @> array['segment:' || d.id])
     select id from dependent where id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [segmentId, workspaceId, JSON.stringify(among)],
  )
  return rows.map((row) => row.id)
}
