import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route, type RouteContext } from '../kit/route.ts'
import { sendCsv } from '../kit/send-csv.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import { listAnswers } from './find-answers.ts'
import { writeAnswers } from './write-answers.ts'

const answerView = z
  .object({
    id: z.uuid(),
    runId: z.uuid(),
    contactId: z.uuid(),
    contactName: z.string().nullable(),
    cardId: z.string(),
    visit: z.number().meta({ description: '1 at the first time that the run came to the card' }),
    question: z.string().meta({ description: 'what the card asked' }),
    text: z.string().meta({ description: 'what the customer wrote, or tapped' }),
    value: z.json().meta({ description: 'what the card took it for; null when it was no answer' }),
    isValid: z.boolean(),
    messageId: z.uuid(),
    sentMessageId: z.uuid().nullable().meta({ description: 'our message that it answered' }),
    at: z.iso.datetime(),
  })
  .meta({ id: 'JourneyAnswer' })

const time = z.iso.datetime({ offset: true }).optional()
const filter = z.object({
  cardId: z.string().max(64).optional(),
  runId: z.uuid().optional(),
  contactId: z.uuid().optional(),
  valid: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'only those that the card took, or refused' }),
  from: time,
  to: time.meta({ description: 'until then, that instant not included' }),
})
const path = '/platform/v1/journeys/:id/answers'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Journeys', auth: 'key', method: 'get' } as const

/** What customers answered to the questions of a journey. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    path,
    summary: "List customers' answers to a journey's questions, newest first",
    input: { params, query: filter.extend(page.query.shape) },
    output: page.of(answerView),
    handle: async (context) => {
      const { limit, cursor } = context.query
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const wanted = await filterOf(context)
      const rows = await listAnswers(context.deps, { ...wanted, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    path: `${path}/csv`,
    summary: "Download customers' answers to a journey's questions as CSV",
    description: 'Cells cannot become formulas.',
    download: 'text/csv',
    input: { params, query: filter },
    output: z.void(),
    handle: async (context) => {
      const wanted = await filterOf(context)
      await sendCsv(context.request, { name: 'journey-answers.csv', byteOrderMark: false }, () =>
        writeAnswers(context.deps, wanted),
      )
    },
  }),
]

type Asked = Pick<
  RouteContext<{ id: string }, z.output<typeof filter>>,
  'deps' | 'actor' | 'params' | 'query'
>

/** Of a journey that is there. */
async function filterOf({ deps, actor: { workspaceId }, params: { id }, query }: Asked) {
  await getJourney(forkFor(deps.orm, workspaceId), id)
  const { cardId, runId, contactId, valid, from, to } = query
  const isValid = valid === undefined ? undefined : valid === 'true'
  return { workspaceId, journeyId: id, cardId, runId, contactId, isValid, from, to }
}
