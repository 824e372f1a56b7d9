import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { filterFields } from './contact-schema.ts'
import { sortSchema } from './sort-fragment.ts'
import { createView, deleteView, listViews, updateView } from './views.ts'

const query = z.strictObject({
  ...filterFields,
  sort: sortSchema.optional(),
  columns: z
    .array(z.string().max(100))
    .max(50)
    .optional()
    .meta({ description: 'attributes to show, in order' }),
})
const fields = {
  name: z.string().trim().min(1).max(100),
  shared: z.boolean().meta({ description: 'others of the workspace see it too' }),
  isDefault: z.boolean().meta({ description: 'one view of yours is shown first' }),
  query,
}
const view = z
  .object({
    id: z.uuid(),
    ...fields,
    owner: z.string().meta({ description: '`user <id>` or `key <id>`' }),
    mine: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ContactView' })

const path = '/platform/v1/contact-views'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Contacts', auth: 'key' } as const

/** Searches worth keeping. */
export const viewRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List your saved views of contacts and those that are shared, by name',
    input: { query: page.query },
    output: page.of(view),
    handle: async ({ deps, actor, query: { limit, cursor } }) => {
      const owner = nameActor(actor)
      const after = decodeCursor(cursor, z.tuple([z.string(), z.uuid()]))
      const rows = await listViews(deps, { workspaceId: actor.workspaceId, owner, after, limit: limit + 1 })
      const shown = rows.map((row) => ({
        ...row,
        mine: row.owner === owner,
        isDefault: row.isDefault && row.owner === owner,
      }))
      return page.cut(shown, limit, ({ name, id }) => [name, id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Save a view of contacts: search, condition, order and columns',
    status: 201,
    input: {
      body: z.object({
        ...fields,
        shared: fields.shared.default(false),
        isDefault: fields.isDefault.default(false),
      }),
    },
    output: view,
    handle: async ({ deps, actor, body }) => {
      const owner = nameActor(actor)
      return { ...(await createView(deps, { workspaceId: actor.workspaceId, owner, ...body })), mine: true }
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change a saved view of yours',
    input: { params, body: z.object(fields).partial() },
    output: view,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const asking = { workspaceId: actor.workspaceId, owner: nameActor(actor), id }
      return { ...(await updateView(deps, { ...asking, ...body })), mine: true }
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a saved view of yours',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await deleteView(deps, { workspaceId: actor.workspaceId, owner: nameActor(actor), id })
      return undefined
    },
  }),
]
