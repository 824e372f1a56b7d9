import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** The journey of a number that another system calls by this key, without case; its id will do, with hyphens or without. */
export async function findByFlowKey(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, numberId, flowKey }: { workspaceId: string; numberId: string; flowKey: string },
): Promise<string> {
  const [journey] = await forkFor(deps.orm, workspaceId).execute<{ id: string }[]>(
    `select id from journeys where workspace_id = ? and number_id = ? and deleted_at is null
       and (lower(flow_key) = lower(?) or replace(id::text, '-', '') = replace(lower(?), '-', ''))
     order by lower(flow_key) = lower(?) desc nulls last limit 1`,
    [workspaceId, numberId, flowKey, flowKey, flowKey],
  )
  if (journey) return journey.id
  const message = `this number has no journey with the key "${flowKey}"`
  throw new AppError('unprocessable', message, { fields: [{ field: 'flowKey', message }] })
}
