import { z } from 'zod'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { listMessages } from '../inbox/find-messages.ts'
import type { MessageDetail } from '../inbox/message-detail.ts'
import { messageView } from '../inbox/message-view.ts'
import { decodeCursor, encodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { demandChat, readAccess } from './access.ts'
import { chatNoteView } from './note-routes.ts'
import { getMessageTime, listChatEvents, listNotesBetween } from './timeline.ts'

const eventView = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    at: z.iso.datetime(),
    text: z.string().meta({ description: 'what happened, in words' }),
    by: z.string(),
    byUser: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    data: jsonObjectSchema,
  })
  .meta({ id: 'ChatEvent' })

/** What was said in a chat, and what happened around it. */
export const timelineRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/conversations/:id/messages',
    tag: 'Conversations',
    auth: 'key',
    summary: 'List the messages of a conversation, newest first',
    description:
      'A link to a message asks for those `around` it; `after` gives what came since a message. With `include`, what happened ' +
      'between these messages and what people noted stands beside them.',
    input: {
      params: z.object({ id: z.uuid() }),
      query: page.query.extend({
        around: z.uuid().optional().meta({ description: 'a message: it and those before and behind it' }),
        before: z.uuid().optional().meta({ description: 'a message: those before it' }),
        after: z.uuid().optional().meta({ description: 'a message: those right behind it' }),
        include: z
          .string()
          .regex(/^(events|notes)(,(events|notes))*$/, 'names events, notes or both')
          .optional(),
      }),
    },
    output: page.of(messageView).extend({
      newerThan: z.uuid().nullable().meta({ description: 'there is more behind this one: ask with `after`' }),
      events: z.array(eventView).optional(),
      notes: z.array(chatNoteView).optional(),
    }),
    handle: async ({ deps, actor, params: { id }, query: { include, ...query } }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const { conversationId, contactId } = await demandChat(em, await readAccess(em, actor), id, 'read')
      const found = await readPage(deps, { workspaceId, conversationId, ...query })
      if (include === undefined) return found
      const span = {
        workspaceId,
        conversationId,
        contactId,
        ...(await spanOf(em, { workspaceId, ...query }, found)),
      }
      return {
        ...found,
        ...(include.includes('events') && { events: await listChatEvents(em, span) }),
        ...(include.includes('notes') && { notes: await listNotesBetween(em, span) }),
      }
    },
  }),
]

/** From where a page begins to where the one behind it does: what happened between two pages is in one of them. */
async function spanOf(
  em: Em,
  { workspaceId, cursor, before, after }: Omit<Wanted, 'conversationId' | 'limit'>,
  { items, nextCursor, newerThan }: Found,
): Promise<{ from: string | null; to: string | null }> {
  const timeOf = (id: string) => getMessageTime(em, workspaceId, id)
  const behind = before ?? decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
  const newest = newerThan === null ? null : (items[0]?.createdAt ?? null)
  const oldest = nextCursor === null ? null : (items.at(-1)?.createdAt ?? null)
  return {
    from: after === undefined ? oldest : await timeOf(after),
    to: behind === undefined ? newest : await timeOf(behind),
  }
}

interface Wanted {
  workspaceId: string
  conversationId: string
  limit: number
  cursor?: string | undefined
  around?: string | undefined
  before?: string | undefined
  after?: string | undefined
}
interface Found {
  items: MessageDetail[]
  nextCursor: string | null
  newerThan: string | null
}

async function readPage(deps: Deps, wanted: Wanted): Promise<Found> {
  const { around, after, limit, cursor, ...chat } = wanted
  const asked = [around, after, wanted.before, cursor].filter((each) => each !== undefined)
  if (asked.length > 1) {
    const message = 'is given alone: one of around, before, after and cursor'
    throw new AppError('invalid_input', `cursor ${message}`, { fields: [{ field: 'cursor', message }] })
  }
  if (around !== undefined) return readAround(deps, { ...chat, around, limit })
  if (after !== undefined) {
    const rows = await listMessages(deps, { ...chat, after, limit: limit + 1 })
    // Newest first: what is too much are the newest.
    const items = rows.slice(-limit)
    return {
      items,
      nextCursor: cursorOf(items),
      newerThan: rows.length > limit ? (items[0]?.id ?? null) : null,
    }
  }
  const before = wanted.before ?? decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
  const rows = await listMessages(deps, { ...chat, before, limit: limit + 1 })
  return { ...page.cut(rows, limit, ({ id }) => [id]), newerThan: null }
}

/** Half of them before it, half behind it. */
async function readAround(
  deps: Deps,
  { around, limit, ...chat }: Wanted & { around: string },
): Promise<Found> {
  const half = Math.ceil(limit / 2)
  const older = await listMessages(deps, { ...chat, upTo: around, limit: half + 1 })
  if (older[0]?.id !== around)
    throw new AppError('not_found', `message ${around} is not in this conversation`)
  const newer = await listMessages(deps, { ...chat, after: around, limit: half + 1 })
  const shown = newer.slice(-half)
  const items = [...shown, ...older.slice(0, half)]
  return {
    items,
    nextCursor: older.length > half ? cursorOf(items) : null,
    newerThan: newer.length > half ? (shown[0]?.id ?? null) : null,
  }
}

function cursorOf(items: MessageDetail[]): string | null {
  const last = items.at(-1)
  return last ? encodeCursor([last.id]) : null
}
