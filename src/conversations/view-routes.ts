import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { readAccess } from './access.ts'
import { countViews, maximumCount } from './count-views.ts'
import { filterFields } from './filter.ts'
import { createInboxView, deleteInboxView, listInboxViews, updateInboxView } from './inbox-views.ts'
import { sorts } from './list-conversations.ts'

const query = z.strictObject({ ...filterFields, sort: z.enum(sorts).optional() })
const fields = {
  name: z.string().trim().min(1).max(100),
  shared: z.boolean().meta({ description: 'others of the workspace see it too' }),
  query,
}
const view = z
  .object({
    id: z.uuid(),
    ...fields,
    query: query.loose(),
    owner: z.string().meta({ description: '`user <id>` or `key <id>`' }),
    mine: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'InboxView' })
const path = '/platform/v1/inbox-views'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Conversations', auth: 'key' } as const

/** Lists of conversations worth keeping, and how many are in each. */
export const viewRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/conversations/counts',
    summary: 'Count the conversations in each view',
    description: `Of the views that everybody has and of the saved ones; no further than ${maximumCount}.`,
    input: { query: z.object({ numberId: z.uuid().optional() }) },
    output: z.object({
      views: z.array(z.object({ view: z.string(), name: z.string(), count: z.int() })),
      maximum: z.int().meta({ description: 'where counting ends: so many or more' }),
    }),
    handle: async ({ deps, actor, query: { numberId } }) => {
      const access = await readAccess(forkFor(deps.orm, actor.workspaceId), actor)
      return { views: await countViews(deps, access, nameActor(actor), numberId), maximum: maximumCount }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the saved views: your own and those that others share',
    input: { query: page.query },
    output: page.of(view),
    handle: async ({ deps, actor, query: { limit, cursor } }) => {
      const { workspaceId } = actor
      const owner = nameActor(actor)
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listInboxViews(forkFor(deps.orm, workspaceId), {
        ...{ workspaceId, owner, after, limit: limit + 1 },
      })
      return page.cut(
        rows.map((row) => ({ ...row, mine: row.owner === owner })),
        limit,
        ({ id }) => [id],
      )
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Save a view',
    status: 201,
    input: { body: z.strictObject({ ...fields, shared: fields.shared.default(false) }) },
    output: view,
    handle: async ({ deps, actor, body }) => {
      const owner = nameActor(actor)
      return {
        ...(await createInboxView(deps, { workspaceId: actor.workspaceId, owner, ...body })),
        mine: true,
      }
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a view of yours',
    input: { params, body: z.strictObject(fields).partial() },
    output: view,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const owner = nameActor(actor)
      const { workspaceId } = actor
      return { ...(await updateInboxView(deps, { workspaceId, owner, id, ...body })), mine: true }
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a view of yours',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await deleteInboxView(deps, { workspaceId: actor.workspaceId, owner: nameActor(actor), id })
      return undefined
    },
  }),
]
