import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { demandChat, readAccess } from './access.ts'
import {
  createSavedResponse,
  deleteSavedResponse,
  fillSavedResponse,
  listSavedResponses,
  updateSavedResponse,
} from './saved-responses.ts'

const fields = {
  text: z.string().trim().min(1).max(4_096),
  shortcut: z
    .string()
    .trim()
    .regex(/^[\w-]{1,50}$/, 'has letters, digits, - and _ only')
    .nullable()
    .meta({ description: 'what an agent types behind a `/`' }),
}
const responseView = z
  .object({
    id: z.uuid(),
    number: z.int(),
    text: z.string(),
    shortcut: z.string().nullable(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'SavedResponse' })
const path = '/platform/v1/saved-responses'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Inbox', auth: 'key' } as const

/** Texts that agents use again and again. */
export const savedResponseRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the saved responses',
    input: { query: page.query.extend({ search: z.string().trim().min(1).max(100).optional() }) },
    output: page.of(responseView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, search } }) => {
      const after = decodeCursor(cursor, z.tuple([z.int()]))?.[0]
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listSavedResponses(em, { workspaceId, search, after, limit: limit + 1 })
      return page.cut(rows, limit, ({ number }) => [number])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Save a response',
    description: '`{{contact.first_name}}` and the like are filled in when it is used.',
    status: 201,
    input: { body: z.strictObject({ ...fields, shortcut: fields.shortcut.default(null) }) },
    output: responseView,
    handle: async ({ deps, actor, body }) =>
      createSavedResponse(deps, { workspaceId: actor.workspaceId, ...body, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a saved response',
    input: { params, body: z.strictObject(fields).partial() },
    output: responseView,
    handle: async ({ deps, actor, params: { id }, body }) =>
      updateSavedResponse(deps, { workspaceId: actor.workspaceId, id, ...body, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a saved response',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await deleteSavedResponse(deps, { workspaceId: actor.workspaceId, id, by: nameActor(actor) })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/fill`,
    summary: "Fill a saved response in with what is known of a conversation's customer",
    input: { params, body: z.strictObject({ conversationId: z.uuid() }) },
    output: z.object({
      text: z.string(),
      missing: z.array(z.string()).meta({ description: 'what nothing is known of' }),
    }),
    handle: async ({ deps, actor, params: { id }, body: { conversationId } }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const { contactId } = await demandChat(em, await readAccess(em, actor), conversationId, 'read')
      return fillSavedResponse(em, { workspaceId, id, contactId })
    },
  }),
]
