import { loadAttributeTypes } from '../contacts/attribute-definitions.ts'
import type { Em } from '../db/orm.ts'
import { systemAttributes } from '../model/contact-attributes.ts'
import type { JourneyDefinition } from '../model/journey-definition.ts'
import { isSystemEvent } from '../model/system-events.ts'
import type { FieldProblem } from './validate-journey.ts'

/**
 * What a journey's triggers name and the workspace does not have. A missing segment or attribute can never fire; an event may
 * be declared by the time that it comes, so it is a warning only.
 */
export async function checkTriggerReferences(
  em: Em,
  workspaceId: string,
  { triggers }: JourneyDefinition,
): Promise<FieldProblem[]> {
  const named = triggers.map((trigger, at) => ({ trigger, at }))
  const segmentIds = triggers.flatMap((trigger) => ('segmentId' in trigger ? [trigger.segmentId] : []))
  const events = triggers.flatMap((trigger) => (trigger.type === 'custom-event' ? [trigger.event] : []))
  const segments = await listKnown(em, knownSegments, workspaceId, segmentIds)
  const declared = await listKnown(em, knownEvents, workspaceId, events)
  const attributes = triggers.some(({ type }) => type === 'attribute-changed')
    ? await loadAttributeTypes(em, workspaceId)
    : new Map<string, unknown>()
  return named.flatMap(({ trigger, at }): FieldProblem[] => {
    if ('segmentId' in trigger && !segments.has(trigger.segmentId.toLowerCase())) {
      const message = `there is no segment ${trigger.segmentId}`
      return [{ severity: 'error', field: `triggers.${at}.segmentId`, message }]
    }
    if (trigger.type === 'attribute-changed' && !isAttribute(trigger.attribute, attributes)) {
      const message = `there is no attribute "${trigger.attribute}"`
      return [{ severity: 'error', field: `triggers.${at}.attribute`, message }]
    }
    if (trigger.type === 'custom-event' && !isSystemEvent(trigger.event) && !declared.has(trigger.event)) {
      const message = `there is no event type "${trigger.event}" yet: until it is declared nobody can tell of it`
      return [{ severity: 'warning', field: `triggers.${at}.event`, message }]
    }
    return []
  })
}

const knownSegments = `select id::text as name from segments where workspace_id = ? and deleted_at is null
  and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`
const knownEvents = `select name from event_types where workspace_id = ?
  and name in (select jsonb_array_elements_text(?::jsonb))`

async function listKnown(
  em: Em,
  query: string,
  workspaceId: string,
  names: string[],
): Promise<ReadonlySet<string>> {
  if (names.length === 0) return new Set()
  const rows = await em.execute<{ name: string }[]>(query, [workspaceId, JSON.stringify(names)])
  return new Set(rows.map((row) => row.name))
}

function isAttribute(name: string, declared: ReadonlyMap<string, unknown>): boolean {
  return declared.has(name) || systemAttributes.some((each) => each.name === name)
}
