import { z } from 'zod'
import { findContact } from '../../contacts/look-up-contacts.ts'
import { resolveContact } from '../../contacts/resolve-contact.ts'
import { getEvent, listEvents, summarizeEvents, type EventView } from '../../events/find-events.ts'
import { createEventType, listEventTypes } from '../../events/event-types.ts'
import { checkEvent, trackEvent, type TrackedEvent } from '../../events/track-event.ts'
import { decodeCursor, page } from '../../kit/paging.ts'
import { attributeTypes, attributeTypesSchema, eventNameSchema } from '../../model/event-attributes.ts'
import { jsonObjectSchema } from '../../model/json.ts'
import { systemEvents, type SystemEvent } from '../../model/system-events.ts'
import { afterPaging } from '../after-paging.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { wireTime } from '../wire-time.ts'
import { campaignEventsRow } from './campaign-events.ts'
import { eventWire, filter } from './event-wire.ts'
import { referenceOf, toReference, userFields, userSchema } from './wire.ts'

const name = z.string().min(1).max(100)
const cursor = z.tuple([z.iso.datetime(), z.uuid(), z.string()])
const params = z.object({
  user_id: z.string().min(1).max(200).meta({ description: 'the user_id; a wa_id or BSUID will do' }),
})
const systemNames = Object.keys(systemEvents) as [SystemEvent, ...SystemEvent[]]
const typeWire = z
  .object({
    event_type_id: z.uuid(),
    event_name: z.string(),
    attributes: z.record(z.string(), z.enum(attributeTypes)),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'ChatmanEventType' })
const summaryWire = z.object({
  user_id: z.uuid(),
  event_name: z.enum(systemNames),
  occurred: z.boolean(),
  count: z.int(),
  first_occurred_at: z.iso.datetime().nullable(),
  last_occurred_at: z.iso.datetime().nullable(),
  last_attributes: jsonObjectSchema.nullable(),
})
const evaluation = z.object({
  ...userFields,
  event_names: z
    .array(z.enum(systemNames))
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'every one when absent' }),
  event_name: z.enum(systemNames).optional().meta({ description: 'one alone' }),
  start_time: filter.start_time,
  end_time: filter.end_time,
})
const trigger = z.object({
  event_name: name,
  user: userSchema
    .optional()
    .meta({ description: 'whom it happened to; an unknown wa_id becomes a contact' }),
  ...userFields,
  attributes: jsonObjectSchema.default({}),
  event_id: z.string().min(1).max(200).optional().meta({ description: 'the same id is the same event' }),
  occurred_at: wireTime.optional().meta({ description: 'now when absent' }),
})
const inPath = { contactId: 'user_id', waId: 'user_id', bsuid: 'user_id' }
const system = { tag: 'System events', method: 'get' } as const
const custom = { tag: 'Custom events', method: 'get' } as const

export const eventRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag: 'Events', method: 'get', path: '/users/:user_id/events', summary: 'Get All Events for a User' },
    description: "Newest first: system and custom events, and of chats those with the key's number.",
    input: { params, query: z.object(filter) },
    output: afterPaging.of(eventWire),
    call: (call) => listOf(call),
    toWire: afterPaging.toWire(toWireEvent),
    fields: inPath,
  }),
  dialectRoute({
    ...{ ...system, path: '/users/:user_id/events/system', summary: 'Get System Events' },
    description: `Newest first: what the product tells of a user by itself (${systemNames.join(', ')}).`,
    input: { params, query: z.object(filter) },
    output: afterPaging.of(eventWire),
    call: (call) => listOf(call, 'system'),
    toWire: afterPaging.toWire(toWireEvent),
    fields: inPath,
  }),
  dialectRoute({
    ...{ ...system, method: 'post', path: '/events/system/evaluate', summary: 'Evaluate User System Events' },
    description:
      'For each system event: whether it happened to the user from start_time to before end_time, how often, first and last, and the attributes of the last one.',
    input: { body: evaluation },
    output: z.object({ user_id: z.uuid(), data: z.array(summaryWire) }),
    call: evaluate,
    toWire: (answer) => answer,
  }),
  campaignEventsRow,
  dialectRoute({
    ...{ ...custom, path: '/events/custom', summary: 'Get Custom Triggered Events' },
    input: { query: z.object({ user_id: params.shape.user_id.optional(), ...filter }) },
    output: afterPaging.of(eventWire),
    call: ({ query: { user_id, ...query }, ...call }) =>
      listOf({ ...call, query, params: user_id === undefined ? {} : { user_id } }, 'custom'),
    toWire: afterPaging.toWire(toWireEvent),
    fields: inPath,
  }),
  dialectRoute({
    ...{ ...custom, path: '/events/custom/:event_id', summary: 'Get Specific Custom Triggered Event' },
    input: { params: z.object({ event_id: z.uuid() }) },
    output: eventWire,
    call: ({ deps, workspaceId, params: { event_id } }) => getEvent(deps, workspaceId, event_id, 'custom'),
    toWire: toWireEvent,
  }),
  dialectRoute({
    ...{ ...custom, method: 'post', path: '/events/custom', summary: 'Trigger Custom Event', status: 201 },
    // As on the platform: there may be thousands in a second.
    audited: false,
    description: `Attributes are checked against the event's type: ${attributeTypes.join(', ')}.`,
    input: { body: trigger },
    output: z.object({
      event_id: z.uuid(),
      user_id: z.uuid(),
      event_name: z.string(),
      duplicate: z.boolean(),
    }),
    call: triggerEvent,
    toWire: toWireTriggered,
    fields: { at: 'occurred_at' },
  }),
  dialectRoute({
    ...{ ...custom, path: '/events/custom-types', summary: 'Get Custom Events' },
    description: 'The types of custom events, newest first.',
    input: { query: z.object(afterPaging.query) },
    output: afterPaging.of(typeWire),
    call: async ({ deps, workspaceId, query: { limit, after } }) => {
      const before = decodeCursor(after, z.tuple([z.uuid()]))?.[0]
      return page.cut(
        await listEventTypes(deps, { workspaceId, before, limit: limit + 1 }),
        limit,
        ({ id }) => [id],
      )
    },
    toWire: afterPaging.toWire(toWireType),
  }),
  dialectRoute({
    ...{
      ...custom,
      method: 'post',
      path: '/events/custom-types',
      summary: 'Create Custom Event Type',
      status: 201,
    },
    input: {
      body: z.object({
        event_name: eventNameSchema,
        attributes: attributeTypesSchema.default({}).meta({ description: 'the type of each parameter' }),
      }),
    },
    output: typeWire,
    call: ({ deps, workspaceId, body: { event_name, attributes } }) =>
      createEventType(deps, { workspaceId, name: event_name, attributes }),
    toWire: toWireType,
    fields: { name: 'event_name' },
  }),
]

type Filter = { [K in keyof typeof filter]?: z.output<(typeof filter)[K]> } & { limit: number }

async function listOf(call: Call<{ user_id?: string }, Filter>, kind?: 'system' | 'custom') {
  const {
    deps,
    workspaceId,
    numberId,
    params: { user_id },
    query,
  } = call
  const contactId = user_id && (await findContact(deps, workspaceId, referenceOf(user_id)))
  const [exactAt, id, type] = decodeCursor(query.after, cursor) ?? []
  const rows = await listEvents(deps, {
    ...{ workspaceId, numberId, contactId, kind, type: query.event_name },
    ...{ from: query.start_time, to: query.end_time, limit: query.limit + 1 },
    before: exactAt && id && type ? { exactAt, id, type } : undefined,
  })
  return page.cut(rows, query.limit, (event) => [event.exactAt, event.id, event.type])
}

async function evaluate({
  deps,
  workspaceId,
  numberId,
  body,
}: Call<unknown, unknown, z.output<typeof evaluation>>) {
  const contactId = await findContact(deps, workspaceId, toReference(body))
  const range = { from: body.start_time, to: body.end_time }
  const found = await summarizeEvents(deps, { workspaceId, numberId, contactId, kind: 'system', ...range })
  const byName = new Map(found.map((each) => [each.type, each]))
  const wanted = body.event_names ?? (body.event_name ? [body.event_name] : systemNames)
  const data = wanted.map((event_name) => {
    const { count = 0, firstAt = null, lastAt = null, attributes = null } = byName.get(event_name) ?? {}
    const times = { first_occurred_at: firstAt, last_occurred_at: lastAt }
    return {
      user_id: contactId,
      event_name,
      occurred: count > 0,
      count,
      ...times,
      last_attributes: attributes,
    }
  })
  return { user_id: contactId, data }
}

async function triggerEvent({
  deps,
  workspaceId,
  by,
  body,
}: Call<unknown, unknown, z.output<typeof trigger>>) {
  const { event_name: type, user, attributes, event_id: eventId, occurred_at: at } = body
  const atMs = at === undefined ? Date.now() : Date.parse(at)
  await checkEvent(deps, { workspaceId, type, attributes, atMs })
  const reference = toReference(user ?? body)
  const { waId } = reference
  const contactId =
    waId !== undefined && reference.contactId === undefined
      ? await resolveContact(deps, { workspaceId, waId, by })
      : await findContact(deps, workspaceId, reference)
  const event = { workspaceId, contactId, type, attributes, eventId, atMs }
  return { ...(await trackEvent(deps, event)), contactId, type }
}

function toWireTriggered({
  id,
  contactId,
  type,
  duplicate,
}: TrackedEvent & { contactId: string; type: string }) {
  return { event_id: id, user_id: contactId, event_name: type, duplicate }
}

function toWireEvent({ id, contactId, type, attributes, at }: EventView): z.input<typeof eventWire> {
  return { event_id: id, user_id: contactId, event_name: type, attributes, occurred_at: at }
}

function toWireType(type: Awaited<ReturnType<typeof createEventType>>): z.input<typeof typeWire> {
  const { id, name: event_name, attributes, createdAt } = type
  const types = attributes as z.input<typeof attributeTypesSchema>
  return { event_type_id: id, event_name, attributes: types, created_at: createdAt.toISOString() }
}
