import { z } from 'zod'
import { getSurvivor } from '../contacts/find-contacts.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { attributeTypes } from '../model/event-attributes.ts'
import { systemEvents } from '../model/system-events.ts'
import { getEvent, listEvents, summarizeEvents, type EventView } from './find-events.ts'
import { getRetention, setRetention } from './retention.ts'

const eventView = z
  .object({
    id: z.uuid().meta({ description: "of an event that a message tells, the message's id" }),
    contactId: z.uuid(),
    type: z.string(),
    attributes: jsonObjectSchema,
    at: z.iso.datetime(),
  })
  .meta({ id: 'Event' })
const time = z.iso.datetime({ offset: true }).optional()
const filter = {
  type: z.string().min(1).max(100).optional(),
  kind: z
    .enum(['system', 'custom'])
    .optional()
    .meta({ description: 'what the product tells by itself, or what other systems told' }),
  numberId: z.uuid().optional().meta({
    description: 'of what happened in a chat, only what happened with this number of yours',
  }),
  from: time.meta({ description: 'at this time or later' }),
  to: time.meta({ description: 'before this time' }),
}
const cursor = z.tuple([z.iso.datetime(), z.uuid(), z.string()])
const base = { tag: 'Events', auth: 'key' } as const
const params = z.object({ id: z.uuid() })
const retention = z.object({
  retentionDays: z
    .int()
    .min(1)
    .max(36_500)
    .nullable()
    .meta({ description: 'older events are removed; null keeps them for ever' }),
})

export const eventHistoryRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/events',
    summary: 'List events of all contacts, newest first',
    description: "Messages' own events (received, delivered, read …) are listed by contact.",
    input: { query: page.query.extend(filter) },
    output: page.of(eventView),
    handle: async ({ deps, actor: { workspaceId }, query }) =>
      answerPage(query.limit, await listEvents(deps, { ...toFilter(query), workspaceId })),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/events/:id',
    summary: 'Show an event',
    input: { params },
    output: eventView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => getEvent(deps, workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/contacts/:id/events',
    summary: "List a contact's events, messages included, newest first",
    input: { params, query: page.query.extend(filter) },
    output: page.of(eventView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query }) => {
      const { id: contactId } = await getSurvivor(deps, workspaceId, id)
      return answerPage(query.limit, await listEvents(deps, { ...toFilter(query), workspaceId, contactId }))
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/contacts/:id/event-summary',
    summary: 'How often each event happened to a contact, first and last',
    input: { params, query: z.object(filter) },
    output: z.object({
      items: z.array(
        z.object({
          type: z.string(),
          count: z.int(),
          firstAt: z.iso.datetime(),
          lastAt: z.iso.datetime(),
          attributes: jsonObjectSchema.meta({ description: 'of the latest one' }),
        }),
      ),
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query }) => {
      const { id: contactId } = await getSurvivor(deps, workspaceId, id)
      return { items: await summarizeEvents(deps, { ...query, workspaceId, contactId }) }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/system-events',
    summary: 'List the events that the product tells by itself, and their attributes',
    output: z.object({
      items: z.array(
        z.object({
          name: z.string(),
          about: z.string(),
          attributes: z.record(z.string(), z.enum(attributeTypes)),
        }),
      ),
    }),
    handle: async () => ({
      items: Object.entries(systemEvents).map(([name, { about, attributes }]) => ({
        name,
        about,
        attributes,
      })),
    }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/event-settings',
    summary: 'How long events are kept',
    output: retention,
    handle: async ({ deps, actor: { workspaceId } }) => getRetention(deps, workspaceId),
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'put',
    path: '/platform/v1/event-settings',
    summary: 'Say how long events are kept',
    input: { body: retention },
    output: retention,
    handle: async ({ deps, actor: { workspaceId }, body }) => {
      await setRetention(deps, workspaceId, body.retentionDays)
      return body
    },
  }),
]

function toFilter({ limit, cursor: after, ...filters }: Query) {
  const before = decodeCursor(after, cursor)
  return {
    ...filters,
    limit: limit + 1,
    ...(before && { before: { exactAt: before[0], id: before[1], type: before[2] } }),
  }
}
type Query = z.output<typeof page.query> & { [K in keyof typeof filter]?: z.output<(typeof filter)[K]> }

function answerPage(limit: number, rows: EventView[]) {
  return page.cut(rows, limit, ({ exactAt, id, type }) => [exactAt, id, type])
}
