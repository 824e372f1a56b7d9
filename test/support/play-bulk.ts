import { findBulk } from '../../src/bulk/find-bulk.ts'
import { startBulk } from '../../src/bulk/start-bulk.ts'
import { steerBulk } from '../../src/bulk/steer-bulk.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { requestRun } from '../../src/journeys/request-run.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

const journey = {
  start: 'say',
  triggers: [{ type: 'api' }],
  cards: { say: { type: 'message', settings: { text: '{{vars.never}}' } } },
}

/**
 * Three stuck runs are ended, one in five seconds; the operation is held meanwhile, goes on, and comes to its end or is
 * cancelled. Returns its workflow's id.
 */
export async function playBulk(house: House, end: 'completed' | 'cancelled'): Promise<string> {
  const { deps, workspaceId } = house
  const { journeyId } = await house.publish(journey, `In bulk, ${end}`)
  const em = () => forkFor(deps.orm, workspaceId)
  for (let at = 0; at < 3; at++) {
    const contactId = newId()
    await em().execute('insert into contacts (id, workspace_id) values (?, ?)', [contactId, workspaceId])
    await em().execute(
      `insert into identities (id, workspace_id, contact_id, kind, value, source) values (?, ?, ?, 'wa_id', ?, 'test')`,
      [newId(), workspaceId, contactId, `49170910${end === 'completed' ? 1 : 2}00${at}`],
    )
    const request = { workspaceId, journeyId, contactId, trigger: 'api' as const, vars: {}, by: 'test' }
    await requestRun(deps, request)
  }
  await eventually(
    async () => {
      const [row] = await em().execute<{ n: number }[]>(
        `select count(*)::int as n from runs where workspace_id = ? and journey_id = ? and state = 'stuck'`,
        [workspaceId, journeyId],
      )
      if (row?.n !== 3) throw new Error(`${row?.n} of 3 are stuck`)
    },
    { timeoutMs: 30_000 },
  )
  const { operation } = await startBulk(deps, {
    ...{ workspaceId, kind: 'resolve', selection: { journeyId }, order: { action: 'exit' } },
    ...{ ratePerMinute: 12, by: 'test' },
  })
  const order = { workspaceId, operationId: operation.id, by: 'test' }
  const until = (is: (row: Awaited<ReturnType<typeof findBulk>>) => boolean) =>
    eventually(
      async () => {
        const row = await findBulk(em(), workspaceId, operation.id)
        if (!is(row)) throw new Error(`the operation is ${row.state}, ${row.done} done`)
      },
      { timeoutMs: 60_000 },
    )
  await until(({ done }) => done === 1)
  await steerBulk(deps, order, 'pause')
  await until(({ state }) => state === 'paused')
  // The workflow has looked at its rows by then, and sleeps.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await steerBulk(deps, order, end === 'completed' ? 'resume' : 'cancel')
  await until(({ state }) => state === end)
  await deps.temporal.workflow.getHandle(operation.workflowId).result()
  return operation.workflowId
}
