import { z } from 'zod'
import { toBulkView } from '../bulk/bulk-view.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Actor, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { countEscaped, listEscaped } from './emergency-stop.ts'
import { listHolds, type HoldPlace } from './find-holds.ts'
import { holdView } from './hold-view.ts'
import { resumedView, resumeBody } from './pause-routes.ts'
import { pause, resume } from './pause.ts'

const place = {
  scope: z.enum(['workspace', 'number', 'journey']),
  scopeId: z.uuid().optional().meta({ description: 'of the number or the journey' }),
}
const stopView = holdView.extend({
  escaped: z.int().meta({ description: 'messages that WhatsApp accepted after its instant' }),
})
const escapedView = z.object({
  messageId: z.uuid(),
  contactId: z.uuid(),
  runId: z.uuid().nullable(),
  text: z.string(),
  plannedAt: z.iso.datetime().meta({ description: 'when it was handed over to WhatsApp' }),
  acceptedAt: z.iso.datetime(),
})

const path = '/platform/v1/emergency-stop'
const base = { tag: 'Emergency stop', auth: 'key' } as const

export const stopRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Stop every send of a workspace, a number or a journey, at once',
    description:
      'Each send looks at it in its own transaction: after it, only what was handed over to WhatsApp already goes out. Runs stand still where they would send.',
    input: {
      body: z.object({
        ...place,
        reason: z.string().trim().min(1).max(500),
        timers: z.enum(['freeze', 'run']).default('run'),
        entrants: z.enum(['queue', 'drop']).default('queue'),
      }),
    },
    output: holdView,
    handle: ({ deps, actor, body: { scope, scopeId, ...how } }) =>
      pause(deps, { ...placeOf(actor, scope, scopeId), ...how, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/release`,
    summary: 'Lift an emergency stop, with a plan for what has piled up',
    status: 202,
    input: { body: resumeBody.extend(place) },
    output: resumedView,
    handle: async ({ deps, actor, body: { scope, scopeId, ...plan } }) => {
      const resumed = await resume(deps, {
        ...placeOf(actor, scope, scopeId),
        ...plan,
        by: nameActor(actor),
      })
      return { hold: resumed.hold, operation: toBulkView(resumed.operation) }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List emergency stops, newest first, with how many messages escaped each',
    input: { query: page.query.extend({ active: z.enum(['true', 'false']).optional() }) },
    output: page.of(stopView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, active } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const isActive = active === undefined ? undefined : active === 'true'
      const filter = { workspaceId, kind: 'stop' as const, active: isActive, before, limit: limit + 1 }
      const stops = page.cut(await listHolds(deps, filter), limit, ({ id }) => [id])
      const items = await Promise.all(
        stops.items.map(async (stop) => ({ ...stop, escaped: await countEscaped(deps, workspaceId, stop) })),
      )
      return { ...stops, items }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/escaped`,
    summary: 'List the messages that escaped an emergency stop, oldest first',
    input: { params: z.object({ id: z.uuid() }), query: page.query },
    output: page.of(escapedView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.iso.datetime({ precision: 6 }), z.uuid()]))
      const rows = await listEscaped(deps, { workspaceId, holdId: id, after, limit: limit + 1 })
      const cut = page.cut(rows, limit, ({ key, messageId }) => [key, messageId])
      return { ...cut, items: cut.items.map(({ key: _key, ...shown }) => shown) }
    },
  }),
]

function placeOf(
  { workspaceId }: Actor,
  scope: 'workspace' | 'number' | 'journey',
  scopeId: string | undefined,
): HoldPlace {
  if (scope === 'workspace') return { workspaceId, scope, scopeId: workspaceId, kind: 'stop' }
  if (scopeId !== undefined) return { workspaceId, scope, scopeId, kind: 'stop' }
  const message = `is needed: which ${scope}`
  throw new AppError('invalid_input', `scopeId ${message}`, { fields: [{ field: 'scopeId', message }] })
}
