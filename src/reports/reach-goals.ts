import { recordFacts, type Fact } from '../analytics/facts.ts'
import { loadContactView } from '../contacts/contact-view.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { AwaitedEvent } from '../journeys/event-waits.ts'
import { evaluateCondition, type Condition } from '../model/conditions.ts'
import { loadForConditions } from '../segments/judge-conditions.ts'

interface OpenGoal {
  run_id: string
  journey_id: string
  name: string
  condition: Condition | null
  at: number
}

/**
 * Events that are the goal of a run whose window is open, be it inside still or not: the first one counts. In the
 * transaction that stores the events.
 */
export async function reachGoals(em: Em, workspaceId: string, events: AwaitedEvent[]): Promise<void> {
  const open = await em.execute<OpenGoal[]>(
    `select r.id as run_id, r.journey_id, j.name, v.definition #> '{goal,condition}' as condition, e.at
     from jsonb_to_recordset(?::jsonb) as e(at int, contact_id uuid, type text, at_ms double precision)
     join runs r on r.contact_id = e.contact_id and r.goal_event = e.type and r.goal_at is null
       and to_timestamp(e.at_ms / 1000.0) between r.started_at and r.goal_until
     join journey_versions v on v.id = r.goal_version_id join journeys j on j.id = r.journey_id
     where r.workspace_id = ? order by r.id, e.at_ms, e.at`,
    [
      JSON.stringify(
        events.map(({ contactId, type, atMs }, at) => ({ at, contact_id: contactId, type, at_ms: atMs })),
      ),
      workspaceId,
    ],
  )
  const reached = new Map<string, OpenGoal>()
  for (const goal of open) {
    const event = events[goal.at]
    if (event && !reached.has(goal.run_id) && (await isWanted(em, workspaceId, goal.condition, event)))
      reached.set(goal.run_id, goal)
  }
  if (reached.size === 0) return
  const marked = await em.execute<{ id: string }[]>(
    `update runs set goal_reached = true, goal_at = now() where workspace_id = ? and goal_at is null
       and id in (select jsonb_array_elements_text(?::jsonb)::uuid) returning id`,
    [workspaceId, JSON.stringify([...reached.keys()])],
  )
  const facts = marked.flatMap(({ id }): Fact[] => {
    const goal = reached.get(id)
    const event = goal && events[goal.at]
    if (!event) return []
    const data = { journey: goal.journey_id, name: goal.name, event: event.type }
    const { contactId, causeId } = event
    return [{ id: newId(), atMs: Date.now(), kind: 'goal.reached', contactId, runId: id, causeId, data }]
  })
  await recordFacts(em, workspaceId, facts)
}

/** Whether an event is one that is wanted. @param condition none: all of its type are */
export async function isWanted(
  em: Em,
  workspaceId: string,
  condition: Condition | null,
  { contactId, attributes, atMs }: AwaitedEvent,
): Promise<boolean> {
  if (!condition) return true
  const contact = await loadContactView(em, workspaceId, contactId)
  const asked = { workspaceId, contactId: contact.id, conditions: [condition], nowMs: atMs }
  const { conditions, history } = await loadForConditions(em, asked)
  const scope = { contact, vars: {}, event: attributes, nowMs: atMs, history }
  return conditions.every((each) => evaluateCondition(each, scope))
}
