import { z } from 'zod'
import { accessSql, demandChat, readAccess } from '../conversations/access.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { getBlock } from '../blocks/find-blocks.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Actor, type Route } from '../kit/route.ts'
import { checkMediaReference } from '../media/check-media-reference.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { messageClassSchema, messageContentSchema } from '../model/message.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import {
  cancelScheduled,
  changeScheduled,
  getScheduled,
  listScheduled,
  replyModes,
  scheduledStates,
  scheduleMessage,
  type ScheduledMessage,
} from './scheduled-messages.ts'

const time = z.iso.datetime()
const dueAt = z.iso.datetime({ offset: true }).meta({ description: 'when it goes out' })
const onReply = z.enum(replyModes).meta({
  description:
    'what becomes of it when the customer writes first: held for a person, cancelled, or sent all the same',
})
const vars = jsonObjectSchema.meta({ description: 'values of `{{vars.…}}`' })
const view = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    what: z.union([z.object({ blockId: z.uuid() }), z.object({ content: messageContentSchema })]),
    vars,
    class: messageClassSchema,
    dueAt: time,
    onReply,
    state: z.enum(scheduledStates),
    reason: z.string().nullable().meta({ description: 'why it is held, was cancelled or failed' }),
    messageId: z.uuid().nullable().meta({ description: 'the message that it became' }),
    by: z.string(),
    byUser: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    createdAt: time,
    updatedAt: time,
    settledAt: time.nullable(),
  })
  .meta({ id: 'ScheduledMessage' })
const text = {
  blockId: z.uuid().optional().meta({ description: 'a block, as it stands when it goes out' }),
  content: messageContentSchema.optional(),
}
const one = 'give either blockId or content'
const makeBody = z
  .strictObject({
    ...text,
    ...{ vars: vars.default({}), class: messageClassSchema.default('utility'), dueAt },
    onReply: onReply.default('hold'),
  })
  .refine(({ blockId, content }) => (blockId === undefined) !== (content === undefined), {
    ...{ message: one, path: ['content'] },
  })
const changeBody = z
  .strictObject({
    ...text,
    ...{ vars: vars.optional(), class: messageClassSchema.optional() },
    ...{ dueAt: dueAt.optional(), onReply: onReply.optional() },
  })
  .refine(({ blockId, content }) => blockId === undefined || content === undefined, {
    ...{ message: one, path: ['content'] },
  })

const params = z.object({ id: z.uuid() })
const path = '/platform/v1/scheduled-messages'
const base = { tag: 'Scheduled messages', auth: 'key' } as const
const query = page.query.extend({ state: z.enum(scheduledStates).optional() })

/** Messages that wait for their time. */
export const scheduledRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List scheduled messages of all chats that you may read, newest first',
    input: { query },
    output: page.of(view),
    handle: async ({ deps, actor, query: { limit, cursor, state } }) =>
      list(deps, actor, { limit, cursor, state }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/conversations/:id/scheduled-messages',
    summary: 'List the scheduled messages of a conversation, newest first',
    input: { params, query },
    output: page.of(view),
    handle: async ({ deps, actor, params: { id }, query: { limit, cursor, state } }) => {
      const em = forkFor(deps.orm, actor.workspaceId)
      const { conversationId } = await demandChat(em, await readAccess(em, actor), id, 'read')
      return list(deps, actor, { limit, cursor, state, conversationId })
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/conversations/:id/scheduled-messages',
    summary: 'Schedule a message',
    description:
      'It goes out at its time, once. When the customer writes first it is held until somebody releases it, unless `onReply` ' +
      'says otherwise. What may not go out then (the window is closed) fails with the reason, and whoever scheduled it is told.',
    status: 201,
    input: { params, body: makeBody },
    output: view,
    handle: async ({ deps, actor, params: { id }, body }) =>
      act(deps, actor, id, async (em, conversationId) => {
        const { workspaceId } = actor
        const { vars: values, class: messageClass, dueAt: due, onReply: mode } = body
        const what = (await readWhat(deps, em, workspaceId, body)) ?? { blockId: '' }
        return scheduleMessage(em, {
          ...{ workspaceId, conversationId, what, vars: values, class: messageClass, onReply: mode },
          ...{ dueAt: due, by: nameActor(actor), byUserId: actor.kind === 'user' ? actor.id : null },
        })
      }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a scheduled message',
    input: { params },
    output: view,
    handle: async ({ deps, actor, params: { id } }) => {
      const em = forkFor(deps.orm, actor.workspaceId)
      const found = await getScheduled(em, actor.workspaceId, id)
      await demandChat(em, await readAccess(em, actor), found.conversationId, 'read')
      return found
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a scheduled message that has not gone out',
    input: { params, body: changeBody },
    output: view,
    handle: async ({ deps, actor, params: { id }, body: { blockId, content, ...rest } }) =>
      actOn(deps, actor, id, async (em) => {
        const { workspaceId } = actor
        const what = await readWhat(deps, em, workspaceId, { blockId, content })
        const given = Object.entries({ ...rest, what }).filter(([, value]) => value !== undefined)
        const change = Object.fromEntries(given) as Parameters<typeof changeScheduled>[1]['change']
        return changeScheduled(em, { workspaceId, id, by: nameActor(actor), change })
      }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/release`,
    summary: 'Release a message that the customer held by writing first',
    description: 'It goes out at its time, at the given one, or at once when that has passed.',
    input: { params, body: z.strictObject({ dueAt: dueAt.optional() }) },
    output: view,
    handle: async ({ deps, actor, params: { id }, body: change }) =>
      actOn(deps, actor, id, (em) =>
        changeScheduled(em, {
          ...{ workspaceId: actor.workspaceId, id, by: nameActor(actor), release: true },
          change: change.dueAt === undefined ? {} : { dueAt: change.dueAt },
        }),
      ),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Cancel a scheduled message that has not gone out',
    input: { params },
    output: view,
    handle: async ({ deps, actor, params: { id } }) =>
      actOn(deps, actor, id, (em) =>
        cancelScheduled(em, { workspaceId: actor.workspaceId, id, by: nameActor(actor) }),
      ),
  }),
]

async function list(
  deps: Deps,
  actor: Actor,
  input: {
    limit: number
    cursor: string | undefined
    state: ScheduledMessage['state'] | undefined
    conversationId?: string
  },
) {
  const { workspaceId } = actor
  const { limit, cursor, ...filter } = input
  const em = forkFor(deps.orm, workspaceId)
  const readable = accessSql(await readAccess(em, actor), 'v', 'read')
  const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
  const rows = await listScheduled(em, { workspaceId, ...filter, before, readable, limit: limit + 1 })
  return page.cut(rows, limit, (row) => [row.id])
}

/** Undefined: nothing was given. What is named must be there. */
async function readWhat(
  deps: Deps,
  em: Em,
  workspaceId: string,
  { blockId, content }: { blockId?: string | undefined; content?: ScheduledContent | undefined },
): Promise<ScheduledMessage['what'] | undefined> {
  if (blockId !== undefined) await getBlock(deps, workspaceId, blockId)
  if (content) await checkMediaReference(em, workspaceId, content, 'content')
  if (content) return { content }
  return blockId === undefined ? undefined : { blockId }
}
type ScheduledContent = z.output<typeof messageContentSchema>

/** In a chat that the actor may write into. */
async function act(
  deps: Deps,
  actor: Actor,
  conversationId: string,
  make: (em: Em, conversationId: string) => Promise<{ id: string; outbox: OutboxRow[] }>,
): Promise<ScheduledMessage> {
  const em = forkFor(deps.orm, actor.workspaceId)
  const access = await readAccess(em, actor)
  const { id, outbox } = await em.transactional(async (tx) => {
    const chat = await demandChat(tx, access, conversationId, 'write')
    return make(tx, chat.conversationId)
  })
  relaySoon(deps, outbox)
  return getScheduled(em, actor.workspaceId, id)
}

async function actOn(
  deps: Deps,
  actor: Actor,
  id: string,
  change: (em: Em) => Promise<OutboxRow[]>,
): Promise<ScheduledMessage> {
  const found = await getScheduled(forkFor(deps.orm, actor.workspaceId), actor.workspaceId, id)
  return act(deps, actor, found.conversationId, async (em) => ({ id, outbox: await change(em) }))
}
