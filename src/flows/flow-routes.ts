import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { flowMappingSchema } from '../model/flow-mapping.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { findFlowProblems } from './check-flow.ts'
import { findFlows, getFlow, listFlowNotices } from './find-flows.ts'
import { listFlowUses } from './flow-uses.ts'
import {
  createFlow,
  deleteFlow,
  deprecateFlow,
  previewFlow,
  publishFlow,
  refreshFlow,
  updateFlow,
} from './manage-flows.ts'
import { syncFlows } from './sync-flows.ts'

const flowView = z
  .object({
    id: z.uuid(),
    wabaId: z.string(),
    metaId: z.string().meta({ description: "WhatsApp's id: what a Flow message names as `flow_id`" }),
    name: z.string(),
    categories: z.array(z.string()),
    status: z.string().meta({ description: 'DRAFT, PUBLISHED, DEPRECATED, BLOCKED or THROTTLED' }),
    json: z.string().nullable().meta({ description: 'the Flow JSON; lines and columns count in this text' }),
    validationErrors: z.array(jsonObjectSchema).meta({
      description: 'what WhatsApp finds wrong, with `line_start`, `column_start` and `pointers`',
    }),
    mapping: jsonObjectSchema.nullable().meta({ description: 'what our endpoint answers to it' }),
    endpointUri: z.string().nullable(),
    health: jsonObjectSchema.nullable(),
    syncedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Flow' })
const noticeView = z.object({ id: z.uuid(), event: z.string(), data: jsonObjectSchema, at: z.iso.datetime() })

const name = z.string().trim().min(1).max(200)
const categories = z
  .array(
    z.enum([
      'SIGN_UP',
      'SIGN_IN',
      'APPOINTMENT_BOOKING',
      'LEAD_GENERATION',
      'CONTACT_US',
      'CUSTOMER_SUPPORT',
      'SURVEY',
      'SHOPPING',
      'OTHER',
    ]),
  )
  .min(1)
  .max(9)
const json = jsonObjectSchema.optional().meta({ description: 'the Flow JSON' })
const mapping = flowMappingSchema.optional()

const path = '/platform/v1/flows'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Flows', auth: 'key' } as const

/** WhatsApp Flows: made here, judged and kept by WhatsApp. */
export const flowRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the Flows, newest first',
    input: {
      query: page.query.extend({
        status: z.enum(['DRAFT', 'PUBLISHED', 'DEPRECATED', 'BLOCKED', 'THROTTLED']).optional(),
        search: z.string().trim().min(1).max(200).optional().meta({ description: 'part of the name' }),
      }),
    },
    output: page.of(flowView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, ...filter } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await findFlows(deps, { workspaceId, ...filter, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a Flow as a draft',
    description:
      'What WhatsApp finds wrong with the JSON comes back in `validationErrors`, with line and column.',
    status: 201,
    input: { body: z.object({ numberId: z.uuid(), name, categories, json, mapping }) },
    output: flowView,
    handle: async ({ deps, actor: { workspaceId }, body }) => createFlow(deps, { workspaceId, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/validate`,
    summary: 'Judge a Flow JSON without uploading it',
    input: { body: z.object({ json: jsonObjectSchema }) },
    output: z.object({
      valid: z.boolean(),
      problems: z.array(z.object({ field: z.string(), message: z.string() })),
    }),
    handle: async ({ body }) => {
      const problems = findFlowProblems(body.json)
      return { valid: problems.length === 0, problems }
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/sync`,
    summary: "Take over the Flows of a number's account from WhatsApp",
    input: { body: z.object({ numberId: z.uuid() }) },
    output: z.object({ found: z.int(), added: z.int(), removed: z.int() }),
    handle: async ({ deps, actor: { workspaceId }, body: { numberId } }) =>
      syncFlows(deps, { workspaceId, numberId }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a Flow',
    input: { params },
    output: flowView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => getFlow(deps, workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: "Change a draft's name, categories or JSON, or what our endpoint answers",
    input: {
      params,
      body: z.object({ name: name.optional(), categories: categories.optional(), json, mapping }),
    },
    output: flowView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      updateFlow(deps, { workspaceId, flowId: id, ...body }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a draft that no block and no template opens',
    description: '409 `conflict` says where it is used.',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await deleteFlow(deps, { workspaceId, flowId: id })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/publish`,
    summary: 'Publish a Flow: from now on customers can open it',
    input: { params },
    output: flowView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      publishFlow(deps, { workspaceId, flowId: id }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/deprecate`,
    summary: 'Deprecate a Flow: nobody can open it any more',
    input: { params },
    output: flowView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      deprecateFlow(deps, { workspaceId, flowId: id }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/refresh`,
    summary: 'Take over what WhatsApp says about a Flow now',
    input: { params },
    output: flowView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      refreshFlow(deps, { workspaceId, flowId: id }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/preview`,
    summary: 'Get an address that shows the Flow',
    input: { params, query: z.object({ renew: z.stringbool().default(false) }) },
    output: z.object({ url: z.string(), expiresAt: z.string().optional() }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { renew } }) =>
      previewFlow(deps, { workspaceId, flowId: id, isRenewed: renew }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/uses`,
    summary: 'Say which blocks and templates open a Flow',
    input: { params },
    output: z.object({
      items: z.array(z.object({ kind: z.enum(['block', 'template']), id: z.uuid(), name: z.string() })),
      nextCursor: z.null(),
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await getFlow(deps, workspaceId, id)
      return { items: await listFlowUses(forkFor(deps.orm, workspaceId), workspaceId, id), nextCursor: null }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/notices`,
    summary: 'List what WhatsApp told of a Flow: changes of status, error rates, latency',
    input: { params, query: page.query },
    output: page.of(noticeView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listFlowNotices(deps, { workspaceId, flowId: id, before, limit: limit + 1 })
      return page.cut(rows, limit, (notice) => [notice.id])
    },
  }),
]
