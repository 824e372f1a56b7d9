import type { Delivery } from '../../src/outgoing-webhooks/deliveries.ts'
import { deliverPage } from '../../src/outgoing-webhooks/deliver-page.ts'
import type { Endpoint } from '../../src/outgoing-webhooks/endpoints.ts'
import { routes } from '../../src/outgoing-webhooks/routes.ts'
import { openInboxRig } from '../conversations/inbox-rig.ts'
import { createAsk, openApi } from '../support/api-rig.ts'
import { openFakeApi, type FakeReply, type FakeRequest } from '../support/fake-api.ts'
import type { Page } from '../support/workspace-api.ts'

export type WebhookRig = Awaited<ReturnType<typeof openWebhookRig>>

/** The inbox, endpoints that are called back, and a receiver that answers as a test wants it to. */
export async function openWebhookRig() {
  const inbox = await openInboxRig()
  const play: { answer: (request: FakeRequest) => FakeReply } = { answer: () => ({}) }
  const receiver = await openFakeApi((request) => play.answer(request))
  const overrides = { OUTBOUND_ALLOW: [`127.0.0.1:${receiver.port}`], WEBHOOK_TIMEOUT_MS: 500 }
  const api = await openApi({ ...inbox.deps.config, LOG_LEVEL: 'silent', ...overrides }, routes)
  const ask = createAsk(api, inbox.ours.key)
  return {
    ...{ inbox, receiver, play, ask, deps: api.deps },
    make: (kinds: string[] = ['message.received'], more: object = {}) =>
      ask<Endpoint & { secret: string }>(201, 'POST', '/webhook-endpoints', {
        ...{ url: `${receiver.url}/hook?auth=secret`, kinds },
        ...more,
      }),
    /** What the workflow does, once. */
    deliver: ({ id }: Endpoint) => deliverPage(api.deps, { workspaceId: inbox.workspaceId, endpointId: id }),
    deliveriesOf: async ({ id }: Endpoint) =>
      (await ask<Page<Delivery>>(200, 'GET', `/webhook-endpoints/${id}/deliveries`)).items,
    show: (id: string) => ask<Endpoint>(200, 'GET', `/webhook-endpoints/${id}`),
    makeDue: () => inbox.rows('update webhook_deliveries set next_at = now()'),
    forget() {
      play.answer = () => ({})
      receiver.requests.length = 0
    },
    async close() {
      await receiver.close()
      await api.close()
      await inbox.close()
    },
  }
}
