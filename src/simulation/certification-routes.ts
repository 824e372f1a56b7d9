import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { certify, findCertification, listCertifications } from './certify.ts'

const path = '/platform/v1/journeys/:id/simulations/:simulationId/certifications'
const params = z.object({ id: z.uuid(), simulationId: z.uuid() })
const base = { tag: 'Simulations', auth: 'key' } as const
const state = z.enum(['running', 'passed', 'failed'])

const certificationView = z
  .object({
    id: z.uuid(),
    state,
    by: z.string(),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    rehearsals: z.array(
      z.object({
        n: z.int().meta({ description: 'number of the contact who goes this way in the simulation' }),
        steps: z.array(z.object({ card: z.string(), outlet: z.string() })),
        operations: z.int().meta({ description: 'sends, waits and effects that were compared' }),
        state,
        difference: z.string().nullable(),
        workflowId: z.string(),
      }),
    ),
  })
  .meta({ id: 'Certification' })

export const certificationRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: "Run a simulation's ways on Temporal and compare",
    description:
      'Up to 20 distinct ways, the most trodden first, by the interpreter and cards of real runs in the workflow sandbox, with durable timers (months last a tenth of a second), signals, activities and continue-as-new. Compared are each operation that a card asks for, each fact of the trace and the end, at their virtual times. The world answers as it did in the simulation: nothing is sent, nobody is changed, and what WhatsApp or integrations would answer is not compared.',
    status: 202,
    input: { params, body: z.object({ paths: z.int().min(1).max(20).default(20) }) },
    output: certificationView,
    handle: async ({ deps, actor, params: { id, simulationId }, body: { paths } }) => {
      const ref = { workspaceId: actor.workspaceId, journeyId: id, simulationId }
      const certificationId = await certify(deps, { ...ref, by: nameActor(actor), paths })
      return findCertification(forkFor(deps.orm, actor.workspaceId), { ...ref, certificationId })
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: "List a simulation's certifications, newest first",
    input: { params, query: page.query },
    output: page.of(certificationView),
    handle: async ({
      deps,
      actor: { workspaceId },
      params: { id, simulationId },
      query: { limit, cursor },
    }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const ref = { workspaceId, journeyId: id, simulationId }
      const rows = await listCertifications(forkFor(deps.orm, workspaceId), {
        ...ref,
        before,
        limit: limit + 1,
      })
      return page.cut(rows, limit, (row) => [row.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:certificationId`,
    summary: 'Show a certification',
    input: { params: params.extend({ certificationId: z.uuid() }) },
    output: certificationView,
    handle: async ({ deps, actor: { workspaceId }, params: { id, simulationId, certificationId } }) => {
      const ref = { workspaceId, journeyId: id, simulationId, certificationId }
      return findCertification(forkFor(deps.orm, workspaceId), ref)
    },
  }),
]
