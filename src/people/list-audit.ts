import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { z } from 'zod'

export const auditView = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    actor: z.string().meta({ description: '`user <id>` or `key <id>`' }),
    actorName: z.string().nullable().meta({ description: 'null when there is no such any more' }),
    action: z.string().meta({ description: 'in the words of the API', example: 'Change a team' }),
    target: jsonObjectSchema.meta({ description: 'ids of what it was done to' }),
    fields: z.array(z.string()).meta({ description: 'names of what was sent, never what was in it' }),
    status: z.int().meta({ description: 'as it was answered: from 400 on nothing was done' }),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' })
export type ListedAudit = z.output<typeof auditView>

export const auditFilter = z.object({
  actor: z.string().max(100).optional().meta({ description: '`user <id>` or `key <id>`' }),
  action: z.string().max(300).optional().meta({ description: 'its words, whole' }),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional().meta({ description: 'strictly before' }),
})
export type AuditFilter = z.output<typeof auditFilter> & { before?: string | undefined }

/** The newest first, as many as asked for. */
export async function listAudit(
  { orm }: Pick<Deps, 'orm'>,
  {
    workspaceId,
    limit,
    before,
    actor,
    action,
    since,
    until,
  }: AuditFilter & { workspaceId: string; limit: number },
): Promise<ListedAudit[]> {
  const conditions: [string, string | undefined][] = [
    ['e.id < ?::uuid', before],
    ['e.actor = ?', actor],
    ['e.action = ?', action],
    ['e.at >= ?::timestamptz', since],
    ['e.at < ?::timestamptz', until],
  ]
  const asked = conditions.filter((each): each is [string, string] => each[1] !== undefined)
  return forkFor(orm, workspaceId).execute<ListedAudit[]>(
    `select e.id, ${isoTime('e.at')} as at, e.actor, coalesce(u.username, k.name) as "actorName", e.action, e.target,
       to_json(e.fields) as fields, e.status, e.address, e.request_id as "requestId"
     from audit_entries e
       left join users u on u.workspace_id = e.workspace_id and 'user ' || u.id = e.actor
       left join api_keys k on k.workspace_id = e.workspace_id and 'key ' || k.id = e.actor
     where ${['e.workspace_id = ?', ...asked.map(([sql]) => sql)].join(' and ')}
     order by e.id desc limit ?`,
    [workspaceId, ...asked.map(([, value]) => value), limit],
  )
}
