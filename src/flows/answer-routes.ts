import { z } from 'zod'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { sendCsv } from '../kit/send-csv.ts'
import { listFlowAnswers } from './find-answers.ts'
import { writeAnswers } from './write-answers.ts'

const answerView = z
  .object({
    id: z.uuid(),
    flowId: z.uuid().nullable(),
    flowName: z.string().nullable(),
    contactId: z.uuid(),
    contactName: z.string().nullable(),
    conversationId: z.uuid(),
    messageId: z.uuid().meta({ description: "the customer's message" }),
    sentMessageId: z.uuid().nullable().meta({ description: 'our message that opened the Flow' }),
    runId: z.uuid().nullable(),
    verified: z.boolean().meta({ description: 'the token that came back is the one that was sent' }),
    answers: jsonObjectSchema,
    at: z.iso.datetime(),
  })
  .meta({ id: 'FlowAnswer' })

const time = z.iso.datetime({ offset: true }).optional()
const filter = z.object({
  flowId: z.uuid().optional(),
  contactId: z.uuid().optional(),
  runId: z.uuid().optional(),
  from: time,
  to: time.meta({ description: 'until then, that instant not included' }),
  field: z.string().min(1).max(200).optional().meta({ description: "an answer's name; alone: it was given" }),
  value: z.string().max(4_096).optional().meta({ description: 'what the answer named by `field` is' }),
})
const path = '/platform/v1/flow-answers'
const base = { tag: 'Flows', auth: 'key', method: 'get' } as const

/** What customers filled in. */
export const answerRoutes: Route[] = [
  defineRoute({
    ...base,
    path,
    summary: 'List filled-in Flows, newest first',
    input: { query: filter.extend(page.query.shape) },
    output: page.of(answerView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...wanted } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listFlowAnswers(deps, { workspaceId, ...wanted, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    path: `${path}/csv`,
    summary: 'Download filled-in Flows as CSV',
    description: 'A column for every name that occurs among the answers. Cells cannot become formulas.',
    download: 'text/csv',
    input: { query: filter },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, query, request }) => {
      const lines = () => writeAnswers(deps, { workspaceId, ...query })
      await sendCsv(request, { name: 'flow-answers.csv', byteOrderMark: false }, lines)
    },
  }),
]
