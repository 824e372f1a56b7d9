import { loadContactView } from '../contacts/contact-view.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { listLeaves, needsHistory } from '../model/condition-problems.ts'
import { holdWoken } from '../holds/hold-woken.ts'
import { evaluateCondition, type Condition } from '../model/conditions.ts'
import type { JsonObject } from '../model/json.ts'
import { enqueue, type OutboxEntry } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { loadForConditions } from '../segments/judge-conditions.ts'
import { saveProgress, type RunProgress } from './save-progress.ts'

/** Between a message and the wait for what it brings lie milliseconds, or an outage. */
const maximumPast = 100

interface WaitInput {
  waitKey: string
  event: string
  condition: Condition | undefined
  workflowId: string
  progress: RunProgress
  /** What came after this message was planned is taken at once, if nothing was awaited under this key before. */
  sinceMessage?: string | undefined
}

/**
 * A run begins to wait for an event of its contact. The run's row is locked first: an event that comes of the run's own
 * doing locks it too, so that one of the two sees the other.
 */
export async function awaitEvent(deps: Deps, input: WaitInput): Promise<void> {
  const { workspaceId, runId, contactId } = input.progress.run
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await saveProgress(em, input.progress)
    const begun = await em.execute<object[]>(
      `insert into event_waits (run_id, wait_key, workspace_id, contact_id, event, condition, workflow_id)
       values (?, ?, ?, ?, ?, ?::jsonb, ?) on conflict do nothing returning 1`,
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
    if (begun.length === 0 || input.sinceMessage === undefined || contactId === undefined) return []
    const past = await findPast(em, { ...input, workspaceId, contactId, sinceMessage: input.sinceMessage })
    const taken = await takeEventWaits(em, workspaceId, past)
    return enqueue(em, [...(await holdWoken(em, workspaceId, taken)), ...taken])
  })
  relaySoon(deps, outbox)
}

/** Events since the message, with the fact that each was written with: both are of the same instant. */
async function findPast(
  em: Em,
  input: { workspaceId: string; contactId: string; event: string; sinceMessage: string },
): Promise<AwaitedEvent[]> {
  const { workspaceId, contactId, event, sinceMessage } = input
  return em.execute<AwaitedEvent[]>(
    `select e.id, e.contact_id as "contactId", e.type, e.attributes, extract(epoch from e.at)::float8 * 1000 as "atMs",
       coalesce((select f.id from facts f where f.contact_id = e.contact_id and f.at = e.at order by f.id limit 1), e.id)
         as "causeId"
     from events e where e.workspace_id = ? and e.contact_id = ? and e.type = ?
       and e.at >= (select created_at from messages where id = ?)
     order by e.at, e.id limit ${maximumPast}`,
    [workspaceId, contactId, event, sinceMessage],
  )
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
  at: number
}

/** An event that has its id, as runs that wait are told of it. */
export interface AwaitedEvent {
  id: string
  contactId: string
  type: string
  attributes: JsonObject
  atMs: number
  causeId: string
}

/**
 * Hands events to the runs that wait for them, each wait at most once, in the transaction that stores the events. A run that
 * was entered under a key waits for events of that key, and for those that have none.
 */
export async function takeEventWaits(
  em: Em,
  workspaceId: string,
  events: AwaitedEvent[],
): Promise<OutboxEntry[]> {
  const waiting = await em.execute<WaitRow[]>(
    `select w.run_id, w.wait_key, w.workflow_id, w.condition, e.at
     from jsonb_to_recordset(?::jsonb) as e(at int, contact_id uuid, type text, attributes jsonb)
     join event_waits w on w.contact_id = e.contact_id and w.event = e.type and w.taken_at is null
     join runs r on r.id = w.run_id
     where w.workspace_id = ? and (r.entry_key is null or coalesce(e.attributes ->> r.entry_attribute, '') in ('', r.entry_key))
     order by w.run_id, w.wait_key, e.at for update of w`,
    [
      JSON.stringify(
        events.map(({ contactId, type, attributes }, at) => ({
          at,
          contact_id: contactId,
          type,
          attributes,
        })),
      ),
      workspaceId,
    ],
  )
  const taken = new Map<string, { wait: WaitRow; event: AwaitedEvent }>()
  for (const wait of waiting) {
    const event = events[wait.at]
    const key = `${wait.run_id} ${wait.wait_key}`
    if (!event || taken.has(key)) continue
    if (await holdsFor(em, workspaceId, wait, event)) taken.set(key, { wait, event })
  }
  for (const { wait } of taken.values()) {
    await em.execute('update event_waits set taken_at = now() where run_id = ? and wait_key = ?', [
      wait.run_id,
      wait.wait_key,
    ])
  }
  return [...taken.values()].map(({ wait, event }) => ({
    name: 'eventArrived',
    workflowId: wait.workflow_id,
    payload: {
      eventId: event.id,
      waitKey: wait.wait_key,
      attributes: event.attributes,
      factId: event.causeId,
    },
  }))
}

/** The contact and what lies behind it are looked at only where the condition does. */
async function holdsFor(
  em: Em,
  workspaceId: string,
  { condition }: WaitRow,
  { contactId, attributes, atMs }: AwaitedEvent,
): Promise<boolean> {
  if (!condition) return true
  const bare = { contact: {}, vars: {}, event: attributes, nowMs: atMs }
  if (!needsHistory(condition) && !looksAtContact(condition)) return evaluateCondition(condition, bare)
  const contact = await loadContactView(em, workspaceId, contactId)
  const asked = { workspaceId, contactId: contact.id, conditions: [condition], nowMs: atMs }
  const { conditions, history } = await loadForConditions(em, asked)
  return evaluateCondition(conditions[0] ?? condition, { ...bare, contact, history })
}

function looksAtContact(condition: Condition): boolean {
  return listLeaves(condition, '').some(
    ({ leaf }) => leaf.kind !== 'compare' || leaf.path.startsWith('contact.') || isByLocalDay(leaf.operator),
  )
}

/** Judged by the day where the contact lives. */
function isByLocalDay(operator: string): boolean {
  return operator === 'is-today' || operator === 'anniversary'
}
