import { createEndpoint } from '../../src/outgoing-webhooks/endpoints.ts'
import { webhookWorkflowId } from '../../workflows/contract.ts'
import { eventually } from './eventually.ts'
import { openFakeApi } from './fake-api.ts'
import type { House } from './house.ts'

/** An endpoint fails once, takes what is owed, and is gone at the next. Returns its workflow, which has ended. */
export async function playWebhook(house: House): Promise<string> {
  const { deps, workspaceId } = house
  const statuses = [500, 200, 410]
  const receiver = await openFakeApi(() => ({ status: statuses[receiver.requests.length - 1] ?? 410 }))
  const place = { workspaceId, by: 'test', name: 'Receiver', url: receiver.url }
  const { id } = await createEndpoint(deps, { ...place, kinds: ['message.received'] })
  const workflowId = webhookWorkflowId(workspaceId, id)
  for (const tries of [2, 3]) {
    await house.text('491709000078', 'hello')
    await eventually(() => {
      if (receiver.requests.length < tries) throw new Error(`tried ${receiver.requests.length} times`)
    })
  }
  await deps.temporal.workflow.getHandle(workflowId).result()
  await receiver.close()
  return workflowId
}
