import { z } from 'zod'
import { bulkView, toBulkView } from '../bulk/bulk-view.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Actor, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { backlogSchema, forecastBacklog } from './backlog.ts'
import { backlogPlanSchema } from './backlog-plan.ts'
import { findLatestHold, listHolds, type HoldPlace } from './find-holds.ts'
import { holdView } from './hold-view.ts'
import { pause, resume } from './pause.ts'

const pauseBody = z.object({
  timers: z
    .enum(['freeze', 'run'])
    .default('freeze')
    .meta({ description: '`run`: what falls due meanwhile is overdue after it' }),
  entrants: z
    .enum(['queue', 'drop'])
    .default('queue')
    .meta({ description: '`queue`: who would enter waits at the door, and enters when the pause is over' }),
  reason: z.string().trim().min(1).max(500).default('paused'),
})
/** Things that go on in bulk a minute. */
const ratePerMinute = z.number().gt(0).max(60_000).default(6_000)
export const resumeBody = z.object({ backlog: backlogPlanSchema.prefault({ how: 'all' }), ratePerMinute })
export const resumedView = z.object({
  hold: holdView,
  operation: bulkView.meta({ description: 'lets those go on who stood there' }),
})
const planQuery = z.object({
  how: z.enum(['all', 'newest-only', 'spread', 'drop-older-than']).default('all'),
  hours: z.coerce
    .number()
    .gt(0)
    .max(24 * 90)
    .optional()
    .meta({ description: 'of `spread` and `drop-older-than`' }),
})

type Scope = Extract<HoldPlace['scope'], 'workspace' | 'number' | 'journey' | 'contact'>
const roots: Record<Scope, { path: string; tag: string; words: string }> = {
  workspace: { path: 'workspace', tag: 'Pauses', words: 'the whole workspace' },
  number: { path: 'numbers/:id', tag: 'Pauses', words: 'all journeys and campaigns of a number' },
  journey: { path: 'journeys/:id', tag: 'Pauses', words: 'a journey' },
  contact: { path: 'contacts/:id', tag: 'Pauses', words: 'the journeys of a contact' },
}

export const pauseRoutes: Route[] = [
  ...(Object.keys(roots) as Scope[]).flatMap(routesOf),
  defineRoute({
    tag: 'Pauses',
    auth: 'key',
    method: 'get',
    path: '/platform/v1/pauses',
    summary: 'List pauses, newest first',
    input: {
      query: page.query.extend({
        active: z.enum(['true', 'false']).optional(),
        scopeId: z.uuid().optional().meta({ description: 'those of one contact, journey or number' }),
      }),
    },
    output: page.of(holdView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, active, scopeId } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const isActive = active === undefined ? undefined : active === 'true'
      const filter = {
        workspaceId,
        kind: 'pause' as const,
        active: isActive,
        scopeId,
        before,
        limit: limit + 1,
      }
      return page.cut(await listHolds(deps, filter), limit, ({ id }) => [id])
    },
  }),
]

function routesOf(scope: Scope): Route[] {
  const { path: root, tag, words } = roots[scope]
  const path = `/platform/v1/${root}`
  const params = z.object(scope === 'workspace' ? {} : { id: z.uuid() })
  const base = { tag, auth: 'key' } as const
  const placeOf = (actor: Actor, given: Record<string, unknown>): HoldPlace => {
    const scopeId = scope === 'workspace' ? actor.workspaceId : String(given['id'])
    return { workspaceId: actor.workspaceId, scope, scopeId, kind: 'pause' }
  }
  return [
    defineRoute({
      ...base,
      method: 'post',
      path: `${path}/pause`,
      summary: `Pause ${words}`,
      description:
        'One row, however many are inside: runs stand still where they would send or go on. Pausing again changes nothing.',
      input: { params, body: pauseBody },
      output: holdView,
      handle: ({ deps, actor, params: given, body }) =>
        pause(deps, { ...placeOf(actor, given), ...body, by: nameActor(actor) }),
    }),
    defineRoute({
      ...base,
      method: 'post',
      path: `${path}/resume`,
      summary: `Let ${words} go on`,
      description: 'The pause is over at once. Who stood at it goes on in bulk, by the plan for the backlog.',
      status: 202,
      input: { params, body: resumeBody },
      output: resumedView,
      handle: async ({ deps, actor, params: given, body }) => {
        const resumed = await resume(deps, { ...placeOf(actor, given), ...body, by: nameActor(actor) })
        return { hold: resumed.hold, operation: toBulkView(resumed.operation) }
      },
    }),
    defineRoute({
      ...base,
      method: 'get',
      path: `${path}/backlog`,
      summary: `Show what has piled up at the pause of ${words}`,
      input: { params, query: planQuery },
      output: z.object({ hold: holdView, backlog: backlogSchema }),
      handle: ({ deps, actor, params: given, query }) => showBacklog(deps, placeOf(actor, given), query),
    }),
  ]
}

async function showBacklog(deps: Deps, place: HoldPlace, { how, hours }: z.output<typeof planQuery>) {
  const { workspaceId, scope } = place
  const hold = await findLatestHold(forkFor(deps.orm, workspaceId), place)
  if (!hold || hold.releasedAt !== null) throw new AppError('conflict', `the ${scope} is not paused`)
  const needsHours = how === 'spread' || how === 'drop-older-than'
  if (needsHours && hours === undefined) {
    const message = `is needed for ${how}`
    throw new AppError('invalid_input', `hours ${message}`, { fields: [{ field: 'hours', message }] })
  }
  const backlog = backlogPlanSchema.parse(needsHours ? { how, hours } : { how })
  const rate = ratePerMinute.parse(undefined)
  return { hold, backlog: await forecastBacklog(deps, { workspaceId, hold, backlog, ratePerMinute: rate }) }
}
