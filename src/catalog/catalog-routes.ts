import { z } from 'zod'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { catalogSources } from '../model/catalog.ts'
import { productMessageSchema } from '../model/product-message.ts'
import { composeProductMessage } from './compose-product-message.ts'
import { changeCatalog, createCatalog, deleteCatalog, getCatalog, listCatalogs } from './manage-catalogs.ts'

const catalogView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    metaCatalogId: z.string().nullable().meta({ description: "Meta's id of it, which messages name" }),
    source: z.enum(catalogSources).meta({ description: 'who fills it' }),
    products: z.int().meta({ description: 'without those in the archive' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Catalog' })
const fields = {
  name: z.string().trim().min(1).max(100),
  metaCatalogId: z
    .string()
    .regex(/^\d{1,30}$/, 'must be the digits that Meta shows as the catalog id')
    .nullable()
    .optional(),
}
const path = '/platform/v1/catalogs'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Catalogs', auth: 'key' } as const

export const catalogRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List catalogs, newest first',
    input: { query: page.query },
    output: page.of(catalogView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      return page.cut(
        await listCatalogs(deps, { workspaceId, before, limit: limit + 1 }),
        limit,
        ({ id }) => [id],
      )
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a catalog',
    status: 201,
    input: { body: z.object({ ...fields, source: z.enum(catalogSources).default('manual') }) },
    output: catalogView,
    handle: async ({ deps, actor: { workspaceId }, body }) => createCatalog(deps, { workspaceId, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a catalog',
    input: { params },
    output: catalogView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getCatalog(deps, { workspaceId, catalogId: id }),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: "Rename a catalog, or say what Meta's id of it is",
    input: { params, body: z.object({ ...fields, name: fields.name.optional() }) },
    output: catalogView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      changeCatalog(deps, { workspaceId, catalogId: id }, body),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a catalog with its products and sets; orders stay',
    status: 204,
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      deleteCatalog(deps, { workspaceId, catalogId: id }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/compose-message`,
    summary: 'Compose a message that shows products: one, several in sections, or the whole catalog',
    description:
      "Answers the message in WhatsApp's shape, to be sent into a conversation, and what customers would not see.",
    input: { params, body: productMessageSchema },
    output: z.object({
      message: z.record(z.string(), z.unknown()),
      warnings: z.array(z.object({ retailerId: z.string(), message: z.string() })),
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      composeProductMessage(deps, { workspaceId, catalogId: id, message: body }),
  }),
]
