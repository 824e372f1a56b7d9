import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { blockContentSchema, blockKindSchema } from '../model/block.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { listBlockUses } from './block-uses.ts'
import { getBlock, listBlocks } from './find-blocks.ts'
import { createBlock, deleteBlock, duplicateBlock, updateBlock } from './manage-blocks.ts'
import { previewBlock } from './preview-block.ts'

const name = z.string().trim().min(1).max(200)
const content = blockContentSchema.meta({
  description:
    'The `interactive` object of the Cloud API. Texts may hold placeholders such as `{{contact.first_name | "there"}}`',
  example: {
    type: 'button',
    body: { text: 'Hello {{contact.first_name | "there"}}, shall we call you?' },
    action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes, please' } }] },
  },
})
const blockView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: blockKindSchema,
    content: jsonObjectSchema,
    version: z.int().meta({ description: 'raised by every change of the content' }),
    archivedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Block' })
const useView = z.object({
  journeyId: z.uuid(),
  journeyName: z.string(),
  where: z.enum(['draft', 'published']),
  cardId: z.string(),
  blockVersion: z.int().nullable(),
  outdated: z.boolean().meta({ description: 'the block has changed since the journey was published' }),
})
const previewView = z.object({
  content: jsonObjectSchema,
  text: z.string(),
  missing: z.array(z.string()).meta({ description: 'placeholders without a value: it would not be sent' }),
  problems: z.array(z.object({ field: z.string(), message: z.string() })),
})
const previewInput = { contactId: z.uuid().optional(), vars: jsonObjectSchema.default({}) }

const path = '/platform/v1/blocks'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Blocks', auth: 'key' } as const

/** Reusable messages: lists, reply buttons, Flow messages and the other interactive kinds. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the blocks, newest first',
    input: {
      query: page.query.extend({
        kind: blockKindSchema.optional(),
        search: z.string().trim().min(1).max(200).optional().meta({
          description: 'part of the name or of any text in it',
        }),
        archived: z.stringbool().default(false),
      }),
    },
    output: page.of(blockView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listBlocks(deps, { workspaceId, ...filter, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a block',
    status: 201,
    input: { body: z.object({ name, content }) },
    output: blockView,
    handle: async ({ deps, actor: { workspaceId }, body }) => createBlock(deps, { workspaceId, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/preview`,
    summary: 'Show a message that is being written as a contact would see it',
    input: { body: z.object({ content, ...previewInput }) },
    output: previewView,
    handle: async ({ deps, actor: { workspaceId }, body }) => previewBlock(deps, { workspaceId, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a block',
    input: { params },
    output: blockView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => getBlock(deps, workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Rename a block, change its content, archive it or bring it back',
    description:
      'The inbox sends the new content at once. Published journeys keep the content that they were published with. ' +
      'Archiving is refused while a journey uses the block.',
    input: {
      params,
      body: z.object({
        name: name.optional(),
        content: content.optional(),
        archived: z.boolean().optional(),
      }),
    },
    output: blockView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      updateBlock(deps, { workspaceId, blockId: id, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a block that no journey uses',
    description: '409 `conflict` says where it is used.',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await deleteBlock(deps, { workspaceId, blockId: id })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/duplicate`,
    summary: 'Copy a block under another name',
    status: 201,
    input: { params, body: z.object({ name: name.optional() }) },
    output: blockView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      duplicateBlock(deps, { workspaceId, blockId: id, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/uses`,
    summary: 'Say where a block is used',
    input: { params },
    output: z.object({ items: z.array(useView), nextCursor: z.null() }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await getBlock(deps, workspaceId, id)
      const items = await listBlockUses(forkFor(deps.orm, workspaceId), workspaceId, id)
      return { items, nextCursor: null }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/preview`,
    summary: 'Show a block as a contact would see it',
    input: { params, body: z.object(previewInput) },
    output: previewView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) => {
      const { content: written } = await getBlock(deps, workspaceId, id)
      return previewBlock(deps, { workspaceId, content: written, ...body })
    },
  }),
]
