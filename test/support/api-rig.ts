import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { compose, dispose } from '../../src/compose.ts'
import { configSchema, type Config } from '../../src/config.ts'
import { createApp } from '../../src/kit/app.ts'
import { createCodecEndpoint } from '../../src/kit/codec-endpoint.ts'
import { createReadiness } from '../../src/kit/health.ts'
import { serveLanding } from '../../src/kit/landing.ts'
import type { Route } from '../../src/kit/route.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import type { Dialect } from '../../src/public-api/dialect.ts'
import { createAuthenticate } from '../../src/people/authenticate.ts'
import { routes as peopleRoutes } from '../../src/people/routes.ts'
import { routes as settingsRoutes } from '../../src/settings/routes.ts'
import { createSession } from '../../src/people/sessions.ts'
import { openSession } from '../../src/people/sign-in.ts'
import { createUser } from '../../src/people/users.ts'
import { createWorkspace } from '../../src/settings/workspaces.ts'

export interface Answer {
  status: number
  headers: Headers
  body: Record<string, unknown>
  text: string
}
interface Asking {
  token?: string
  body?: unknown
  headers?: Record<string, string>
}
export type ApiRig = Awaited<ReturnType<typeof openApi>>

/** The HTTP side with the settings' routes and a test's own, listening on the loopback. Close it when done. */
export async function openApi(overrides: Partial<Config>, routes: Route[] = [], dialects: Dialect[] = []) {
  const config = configSchema.parse({ MASTER_KEY: randomBytes(32).toString('hex'), LOG_LEVEL: 'silent' })
  const deps = await compose({ ...config, ...overrides }, 'test')
  const authenticate = createAuthenticate(deps)
  const readiness = createReadiness(deps)
  const signIn = (input: Parameters<typeof openSession>[1]) => openSession(deps, input)
  const codec = createCodecEndpoint({ config: deps.config, authenticate, signIn, store: deps })
  const app = createApp(deps, {
    routes: [...new Set([...settingsRoutes, ...peopleRoutes, ...routes])],
    authenticate,
    readiness,
    documents: dialects.map(({ document }) => document),
    pages: [
      ...dialects.map((dialect) => ({ path: '/', router: dialect.serve(deps) })),
      { path: '/codec', router: codec },
      { path: '/', router: serveLanding(deps.config, readiness) },
    ],
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    deps,
    url,
    ask: (method: string, path: string, asking?: Asking) => ask(url, method, path, asking),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await dispose(deps)
    },
  }
}

/** A workspace with a platform key, an admin and an ordinary user, signed in. */
export async function openWorkspace({ deps }: Pick<ApiRig, 'deps'>, name: string) {
  const workspaceId = await createWorkspace(deps, name)
  const { key, row } = await createApiKey(deps, { workspaceId, name: 'test', kind: 'platform' })
  const member = async (role: 'admin' | 'user') => {
    const username = `${name}-${role}-${randomBytes(4).toString('hex')}`
    const password = randomBytes(12).toString('hex')
    const user = await createUser(deps, { workspaceId, username, password, role })
    return { id: user.id, username, password, token: (await createSession(deps, user)).token }
  }
  return { workspaceId, key, keyId: row.id, admin: await member('admin'), user: await member('user') }
}

/** The body of an answer that has this status. */
export type Ask<Usual> = <T = Usual>(
  status: number,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
) => Promise<T>

/** Asks one API below its prefix, with a key unless told another, and holds the answer to the status that is expected. */
export function createAsk<Usual = Record<string, never>>(
  api: Pick<ApiRig, 'ask'>,
  key: string,
  prefix = '/platform/v1',
): Ask<Usual> {
  return async <T = Usual>(
    ...[status, method, path, body, token = key]: Parameters<Ask<Usual>>
  ): Promise<T> => {
    const answer = await api.ask(method, prefix + path, { token, ...(body !== undefined && { body }) })
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
    return answer.body as T
  }
}

async function ask(url: string, method: string, path: string, asking: Asking = {}): Promise<Answer> {
  const { token, body, headers } = asking
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  }
}
