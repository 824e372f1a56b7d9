import { recordFacts } from '../analytics/facts.ts'
import { declareAttributes, loadAttributeTypes } from '../contacts/attribute-definitions.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { createEventType, extendEventType } from '../events/event-types.ts'
import { AppError, type FieldError } from '../model/errors.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import { isReservedEvent, isSystemEvent } from '../model/system-events.ts'
import { saveAssertion } from '../simulation/journey-assertions.ts'
import { sendableStatuses } from '../templates/template-row.ts'
import { adaptDefinition, ownName, toAssertion, type Mapping } from './adapt-template.ts'
import { createJourney } from './manage-journeys.ts'
import type { JourneyTemplate } from './templates/journey-template.ts'
import { journeyTemplates } from './templates/journey-templates.ts'

interface Installation {
  workspaceId: string
  name: string
  numberId: string
  /** Of the journey; the template's title when absent. */
  journeyName?: string | undefined
  mapping: Mapping
  /** Declares the event types and attributes that are missing. */
  declare: boolean
  by: string
}

/** What must be there before the journey can run. */
export interface Missing {
  events: string[]
  attributes: string[]
  /** WhatsApp templates that are not approved, by the name that the cards use. */
  templates: string[]
  /** Ids that stand for segments still. */
  segments: string[]
}

export function getTemplate(name: string): JourneyTemplate {
  const template = journeyTemplates.find((each) => each.name === name)
  if (!template) throw new AppError('not_found', `there is no journey template "${name}"`)
  return template
}

/** Makes a draft journey of a template, with the stories that it is held to, and says what it lacks. */
export async function installTemplate(
  deps: Pick<Deps, 'orm'>,
  input: Installation,
): Promise<{ journey: Awaited<ReturnType<typeof createJourney>>; missing: Missing; assertions: number }> {
  const { workspaceId, numberId, journeyName, mapping, declare, by } = input
  const template = getTemplate(input.name)
  refuseUnknown(template, mapping)
  const em = forkFor(deps.orm, workspaceId)
  if (declare) await declareNeeds(deps, em, input, template)
  const draft = adaptDefinition(template, mapping)
  const journey = await createJourney(deps, {
    ...{ workspaceId, numberId, draft },
    name: journeyName ?? template.title,
  })
  for (const story of template.stories)
    await saveAssertion(deps, { workspaceId, journeyId: journey.id, by }, toAssertion(story, mapping))
  const data = { journey: journey.id, name: journey.name, template: template.name, by }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'journey.installed', data }])
  const missing = await findMissing(em, input, template)
  return { journey, missing, assertions: template.stories.length }
}

function refuseUnknown({ needs }: JourneyTemplate, mapping: Mapping): void {
  const known = {
    events: Object.keys(needs.events),
    templates: needs.templates,
    segments: Object.keys(needs.segments),
  }
  const fields = (['events', 'templates', 'segments'] as const).flatMap((kind): FieldError[] =>
    Object.keys(mapping[kind])
      .filter((name) => !known[kind].includes(name))
      .map((name) => ({ field: `mapping.${kind}.${name}`, message: 'is nothing that the template names' })),
  )
  if (fields.length > 0)
    throw new AppError('invalid_input', 'the mapping does not fit the template', { fields })
}

async function declareNeeds(
  deps: Pick<Deps, 'orm'>,
  em: Em,
  { workspaceId, mapping }: Installation,
  { needs }: JourneyTemplate,
): Promise<void> {
  const declared = await listEventTypes(em, workspaceId)
  for (const [name, attributes] of Object.entries(needs.events)) {
    const own = ownName(mapping.events, name)
    if (isReservedEvent(own)) continue
    const type = declared.get(own)
    if (!type) await createEventType(deps, { workspaceId, name: own, attributes })
    else
      await extendEventType(deps, {
        workspaceId,
        id: type.id,
        attributes: without(attributes, type.attributes),
      })
  }
  const known = await loadAttributeTypes(em, workspaceId)
  const wanted = Object.entries(needs.attributes)
    .filter(([name]) => !known.has(name))
    .map(([name, type]) => ({ name, type }))
  if (wanted.length > 0) await em.transactional((tx) => declareAttributes(tx, workspaceId, wanted))
}

/** What is declared already keeps its type. */
function without(
  attributes: Record<string, AttributeType>,
  known: Record<string, string>,
): Record<string, AttributeType> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !Object.hasOwn(known, name)))
}

interface EventTypeRow {
  id: string
  name: string
  attributes: Record<string, string>
}

async function listEventTypes(em: Em, workspaceId: string): Promise<Map<string, EventTypeRow>> {
  const rows = await em.execute<EventTypeRow[]>(
    'select id, name, attributes from event_types where workspace_id = ?',
    [workspaceId],
  )
  return new Map(rows.map((row) => [row.name, row]))
}

async function findMissing(
  em: Em,
  { workspaceId, numberId, mapping }: Installation,
  { needs }: JourneyTemplate,
): Promise<Missing> {
  const declared = await listEventTypes(em, workspaceId)
  const attributes = await loadAttributeTypes(em, workspaceId)
  const approved = await em.execute<{ name: string }[]>(
    `select distinct t.name from templates t
     join phone_numbers p on p.id = ? and p.workspace_id = t.workspace_id and p.waba_id = t.waba_id
     where t.workspace_id = ? and t.deleted_at is null and t.status in (select jsonb_array_elements_text(?::jsonb))`,
    [numberId, workspaceId, JSON.stringify(sendableStatuses)],
  )
  const events = Object.keys(needs.events).map((name) => ownName(mapping.events, name))
  const templates = needs.templates.map((name) => ownName(mapping.templates, name))
  return {
    events: events.filter((name) => !declared.has(name) && !isSystemEvent(name)),
    attributes: Object.keys(needs.attributes).filter((name) => !attributes.has(name)),
    templates: templates.filter((name) => !approved.some((row) => row.name === name)),
    segments: Object.keys(needs.segments).filter((id) => !Object.hasOwn(mapping.segments, id)),
  }
}
