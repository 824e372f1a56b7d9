import { z } from 'zod'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { listClicks } from './find-clicks.ts'

const clickView = z
  .object({
    id: z.uuid(),
    messageId: z.uuid().meta({ description: 'the message that had the link' }),
    contactId: z.uuid(),
    contactName: z.string().nullable(),
    runId: z.uuid().nullable(),
    cardId: z.string().nullable(),
    url: z.string().meta({ description: 'where it led' }),
    isPreview: z.boolean().meta({ description: 'a program looked, no person' }),
    userAgent: z.string(),
    at: z.iso.datetime(),
  })
  .meta({ id: 'LinkClick' })

/** Who followed links in messages. */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/link-clicks',
    summary: 'List clicks on links in messages, newest first',
    tag: 'Links',
    auth: 'key',
    input: {
      query: page.query.extend({
        journeyId: z.uuid().optional(),
        runId: z.uuid().optional(),
        contactId: z.uuid().optional(),
        messageId: z.uuid().optional(),
        cardId: z.string().max(64).optional(),
        previews: z
          .enum(['true', 'false'])
          .default('false')
          .meta({ description: 'those of programs too, which look before a person does' }),
      }),
    },
    output: page.of(clickView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, previews, ...wanted } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listClicks(deps, {
        ...wanted,
        ...{ workspaceId, before, previews: previews === 'true', limit: limit + 1 },
      })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
]
