import { loadContactView } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import type { Condition, ConditionScope } from '../model/conditions.ts'
import { needsHistory } from '../model/condition-problems.ts'
import type { JsonObject } from '../model/json.ts'
import { judgeTrigger, type Stimulus, type Trigger } from '../model/triggers.ts'
import { loadForConditions } from '../segments/judge-conditions.ts'

/**
 * What triggers' conditions look at. The contact's history is loaded where a trigger that fits asks for it: most fit not.
 * Triggers come back as they are to be judged.
 */
export async function loadTriggerScope<T extends { triggers: Trigger[] }>(
  em: Em,
  input: {
    workspaceId: string
    /** Undefined: an API asks for a run about nobody. */
    contactId: string | undefined
    stimuli: Stimulus[]
    event?: JsonObject | undefined
    vars?: JsonObject | undefined
    atMs: number
  },
  candidates: T[],
): Promise<{ scope: ConditionScope; candidates: T[] }> {
  const { workspaceId, stimuli, event, vars = {}, atMs } = input
  const contact =
    input.contactId === undefined ? undefined : await loadContactView(em, workspaceId, input.contactId)
  const bare = { contact: contact ?? {}, vars, event, nowMs: atMs }
  const asked = candidates
    .flatMap(({ triggers }) => triggers)
    .filter(({ condition: _, ...trigger }) =>
      stimuli.some((each) => judgeTrigger(trigger, each, bare).matched),
    )
    .flatMap(({ condition }) => (condition ? [condition] : []))
  if (!contact) return { scope: bare, candidates: candidates.map(withoutHistory) }
  const known = await loadForConditions(em, {
    ...{ workspaceId, contactId: contact.id, conditions: asked, nowMs: atMs },
  })
  const settled = new Map<Condition | undefined, Condition>(
    asked.flatMap((condition, at) => {
      const decided = known.conditions[at]
      return decided && decided !== condition ? [[condition, decided]] : []
    }),
  )
  const settle = (trigger: Trigger): Trigger => {
    const condition = settled.get(trigger.condition)
    return condition ? { ...trigger, condition } : trigger
  }
  return {
    scope: { ...bare, history: known.history },
    candidates:
      settled.size === 0
        ? candidates
        : candidates.map((each) => ({ ...each, triggers: each.triggers.map(settle) })),
  }
}

/** Nobody has done anything: what asks for somebody's past does not hold. */
function withoutHistory<T extends { triggers: Trigger[] }>(candidate: T): T {
  const triggers = candidate.triggers.map(
    (trigger): Trigger =>
      trigger.condition && needsHistory(trigger.condition)
        ? { ...trigger, condition: { kind: 'or', conditions: [] } }
        : trigger,
  )
  return { ...candidate, triggers }
}
