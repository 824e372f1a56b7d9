import { z } from 'zod'
import { listDefinitions } from '../contacts/attribute-definitions.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route, type RouteContext } from '../kit/route.ts'
import { mappingSchema } from './import-mapping.ts'
import { findImport, importStages, importStates, listImports, type ImportRow } from './imports.ts'
import { receiveUpload, uploadTypes } from '../kit/receive-upload.ts'
import { cancelImport, holdImport, mapImport, removeImport, startImport } from './steer-import.ts'
import { storeUpload } from './store-upload.ts'
import { suggestMapping } from './suggest-mapping.ts'
import { writeRejects } from './write-rejects.ts'

const importView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    state: z.enum(importStates).meta({
      description: '`checked`: a dry run has ended; `ready`: mapped, and may be started',
    }),
    stage: z.enum(importStages),
    bytes: z.number(),
    dryRun: z.boolean(),
    encoding: z.string(),
    delimiter: z.string(),
    columns: z.array(
      z.object({
        name: z.string(),
        samples: z.array(z.string()).meta({ description: 'of the first 5 rows' }),
      }),
    ),
    warnings: z.array(z.string()),
    mapping: mappingSchema.nullable(),
    progress: z.object({
      share: z.number().meta({ description: 'of the file, 0 to 1' }),
      rowsRead: z.number(),
      accepted: z.number(),
      rejected: z.number(),
      duplicates: z.number().meta({ description: 'rows about a person of an earlier row; the first counts' }),
      created: z.number(),
      updated: z.number(),
      unchanged: z.number(),
      skipped: z.number(),
      spread: z.number().meta({ description: 'contacts whose events, consents and segments are done' }),
      journeysAsked: z.number(),
    }),
    error: z.string().nullable(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Import' })

const path = '/platform/v1/imports'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Imports', auth: 'key' } as const
type Context = Pick<RouteContext, 'deps' | 'actor'> & { params: { id: string } }

export const importRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Upload a CSV file of contacts',
    description: `The body is the file, or a form with the file in its field \`file\`. It is stored and described; nothing is
imported before its columns are mapped. UTF-8, UTF-16 and Windows-1252 are told apart by themselves, and \`,\` \`;\` tab
and \`|\` as delimiters.`,
    status: 201,
    upload: uploadTypes,
    input: {
      query: z.object({
        name: z.string().trim().min(1).max(200).optional(),
        encoding: z
          .string()
          .min(1)
          .max(40)
          .optional()
          .meta({ description: 'e.g. `shift_jis`, when it is known' }),
        delimiter: z.enum([',', ';', '\t', '|', 'tab']).optional(),
        header: z
          .enum(['true', 'false'])
          .default('true')
          .meta({ description: 'whether the first row names columns' }),
      }),
    },
    output: importView.extend({ suggestion: mappingSchema.shape.columns }),
    handle: async ({ deps, actor, request, query: { name, encoding, delimiter, header } }) => {
      const { workspaceId } = actor
      const options = {
        ...{ workspaceId, encoding, by: nameActor(actor), hasHeader: header === 'true' },
        delimiter: delimiter === 'tab' ? '\t' : delimiter,
      }
      const id = await receiveUpload(request, (file, fileName) =>
        storeUpload(deps, { ...options, name: name ?? fileName ?? 'contacts.csv' }, file),
      )
      const em = forkFor(deps.orm, workspaceId)
      const imported = await findImport(em, workspaceId, id)
      const definitions = await listDefinitions(em, workspaceId)
      return { ...toView(imported), suggestion: suggestMapping(imported.file.columns, definitions) }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List imports, newest first',
    input: { query: page.query },
    output: page.of(importView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listImports(deps, { workspaceId, before, limit: limit + 1 })
      return page.cut(rows.map(toView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show an import and how far it is',
    input: { params },
    output: importView,
    handle: show,
  }),
  defineRoute({
    ...base,
    method: 'put',
    path: `${path}/:id/mapping`,
    summary: 'Say what the columns are, and how rows are to be taken',
    description: 'Columns that are not named are ignored. Wrong ones are named in the answer.',
    input: { params, body: mappingSchema },
    output: importView,
    handle: async (context) => {
      await mapImport(context.deps, orderOf(context), context.body)
      return show(context)
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/start`,
    summary: 'Start an import, or a dry run that only counts and finds rejects',
    description: 'One that was cancelled or failed goes on where it stopped.',
    input: { params, body: z.object({ dryRun: z.boolean().default(false) }) },
    output: importView,
    handle: async (context) => {
      await startImport(context.deps, { ...orderOf(context), dryRun: context.body.dryRun })
      return show(context)
    },
  }),
  steering('pause', 'Hold an import: it stops within seconds', (deps, order) =>
    holdImport(deps, order, 'pause'),
  ),
  steering('resume', 'Let a held import go on', (deps, order) => holdImport(deps, order, 'resume')),
  steering('cancel', 'End an import where it is; what it has stored stays', cancelImport),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Remove an import with its file and rejects; its contacts stay',
    status: 204,
    input: { params },
    output: z.void(),
    handle: async (context) => removeImport(context.deps, orderOf(context)),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/rejects`,
    summary: 'Download the rows that were not taken, as CSV, with row, column, value and reason',
    download: 'text/csv',
    input: { params },
    output: z.unknown(),
    handle: async ({ deps, actor, params: { id }, request }) =>
      writeRejects(deps, { workspaceId: actor.workspaceId, importId: id }, request),
  }),
]

function steering(
  verb: 'pause' | 'resume' | 'cancel',
  summary: string,
  steer: (deps: Deps, order: ReturnType<typeof orderOf>) => Promise<void>,
): Route {
  return defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/${verb}`,
    summary,
    input: { params },
    output: importView,
    handle: async (context) => {
      await steer(context.deps, orderOf(context))
      return show(context)
    },
  })
}

function orderOf({ actor, params: { id } }: Context) {
  return { workspaceId: actor.workspaceId, importId: id, by: nameActor(actor) }
}

async function show({ deps, actor: { workspaceId }, params: { id } }: Context) {
  return toView(await findImport(forkFor(deps.orm, workspaceId), workspaceId, id))
}

function toView(row: ImportRow): z.input<typeof importView> {
  const { file, plan, progress, offsetBytes, bytes, ...rest } = row
  const share = row.stage === 'rows' ? (bytes === 0 ? 0 : Math.min(1, offsetBytes / bytes)) : 1
  return {
    ...rest,
    bytes,
    encoding: file?.encoding ?? '',
    delimiter: file?.delimiter ?? '',
    columns: file?.columns ?? [],
    warnings: file?.warnings ?? [],
    mapping: plan ? mappingSchema.parse(pickMapping(plan)) : null,
    progress: { ...progress, share },
  }
}

/** A plan without what was worked out from the mapping. */
function pickMapping(plan: NonNullable<ImportRow['plan']>): unknown {
  const {
    targets: _targets,
    types: _types,
    declares: _declares,
    portfolioId: _portfolioId,
    ...mapping
  } = plan
  return mapping
}
