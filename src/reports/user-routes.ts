import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { runStates } from '../journeys/entities.ts'
import { getJourney, getVersion } from '../journeys/manage-journeys.ts'
import { csvLine } from '../kit/csv.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { sendCsv } from '../kit/send-csv.ts'
import { listUsers, type JourneyUser, type UserFilter } from './find-users.ts'

const userView = z
  .object({
    contactId: z.uuid().nullable().meta({ description: 'null of a run that an API started for nobody' }),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    runId: z.uuid().meta({ description: "the contact's last run in this journey" }),
    state: z.enum(runStates),
    cardId: z.string().nullable().meta({ description: 'where they stand, or stood last' }),
    version: z.int(),
    outcome: z.string().nullable(),
    goalReached: z.boolean(),
    startedAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'JourneyUser' })

const filter = z.object({
  state: z
    .enum([...runStates, 'inside'])
    .optional()
    .meta({ description: '`inside`: any state but an end' }),
  cardId: z.string().max(64).optional().meta({ description: 'the card at which they stand' }),
  version: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  search: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'part of a name, of a phone number or of another identity' }),
})
const path = '/platform/v1/journeys/:id/users'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Reports', auth: 'key', method: 'get' } as const

export const userRoutes: Route[] = [
  defineRoute({
    ...base,
    path,
    summary: 'List who has entered a journey, and how they stand; the last to enter first',
    input: { params, query: filter.extend(page.query.shape) },
    output: page.of(userView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, ...wanted } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const { users } = await readFilter(deps, workspaceId, id, wanted)
      const rows = await listUsers(deps, { ...users, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ runId }) => [runId])
    },
  }),
  defineRoute({
    ...base,
    path: `${path}/csv`,
    summary: 'Download who has entered a journey as CSV',
    download: 'text/csv',
    input: { params, query: filter },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query, request }) => {
      const { users, name } = await readFilter(deps, workspaceId, id, query)
      const lines = () => writeUsers(deps, users)
      await sendCsv(request, { name: `${name} users.csv`, byteOrderMark: false }, lines)
    },
  }),
]

async function readFilter(
  deps: Deps,
  workspaceId: string,
  journeyId: string,
  { version, ...rest }: z.output<typeof filter>,
): Promise<{ users: UserFilter; name: string }> {
  const { name } = await getJourney(forkFor(deps.orm, workspaceId), journeyId)
  const versionId =
    version === undefined
      ? undefined
      : (await getVersion(deps, { workspaceId, journeyId, number: version })).id
  return { users: { workspaceId, journeyId, versionId, ...rest }, name }
}

/** Rows a question: between two of them nothing is held. */
const rowsAPage = 2_000
const columns = [
  ...(['contactId', 'name', 'phone', 'runId', 'state', 'cardId', 'version', 'outcome'] as const),
  ...(['goalReached', 'startedAt', 'updatedAt', 'endedAt'] as const),
] satisfies (keyof JourneyUser)[]

async function* writeUsers(deps: Deps, users: UserFilter): AsyncGenerator<string, void> {
  yield csvLine(columns.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)))
  let before: string | undefined
  for (;;) {
    const rows = await listUsers(deps, { ...users, before, limit: rowsAPage })
    for (const row of rows) yield csvLine(columns.map((name) => String(row[name] ?? '')))
    before = rows.at(-1)?.runId
    if (rows.length < rowsAPage) return
  }
}
