import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { bulkRequestSchema, bulkStates, canarySchema } from './bulk-schema.ts'
import { findBulk, itemStates, listBulk, listItems, type BulkRow } from './find-bulk.ts'
import { bulkPreviewSchema, previewBulk } from './preview-bulk.ts'
import { startBulk } from './start-bulk.ts'
import { steerBulk, type BulkStep } from './steer-bulk.ts'

const bulkView = z
  .object({
    id: z.uuid(),
    kind: z.string(),
    selection: jsonObjectSchema,
    order: jsonObjectSchema,
    ratePerMinute: z.number().nullable(),
    spreadHours: z.number().nullable(),
    canary: canarySchema.extend({ passed: z.boolean() }).nullable(),
    state: z.enum(bulkStates).meta({ description: '`stopped`: too many of the canary failed' }),
    total: z.int().meta({ description: 'grows while the operation is pending' }),
    done: z.int(),
    skipped: z.int().meta({ description: 'nothing was to be done any more' }),
    failed: z.int(),
    reason: z.string().nullable(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BulkOperation' })
const itemView = z.object({
  id: z.uuid().meta({ description: "the run's, or the queued entrant's" }),
  subject: z.enum(['run', 'entrant']),
  state: z.enum(itemStates),
  reason: z.string().nullable(),
  settledAt: z.iso.datetime().nullable(),
})

const path = '/platform/v1/bulk-operations'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Bulk operations', auth: 'key' } as const

export const routes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/preview`,
    summary: 'Say what an operation would do, and do nothing',
    description:
      'How many runs, in which groups, some examples, how long it takes, and what would be sent in the next minutes.',
    input: { body: bulkRequestSchema },
    output: bulkPreviewSchema,
    handle: ({ deps, actor: { workspaceId }, body }) => previewBulk(deps, { workspaceId, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Do one thing to many runs',
    description:
      'The same order for the same selection is one operation while it is under way: who presses twice gets the same one.',
    status: 202,
    input: { body: bulkRequestSchema },
    output: bulkView,
    handle: async ({ deps, actor, body }) => {
      const { operation } = await startBulk(deps, {
        ...body,
        workspaceId: actor.workspaceId,
        by: nameActor(actor),
      })
      return toView(operation)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List operations, newest first',
    input: {
      query: page.query.extend({
        kind: z.string().max(40).optional(),
        state: z.enum(bulkStates).optional(),
      }),
    },
    output: page.of(bulkView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listBulk(deps, { workspaceId, ...filter, before, limit: limit + 1 })
      return page.cut(rows.map(toView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show an operation and how far it is',
    input: { params },
    output: bulkView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toView(await findBulk(forkFor(deps.orm, workspaceId), workspaceId, id)),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/items`,
    summary: 'List what became of each item',
    input: { params, query: page.query.extend({ state: z.enum(itemStates).optional() }) },
    output: page.of(itemView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, state } }) => {
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const order = { workspaceId, operationId: id, state, after, limit: limit + 1 }
      return page.cut(await listItems(deps, order), limit, (item) => [item.id])
    },
  }),
  steering('pause', 'Hold an operation: it stops within seconds'),
  steering('resume', 'Let a held operation go on'),
  steering('cancel', 'End an operation: what was done stays done, the rest is left alone'),
]

function steering(step: BulkStep, summary: string): Route {
  return defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/${step}`,
    summary,
    input: { params },
    output: bulkView,
    handle: async ({ deps, actor, params: { id } }) => {
      const order = { workspaceId: actor.workspaceId, operationId: id, by: nameActor(actor) }
      return toView(await steerBulk(deps, order, step))
    },
  })
}

function toView(row: BulkRow): z.input<typeof bulkView> {
  const { id, kind, order, ratePerMinute, spreadHours, canary, state, total, done, skipped, failed } = row
  const { reason, by, createdAt, endedAt } = row
  return {
    ...{ id, kind, order, ratePerMinute, spreadHours, state, total, done, skipped, failed, reason, by },
    ...{ createdAt, endedAt, selection: { ...row.selection } },
    canary: canary && { ...canary, passed: row.canaryPassedAt !== null },
  }
}
