import type { Em } from '../db/orm.ts'
import type { Audience } from '../model/campaign-definition.ts'
import { compileForAll } from '../segments/compile-for-all.ts'
import { joined, never, negated, sql, type Fragment } from '../segments/fragment.ts'

interface Scope {
  workspaceId: string
  nowMs: number
}

/** The condition on `contacts c` that they are in the audience, for a query over all contacts. */
export async function compileAudience(em: Em, audience: Audience, scope: Scope): Promise<Fragment> {
  const included: Fragment[] = []
  for (const each of audience.include) included.push(await compilePart(em, each, scope))
  const excluded: Fragment[] = []
  for (const each of audience.exclude) excluded.push(await compilePart(em, each, scope))
  const base = sql`c.workspace_id = ${scope.workspaceId}::uuid and c.merged_into is null
    and (${included.length === 0 ? never : joined(included, ' or ')})`
  if (excluded.length === 0) return base
  return sql`${base} and ${negated(joined(excluded, ' or '))}`
}

type Part = Audience['include'][number] | Audience['exclude'][number]

async function compilePart(em: Em, part: Part, scope: Scope): Promise<Fragment> {
  const { workspaceId } = scope
  switch (part.kind) {
    case 'all':
      return sql`true`
    case 'condition':
      return sql`(${await compileForAll(em, part.condition, scope)}) is true`
    case 'segment':
      return sql`c.id in (select m.contact_id from segment_members m where m.workspace_id = ${workspaceId}::uuid
        and m.segment_id = ${part.segmentId}::uuid)`
    case 'contacts':
      return sql`c.id in (select coalesce(o.merged_into, o.id) from contacts o where o.workspace_id = ${workspaceId}::uuid
        and o.id in (select jsonb_array_elements_text(${JSON.stringify(part.contactIds)}::jsonb)::uuid))`
    case 'group':
      return sql`c.id in (select l.contact_id from (${groupLines(workspaceId, part.groupId)}) as l)`
    case 'campaign':
      return compileGot(em, workspaceId, part.campaignId)
  }
}

/** The runs are looked up first: PostgreSQL then finds their messages by the index. */
async function compileGot(em: Em, workspaceId: string, campaignId: string): Promise<Fragment> {
  const runs = await em.execute<{ id: string }[]>(
    'select id from campaign_runs where workspace_id = ? and campaign_id = ?',
    [workspaceId, campaignId],
  )
  if (runs.length === 0) return never
  const ids = joined(
    runs.map(({ id }) => sql`${id}::uuid`),
    ', ',
  )
  return sql`c.id in (select g.contact_id from messages g where g.campaign_run_id in (${ids})
    and g.state in ('inflight', 'accepted', 'unknown'))`
}

/** A query for the lines of a variable group, with the contacts whom they are about. */
export function groupLines(workspaceId: string, groupId: string): Fragment {
  return sql`select coalesce(o.merged_into, o.id) as contact_id, v.values from variable_values v
    left join identities i on v.contact_id is null and i.workspace_id = ${workspaceId}::uuid and i.kind = 'wa_id'
      and i.value = v.phone and i.valid_to is null
    join contacts o on o.id = coalesce(v.contact_id, i.contact_id)
    where v.group_id = ${groupId}::uuid and v.workspace_id = ${workspaceId}::uuid`
}
