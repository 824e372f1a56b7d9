import { listen } from '../db/listen.ts'
import { liveChannel } from '../db/tell-of-announcements.ts'
import type { Deps } from '../deps.ts'
import { createGate } from '../kit/gate.ts'
import { withinTime } from '../kit/within-time.ts'
import { searchAttribute, taskQueue, webhookWorkflowId, woken } from '../../workflows/contract.ts'

/** Many commits in a moment are one look. */
const restMs = 100
/** A workflow that was woken so recently looks by itself, again and again while something is due. */
const wokenForMs = 1_000
/** The net: of notifications that were missed, and of workflows that were lost. */
const roundMs = 2_000
const callTimeoutMs = 8_000

interface Endpoint {
  id: string
  workspace_id: string
}

/** Wakes the workflows of endpoints to which something is due, the moment that it was committed anywhere. */
export function keepWebhooksGoing(deps: Deps): { stop(): Promise<void> } {
  const wokenAtMs = new Map<string, number>()
  let running: Promise<void> | undefined
  let again = false
  let isStopped = false

  async function look(): Promise<void> {
    do {
      again = false
      await wakeDue(deps, wokenAtMs)
      await new Promise((resolve) => setTimeout(resolve, restMs))
    } while (again && !isStopped)
  }
  function lookSoon(): void {
    again = true
    running ??= look()
      .catch((error: unknown) => deps.log.warn({ err: error }, 'webhooks wait; the next round takes them up'))
      .finally(() => {
        running = undefined
      })
  }
  const listener = listen(deps.config.DATABASE_URL ?? '', liveChannel, deps.log, lookSoon)
  const rounds = setInterval(lookSoon, roundMs)
  return {
    async stop() {
      isStopped = true
      clearInterval(rounds)
      await listener.stop()
      await running
    },
  }
}

const gate = createGate(16)

async function wakeDue(deps: Deps, wokenAtMs: Map<string, number>): Promise<void> {
  const due = await deps.orm.em.fork().execute<Endpoint[]>(
    `select w.id, w.workspace_id from webhook_endpoints w
     where w.disabled_at is null and (w.resumes_at is null or w.resumes_at <= now())
       and exists (select 1 from webhook_deliveries d
         where d.endpoint_id = w.id and d.state = 'pending' and d.next_at <= now())`,
  )
  const nowMs = Date.now()
  for (const [id, atMs] of wokenAtMs) if (nowMs - atMs > wokenForMs) wokenAtMs.delete(id)
  await Promise.all(
    due.map(async ({ id, workspace_id: workspaceId }) => {
      if (wokenAtMs.has(id)) return
      wokenAtMs.set(id, nowMs)
      await gate(() => withinTime(deps, callTimeoutMs, () => wakeEndpoint(deps, workspaceId, id)))
    }),
  )
}

/** Its rows say what is to be done: it is started when it is not there, and looks at them when it is. */
async function wakeEndpoint(deps: Deps, workspaceId: string, endpointId: string): Promise<void> {
  await deps.temporal.workflow.signalWithStart('webhook', {
    taskQueue,
    workflowId: webhookWorkflowId(workspaceId, endpointId),
    args: [{ workspaceId, endpointId }],
    signal: woken,
    typedSearchAttributes: [{ key: searchAttribute.workspace, value: workspaceId }],
  })
}
