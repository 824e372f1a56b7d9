import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../../src/config.ts'
import { createApi } from '../../src/server.ts'
import { createApiKey, type ApiKeyKind } from '../../src/settings/api-keys.ts'
import type { Answer } from '../support/api-rig.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/open-house.ts'

export type DialectHouse = Awaited<ReturnType<typeof openDialects>>
interface Asking {
  headers?: Record<string, string>
  body?: unknown
}
interface Template {
  id: string
  name: string
  status: string
}

/** The whole line with a worker and the sandbox, all of its HTTP doors, and keys to them. */
export async function openDialects(overrides: Partial<Config> = {}) {
  const house = await openHouse(overrides)
  const server = createServer(createApi(house.deps))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { workspaceId, numberId, deps } = house
  const makeKey = async (kind: ApiKeyKind, of = numberId) =>
    (
      await createApiKey(deps, {
        workspaceId,
        name: kind,
        kind,
        ...(kind !== 'platform' && { numberId: of }),
      })
    ).key
  const key = await makeKey('platform')
  const ask = (method: string, path: string, asking: Asking = {}) => askUrl(url + path, method, asking)
  /** The platform's answer, held to the status that is expected. */
  const platform = async <T = Record<string, unknown>>(
    status: number,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<T> => {
    const headers = { authorization: `Bearer ${key}` }
    const answer = await ask(method, `/platform/v1${path}`, { headers, ...(body !== undefined && { body }) })
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body as T
  }
  return {
    ...{ house, url, ask, platform, makeKey, workspaceId, numberId, rows: house.rows },
    /** A template that WhatsApp has looked at and let pass. */
    async approve(template: { name: string; language?: string; category?: string; components: object[] }) {
      const draft = {
        wabaId: house.access.wabaId,
        language: 'en',
        category: 'UTILITY',
        parameterFormat: 'POSITIONAL',
        ...template,
      }
      const { id } = await platform<Template>(201, 'POST', '/templates', draft)
      await platform(200, 'POST', `/templates/${id}/submit`, {})
      await eventually(async () => {
        expect(await platform(200, 'GET', `/templates/${id}`)).toMatchObject({ status: 'approved' })
      })
    },
    /** A key of Engati's, and how its paths name the workspace and the number. */
    async openBot() {
      const { customerId } = await platform<{ customerId: string }>(200, 'GET', '/workspace')
      const { botRef } = await platform<{ botRef: string }>(200, 'GET', `/numbers/${numberId}`)
      return { key: await makeKey('engati'), path: `/customer/${customerId}/bot/${botRef}` }
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await house.close()
    },
  }
}

async function askUrl(url: string, method: string, { headers = {}, body }: Asking): Promise<Answer> {
  const isForm = body instanceof FormData
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && !isForm && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && {
      body: isForm ? body : typeof body === 'string' ? body : JSON.stringify(body),
    }),
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
