import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { webhookKinds } from '../model/webhook.ts'
import { getDelivery, listDeliveries, pingEndpoint, replayDelivery, replayFailed } from './deliveries.ts'
import {
  createEndpoint,
  deleteEndpoint,
  enableEndpoint,
  getEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
} from './endpoints.ts'

const time = z.iso.datetime().nullable()
const kinds = z
  .array(z.enum(webhookKinds).meta({ id: 'WebhookKind' }))
  .min(1)
  .transform((list) => [...new Set(list)])
const endpointView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    url: z.string(),
    form: z.enum(['standard', 'wabbit']).meta({
      description:
        '`standard`: Standard Webhooks; `wabbit`: a user’s own, as that API tells it and manages it',
    }),
    kinds: z.array(z.string()),
    numberId: z.uuid().nullable().meta({ description: 'only what happens on this number; null: on any' }),
    userId: z.uuid().nullable(),
    headers: z.array(z.string()).meta({ description: 'names of headers that are sent along' }),
    failingSince: time.meta({ description: 'since when every attempt has failed' }),
    disabledAt: time,
    disabledReason: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'WebhookEndpoint' })
const secret = z
  .string()
  .meta({ description: 'signs each delivery', example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })
const deliveryView = z
  .object({
    id: z.uuid().meta({ description: '`webhook-id` is `msg_` and this' }),
    seq: z.int(),
    kind: z.string(),
    conversationId: z.uuid().nullable(),
    data: jsonObjectSchema,
    state: z.enum(['pending', 'delivered', 'failed']),
    attempts: z.int(),
    nextAt: time.meta({ description: 'when it is tried next' }),
    deliveredAt: time,
    status: z.int().nullable().meta({ description: 'of the last attempt' }),
    answer: z.string().nullable(),
    error: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'WebhookDelivery' })
const loggedDelivery = deliveryView
  .extend({
    log: z.array(
      z.object({
        ...{ at: z.iso.datetime(), status: z.int().nullable(), answer: z.string().nullable() },
        ...{ error: z.string().nullable(), ms: z.int() },
      }),
    ),
  })
  .meta({ id: 'LoggedWebhookDelivery' })

const forbiddenHeaders = /^(webhook-.*|content-type|content-length|host|connection|transfer-encoding)$/i
const headers = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/)
      .refine((name) => !forbiddenHeaders.test(name), 'is ours to set'),
    z
      .string()
      .max(1_000)
      .regex(/^[\x20-\x7e]*$/),
  )
  .refine((all) => Object.keys(all).length <= 20, 'at most 20')
const fields = {
  name: z.string().trim().max(100),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  kinds,
  numberId: z.uuid().nullable(),
  headers,
}

const path = '/platform/v1/webhook-endpoints'
const params = z.object({ id: z.uuid() })
const ofDelivery = z.object({ id: z.uuid(), deliveryId: z.uuid() })
const base = { tag: 'Webhooks', auth: 'admin' } as const

/** Who is told what happens, and what became of each telling. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    ...{ method: 'get', path, summary: 'List the webhook endpoints' },
    input: { query: page.query },
    output: page.of(endpointView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      return page.cut(await listEndpoints(deps, { workspaceId, after, limit }), limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    ...{
      method: 'post',
      path,
      summary: 'Make a webhook endpoint; its secret is shown this once',
      status: 201,
    },
    description:
      'Deliveries are signed as Standard Webhooks says. What is not answered with 2xx in time is tried again after 5 seconds, ' +
      '5 and 30 minutes, 2, 5, 10 and 10 hours; `Retry-After` is honoured, 410 disables at once, and so do five days of failures.',
    input: {
      body: z.object({
        ...{ url: fields.url, kinds: fields.kinds, name: fields.name.default('') },
        ...{ numberId: fields.numberId.default(null), headers: fields.headers.default({}) },
      }),
    },
    output: endpointView.extend({ secret }).meta({ id: 'NewWebhookEndpoint' }),
    handle: async ({ deps, actor, body }) =>
      createEndpoint(deps, { workspaceId: actor.workspaceId, by: nameActor(actor), ...body }),
  }),
  defineRoute({
    ...base,
    ...{ method: 'get', path: `${path}/:id`, summary: 'Show a webhook endpoint' },
    input: { params },
    output: endpointView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getEndpoint(deps, { workspaceId, endpointId: id }),
  }),
  defineRoute({
    ...base,
    ...{ method: 'patch', path: `${path}/:id`, summary: 'Change a webhook endpoint' },
    input: { params, body: z.object(fields).partial() },
    output: endpointView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      updateEndpoint(deps, { workspaceId, endpointId: id, ...body }),
  }),
  defineRoute({
    ...base,
    ...{
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Delete a webhook endpoint, and what is owed to it',
      status: 204,
    },
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => {
      await deleteEndpoint(deps, { workspaceId, endpointId: id })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    ...{
      method: 'post',
      path: `${path}/:id/secret/rotate`,
      summary: 'Give a webhook endpoint another secret',
    },
    description: 'For a day each delivery carries the signatures of both.',
    input: { params },
    output: z.object({ secret }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      rotateSecret(deps, { workspaceId, endpointId: id }),
  }),
  defineRoute({
    ...base,
    ...{ method: 'post', path: `${path}/:id/enable`, summary: 'Enable a webhook endpoint again' },
    input: { params },
    output: endpointView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      enableEndpoint(deps, { workspaceId, endpointId: id }),
  }),
  defineRoute({
    ...base,
    ...{
      method: 'post',
      path: `${path}/:id/test`,
      summary: 'Send a ping to a webhook endpoint',
      status: 201,
    },
    input: { params },
    output: loggedDelivery,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      pingEndpoint(deps, { workspaceId, endpointId: id }),
  }),
  defineRoute({
    ...base,
    ...{
      method: 'get',
      path: `${path}/:id/deliveries`,
      summary: 'List the deliveries to a webhook endpoint, newest first',
    },
    input: { params, query: page.query.extend({ state: deliveryView.shape.state.optional() }) },
    output: page.of(deliveryView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, state } }) => {
      const before = decodeCursor(cursor, z.tuple([z.int()]))?.[0]
      const rows = await listDeliveries(deps, { workspaceId, endpointId: id, state, before, limit })
      return page.cut(rows, limit, ({ seq }) => [seq])
    },
  }),
  defineRoute({
    ...base,
    ...{
      method: 'get',
      path: `${path}/:id/deliveries/:deliveryId`,
      summary: 'Show a delivery and its attempts',
    },
    input: { params: ofDelivery },
    output: loggedDelivery,
    handle: async ({ deps, actor: { workspaceId }, params: { id, deliveryId } }) =>
      getDelivery(deps, { workspaceId, endpointId: id, deliveryId }),
  }),
  defineRoute({
    ...base,
    ...{
      method: 'post',
      path: `${path}/:id/deliveries/:deliveryId/replay`,
      summary: 'Send a delivery again',
    },
    input: { params: ofDelivery },
    output: loggedDelivery,
    handle: async ({ deps, actor: { workspaceId }, params: { id, deliveryId } }) =>
      replayDelivery(deps, { workspaceId, endpointId: id, deliveryId }),
  }),
  defineRoute({
    ...base,
    ...{
      method: 'post',
      path: `${path}/:id/replay`,
      summary: 'Send again all deliveries that failed since a time',
    },
    input: { params, body: z.object({ since: z.iso.datetime() }) },
    output: z.object({ replayed: z.int() }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) =>
      replayFailed(deps, { workspaceId, endpointId: id, ...body }),
  }),
]
