import { z } from 'zod'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { productFilterSchema } from '../model/catalog.ts'
import { changeSet, createSet, deleteSet, getSet, listSets, setKinds } from './manage-sets.ts'

const setView = z
  .object({
    id: z.uuid(),
    catalogId: z.uuid(),
    name: z.string(),
    kind: z.enum(setKinds),
    filter: productFilterSchema.nullable(),
    products: z.int().meta({ description: 'in the set now, without those in the archive' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ProductSet' })
const fields = {
  name: z.string().trim().min(1).max(100),
  filter: productFilterSchema
    .strict()
    .optional()
    .meta({ description: 'of a rule: it picks whatever fits now; several fields must all fit' }),
  productIds: z
    .array(z.uuid())
    .max(5_000)
    .optional()
    .meta({ description: 'of a list. `GET /products?setId=` lists what is in any set' }),
}
const path = '/platform/v1/product-sets'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Product sets', auth: 'key' } as const

export const setRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List product sets, newest first',
    input: { query: page.query.extend({ catalogId: z.uuid().optional() }) },
    output: page.of(setView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, catalogId } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listSets(deps, { workspaceId, catalogId, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a product set: a list, or a rule',
    status: 201,
    input: { body: z.object({ catalogId: z.uuid(), kind: z.enum(setKinds), ...fields }) },
    output: setView,
    handle: async ({ deps, actor: { workspaceId }, body }) => createSet(deps, { workspaceId, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a product set',
    input: { params },
    output: setView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getSet(deps, { workspaceId, setId: id }),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Rename a set, replace its list or its rule',
    input: { params, body: z.object({ ...fields, name: fields.name.optional() }) },
    output: setView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      changeSet(deps, { workspaceId, setId: id }, body),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a product set; its products stay',
    status: 204,
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      deleteSet(deps, { workspaceId, setId: id }),
  }),
]
