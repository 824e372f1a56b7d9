import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import {
  createExport,
  exportRequestSchema,
  findExport,
  listExports,
  removeExport,
  type ExportRow,
} from './exports.ts'
import { writeExport } from './write-export.ts'

const path = '/platform/v1/exports'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Exports', auth: 'key' } as const

const exportView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    request: exportRequestSchema,
    by: z.string(),
    createdAt: z.iso.datetime(),
    file: z.string().meta({ description: 'where the CSV is fetched, as often as one likes' }),
  })
  .meta({ id: 'Export' })

export const exportRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Say what to export: contacts, members of a segment, or events',
    description: 'The file is made when it is fetched, of what is there then.',
    status: 201,
    input: { body: exportRequestSchema },
    output: exportView,
    handle: async ({ deps, actor, body }) =>
      toView(
        await createExport(deps, { workspaceId: actor.workspaceId, request: body, by: nameActor(actor) }),
      ),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List exports, newest first',
    input: { query: page.query },
    output: page.of(exportView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listExports(forkFor(deps.orm, workspaceId), workspaceId, before, limit + 1)
      return page.cut(rows.map(toView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show an export',
    input: { params },
    output: exportView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toView(await findExport(forkFor(deps.orm, workspaceId), workspaceId, id)),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/file`,
    summary: 'Download an export as CSV',
    description:
      'Cells that a spreadsheet would run as formulas have an apostrophe in front; imports take it off again.',
    download: 'text/csv',
    input: { params },
    output: z.unknown(),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, request }) =>
      writeExport(deps, { workspaceId, exportId: id }, request),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Remove an export',
    status: 204,
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      removeExport(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
]

function toView(row: ExportRow): z.input<typeof exportView> {
  return { ...row, file: `${path}/${row.id}/file` }
}
