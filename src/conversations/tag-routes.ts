import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { labelSchema } from '../model/label.ts'
import { demandTags, readAccess } from './access.ts'
import { createTag, deleteTag, listTags, updateTag } from './tags.ts'

const tagView = z
  .object({
    id: z.uuid(),
    number: z.int(),
    name: z.string(),
    color: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'ChatTag' })
const color = z.string().trim().min(1).max(1_000).nullable()
const params = z.object({ id: z.uuid() })
const path = '/platform/v1/chat-tags'
const base = { tag: 'Inbox', auth: 'key' } as const

/** The words by which conversations and messages are labelled. */
export const tagRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the tags',
    input: { query: page.query.extend({ search: z.string().trim().min(1).max(100).optional() }) },
    output: page.of(tagView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, search } }) => {
      const after = decodeCursor(cursor, z.tuple([z.int()]))?.[0]
      const rows = await listTags(forkFor(deps.orm, workspaceId), {
        workspaceId,
        search,
        after,
        limit: limit + 1,
      })
      return page.cut(rows, limit, ({ number }) => [number])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Make a tag',
    status: 201,
    input: { body: z.strictObject({ name: labelSchema, color: color.default(null) }) },
    output: tagView,
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      demandTags(await readAccess(forkFor(deps.orm, workspaceId), actor))
      return createTag(deps, { workspaceId, ...body, by: nameActor(actor) })
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Rename or colour a tag',
    input: { params, body: z.strictObject({ name: labelSchema.optional(), color: color.optional() }) },
    output: tagView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      demandTags(await readAccess(forkFor(deps.orm, workspaceId), actor))
      return updateTag(deps, { workspaceId, id, ...body, by: nameActor(actor) })
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a tag, wherever it stands',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      const { workspaceId } = actor
      demandTags(await readAccess(forkFor(deps.orm, workspaceId), actor))
      await deleteTag(deps, { workspaceId, id, by: nameActor(actor) })
      return undefined
    },
  }),
]
