import type { Em } from '../db/orm.ts'
import { findReentryObstacle } from '../journeys/entry-rules.ts'
import { loadTriggerScope } from '../journeys/trigger-scope.ts'
import { listLeaves } from '../model/condition-problems.ts'
import { evaluateCondition } from '../model/conditions.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import type { Trigger } from '../model/triggers.ts'

/** Whether a contact whom a simulation sent through a journey would come into it at all. */
export interface ForeseenEntry {
  mayEnter: boolean
  /** Triggers and entry rules that keep them out, in words. */
  obstacles: string[]
}

/**
 * Simulations let everybody in. This is what the triggers' conditions and the rule of entering again say of a contact as it
 * is now; what depends on the event or on what is written is open, and so are caps, which depend on the others.
 */
export async function foreseeEntry(
  em: Em,
  input: { workspaceId: string; journeyId: string; contactId: string; definition: JourneyDefinition },
): Promise<ForeseenEntry> {
  const { workspaceId, journeyId, contactId, definition } = input
  const { triggers, entry } = definition
  // By their conditions alone: what would set them off has not happened.
  const bare = triggers.map(({ condition }): Trigger => ({ type: 'manual', condition }))
  const about = { workspaceId, contactId, stimuli: [{ type: 'manual' as const }], atMs: Date.now() }
  const { scope, candidates } = await loadTriggerScope(em, about, [{ triggers: bare }])
  const judged = candidates[0]?.triggers ?? []
  const shut = triggers.flatMap((trigger, at) => {
    const condition = judged[at]?.condition
    const holds = !condition || looksAtEvent(trigger) || evaluateCondition(condition, scope)
    return holds ? [] : [`${nameTrigger(trigger)}: its condition does not hold for this contact`]
  })
  const isShut = triggers.length > 0 && shut.length === triggers.length
  const isSpam = scope.contact['spam'] === true
  const again = await refusal(em, { workspaceId, journeyId, contactId, entry })
  const obstacles = [
    ...(isSpam ? ['the contact is marked as spam'] : []),
    ...(again === undefined ? [] : [`the entry rule: ${again}`]),
    ...(isShut ? shut : []),
  ]
  return { mayEnter: obstacles.length === 0, obstacles }
}

/** Entries that an event's attribute tells apart do not stand in each other's way. */
async function refusal(
  em: Em,
  entering: Omit<Parameters<typeof findReentryObstacle>[1], 'entryKey'>,
): Promise<string | undefined> {
  const { eventKey, reentry } = entering.entry
  if (eventKey !== undefined && reentry === 'while-not-inside') return undefined
  return findReentryObstacle(em, { ...entering, entryKey: undefined })
}

function looksAtEvent({ condition }: Trigger): boolean {
  if (!condition) return false
  return listLeaves(condition, '').some(
    ({ leaf }) => leaf.kind === 'compare' && !leaf.path.startsWith('contact.'),
  )
}

function nameTrigger(trigger: Trigger): string {
  if (trigger.type === 'user-utterance') return `the trigger of the words "${trigger.keywords.join('", "')}"`
  if (trigger.type === 'custom-event') return `the trigger of the event "${trigger.event}"`
  if (trigger.type === 'attribute-changed') return `the trigger of a change of ${trigger.attribute}`
  return `the trigger ${trigger.type}`
}
