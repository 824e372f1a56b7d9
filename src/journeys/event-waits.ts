import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { evaluateCondition, type Condition } from '../model/conditions.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxEntry } from '../outbox/outbox.ts'
import { saveProgress, type RunProgress } from './save-progress.ts'

/** A run begins to wait for an event of its contact. */
export async function awaitEvent(
  deps: Pick<Deps, 'orm'>,
  input: {
    waitKey: string
    event: string
    condition: Condition | undefined
    workflowId: string
    progress: RunProgress
  },
): Promise<void> {
  const { workspaceId, runId, contactId } = input.progress.run
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute(
      `insert into event_waits (run_id, wait_key, workspace_id, contact_id, event, condition, workflow_id)
       values (?, ?, ?, ?, ?, ?::jsonb, ?) on conflict do nothing`,
      [
        runId,
        input.waitKey,
        workspaceId,
        contactId,
        input.event,
        input.condition ? JSON.stringify(input.condition) : null,
        input.workflowId,
      ],
    )
    await saveProgress(em, input.progress)
  })
}

/** Time is up: the wait is over unless an event has taken it, which is then on its way as a signal. */
export async function releaseEventWait(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; runId: string; waitKey: string },
): Promise<'released' | 'taken'> {
  const em = forkFor(deps.orm, input.workspaceId)
  const wait = [input.runId, input.waitKey]
  await em.execute('delete from event_waits where run_id = ? and wait_key = ? and taken_at is null', wait)
  // What an event is taking is locked: the delete waited for it, and the row that is left is a taken one.
  const left = await em.execute<object[]>('select 1 from event_waits where run_id = ? and wait_key = ?', wait)
  return left.length > 0 ? 'taken' : 'released'
}

interface WaitRow {
  run_id: string
  wait_key: string
  workflow_id: string
  condition: Condition | null
}

/** Hands an event to the runs that wait for it, each at most once, in the transaction that stores the event. */
export async function takeEventWaits(
  em: Em,
  input: {
    contactId: string
    event: string
    eventId: string
    attributes: JsonObject
    factId: string
    atMs: number
  },
): Promise<OutboxEntry[]> {
  const waiting = await em.execute<WaitRow[]>(
    `select run_id, wait_key, workflow_id, condition from event_waits
     where contact_id = ? and event = ? and taken_at is null order by run_id for update`,
    [input.contactId, input.event],
  )
  const { attributes, factId, atMs } = input
  const scope = { contact: {}, vars: {}, event: attributes, nowMs: atMs }
  const taken = waiting.filter(({ condition }) => !condition || evaluateCondition(condition, scope))
  for (const { run_id, wait_key } of taken) {
    await em.execute('update event_waits set taken_at = now() where run_id = ? and wait_key = ?', [
      run_id,
      wait_key,
    ])
  }
  return taken.map((wait) => ({
    name: 'eventArrived',
    workflowId: wait.workflow_id,
    payload: { eventId: input.eventId, waitKey: wait.wait_key, attributes, factId },
  }))
}
