import type { Em } from '../db/orm.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { listWrittenAttributes } from '../journeys/written-attributes.ts'

export interface AttributeUse {
  kind: 'live segment' | 'published journey'
  id: string
  name: string
}

/** The live segments and published journeys that read or write a custom attribute. */
export async function findAttributeUses(em: Em, workspaceId: string, name: string): Promise<AttributeUse[]> {
  const segments = await em.execute<{ id: string; name: string }[]>(
    `select id, name from segments where workspace_id = ? and kind = 'live' and deleted_at is null and ? = any(depends_on)
     order by id`,
    [workspaceId, `attribute:${name}`],
  )
  const journeys = await em.execute<{ id: string; name: string; definition: JourneyDefinition }[]>(
    `select j.id, j.name, v.definition from journeys j join journey_versions v on v.id = j.published_version_id
     where j.workspace_id = ? and j.deleted_at is null and v.definition::text like ? order by j.id`,
    // Of letters, digits and _ only; that _ matches any sign costs nothing, for each is looked at below.
    [workspaceId, `%${name}%`],
  )
  const pattern = new RegExp(String.raw`\bcontact\.(attributes\.)?${name}(?!\w)`)
  return [
    ...segments.map((each) => ({ kind: 'live segment' as const, id: each.id, name: each.name })),
    ...journeys
      .filter(
        ({ definition }) =>
          pattern.test(JSON.stringify(definition)) ||
          listWrittenAttributes(definition).some((written) => written.name === name),
      )
      .map((each) => ({ kind: 'published journey' as const, id: each.id, name: each.name })),
  ]
}
