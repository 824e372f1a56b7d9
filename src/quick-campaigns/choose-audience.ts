import type { Em } from '../db/orm.ts'
import type { Audience } from '../model/campaign-definition.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import { everybody } from '../segments/save-audience.ts'

interface Named {
  id: string
  ref: string | null
  name: string
}

/**
 * Segments by the ids that other systems gave them, or by ours, then by exact name; `all` is everybody. All are refused when one
 * is not known, or is just being filled: a run would reach half of it.
 */
export async function chooseAudience(em: Em, workspaceId: string, names: string[]): Promise<Audience> {
  const rows = await em.execute<Named[]>(
    `select s.id, s.ref, s.name from segments s where s.workspace_id = ? and s.deleted_at is null
       and (s.ref in (select jsonb_array_elements_text(?::jsonb)) or s.id::text in (select jsonb_array_elements_text(?::jsonb))
         or s.name in (select jsonb_array_elements_text(?::jsonb))) order by s.id`,
    [workspaceId, ...Array.from({ length: 3 }, () => JSON.stringify(names))],
  )
  const found = names.map((name) => find(rows, name))
  const fields = found.flatMap((segment, at): FieldError[] =>
    segment === undefined
      ? [{ field: `audiences.${at}`, message: `there is no audience "${names[at] ?? ''}"` }]
      : [],
  )
  const segmentIds = found.flatMap((each) => (each && each !== everybody ? [each.id] : []))
  fields.push(...(await findHalfFilled(em, workspaceId, segmentIds)))
  if (fields.length > 0)
    throw new AppError('unprocessable', fields.map(({ message }) => message).join('; '), { fields })
  return {
    include: [
      ...(found.includes(everybody) ? [{ kind: 'all' as const }] : []),
      ...[...new Set(segmentIds)].map((segmentId) => ({ kind: 'segment' as const, segmentId })),
    ],
    exclude: [],
  }
}

function find(rows: Named[], name: string): Named | typeof everybody | undefined {
  if (name === everybody) return everybody
  const byId = rows.find(({ ref }) => ref === name) ?? rows.find(({ id }) => id === name)
  return byId ?? rows.find((row) => row.name === name)
}

async function findHalfFilled(em: Em, workspaceId: string, segmentIds: string[]): Promise<FieldError[]> {
  if (segmentIds.length === 0) return []
  const rows = await em.execute<{ name: string; file: string }[]>(
    `select s.name, i.name as file from segments s join imports i on i.workspace_id = s.workspace_id
       and i.plan -> 'segmentIds' @> to_jsonb(s.id::text)
     where s.workspace_id = ? and s.id in (select jsonb_array_elements_text(?::jsonb)::uuid)
       and i.state in ('running', 'paused') and not i.dry_run and i.stage in ('rows', 'effects')`,
    [workspaceId, JSON.stringify(segmentIds)],
  )
  return rows.map(({ name, file }) => ({
    field: 'audiences',
    message: `the audience "${name}" is still being filled from the file "${file}": try again when it is`,
  }))
}

/** What a run that names nobody goes to: whom the last one went to, or else whom the campaign was made for. */
export async function lastAudience(
  em: Em,
  workspaceId: string,
  campaignId: string,
): Promise<Audience | undefined> {
  const [row] = await em.execute<{ audience: Audience | null }[]>(
    `select coalesce(
       (select audience from (
         select r.created_at, r.definition -> 'audience' as audience from campaign_runs r where r.campaign_id = c.id
         union all select q.created_at, q.audience from campaign_requests q where q.campaign_id = c.id) s
        order by created_at desc limit 1), c.draft -> 'audience') as audience
     from campaigns c where c.workspace_id = ? and c.id = ?`,
    [workspaceId, campaignId],
  )
  return row?.audience && row.audience.include.length > 0 ? row.audience : undefined
}
