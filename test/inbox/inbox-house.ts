import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../../src/config.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { createApp } from '../../src/kit/app.ts'
import { createReadiness } from '../../src/kit/health.ts'
import { routes as mediaRoutes } from '../../src/media/routes.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { routes as conversationRoutes } from '../../src/conversations/routes.ts'
import { createAuthenticate } from '../../src/people/authenticate.ts'
import { createSession } from '../../src/people/sessions.ts'
import { createUser } from '../../src/people/users.ts'
import { createAsk } from '../support/api-rig.ts'
import { openHouse } from '../support/open-house.ts'

/** A message as the API shows it, as far as tests look. */
export interface Shown {
  id: string
  conversationId: string
  direction: string
  type: string
  text: string
  content: Record<string, unknown>
  wamid: string | null
  editedAt: string | null
  deletedAt: string | null
  sender: { kind: string; id: string | null; name: string | null }
  quoted: { id: string; text: string } | null
  reactions: { direction: string; emoji: string }[]
  media: {
    id: string | null
    state: string
    mimeType: string
    thumbnail: string | null
    problem: string
  } | null
  ledger: {
    state: string
    status: string | null
    attempt: number
    words: string | null
    reason: string | null
  }
}
export type InboxHouse = Awaited<ReturnType<typeof openInboxHouse>>

/** The whole line with a worker and its API, asked by a platform key or by an agent. */
export async function openInboxHouse(overrides: Partial<Config> = {}) {
  const house = await openHouse(overrides)
  const { deps, workspaceId } = house
  const app = createApp(deps, {
    routes: [...conversationRoutes, ...inboxRoutes, ...mediaRoutes],
    authenticate: createAuthenticate(deps),
    readiness: createReadiness(deps),
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { key } = await createApiKey(deps, { workspaceId, name: 'test', kind: 'platform' })
  const agent = await createUser(deps, {
    workspaceId,
    username: 'ines',
    password: 'long enough',
    role: 'admin',
  })
  const { token } = await createSession(deps, agent)
  const ask = createAsk<Shown>(
    {
      ask: async (method, path, asking = {}) => {
        const response = await fetch(url + path, {
          method,
          headers: { authorization: `Bearer ${asking.token}`, 'content-type': 'application/json' },
          ...(asking.body !== undefined && { body: JSON.stringify(asking.body) }),
        })
        const text = await response.text()
        const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
        return { status: response.status, headers: response.headers, text, body }
      },
    },
    key,
  )
  return {
    ...house,
    ...{ url, key, ask, agent: { id: agent.id, token } },
    async chatOf(waId: string): Promise<string> {
      const [row] = await house.rows<{ id: string }>(
        `select v.id from conversations v join identities i using (contact_id) where i.value = $1`,
        [waId],
      )
      return row?.id ?? ''
    },
    async messagesOf(conversationId: string): Promise<Shown[]> {
      const page = await ask<{ items: Shown[] }>(200, 'GET', `/conversations/${conversationId}/messages`)
      return page.items.toReversed()
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await house.close()
    },
  }
}
