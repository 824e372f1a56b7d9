import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import {
  batchActionSchema,
  batchFilterSchema,
  cancelBatch,
  createBatch,
  getBatch,
  listBatches,
} from './contact-batches.ts'
import { listTags } from './tags.ts'

const batchView = z
  .object({
    id: z.uuid(),
    action: jsonObjectSchema,
    filter: jsonObjectSchema,
    state: z.enum(['running', 'completed', 'cancelled', 'failed']),
    done: z.int().meta({ description: 'contacts looked at so far' }),
    failed: z.int().meta({ description: 'of these, those that could not be changed' }),
    error: z.string().nullable(),
    by: z.string(),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ContactBatch' })
const path = '/platform/v1/contact-batches'
const tagsPath = '/platform/v1/tags'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Contacts', auth: 'key' } as const
const tag = z.string().trim().min(1).max(100)

/** One change to many contacts, which a worker carries out; and tags, which are changed that way. */
export const batchRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the changes to many contacts, newest first',
    input: { query: page.query },
    output: page.of(batchView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listBatches(deps, { workspaceId, before, limit: limit + 1 })
      return page.cut(rows.map(toView), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'post',
    path,
    summary: 'Change every contact that fits: tags, attributes, spam, or erase them',
    description: 'A worker does it in the background. Contacts that are made later are left alone.',
    status: 202,
    input: { body: z.object({ action: batchActionSchema, filter: batchFilterSchema }) },
    output: batchView,
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      return toView(await createBatch(em, { workspaceId, ...body, by: nameActor(actor) }))
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show how far a change to many contacts is',
    input: { params },
    output: batchView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toView(await getBatch(deps, workspaceId, id)),
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'post',
    path: `${path}/:id/cancel`,
    summary: 'Stop a change to many contacts; what was done stays',
    input: { params },
    output: batchView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      toView(await cancelBatch(deps, workspaceId, id)),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: tagsPath,
    summary: 'List the tags that contacts carry, by name',
    input: { query: page.query.extend({ search: tag.optional() }) },
    output: page.of(z.object({ tag: z.string(), contacts: z.int() }).meta({ id: 'Tag' })),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, search } }) => {
      const after = decodeCursor(cursor, z.tuple([z.string()]))?.[0]
      const rows = await listTags(deps, { workspaceId, search, after, limit: limit + 1 })
      return page.cut(rows, limit, (each) => [each.tag])
    },
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'post',
    path: `${tagsPath}/replace`,
    summary: 'Rename a tag, or make one of several',
    description: 'A worker changes the contacts. Conditions and texts that name the tag stay as they are.',
    status: 202,
    input: { body: z.object({ tags: z.array(tag).min(1).max(50), by: tag }) },
    output: batchView,
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      const [only, ...others] = body.tags
      const filter = others.length === 0 ? { tag: only } : {}
      const action = { type: 'replace-tags' as const, ...body }
      const em = forkFor(deps.orm, workspaceId)
      return toView(await createBatch(em, { workspaceId, action, filter, by: nameActor(actor) }))
    },
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'post',
    path: `${tagsPath}/delete`,
    summary: 'Take a tag from every contact that carries it',
    status: 202,
    input: { body: z.object({ tag }) },
    output: batchView,
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      const action = { type: 'remove-tags' as const, tags: [body.tag] }
      const em = forkFor(deps.orm, workspaceId)
      return toView(await createBatch(em, { workspaceId, action, filter: body, by: nameActor(actor) }))
    },
  }),
]

/** As JSON: what a batch does and to whom is of many shapes. */
function toView(row: Awaited<ReturnType<typeof getBatch>>): z.input<typeof batchView> {
  const { action, filter, ...rest } = row
  return { ...rest, action: jsonObjectSchema.parse(action), filter: jsonObjectSchema.parse(filter) }
}
