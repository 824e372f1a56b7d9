import { z } from 'zod'
import { deleteJourney } from '../../journeys/delete-journey.ts'
import { journeyStates, listJourneys, type JourneyLine } from '../../journeys/list-journeys.ts'
import { decodeCursor, page } from '../../kit/paging.ts'
import { listUsers, type JourneyUser } from '../../reports/find-users.ts'
import { demandJourney } from '../../journeys/demand-journey.ts'
import { demandPhone } from '../../settings/demand-phone.ts'
import { afterPaging } from '../after-paging.ts'
import { dialectRoute, type DialectRoute } from '../dialect-route.ts'

const tag = 'Journey'
const journeyWire = z
  .object({
    journey_id: z.uuid(),
    journey_name: z.string(),
    status: z.enum(journeyStates),
    is_published: z.boolean(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'ChatmanJourney' })
const userWire = z
  .object({
    user_id: z.uuid().nullable().meta({ description: 'null of a run that was started for nobody' }),
    name: z.string().nullable(),
    phone_number: z.string().nullable(),
    status: z.string().meta({ example: 'waiting' }),
    current_card: z.string().nullable(),
    journey_version: z.int(),
    goal_reached: z.boolean(),
    entered_at: z.iso.datetime(),
    exited_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ChatmanJourneyUser' })
const params = z.object({ journey_id: z.uuid() })

export const journeyRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'get', path: '/journeys', summary: 'Get All Journey' },
    description: 'Of the number that the key is bound to, newest first.',
    input: {
      query: z.object({
        phone_number: z.string().max(30).optional().meta({ description: "the key's number, when given" }),
        search_key: z.string().trim().min(1).max(200).optional().meta({ description: 'part of the name' }),
        ...afterPaging.query,
      }),
    },
    output: afterPaging.of(journeyWire),
    call: async ({
      deps,
      workspaceId,
      numberId,
      query: { limit, after, search_key: search, phone_number },
    }) => {
      if (phone_number !== undefined) await demandPhone(deps, { workspaceId, numberId }, phone_number)
      const cursor = decodeCursor(after, z.tuple([z.string(), z.uuid()]))
      const order = { sort: 'created', order: 'desc' } as const
      const filter = { workspaceId, numberId, search, after: cursor, limit: limit + 1, ...order }
      return page.cut(await listJourneys(deps, filter), limit, ({ sortKey, id }) => [sortKey, id])
    },
    toWire: afterPaging.toWire(toWireJourney),
    fields: { phone: 'phone_number' },
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/:journey_id/users', summary: 'Get All Journey Users' },
    description: 'Everybody who has entered, the last to enter first, and how they stand.',
    input: { params, query: z.object(afterPaging.query) },
    output: afterPaging.of(userWire),
    call: async ({
      deps,
      workspaceId,
      numberId,
      params: { journey_id: journeyId },
      query: { limit, after },
    }) => {
      await demandJourney(deps, { workspaceId, numberId, journeyId })
      const before = decodeCursor(after, z.tuple([z.uuid()]))?.[0]
      const rows = await listUsers(deps, { workspaceId, journeyId, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ runId }) => [runId])
    },
    toWire: afterPaging.toWire(toWireUser),
    fields: { journeyId: 'journey_id' },
  }),
  dialectRoute({
    ...{ tag, method: 'delete', path: '/delete-journey/:journey_id', summary: 'Delete Journey' },
    description: 'Nobody enters any more; who is inside goes on to the end.',
    input: { params },
    output: z.object({ journey_id: z.uuid(), deleted: z.literal(true) }),
    call: async ({ deps, workspaceId, numberId, params: { journey_id: journeyId } }) => {
      await demandJourney(deps, { workspaceId, numberId, journeyId })
      await deleteJourney(deps, { workspaceId, journeyId })
      return journeyId
    },
    toWire: (journeyId) => ({ journey_id: journeyId, deleted: true as const }),
    fields: { journeyId: 'journey_id' },
  }),
]

function toWireJourney({ id, name, state, ...journey }: JourneyLine): z.input<typeof journeyWire> {
  return {
    journey_id: id,
    journey_name: name,
    status: state,
    is_published: journey.publishedVersionId !== null,
    created_at: journey.createdAt,
    updated_at: journey.updatedAt,
  }
}

function toWireUser(user: JourneyUser): z.input<typeof userWire> {
  const { contactId, name, phone, state, cardId, version, goalReached, startedAt, endedAt } = user
  return {
    ...{ user_id: contactId, name, phone_number: phone, status: state, current_card: cardId },
    ...{ journey_version: version, goal_reached: goalReached, entered_at: startedAt, exited_at: endedAt },
  }
}
