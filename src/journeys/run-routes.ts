import { z } from 'zod'
import { contactReference } from '../contacts/contact-schema.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { nameActor } from '../kit/name-actor.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { runVarsSchema } from '../model/run-vars.ts'
import { runStates } from './entities.ts'
import { getRun, listRuns, listStuck, traceRun } from './find-runs.ts'
import { requestRun } from './request-run.ts'
import { resolutionSchema } from './resolution-schema.ts'
import { restartRun } from './restart-run.ts'
import { cancelRun, holdRun, resolveRun } from './steer-run.ts'

const runView = z
  .object({
    id: z.uuid(),
    journeyId: z.uuid(),
    versionId: z.uuid(),
    version: z.int(),
    contactId: z.uuid().nullable().meta({ description: 'null of a run that is about nobody' }),
    conversationId: z.uuid().nullable(),
    lineageId: z.uuid().meta({ description: 'the first of the runs that restarted one another' }),
    entry: z.string(),
    state: z.enum(runStates),
    cardId: z.string().nullable(),
    error: z.object({ code: z.string(), reason: z.string() }).nullable(),
    outcome: z.string().nullable(),
    goalReached: z.boolean().nullable(),
    vars: jsonObjectSchema.meta({ description: 'as at the start, and once it has ended as at the end' }),
    epoch: z.int(),
    startedAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    temporal: z.object({ workflowId: z.string(), url: z.string().nullable() }),
  })
  .meta({ id: 'Run' })
const factView = z.object({
  id: z.uuid(),
  at: z.string(),
  kind: z.string(),
  causeId: z.uuid().nullable(),
  words: z.string(),
  data: jsonObjectSchema,
})
const stuckView = z.object({
  journeyId: z.uuid(),
  journeyName: z.string(),
  versionId: z.uuid(),
  version: z.int(),
  cardId: z.string(),
  errorCode: z.string(),
  count: z.int(),
  exampleRunId: z.uuid(),
  exampleReason: z.string(),
  since: z.iso.datetime(),
})

const path = '/platform/v1/runs'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Runs', auth: 'key' } as const

export const runRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/journeys/:id/runs',
    summary: 'Start a journey for a contact',
    description: 'The journey needs a trigger of the type given. 409 `not_started` says why not in words.',
    status: 201,
    input: {
      params,
      body: z.object({
        ...contactReference,
        withoutContact: z
          .literal(true)
          .optional()
          .meta({ description: 'instead of a contact: about nobody' }),
        name: z.string().trim().min(1).max(200).optional().meta({ description: 'of a contact that is new' }),
        vars: runVarsSchema.default({}),
        trigger: z.enum(['manual', 'api']).default('api'),
        entry: z
          .string()
          .regex(/^[\w.:-]{1,200}$/, 'must be 1 to 200 letters, digits, . : _ or -')
          .optional()
          .meta({ description: 'your key of this entry: the same key never starts twice' }),
      }),
    },
    output: runView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const { contactId, waId, name, withoutContact, ...rest } = body
      const by = nameActor(actor)
      const contact = withoutContact
        ? undefined
        : await resolveContact(deps, { workspaceId, contactId, waId, name, by })
      const { runId } = await requestRun(deps, {
        workspaceId,
        journeyId: id,
        contactId: contact,
        by,
        ...rest,
      })
      return getRun(deps, workspaceId, runId)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List runs, newest first',
    input: {
      query: page.query.extend({
        journeyId: z.uuid().optional(),
        contactId: z.uuid().optional(),
        state: z.enum(runStates).optional(),
        cardId: z.string().max(64).optional(),
        errorCode: z.string().max(100).optional(),
      }),
    },
    output: page.of(runView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listRuns(deps, { workspaceId, ...filter, before, limit: limit + 1 })
      return page.cut(rows, limit, (run) => [run.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/stuck`,
    summary: 'The stuck board: runs that wait for an engineer, by version, card and error',
    input: { query: page.query.extend({ journeyId: z.uuid().optional() }) },
    output: page.of(stuckView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, journeyId } }) => {
      const offset = decodeCursor(cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0
      const groups = await listStuck(deps, { workspaceId, journeyId, offset, limit: limit + 1 })
      return page.cut(groups, limit, () => [offset + limit])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a run',
    input: { params },
    output: runView,
    handle: async ({ deps, actor, params: { id } }) => getRun(deps, actor.workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/trace`,
    summary: 'What a run did, oldest first',
    input: { params, query: page.query },
    output: page.of(factView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.iso.datetime({ precision: 6 }), z.uuid()]))
      const facts = await traceRun(deps, { workspaceId, runId: id, after, limit: limit + 1 })
      return page.cut(facts, limit, (fact) => [fact.at, fact.id])
    },
  }),
  ...(['pause', 'resume'] as const).map((action) =>
    defineRoute({
      ...base,
      method: 'post',
      path: `${path}/:id/${action}`,
      summary: action === 'pause' ? 'Hold a run at its next card' : 'Let a paused run go on',
      status: 202,
      input: { params },
      output: runView,
      handle: async ({ deps, actor, params: { id } }) => {
        const { workspaceId } = actor
        await holdRun(deps, { workspaceId, runId: id, by: nameActor(actor), action })
        return getRun(deps, workspaceId, id)
      },
    }),
  ),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/cancel`,
    summary: 'End a run for good',
    status: 202,
    input: { params },
    output: runView,
    handle: async ({ deps, actor, params: { id } }) => {
      const { workspaceId } = actor
      await cancelRun(deps, { workspaceId, runId: id, by: nameActor(actor) })
      return getRun(deps, workspaceId, id)
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/resolve`,
    summary: 'Tell a stuck run how to go on',
    description: '409 when it is not stuck, 422 when the card or outlet does not exist.',
    input: { params, body: resolutionSchema },
    output: z.object({ cardId: z.string().meta({ description: 'the card it was stuck at' }) }),
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      return resolveRun(deps, { workspaceId, runId: id, by: nameActor(actor), resolution: body })
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/restart`,
    summary: 'Start an ended or stuck run again from a card',
    description: 'A new run of the same lineage. What the lineage has sent is not sent again.',
    status: 201,
    input: {
      params,
      body: z.object({
        cardId: z.string().min(1).max(64),
        versionId: z.uuid().optional().meta({ description: "the run's own when absent" }),
        vars: runVarsSchema.optional(),
      }),
    },
    output: runView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const { runId } = await restartRun(deps, { workspaceId, runId: id, by: nameActor(actor), ...body })
      return getRun(deps, workspaceId, runId)
    },
  }),
]
