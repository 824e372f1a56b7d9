import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import { settleSchedule } from '../campaigns/settle-schedule.ts'
import type { Deps } from '../deps.ts'
import { createGate } from '../kit/gate.ts'
import { JourneyVersion } from '../journeys/entities.ts'
import { withinTime } from '../kit/within-time.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import {
  chatWorkflowId,
  eventArrived,
  floorLost,
  held,
  messageReceived,
  optedOut,
  released,
  replied,
  searchAttribute,
  sendSettled,
  taskQueue,
  woken,
  zoneChanged,
  type ChatInput,
  type JourneyInput,
} from '../../workflows/contract.ts'
import { claimDue, claimOlder, postpone, removeRelayed, type OutboxEntry, type OutboxRow } from './outbox.ts'

/** Less than the claim, so that a row is never relayed by two at once. */
const callTimeoutMs = 8_000

/** Calls at once of this process. Thousands at once would all run into their deadline, also those that began first. */
const gate = createGate(32)

/** Messages in one signal: as many as a chat routes in one turn. */
const maximumMessages = 100

/** Tells Temporal what committed transactions decided, right after the commit and out of the caller's way. */
export function relaySoon(deps: Deps, rows: OutboxRow[]): void {
  if (rows.length === 0) return
  deps.background.run('relay to Temporal', async () => {
    const older = await claimOlder(deps.orm.em.fork(), rows)
    await relay(deps, [...older, ...rows])
  })
}

/** Relays what crashes and outages left. Returns how many rows there were. */
export async function sweepOutbox(deps: Deps): Promise<number> {
  const rows = await claimDue(deps.orm.em.fork(), 200)
  await relay(deps, rows)
  return rows.length
}

/** In order within a workflow, side by side over workflows. A failed row stops its workflow's later ones. */
async function relay(deps: Deps, rows: OutboxRow[]): Promise<void> {
  const byWorkflow = Map.groupBy(rows, (row) => row.workflowId)
  const relayed: string[] = []
  await Promise.all(
    [...byWorkflow.values()].map(async (queue) => {
      for (const batch of toBatches(queue)) {
        const [row] = batch
        try {
          await gate(() => withinTime(deps, callTimeoutMs, () => tell(deps, row, batch)))
          relayed.push(...batch.map(({ id }) => id))
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error)
          deps.log.warn(
            { err: error, workflowId: row.workflowId, name: row.name },
            'Temporal was not told; trying later',
          )
          for (const each of queue.slice(queue.indexOf(row)))
            await postpone(deps.orm.em.fork(), each.id, reason)
          return
        }
      }
    }),
  )
  if (relayed.length > 0) await removeRelayed(deps.orm.em.fork(), relayed)
}

type Batch = [OutboxRow, ...OutboxRow[]]

/**
 * What a customer said in a burst is told in one signal, and a chat is woken once for much that happened. Temporal counts signals, and a chat under a fire of them would
 * never find the moment to begin anew.
 */
function toBatches(queue: OutboxRow[]): Batch[] {
  const batches: Batch[] = []
  for (const row of queue) {
    const last = batches.at(-1)
    const joins = (row.name === 'messageReceived' || row.name === 'chatWoken') && last?.[0].name === row.name
    if (joins && last.length < maximumMessages) last.push(row)
    else batches.push([row])
  }
  return batches
}

async function tell(deps: Deps, entry: OutboxEntry, batch: Batch): Promise<void> {
  switch (entry.name) {
    case 'journey':
      return startJourney(deps, entry)
    case 'messageReceived':
      return tellChat(
        deps,
        entry.workflowId,
        batch.flatMap((row) => (row.name === 'messageReceived' ? [row.payload] : [])),
      )
    case 'chatWoken':
      return wakeChat(deps, entry)
    case 'replied':
      return tellAnswer(deps, entry)
    case 'send':
    case 'fetchMedia':
    case 'import':
    case 'rehearsal':
    case 'ruling':
      return startOnce(deps, entry)
    case 'bulk':
    case 'campaign':
      return wakeWorker(deps, entry, entry.name)
    case 'queueWoken':
      return wakeWorker(deps, entry, 'queue')
    case 'campaignSchedule':
      return settleSchedule(deps, entry.payload)
    case 'optedOut':
      return ignoreEnded(() => deps.temporal.workflow.getHandle(entry.workflowId).signal(optedOut))
    case 'zoneChanged':
      return ignoreEnded(() => deps.temporal.workflow.getHandle(entry.workflowId).signal(zoneChanged))
    case 'eventArrived':
      return ignoreEnded(() =>
        deps.temporal.workflow.getHandle(entry.workflowId).signal(eventArrived, entry.payload),
      )
    case 'held':
      return ignoreEnded(() => deps.temporal.workflow.getHandle(entry.workflowId).signal(held, entry.payload))
    case 'released':
      return ignoreEnded(() =>
        deps.temporal.workflow.getHandle(entry.workflowId).signal(released, entry.payload),
      )
    case 'floorLost':
      return ignoreEnded(() =>
        deps.temporal.workflow.getHandle(entry.workflowId).signal(floorLost, entry.payload),
      )
    case 'sendSettled':
      return ignoreEnded(() =>
        deps.temporal.workflow.getHandle(entry.workflowId).signal(sendSettled, entry.payload),
      )
  }
}

async function startJourney(deps: Deps, entry: Extract<OutboxEntry, { name: 'journey' }>): Promise<void> {
  const { run, versionId, state } = entry.payload
  const { number, definition } = await versionOf(deps, versionId)
  const version = { id: versionId, number }
  const input: JourneyInput = { run, version, definition, state, seenEventIds: [], paused: false }
  try {
    await deps.temporal.workflow.start('journey', {
      taskQueue,
      workflowId: entry.workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [input],
      typedSearchAttributes: [
        { key: searchAttribute.workspace, value: run.workspaceId },
        { key: searchAttribute.journey, value: run.journeyId },
        ...(run.contactId === undefined ? [] : [{ key: searchAttribute.contact, value: run.contactId }]),
        { key: searchAttribute.state, value: 'running' },
      ],
    })
  } catch (error) {
    // The id is the run's business key: started already means told already.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/** The workflow of a type of the entry's name, whose id is a business key: started already means told already. */
async function startOnce(
  deps: Deps,
  entry: Extract<OutboxEntry, { name: 'send' | 'fetchMedia' | 'import' | 'rehearsal' | 'ruling' }>,
): Promise<void> {
  try {
    await deps.temporal.workflow.start(entry.name, {
      taskQueue,
      workflowId: entry.workflowId,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      args: [entry.payload],
      typedSearchAttributes: [{ key: searchAttribute.workspace, value: entry.payload.workspaceId }],
    })
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/** Its rows say what is to be done: it is started when it is not there, and looks at them when it is. */
async function wakeWorker(
  deps: Deps,
  entry: Extract<OutboxEntry, { name: 'bulk' | 'campaign' | 'queueWoken' }>,
  type: string,
): Promise<void> {
  await deps.temporal.workflow.signalWithStart(type, {
    taskQueue,
    workflowId: entry.workflowId,
    args: [entry.payload],
    signal: woken,
    typedSearchAttributes: [{ key: searchAttribute.workspace, value: entry.payload.workspaceId }],
  })
}

async function tellChat(
  deps: Deps,
  workflowId: string,
  messages: { workspaceId: string; conversationId: string; eventId: string; messageId: string }[],
): Promise<void> {
  const [first] = messages
  if (!first) return
  await deps.temporal.workflow.signalWithStart('chat', {
    ...startOfChat(deps, workflowId, first),
    signal: messageReceived,
    signalArgs: messages.map(({ eventId, messageId }) => ({ eventId, messageId })),
  })
}

async function wakeChat(deps: Deps, entry: Extract<OutboxEntry, { name: 'chatWoken' }>): Promise<void> {
  const start = startOfChat(deps, entry.workflowId, entry.payload)
  await deps.temporal.workflow.signalWithStart('chat', { ...start, signal: woken })
}

function startOfChat(
  { config }: Deps,
  workflowId: string,
  { workspaceId, conversationId }: { workspaceId: string; conversationId: string },
) {
  const silenceMs = config.CHAT_SILENCE_MS
  const foldMs = config.CHAT_FOLD_MS
  const input: ChatInput = { workspaceId, conversationId, pending: [], seenEventIds: [], silenceMs, foldMs }
  return {
    ...{ taskQueue, workflowId, args: [input] as [ChatInput] },
    typedSearchAttributes: [{ key: searchAttribute.workspace, value: workspaceId }],
  }
}

/** An answer for a run that has ended meanwhile is nobody's: the chat routes it like any message. */
async function tellAnswer(deps: Deps, entry: Extract<OutboxEntry, { name: 'replied' }>): Promise<void> {
  const { workspaceId, conversationId, ...answer } = entry.payload
  try {
    await deps.temporal.workflow.getHandle(entry.workflowId).signal(replied, answer)
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
    const { eventId } = answer
    const message = { workspaceId, conversationId, eventId, messageId: answer.reply.messageId }
    await tellChat(deps, chatWorkflowId(workspaceId, conversationId), [message])
  }
}

/** A workflow that has ended waits for nothing. */
async function ignoreEnded(call: () => Promise<void>): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  }
}

interface Version {
  number: number
  definition: JourneyDefinition
}

/** Versions are frozen, so a process may keep them; the oldest go first. */
const versions = new Map<string, Version>()
const maximumVersions = 200

async function versionOf(deps: Deps, versionId: string): Promise<Version> {
  const known = versions.get(versionId)
  if (known) return known
  const row = await deps.orm.em.fork().findOneOrFail(JourneyVersion, versionId, { filters: false })
  const version = { number: row.number, definition: row.definition }
  versions.set(versionId, version)
  for (const key of versions.keys()) if (versions.size > maximumVersions) versions.delete(key)
  return version
}
