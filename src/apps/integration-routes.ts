import { z } from 'zod'
import { integrations } from '../../integrations/index.ts'
import type { Integration } from '../../integrations/kit.ts'
import { newId } from '../db/columns.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { apiRequestSchema } from '../model/api-request.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { callIntegration } from './call-integration.ts'
import { tryRequest } from './try-request.ts'

const schema = z.record(z.string(), z.unknown())
const integrationView = z
  .object({
    id: z.string(),
    name: z.string(),
    auth: schema.meta({ description: "JSON Schema of a connection's credentials" }),
    needsConnection: z.boolean(),
    actions: z.array(
      z.object({ name: z.string(), title: z.string(), input: schema.meta({ description: 'JSON Schema' }) }),
    ),
  })
  .meta({ id: 'Integration' })

const base = { tag: 'Connections', auth: 'key' } as const

/** Outside systems that journeys may call. */
export const integrationRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: '/platform/v1/integrations',
    summary: 'List the outside systems that can be connected',
    description: 'With the forms for their credentials and for what they do.',
    output: z.object({ items: z.array(integrationView), nextCursor: z.null() }),
    handle: async () => ({ items: Object.values(integrations).map(toView), nextCursor: null }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/integrations/:id/actions/:action/try',
    summary: 'Try an action of an outside system',
    description: 'It is really done. What comes back is what a run would go on with.',
    input: {
      params: z.object({ id: z.string().max(100), action: z.string().max(100) }),
      body: z.strictObject({ connectionId: z.uuid().optional(), input: jsonObjectSchema }),
    },
    output: z.object({ output: z.json(), trace: z.object({ input: z.json(), output: z.json() }) }),
    handle: async ({ deps, actor: { workspaceId }, params: { id, action }, body }) =>
      callIntegration(deps, { workspaceId, integration: id, action, ...body, key: newId() }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/json-api/try',
    summary: 'Make the call of a JSON API card, with a real contact or with none',
    description: 'It is really made, once. `request` are the settings of the card.',
    input: {
      body: z.strictObject({
        request: apiRequestSchema,
        contactId: z.uuid().optional(),
        vars: jsonObjectSchema.default({}),
      }),
    },
    output: z.object({
      trace: z
        .object({ input: z.json(), output: z.json() })
        .meta({ description: 'what was asked and what came back, without secrets' }),
      status: z.int().nullable().meta({ description: 'null: there was no answer' }),
      error: z.object({ sent: z.boolean(), reason: z.string() }).nullable(),
      variables: jsonObjectSchema,
    }),
    handle: async ({ deps, actor: { workspaceId }, body: { request, contactId, vars } }) =>
      tryRequest(deps, { workspaceId, request, contactId, vars }),
  }),
]

function toView({ id, name, auth, optional, actions }: Integration): z.input<typeof integrationView> {
  return {
    id,
    name,
    auth: toSchema(auth),
    needsConnection: !optional,
    actions: Object.entries(actions).map(([action, { title, input }]) => ({
      ...{ name: action, title },
      input: toSchema(input),
    })),
  }
}

function toSchema(schemaOf: z.ZodType): Record<string, unknown> {
  return { ...z.toJSONSchema(schemaOf, { io: 'input', unrepresentable: 'any' }) }
}
