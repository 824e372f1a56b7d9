import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { bulkRequestSchema, bulkStates } from './bulk-schema.ts'
import { bulkView, toBulkView } from './bulk-view.ts'
import { findBulk, itemStates, listBulk, listItems } from './find-bulk.ts'
import { bulkPreviewSchema, previewBulk } from './preview-bulk.ts'
import { startBulk } from './start-bulk.ts'
import { steerBulk, type BulkStep } from './steer-bulk.ts'

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
      return toBulkView(operation)
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
      return page.cut(rows.map(toBulkView), limit, ({ id }) => [id])
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
      toBulkView(await findBulk(forkFor(deps.orm, workspaceId), workspaceId, id)),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/items`,
    summary: 'List what became of each item',
    description: 'Kept for 30 days after the operation has ended, of migrations for a year; its counts stay.',
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
      return toBulkView(await steerBulk(deps, order, step))
    },
  })
}
