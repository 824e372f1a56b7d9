import { z } from 'zod'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { attributeTypes } from '../model/event-attributes.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { contactView } from './contact-schema.ts'
import { getProfile } from './profile.ts'
import { listTimeline, timelineCursor, timelineKinds } from './timeline.ts'

const time = z.iso.datetime()
const consent = z.object({
  optedOutAt: time.nullable(),
  categories: z.array(
    z.object({
      category: z.string(),
      state: z
        .enum(['opted_in', 'opted_out'])
        .nullable()
        .meta({ description: 'null: nothing was ever said' }),
      source: z.string().nullable(),
      at: time.nullable(),
    }),
  ),
})
const profile = z
  .object({
    contact: contactView,
    attributes: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        type: z.enum(attributeTypes),
        kind: z.enum(['system', 'custom']),
        value: z.json(),
      }),
    ),
    consent,
    segments: z.array(
      z.object({ id: z.uuid(), name: z.string(), kind: z.enum(['static', 'live']), enteredAt: time }),
    ),
    journeys: z.array(
      z.object({
        runId: z.uuid(),
        journeyId: z.uuid(),
        name: z.string(),
        state: z.string(),
        startedAt: time,
        endedAt: time.nullable(),
      }),
    ),
    conversations: z.array(
      z.object({
        id: z.uuid(),
        numberId: z.uuid(),
        number: z.string(),
        lastMessageAt: time.nullable(),
        windowEndsAt: time.nullable(),
        windowOpen: z.boolean(),
      }),
    ),
    orders: z.array(
      z.object({
        id: z.uuid(),
        status: z.string(),
        items: z.int(),
        total: z.number().nullable().meta({ description: 'in the smallest unit of the currency' }),
        currency: z.string().nullable(),
        placedAt: time,
      }),
    ),
    counts: z.object({
      messagesIn: z.int(),
      messagesOut: z.int(),
      events: z.int(),
      notes: z.int(),
      orders: z.int(),
      runs: z.int(),
      segments: z.int(),
    }),
  })
  .meta({ id: 'ContactProfile' })

const timelineItem = z
  .object({
    id: z.uuid(),
    at: time,
    kind: z.enum(timelineKinds),
    type: z
      .string()
      .meta({ description: "the fact's kind, the event's type, or `in` and `out` of a message" }),
    words: z.string(),
    data: jsonObjectSchema,
    causeId: z.uuid().nullable().meta({ description: 'the fact that it followed from' }),
    runId: z.uuid().nullable(),
    why: z.string().nullable().meta({ description: 'where the chain of its causes is told' }),
  })
  .meta({ id: 'TimelineItem' })

const path = '/platform/v1/contacts/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Contacts', auth: 'key' } as const

/** A contact all round, and all that happened. */
export const profileRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/profile`,
    summary:
      'Show a contact all round: attributes, identities, consent, segments, journeys, chats, orders, counts',
    description: 'Of lists the newest 50. One that was merged shows whom it was merged into.',
    input: { params },
    output: profile,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => getProfile(deps, workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/timeline`,
    summary: 'List everything that happened to a contact, newest first, with its causes',
    input: {
      params,
      query: page.query.extend({
        kinds: z
          .string()
          .max(200)
          .optional()
          .transform((given) => given?.split(','))
          .pipe(z.array(z.enum(timelineKinds)).optional())
          .meta({
            description: `separated by commas, of ${timelineKinds.join(', ')}; all when absent`,
            type: 'string',
          }),
      }),
    },
    output: page.of(timelineItem),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, kinds } }) => {
      const before = decodeCursor(cursor, timelineCursor)
      const rows = await listTimeline(deps, { workspaceId, contactId: id, kinds, before, limit: limit + 1 })
      const shown = rows.map((row) => ({ ...row, why: whyOf(id, row) }))
      return page.cut(shown, limit, ({ sortKey }) => sortKey)
    },
  }),
]

function whyOf(
  contactId: string,
  { kind, id, runId }: { kind: string; id: string; runId: string | null },
): string | null {
  const why = `/platform/v1/contacts/${contactId}/why`
  if (kind === 'message') return `${why}?message=${id}`
  return runId === null ? null : `${why}?run=${runId}`
}
