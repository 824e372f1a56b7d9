import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { assignmentRuleSchema } from '../../src/model/assignment-rule.ts'
import { createAssignmentRule, deleteAssignmentRule } from '../../src/rules/assignment-rules.ts'
import { setPresence } from '../../src/rules/presence.ts'
import { queueWorkflowId } from '../../workflows/contract.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

/**
 * A customer writes while the only agent is away, waits, and is given to them when they are back.
 * Returns the id of the queue's workflow, which has come to its end.
 */
export async function playQueue(house: House): Promise<string> {
  const { workspaceId, deps } = house
  const userId = newId()
  await forkFor(deps.orm, workspaceId).execute(
    `insert into users (id, workspace_id, username, role, activated_at, presence) values (?, ?, 'ann', 'user', now(), 'away')`,
    [userId, workspaceId],
  )
  const definition = assignmentRuleSchema.parse({ to: { kind: 'agent', userId } })
  const content = { name: 'Ann', numberId: null, enabled: true, definition }
  const { id } = await createAssignmentRule(deps, { workspaceId, by: 'test', ...content })
  await house.text('491709000301', 'hello')
  const workflowId = queueWorkflowId(workspaceId)
  const handle = deps.temporal.workflow.getHandle(workflowId)
  await eventually(async () => {
    const { status } = await handle.describe()
    if (status.name !== 'RUNNING') throw new Error(`the queue is ${status.name}`)
    if ((await holderOf(house)).queued) return
    throw new Error('the chat does not wait')
  })
  await deleteAssignmentRule(deps, { workspaceId, by: 'test', id })
  await setPresence(deps, { workspaceId, userId, presence: 'online' })
  await eventually(async () => {
    const { user } = await holderOf(house)
    if (user !== userId) throw new Error(`${user} has the chat, not ${userId}`)
  })
  await handle.result()
  return workflowId
}

async function holderOf({ deps, workspaceId }: House): Promise<{ user: string | null; queued: boolean }> {
  const [chat] = await forkFor(deps.orm, workspaceId).execute<{ user: string | null; queued: boolean }[]>(
    `select assigned_user_id as user, queued_at is not null as queued from conversations v join identities i using (contact_id)
     where v.workspace_id = ? and i.value = '491709000301'`,
    [workspaceId],
  )
  return chat ?? { user: null, queued: false }
}
