import { createServer } from 'node:http'
import { routes as blockRoutes } from '../../src/blocks/routes.ts'
import { newId } from '../../src/db/columns.ts'
import { signFlowToken } from '../../src/flows/flow-token.ts'
import { routes as flowRoutes } from '../../src/flows/routes.ts'
import { flowEndpoint } from '../../src/inbound/flows.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { createApp } from '../../src/kit/app.ts'
import { createReadiness } from '../../src/kit/health.ts'
import { createAuthenticate } from '../../src/people/authenticate.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { freePort } from '../support/free-port.ts'
import { buildHouse, type HousePlaces } from '../support/house.ts'
import { runSql } from '../support/run-sql.ts'

export type FlowHouse = Awaited<ReturnType<typeof buildFlowHouse>>

/** A house whose API listens where the sandbox finds its endpoint. */
export async function buildFlowHouse(places: HousePlaces) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const house = await buildHouse(places, { PUBLIC_URL: url })
  const app = createApp(house.deps, {
    routes: [...blockRoutes, ...flowRoutes, ...inboxRoutes],
    authenticate: createAuthenticate(house.deps),
    readiness: createReadiness(house.deps),
    callbacks: [{ path: '/flows', router: flowEndpoint(house.deps) }],
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { key } = await createApiKey(house.deps, {
    workspaceId: house.workspaceId,
    name: 'test',
    kind: 'platform',
  })

  async function ask<T = Record<string, never>>(
    status: number,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const response = await fetch(`${url}/platform/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    const answer: unknown = isJson ? JSON.parse(text) : text
    expect({ status: response.status, answer }).toMatchObject({ status })
    return answer as T
  }

  async function sandbox<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${house.sandboxUrl}/sandbox${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return (await response.json()) as T
  }

  return {
    ...house,
    url,
    ask,
    sandbox,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await house.close()
    },
  }
}

/** A Flow message in an open conversation, as the ledger would have sent it; its token. */
export async function sendFlow(
  { house, databaseUrl }: { house: FlowHouse; databaseUrl: string },
  flow: { metaId: string },
  waId: string,
  mode = 'published',
): Promise<string> {
  await house.text(waId, 'Hi')
  const [conversation] = (
    await runSql(
      databaseUrl,
      `select v.id, v.contact_id from conversations v join identities i using (contact_id) where i.value = $1`,
      [waId],
    )
  ).rows
  const messageId = newId()
  const flow_token = signFlowToken(house.deps.config.MASTER_KEY ?? '', {
    messageId,
    contactId: conversation.contact_id,
    runId: undefined,
    flow: flow.metaId,
  })
  const parameters = { flow_message_version: '3', flow_id: flow.metaId, flow_cta: 'Book', mode, flow_token }
  const interactive = { type: 'flow', body: { text: 'Book' }, action: { name: 'flow', parameters } }
  const response = await fetch(`${house.sandboxUrl}/v23.0/${house.access.phoneNumberId}/messages`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', to: waId, type: 'interactive', interactive }),
  })
  const sent = (await response.json()) as { messages: { id: string }[] }
  await runSql(
    databaseUrl,
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, fact_id,
       send_key, class, state, wamid)
     values ($1, $2, $3, $4, $5, 'out', 'interactive', $6, $1, $8, 'utility', 'accepted', $7)`,
    [
      messageId,
      house.workspaceId,
      conversation.id,
      house.numberId,
      conversation.contact_id,
      JSON.stringify({ type: 'interactive', interactive }),
      sent.messages[0]?.id,
      messageId,
    ],
  )
  return flow_token
}
