import { z } from 'zod'
import { accessSql, readAccess } from '../conversations/access.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Actor, type Route } from '../kit/route.ts'
import { listSatisfaction, sumSatisfaction } from './satisfaction.ts'

const score = z.int().min(1).max(5)
const answerView = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    episodeId: z.uuid(),
    contactId: z.uuid(),
    user: z.object({ id: z.uuid(), name: z.string() }).nullable().meta({ description: 'who had the chat' }),
    askedAt: z.iso.datetime(),
    score: score.nullable().meta({ description: 'null: not answered' }),
    comment: z.string().nullable(),
    answeredAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'SatisfactionAnswer' })
const summaryView = z
  .object({
    asked: z.int(),
    answered: z.int(),
    average: z.number().nullable(),
    satisfied: z.number().nullable().meta({ description: 'who gave 4 or 5, in per cent of who answered' }),
    scores: z.array(z.object({ score, count: z.int() })),
  })
  .meta({ id: 'SatisfactionSummary' })
const filters = {
  from: z.iso.datetime({ offset: true }).optional().meta({ description: 'asked then or later' }),
  to: z.iso.datetime({ offset: true }).optional().meta({ description: 'asked earlier' }),
  userId: z.uuid().optional().meta({ description: 'of chats that this user had' }),
  numberId: z.uuid().optional(),
}
const path = '/platform/v1/satisfaction'
const base = { tag: 'Satisfaction', auth: 'key', method: 'get' } as const

/** What customers said of chats that are over. */
export const satisfactionRoutes: Route[] = [
  defineRoute({
    ...base,
    path,
    summary: 'List who was asked how a chat was, and what they answered, newest first',
    input: { query: page.query.extend({ ...filters, score: z.coerce.number().pipe(score).optional() }) },
    output: page.of(answerView),
    handle: async ({ deps, actor, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const { em, readable } = await readableBy(deps, actor)
      const rows = await listSatisfaction(em, {
        ...{ ...filter, workspaceId: actor.workspaceId, readable, before, limit: limit + 1 },
      })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    path: `${path}/summary`,
    summary: 'How satisfied customers were',
    input: { query: z.object(filters) },
    output: summaryView,
    handle: async ({ deps, actor, query }) => {
      const { em, readable } = await readableBy(deps, actor)
      return sumSatisfaction(em, { ...query, workspaceId: actor.workspaceId, readable })
    },
  }),
]

async function readableBy(deps: Deps, actor: Actor) {
  const em = forkFor(deps.orm, actor.workspaceId)
  return { em, readable: accessSql(await readAccess(em, actor), 'v', 'read') }
}
