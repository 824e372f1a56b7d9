import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { getJourney } from '../journeys/manage-journeys.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { assertionSchema } from './assertion-schema.ts'
import { deleteAssertion, findAssertion, listAssertions, saveAssertion } from './journey-assertions.ts'
import { runAssertions } from './run-assertions.ts'
import { loadDefinition } from './simulate-request.ts'

const path = '/platform/v1/journeys/:id/assertions'
const params = z.object({ id: z.uuid() })
const one = params.extend({ assertionId: z.uuid() })
const base = { tag: 'Simulations', auth: 'key' } as const

const assertionView = assertionSchema
  .extend({ id: z.uuid(), by: z.string(), createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() })
  .meta({ id: 'JourneyAssertion' })
const resultView = z
  .object({
    name: z.string(),
    passed: z.boolean(),
    failures: z.array(z.object({ expectation: z.int(), message: z.string() })),
  })
  .meta({ id: 'AssertionResult' })

export const assertionRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/journey-assertion-schema',
    summary: 'Show the JSON Schema of what must hold of a journey',
    description: 'For forms of its scene and of what is expected.',
    output: z.object({ schema: z.record(z.string(), z.unknown()) }),
    handle: async () => ({
      schema: { ...z.toJSONSchema(assertionSchema, { io: 'input', unrepresentable: 'any' }) },
    }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List what must hold of a journey before it is published',
    input: { params, query: page.query },
    output: page.of(assertionView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const em = forkFor(deps.orm, workspaceId)
      await getJourney(em, id)
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listAssertions(em, { workspaceId, journeyId: id, after, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Say what must hold of a journey: in which scene, what is expected',
    description: 'It is played by the simulator at every publish, which is refused when it does not hold.',
    status: 201,
    input: { params, body: assertionSchema },
    output: assertionView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      await getJourney(forkFor(deps.orm, workspaceId), id)
      return saveAssertion(deps, { workspaceId, journeyId: id, by: nameActor(actor) }, body)
    },
  }),
  defineRoute({
    ...base,
    method: 'put',
    path: `${path}/:assertionId`,
    summary: 'Replace what must hold',
    input: { params: one, body: assertionSchema },
    output: assertionView,
    handle: async ({ deps, actor, params: { id, assertionId }, body }) => {
      const ref = { workspaceId: actor.workspaceId, journeyId: id, id: assertionId }
      await findAssertion(forkFor(deps.orm, actor.workspaceId), ref)
      return saveAssertion(deps, { ...ref, by: nameActor(actor) }, body)
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:assertionId`,
    summary: 'Delete what had to hold',
    status: 204,
    input: { params: one },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id, assertionId } }) => {
      const ref = { workspaceId: actor.workspaceId, journeyId: id, id: assertionId }
      await deleteAssertion(deps, { ...ref, by: nameActor(actor) })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/run`,
    summary: 'Say which assertions hold of the draft or a version, and why others do not',
    input: {
      params,
      body: z.object({
        version: z.int().min(1).optional().meta({ description: "a version's number; the draft when absent" }),
        assertions: z.array(assertionSchema).min(1).max(100).optional().meta({
          description: 'to try out without saving; the saved ones when absent',
        }),
      }),
    },
    output: z.object({ passed: z.boolean(), results: z.array(resultView) }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) => {
      const em = forkFor(deps.orm, workspaceId)
      const { numberId } = await getJourney(em, id)
      const definition = await loadDefinition(deps, { workspaceId, journeyId: id, version: body.version })
      const assertions = body.assertions ?? (await listAssertions(em, { workspaceId, journeyId: id }))
      const { scripts } = deps
      const order = { workspaceId, numberId, definition, assertions, scripts }
      const results = await runAssertions(em, order)
      return { passed: results.every(({ passed }) => passed), results }
    },
  }),
]
