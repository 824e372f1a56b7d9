import { z } from 'zod'
import { contactReference } from '../contacts/contact-schema.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { attributeTypes, attributeTypesSchema, eventNameSchema } from '../model/event-attributes.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { createEventType, deleteEventType, extendEventType, listEventTypes } from './event-types.ts'
import { checkEvent, trackEvent } from './track-event.ts'

const typeView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    attributes: z.record(z.string(), z.enum(attributeTypes)),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'EventType' })
const typesPath = '/platform/v1/event-types'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Events', auth: 'key' } as const

export const eventRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: typesPath,
    summary: 'List the types of custom events, newest first',
    input: { query: page.query },
    output: page.of(typeView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listEventTypes(deps, { workspaceId, before, limit: limit + 1 })
      return page.cut(rows.map(toView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: typesPath,
    summary: 'Declare a custom event and its attributes',
    status: 201,
    input: {
      body: z.object({
        name: eventNameSchema,
        attributes: attributeTypesSchema.default({}),
      }),
    },
    output: typeView,
    handle: async ({ deps, actor: { workspaceId }, body }) =>
      toView(await createEventType(deps, { workspaceId, ...body })),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${typesPath}/:id`,
    summary: 'Declare more attributes of a custom event',
    description: 'Declared attributes keep their types.',
    input: { params, body: z.object({ attributes: attributeTypesSchema }) },
    output: typeView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      toView(await extendEventType(deps, { workspaceId, id, ...body })),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${typesPath}/:id`,
    summary: 'Take no more events of a type; those that happened stay',
    description: '409 names the journeys and segments that look at it.',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await deleteEventType(deps, { workspaceId, id })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/events',
    summary: 'Tell that an event happened to a contact',
    // Kept as an event, with where it came from; there may be thousands in a second.
    audited: false,
    description: 'It starts the journeys it triggers and reaches the runs that wait for it.',
    status: 201,
    input: {
      body: z.object({
        type: z.string().min(1).max(100),
        ...contactReference,
        attributes: jsonObjectSchema.default({}),
        eventId: z.string().min(1).max(200).optional().meta({
          description: 'your id of the event: the same id is the same event',
        }),
        at: z.iso.datetime({ offset: true }).optional().meta({ description: 'now when absent' }),
      }),
    },
    output: z.object({
      id: z.uuid(),
      contactId: z.uuid(),
      duplicate: z.boolean(),
      reached: z.int().meta({ description: 'runs that it started or that had waited for it' }),
    }),
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      const { type, attributes, eventId, at, ...who } = body
      const atMs = at === undefined ? Date.now() : Date.parse(at)
      await checkEvent(deps, { workspaceId, type, attributes, atMs })
      const contactId = await resolveContact(deps, { workspaceId, ...who, by: nameActor(actor) })
      const tracked = await trackEvent(deps, { workspaceId, contactId, type, attributes, eventId, atMs })
      return { ...tracked, contactId }
    },
  }),
]

function toView({ id, name, attributes, createdAt }: Awaited<ReturnType<typeof createEventType>>) {
  const typed = attributes as z.input<typeof attributeTypesSchema>
  return { id, name, attributes: typed, createdAt: createdAt.toISOString() }
}
