import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { exampleRateCard } from './example-rate-card.ts'
import {
  createRateCard,
  deleteRateCard,
  findRateCard,
  listRateCards,
  rateCardFields,
  rateCardSchema,
  replaceRateCard,
} from './rate-cards.ts'

const rateCardView = rateCardFields
  .extend({
    id: z.uuid(),
    effectiveFrom: z.iso.datetime(),
    effectiveUntil: z.iso.datetime().nullable(),
    example: z.boolean().meta({ description: 'made up by the product, and changed by nobody yet' }),
    by: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'RateCard' })

const path = '/platform/v1/rate-cards'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Rate cards', auth: 'key' } as const

export const rateCardRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the rate cards, newest first',
    description:
      'What messages cost. Simulations use the card with the latest beginning at the time of each message.',
    input: { query: page.query },
    output: page.of(rateCardView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listRateCards(forkFor(deps.orm, workspaceId), {
        workspaceId,
        before,
        limit: limit + 1,
      })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    auth: 'admin',
    summary: 'Enter what messages cost from a day on',
    status: 201,
    input: { body: rateCardSchema },
    output: rateCardView,
    handle: ({ deps, actor, body }) =>
      createRateCard(deps, { workspaceId: actor.workspaceId, by: nameActor(actor) }, body),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/example`,
    auth: 'admin',
    summary: 'Enter an example of a rate card, with made-up prices to go over',
    status: 201,
    output: rateCardView,
    handle: ({ deps, actor }) =>
      createRateCard(
        deps,
        { workspaceId: actor.workspaceId, by: nameActor(actor) },
        exampleRateCard(new Date().toISOString()),
        true,
      ),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a rate card',
    input: { params },
    output: rateCardView,
    handle: ({ deps, actor: { workspaceId }, params: { id } }) =>
      findRateCard(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'put',
    path: `${path}/:id`,
    auth: 'admin',
    summary: 'Replace a rate card',
    description: 'Simulations that ran keep the prices that they ran with.',
    input: { params, body: rateCardSchema },
    output: rateCardView,
    handle: ({ deps, actor, params: { id }, body }) =>
      replaceRateCard(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), id }, body),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    auth: 'admin',
    summary: 'Delete a rate card',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await deleteRateCard(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), id })
      return undefined
    },
  }),
]
