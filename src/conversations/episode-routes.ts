import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { demandChat, readAccess } from './access.ts'
import { listEpisodes } from './list-episodes.ts'

const time = z.iso.datetime()
const episodeView = z
  .object({
    id: z.uuid(),
    openedAt: time,
    firstResponseAt: time.nullable(),
    closedAt: time.nullable().meta({ description: 'null: it goes on' }),
    outcome: z.string().nullable(),
    reopened: z.int().meta({ description: 'how often it went on after it had been closed' }),
  })
  .meta({ id: 'ConversationEpisode' })

/** What was before in a conversation. */
export const episodeRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/conversations/:id/episodes',
    tag: 'Conversations',
    auth: 'key',
    summary: 'List the episodes of a conversation: when it was opened, answered and closed; newest first',
    input: { params: z.object({ id: z.uuid() }), query: page.query },
    output: page.of(episodeView),
    handle: async ({ deps, actor, params: { id }, query: { limit, cursor } }) => {
      const { workspaceId } = actor
      const em = forkFor(deps.orm, workspaceId)
      const { conversationId } = await demandChat(em, await readAccess(em, actor), id, 'read')
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listEpisodes(em, { workspaceId, conversationId, before, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.id])
    },
  }),
]
