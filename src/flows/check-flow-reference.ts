import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { Interactive } from '../model/interactive.ts'

/** A Flow message must name a Flow of the workspace that can be opened: a published one, or a draft in draft mode. */
export async function checkFlowReference(
  em: Em,
  workspaceId: string,
  content: Interactive,
  field: string,
): Promise<void> {
  if (content.type !== 'flow') return
  const { flow_id: id, flow_name: name, mode = 'published' } = content.action.parameters
  const [flow] = await em.execute<{ status: string }[]>(
    `select status from flows where workspace_id = ? and deleted_at is null
       and (meta_id = ? or (?::text is null and name = ?)) limit 1`,
    [workspaceId, id ?? null, id ?? null, name ?? null],
  )
  const at = `${field}.action.parameters.${id === undefined ? 'flow_name' : 'flow_id'}`
  if (!flow) throw refuse(at, 'there is no such Flow here: create it, or sync the Flows of the account')
  if (mode === 'draft' ? flow.status !== 'DRAFT' : !['PUBLISHED', 'THROTTLED'].includes(flow.status)) {
    const wanted = mode === 'draft' ? 'a draft' : 'published'
    throw refuse(at, `the Flow is ${flow.status.toLowerCase()}, not ${wanted}`)
  }
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', `${field}: ${message}`, { fields: [{ field, message }] })
}
