import type { Em } from '../db/orm.ts'
import type { TemplateRow } from './template-row.ts'

export interface TemplateUse {
  journeyId: string
  journeyName: string
  /** In the version that new runs take, or only in the draft. */
  published: boolean
  cards: { id: string; title: string | null }[]
}

/** Wherever a card's settings name a template: as a message's content, or as a setting of its own. */
const namedIn =
  '$.**?(@.template.name == $name || @.template == $name || @.templateName == $name || @.template_name == $name)'

/** Journeys whose cards name the template: their published versions and their drafts. */
export async function findTemplateUses(
  em: Em,
  workspaceId: string,
  { name }: Pick<TemplateRow, 'name'>,
  { from, limit } = { from: 0, limit: 200 },
): Promise<TemplateUse[]> {
  return em.execute<TemplateUse[]>(
    `select j.id as "journeyId", j.name as "journeyName", d.published,
       jsonb_agg(jsonb_build_object('id', c.key, 'title', c.value->>'title') order by c.key) as cards
     from journeys j
     left join journey_versions v on v.id = j.published_version_id and v.workspace_id = j.workspace_id
     cross join lateral (values (v.definition, true), (j.draft, false)) as d(definition, published)
     cross join lateral jsonb_each(case when jsonb_typeof(d.definition->'cards') = 'object' then d.definition->'cards'
       else '{}' end) as c
     where j.workspace_id = ? and j.deleted_at is null and not exists (select 1 from campaigns o where o.journey_id = j.id)
       and jsonb_path_exists(c.value->'settings', ?::jsonpath, jsonb_build_object('name', ?::text))
     group by j.id, j.name, d.published order by j.id desc, d.published desc limit ? offset ?`,
    [workspaceId, namedIn, name, limit, from],
  )
}
