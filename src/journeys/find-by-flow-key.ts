import { forkFor, type Em } from '../db/orm.ts'
import { asUuid } from '../db/uuids.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

interface FlowName {
  workspaceId: string
  numberId: string
  flowKey: string
}

/** The journey of a number that another system calls by this key, without case; its id will do, with hyphens or without. */
export async function findByFlowKey(deps: Pick<Deps, 'orm'>, name: FlowName): Promise<string> {
  const journeyId = await lookUpFlow(forkFor(deps.orm, name.workspaceId), name)
  if (journeyId !== undefined) return journeyId
  const message = `this number has no journey with the key "${name.flowKey}"`
  throw new AppError('unprocessable', message, { fields: [{ field: 'flowKey', message }] })
}

/** The same, where none may be. */
export async function lookUpFlow(
  em: Em,
  { workspaceId, numberId, flowKey }: FlowName,
): Promise<string | undefined> {
  const [journey] = await em.execute<{ id: string }[]>(
    `select id from journeys where workspace_id = ? and number_id = ? and deleted_at is null
       and (lower(flow_key) = lower(?) or id = ?::uuid)
     order by lower(flow_key) = lower(?) desc nulls last limit 1`,
    [workspaceId, numberId, flowKey, asUuid(flowKey) ?? null, flowKey],
  )
  return journey?.id
}
