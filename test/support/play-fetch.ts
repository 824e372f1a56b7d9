import { mediaWorkflowId } from '../../workflows/contract.ts'
import { forkFor } from '../../src/db/orm.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

/** A customer's file that cannot be had at first. Returns its workflow, which has ended. */
export async function playFetch(house: House): Promise<string> {
  const { deps, workspaceId } = house
  await house.faults([{ kind: 'http', httpStatus: 503, times: 1, match: { method: 'GET' } }])
  await house.say('491709000077', { type: 'image', image: {} })
  const id = await eventually(async () => {
    const [file] = await forkFor(deps.orm, workspaceId).execute<{ id: string }[]>(
      `select id from media where workspace_id = ? and origin = 'received' and state = 'ready'`,
      [workspaceId],
    )
    if (!file) throw new Error('the file has not come')
    return file.id
  })
  const workflowId = mediaWorkflowId(workspaceId, id)
  await deps.temporal.workflow.getHandle(workflowId).result()
  return workflowId
}
