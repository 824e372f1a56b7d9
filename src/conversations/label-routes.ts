import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { labelSchema } from '../model/label.ts'
import { demandChat, demandTags, readAccess } from './access.ts'
import { changeLabels } from './change-labels.ts'
import { listLabelCounts, listLabels } from './labels.ts'

const params = z.object({ id: z.uuid() })
const output = z.object({ labels: z.array(z.string()) })
const base = { tag: 'Inbox', auth: 'key' } as const
const path = '/platform/v1/conversations/:id/labels'

export const labelRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/labels',
    summary: 'List the labels in use, with how many conversations carry each',
    input: { query: page.query.extend({ search: z.string().trim().min(1).max(100).optional() }) },
    output: page.of(z.object({ label: z.string(), conversations: z.int() })),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, search } }) => {
      const after = decodeCursor(cursor, z.tuple([z.string()]))?.[0]
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listLabelCounts(em, { workspaceId, search, after, limit: limit + 1 })
      return page.cut(rows, limit, ({ label }) => [label])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the labels of a conversation',
    input: { params },
    output,
    handle: async ({ deps, actor, params: { id } }) => {
      const em = forkFor(deps.orm, actor.workspaceId)
      const { conversationId } = await demandChat(em, await readAccess(em, actor), id, 'read')
      return { labels: await listLabels(em, actor.workspaceId, conversationId) }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Label a conversation, or take labels away',
    description: 'A label that is new becomes a tag. Rules on tags are asked what it means.',
    input: {
      params,
      body: z.strictObject({
        add: z.array(labelSchema).max(20).default([]),
        remove: z.array(labelSchema).max(20).default([]),
      }),
    },
    output,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const access = await readAccess(em, actor)
      const { conversationId } = await demandChat(em, access, id, 'read')
      demandTags(access)
      const who = { by: nameActor(actor), byUserId: access.userId ?? undefined }
      return { labels: await changeLabels(deps, { workspaceId, conversationId, ...who, ...body }) }
    },
  }),
]
