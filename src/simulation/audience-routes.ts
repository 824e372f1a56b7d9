import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route, type RouteContext } from '../kit/route.ts'
import { audienceSimulationSchema } from './audience-schema.ts'
import { simulationLine, simulationWithResult } from './audience-views.ts'
import { tellContact } from './contact-timeline.ts'
import { createSimulation } from './create-simulation.ts'
import { simulationView, toSimulationView } from './simulation-routes.ts'
import { cancelSimulation, deleteSimulation, findSimulation, listSimulations } from './simulations.ts'

const path = '/platform/v1/journeys/:id/simulations'
const params = z.object({ id: z.uuid() })
const one = params.extend({ simulationId: z.uuid() })
const base = { tag: 'Simulations', auth: 'key' } as const

export const audienceRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Simulate a journey over an audience, with a virtual clock',
    description:
      'A draft or version over a segment, some contacts or made-up ones. Runs in the background: ask for it until it has ended. The same seed gives the same result. Nothing is sent and nobody is changed.',
    status: 202,
    input: { params, body: audienceSimulationSchema },
    output: simulationLine,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const order = { workspaceId: actor.workspaceId, journeyId: id, by: nameActor(actor) }
      const simulationId = await createSimulation(deps, { ...order, request: body })
      const em = forkFor(deps.orm, actor.workspaceId)
      const { result: _, ...line } = await findSimulation(em, { ...order, simulationId })
      return line
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: "List a journey's simulations, newest first",
    input: { params, query: page.query },
    output: page.of(simulationLine),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listSimulations(em, { workspaceId, journeyId: id, before, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:simulationId`,
    summary: 'Show how far a simulation is, and its result',
    description: 'Results are kept for 30 days.',
    input: { params: one },
    output: simulationWithResult,
    handle: show,
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:simulationId/cancel`,
    summary: 'End a simulation with what it has counted so far',
    input: { params: one },
    output: simulationWithResult,
    handle: async (context) => {
      await cancelSimulation(context.deps, { ...refOf(context), by: nameActor(context.actor) })
      return show(context)
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:simulationId`,
    summary: 'Delete a simulation',
    status: 204,
    input: { params: one },
    output: z.undefined(),
    handle: async (context) => {
      await deleteSimulation(context.deps, { ...refOf(context), by: nameActor(context.actor) })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:simulationId/contacts/:n`,
    summary: "Show one contact's way through a simulation, with messages as they would read then",
    description:
      'Made again from the seed. A real contact that was changed since is marked: it goes as it would go now.',
    input: { params: one.extend({ n: z.coerce.number().int().min(0).max(1_000_000) }) },
    output: simulationView.extend({
      n: z.int(),
      contactId: z.uuid(),
      contact: z.object({
        firstName: z.string().nullable(),
        phone: z.string().nullable(),
        country: z.string().nullable(),
        language: z.string().nullable(),
        timeZone: z.string().nullable(),
        tags: z.array(z.string()),
      }),
      changed: z.boolean(),
      entry: z
        .object({ mayEnter: z.boolean(), obstacles: z.array(z.string()) })
        .nullable()
        .meta({
          description:
            'whether triggers and entry rules would let the contact in as it is now, and what keeps it out; null of made-up ones',
        }),
      startedAt: z.iso.datetime(),
    }),
    handle: async (context) => {
      const { n } = context.params
      const { contact, options, simulation, entry } = await tellContact(context.deps, refOf(context), n)
      const { first_name, wa_id, country, language, time_zone, tags } = contact.contact
      return {
        ...toSimulationView(simulation),
        n,
        contactId: contact.contact.id,
        contact: {
          firstName: first_name ?? null,
          phone: wa_id ?? null,
          country: country ?? null,
          language: language ?? null,
          timeZone: time_zone ?? null,
          tags,
        },
        changed: contact.changed,
        entry,
        startedAt: new Date(options.startAtMs).toISOString(),
      }
    },
  }),
]

type Context = Pick<RouteContext, 'deps' | 'actor'> & { params: { id: string; simulationId: string } }

function refOf({ actor: { workspaceId }, params: { id, simulationId } }: Context) {
  return { workspaceId, journeyId: id, simulationId }
}

async function show(context: Context) {
  const { deps, actor } = context
  return findSimulation(forkFor(deps.orm, actor.workspaceId), refOf(context))
}
