import { z } from 'zod'
import {
  changeUserWebhook,
  createUserWebhook,
  deleteUserWebhook,
  getUserWebhook,
  listUserWebhooks,
  type UserWebhook,
  type WebhookFlags,
} from '../../outgoing-webhooks/wabbit-endpoints.ts'
import { listWireUsers } from '../../wabbit-wire/list-users.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { callerOf } from './caller.ts'
import { booleanField, charField } from './fields.ts'
import { pageOf, pageQuery, toPage } from './page.ts'
import { idParams } from './tags.ts'

const webhookWire = z
  .object({
    id: z.int(),
    user: z.object({ id: z.int(), username: z.string(), url: z.string() }),
    url: z.string(),
    on_incoming_message: z.boolean(),
    on_outgoing_message: z.boolean(),
    on_assigned: z.boolean(),
  })
  .meta({ id: 'WabbitWebhook' })

const body = z.object({
  url: charField(2_000).meta({ example: 'https://example.com/hook?auth=a-shared-secret' }),
  on_incoming_message: booleanField.optional(),
  on_outgoing_message: booleanField.optional(),
  on_assigned: booleanField.optional(),
})
const path = '/api/v1/waba_webhooks/'
const one = '/api/v1/waba_webhooks/:id/'
const tag = 'WABA Webhooks'

/** Called at what happens: in the on-premise API's form, and more. */
export const webhookRows: DialectRoute[] = [
  dialectRoute({
    ...{ method: 'get', path, tag, summary: 'List WABA Webhooks' },
    description: 'Your own; of admins everybody’s.',
    input: { query: z.object(pageQuery()) },
    output: pageOf(webhookWire),
    call: async (call) => {
      const { limit, offset } = call.query
      const listed = await listUserWebhooks(call.deps, call, { userId: ownOnly(call), limit, offset })
      return toPage(call, { count: listed.count, results: await withUsers(call, listed.webhooks) })
    },
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ method: 'post', path, tag, summary: 'Create WABA Webhook', status: 201 },
    description: 'One for each user. The URL’s query comes along with every call.',
    input: { body },
    output: webhookWire,
    call: async (call) => {
      const flags = {
        onIncomingMessage: true,
        onOutgoingMessage: false,
        onAssigned: false,
        ...toFlags(call.body),
      }
      const order = { userId: call.actor.id, url: call.body.url, flags, by: call.by }
      return first(await withUsers(call, [await createUserWebhook(call.deps, call, order)]))
    },
    toWire: (webhook) => webhook,
  }),
  dialectRoute({
    ...{ method: 'get', path: one, tag, summary: 'Retrieve WABA Webhook' },
    input: { params: idParams },
    output: webhookWire,
    call: async (call) => {
      const which = { number: call.params.id, userId: ownOnly(call) }
      return first(await withUsers(call, [await getUserWebhook(call.deps, call, which)]))
    },
    toWire: (webhook) => webhook,
  }),
  dialectRoute({
    ...{ method: 'put', path: one, tag, summary: 'Update WABA Webhook' },
    input: { params: idParams, body },
    output: webhookWire,
    call: async (call) => {
      const which = { number: call.params.id, userId: ownOnly(call) }
      const change = { ...which, url: call.body.url, flags: toFlags(call.body), by: call.by }
      return first(await withUsers(call, [await changeUserWebhook(call.deps, call, change)]))
    },
    toWire: (webhook) => webhook,
  }),
  dialectRoute({
    ...{ method: 'delete', path: one, tag, summary: 'Delete WABA Webhook', status: 204 },
    input: { params: idParams },
    output: z.undefined(),
    call: (call) =>
      deleteUserWebhook(call.deps, call, { number: call.params.id, userId: ownOnly(call), by: call.by }),
    toWire: () => undefined,
  }),
]

function ownOnly({ actor }: Pick<Call, 'actor'>): string | undefined {
  return actor.role === 'admin' ? undefined : actor.id
}

function toFlags(given: z.output<typeof body>): Partial<WebhookFlags> {
  const { on_incoming_message: incoming, on_outgoing_message: outgoing, on_assigned: assigned } = given
  return {
    ...(incoming !== undefined && { onIncomingMessage: incoming }),
    ...(outgoing !== undefined && { onOutgoingMessage: outgoing }),
    ...(assigned !== undefined && { onAssigned: assigned }),
  }
}

type Asked = Pick<Call, 'deps' | 'workspaceId' | 'numberId' | 'actor' | 'request'>

async function withUsers(call: Asked, webhooks: UserWebhook[]): Promise<z.input<typeof webhookWire>[]> {
  const users = await listWireUsers(
    call.deps,
    callerOf(call),
    webhooks.map(({ userId }) => userId),
  )
  return webhooks.flatMap(({ number, userId, url, flags }) => {
    const user = users.get(userId)
    if (!user) return []
    return [
      {
        ...{ id: number, user: { id: user.id, username: user.username, url: user.url }, url },
        on_incoming_message: flags.onIncomingMessage,
        on_outgoing_message: flags.onOutgoingMessage,
        on_assigned: flags.onAssigned,
      },
    ]
  })
}

function first<T>([item]: T[]): T {
  return item as T
}
