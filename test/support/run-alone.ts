import { randomInt } from 'node:crypto'
import protobuf from '@temporalio/proto'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { startRun } from '../../src/journeys/start-run.ts'
import { journeyDefinitionSchema } from '../../src/model/journey-definition.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

const { HistoryEvent } = protobuf.temporal.api.history.v1
const { EventType } = protobuf.temporal.api.enums.v1

/** What a run left in Temporal; over every execution where it began anew. */
export interface RunCost {
  events: number
  workflowTasks: number
  bytes: number
  /** Of the execution with most. */
  longest: number
  state: string
}

/** Somebody whom nobody knows goes through a journey alone, to its end. */
export async function runAlone(house: House, definition: object): Promise<RunCost> {
  const { deps, workspaceId, numberId } = house
  const { journeyId, versionId } = await house.publish(definition, `Alone ${newId()}`)
  const { start, entry } = journeyDefinitionSchema.parse(definition)
  const journey = { id: journeyId, versionId, numberId, name: 'Alone', startCard: start, entry }
  const contactId = await meet(house)
  const given = { workspaceId, journey, contactId, entry: newId(), causeId: newId() }
  const started = await forkFor(deps.orm, workspaceId).transactional((em) => startRun(em, given))
  if (!started.started) throw new Error(started.reason)
  relaySoon(deps, started.outbox)
  return measure(house, started.workflowId)
}

async function meet({ deps, workspaceId, numberId }: House): Promise<string> {
  const [contactId, waId] = [newId(), String(randomInt(491_000_000_000, 491_999_999_999))]
  const em = forkFor(deps.orm, workspaceId)
  await em.execute(`insert into contacts (id, workspace_id, first_name) values (?, ?, 'Ann')`, [
    contactId,
    workspaceId,
  ])
  await em.execute(
    `insert into identities (id, workspace_id, contact_id, kind, value, source) values (?, ?, ?, 'wa_id', ?, 'test')`,
    [newId(), workspaceId, contactId, waId],
  )
  await em.execute(
    `insert into conversations (id, workspace_id, number_id, contact_id, window_ends_at)
     values (?, ?, ?, ?, now() + interval '24 hours')`,
    [newId(), workspaceId, numberId, contactId],
  )
  return contactId
}

async function measure({ deps }: House, workflowId: string): Promise<RunCost> {
  const { workflow } = deps.temporal
  // The outbox tells Temporal a moment later.
  const { raw } = await eventually(() => workflow.getHandle(workflowId).describe())
  const cost: RunCost = { events: 0, workflowTasks: 0, bytes: 0, longest: 0, state: '' }
  cost.state = ((await workflow.getHandle(workflowId).result()) as { state: string }).state
  let runId = raw.workflowExecutionInfo?.firstRunId
  while (runId) {
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory()
    const all = events ?? []
    cost.events += all.length
    cost.longest = Math.max(cost.longest, all.length)
    for (const event of all) {
      cost.bytes += HistoryEvent.encode(event).finish().byteLength
      if (event.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) cost.workflowTasks += 1
    }
    runId = all.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId
  }
  return cost
}
