import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { autopilotPolicySchema, defaultPolicy } from '../model/autopilot.ts'
import { AppError } from '../model/errors.ts'
import { durationMs, durationSchema } from '../model/schedule.ts'
import { relaySoon } from '../outbox/relay.ts'
import { getNumber } from '../settings/manage-numbers.ts'
import { loadPolicy, savePolicy } from './policies.ts'
import { loadReach } from './reach.ts'
import { liftStops, listStops, placeStop } from './stops.ts'

const path = '/platform/v1/numbers/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Autopilot', auth: 'key' } as const
const admin = { tag: 'Autopilot', auth: 'admin' } as const

const stopView = z
  .object({
    id: z.uuid(),
    numberId: z.uuid(),
    scope: z.enum(['campaigns', 'template', 'pace']),
    template: z.string().nullable(),
    code: z.string().nullable().meta({
      description: "WhatsApp's, or `quality` or `account` when it told that; null when somebody placed it",
    }),
    reason: z.string(),
    by: z.string(),
    factor: z.number().nullable().meta({ description: 'of `pace`: the share of the speed that is left' }),
    until: z.iso.datetime().nullable().meta({ description: 'null: until somebody lifts it' }),
    placedAt: z.iso.datetime(),
    liftedAt: z.iso.datetime().nullable(),
    liftedBy: z.string().nullable(),
  })
  .meta({ id: 'NumberStop' })

const placing = z
  .strictObject({
    scope: z.enum(['campaigns', 'template']).default('campaigns'),
    template: z.string().min(1).max(512).optional().meta({ description: 'of `template`: its name' }),
    reason: z.string().trim().min(1).max(500),
    for: durationSchema.optional().meta({ description: 'until somebody lifts it when absent' }),
  })
  .refine(({ scope, template }) => (scope === 'template') === (template !== undefined), {
    path: ['template'],
    message: 'goes with the scope `template`, and only with it',
  })

const health = defineRoute({
  ...{ ...base, method: 'get', path: `${path}/health` },
  summary: 'How WhatsApp sees a number, what of its messaging limit is used, and what stops it',
  input: { params },
  output: z
    .object({
      quality: z.string().nullable().meta({ description: '`GREEN`, `YELLOW`, `RED`; null: not known' }),
      throughput: z.string().nullable(),
      restriction: z.string().nullable(),
      knownAt: z.iso.datetime().nullable(),
      limitKnownAt: z.iso.datetime().nullable(),
      reach: z
        .object({
          limit: z.int().nullable().meta({
            description: "people the number's portfolio may write to first in 24 hours; null: no limit known",
          }),
          forCampaigns: z.int().nullable().meta({ description: 'what of it campaigns may use' }),
          used: z.int().meta({ description: 'in the last 24 hours' }),
          room: z.int().nullable(),
          roomAt: z.iso.datetime().nullable().meta({ description: 'when there is room again' }),
        })
        .meta({ id: 'Reach' }),
      stops: z.array(stopView),
    })
    .meta({ id: 'NumberHealth' }),
  handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
    const number = await getNumber(deps, workspaceId, id)
    const em = forkFor(deps.orm, workspaceId)
    const iso = (at: Date | null | undefined) => at?.toISOString() ?? null
    return {
      ...{ quality: number.quality ?? null, throughput: number.throughput ?? null },
      ...{ restriction: number.restriction ?? null, knownAt: iso(number.healthAt) },
      limitKnownAt: iso(number.limitKnownAt),
      reach: await loadReach(em, workspaceId, id),
      stops: await listStops(em, { workspaceId, numberId: id, live: true }),
    }
  },
})

const policies = [
  defineRoute({
    ...{ ...base, method: 'get', path: `${path}/autopilot` },
    summary: 'What the autopilot of a number does by itself',
    input: { params },
    output: autopilotPolicySchema,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await getNumber(deps, workspaceId, id)
      return loadPolicy(forkFor(deps.orm, workspaceId), workspaceId, id)
    },
  }),
  defineRoute({
    ...{ ...admin, method: 'put', path: `${path}/autopilot` },
    summary: 'Change what the autopilot of a number does by itself',
    description:
      'The next error is judged by it. `{"reset": true}` goes back to what every number begins with.',
    input: {
      params,
      body: z.union([autopilotPolicySchema, z.strictObject({ reset: z.literal(true) })]),
    },
    output: autopilotPolicySchema,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      await getNumber(deps, workspaceId, id)
      const policy = 'reset' in body ? null : body
      await forkFor(deps.orm, workspaceId).transactional((em) =>
        savePolicy(em, { workspaceId, numberId: id, by: nameActor(actor) }, policy),
      )
      return policy ?? defaultPolicy
    },
  }),
]

const stops = [
  defineRoute({
    ...{ ...base, method: 'get', path: `${path}/stops` },
    summary: 'What has stopped or slowed down a number, newest first',
    input: { params, query: page.query },
    output: page.of(stopView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      await getNumber(deps, workspaceId, id)
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listStops(em, { workspaceId, numberId: id, before, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.id])
    },
  }),
  defineRoute({
    ...{ ...admin, method: 'post', path: `${path}/stops`, status: 201 },
    summary: "Stop a number's campaigns, or one of its templates",
    description:
      'Takes hold with the next chunk of messages. Runs stand still with the reason, and go on when it is lifted.',
    input: { params, body: placing },
    output: stopView,
    handle: async ({ deps, actor, params: { id }, body: { for: duration, ...stop } }) => {
      const { workspaceId } = actor
      await getNumber(deps, workspaceId, id)
      const stopId = await forkFor(deps.orm, workspaceId).transactional((em) =>
        placeStop(em, {
          ...{ ...stop, workspaceId, numberId: id, by: nameActor(actor) },
          forMs: duration && durationMs(duration),
        }),
      )
      return getStop(deps, workspaceId, stopId)
    },
  }),
  defineRoute({
    ...{ ...admin, method: 'post', path: '/platform/v1/number-stops/:id/lift' },
    summary: 'Lift a stop',
    description: 'What stood still because of it goes on. Lifting twice changes nothing.',
    input: { params },
    output: stopView,
    handle: async ({ deps, actor, params: { id } }) => {
      const { workspaceId } = actor
      await getStop(deps, workspaceId, id)
      const { outbox } = await forkFor(deps.orm, workspaceId).transactional((em) =>
        liftStops(em, { workspaceId, by: nameActor(actor) }, 's.id = ?', [id]),
      )
      relaySoon(deps, outbox)
      return getStop(deps, workspaceId, id)
    },
  }),
]

async function getStop(deps: Parameters<typeof getNumber>[0], workspaceId: string, id: string) {
  const [stop] = await listStops(forkFor(deps.orm, workspaceId), { workspaceId, stopId: id })
  if (!stop) throw new AppError('not_found', `stop ${id} does not exist`)
  return stop
}

/** What a number's campaigns do by themselves when WhatsApp complains, and what stops them. */
export const routes: Route[] = [health, ...policies, ...stops]
