import { createServer } from 'node:http'
import { routes as blockRoutes } from '../../src/blocks/routes.ts'
import { routes as flowRoutes } from '../../src/flows/routes.ts'
import { flowEndpoint } from '../../src/inbound/flows.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { createApp } from '../../src/kit/app.ts'
import { createReadiness } from '../../src/kit/health.ts'
import { createAuthenticate } from '../../src/settings/authenticate.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { freePort } from '../support/free-port.ts'
import { buildHouse, type HousePlaces } from '../support/house.ts'

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
