import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { receiveUpload, uploadTypes } from '../kit/receive-upload.ts'
import { exportFeed } from './export-feed.ts'
import { importFeed, maximumFeedRows, maximumRejects } from './import-feed.ts'
import { getCatalog } from './manage-catalogs.ts'
import { maximumFeedBytes } from './read-feed.ts'

const path = '/platform/v1/catalogs/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Catalogs', auth: 'key' } as const

export const feedRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/import`,
    summary: 'Fill a catalog from a product feed in CSV',
    description: [
      "Columns are those of Meta's and Google's product feeds: `id`, `title` and `price` (`9.99 USD`) at least. A row is the",
      'whole product. Rows are written as they come, 500 a transaction; wrong ones are named with row, column and reason;',
      'sending the file again changes nothing.',
      `At most ${maximumFeedBytes / 1024 / 1024} MB and ${maximumFeedRows.toLocaleString('en')} rows.`,
    ].join(' '),
    upload: uploadTypes,
    input: {
      params,
      query: z.object({
        dryRun: z
          .stringbool()
          .default(false)
          .meta({ description: 'tells what would happen, and writes nothing' }),
      }),
    },
    output: z.object({
      dryRun: z.boolean(),
      rows: z.int(),
      created: z.int(),
      updated: z.int(),
      unchanged: z.int(),
      rejected: z.int().meta({ description: 'rows' }),
      rejects: z
        .array(z.object({ row: z.int(), id: z.string(), column: z.string(), reason: z.string() }))
        .meta({ description: `what is wrong, the first ${maximumRejects}; the header is row 1` }),
      ignoredColumns: z
        .array(z.string())
        .meta({ description: 'columns of the file that mean nothing to us' }),
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { dryRun }, request }) =>
      receiveUpload(request, (file) => importFeed(deps, { workspaceId, catalogId: id, file, dryRun })),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/export`,
    summary: 'Download the products of a catalog as a feed in CSV',
    description:
      'Importing it again changes nothing. Cells that a spreadsheet would take for formulas begin with an apostrophe.',
    download: 'text/csv',
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, request: { res: response } }) => {
      if (!response) return
      const whose = { workspaceId, catalogId: id }
      await getCatalog(deps, whose)
      response.type('text/csv').attachment(`catalog-${id}.csv`)
      await pipeline(Readable.from(exportFeed(deps, whose)), response)
    },
  }),
]
