import { chatman } from '../../src/public-api/chatman.ts'
import { platformRoutes } from '../../src/server.ts'
import { createApiKey } from '../../src/settings/api-keys.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'
import { routes as settingsRoutes } from '../../src/settings/routes.ts'
import { createAsk, openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

export interface WireContact {
  user_id: string
  wa_id: string | null
  system_attributes: Record<string, unknown>
  custom_attributes: Record<string, unknown>
  user_tags: string[]
  external_customer_id: string | null
}
export interface WirePage<T> {
  data: T[]
  paging: { after: string | null }
}
export type ChatmanRig = Awaited<ReturnType<typeof openChatman>>

/** A workspace with two numbers, a Chatman key for each, and both doors to it: the dialect and the platform API. */
export async function openChatman() {
  const { url: databaseUrl } = await freshDatabase()
  const others = platformRoutes.filter((route) => !settingsRoutes.includes(route))
  const api = await openApi({ DATABASE_URL: databaseUrl }, others, [chatman])
  const workspace = await openWorkspace(api, 'ours')
  const numbers = [
    await addNumber(api, workspace.workspaceId, '100000000000001'),
    await addNumber(api, workspace.workspaceId, '100000000000002'),
  ] as const
  const call = createAsk(api, numbers[0].key, '/v1/public-apis')
  return {
    ...{ api, workspace, numbers, call, ...requestsOf(call) },
    platform: createAsk(api, workspace.key),
    sql: async <T extends object>(sql: string, values: unknown[] = []) =>
      (await runSql(databaseUrl, sql, values)).rows as T[],
    close: () => api.close(),
  }
}

async function addNumber({ deps }: ApiRig, workspaceId: string, phoneNumberId: string) {
  const secrets = { accessToken: 'a-token-of-mine', appSecret: 'a-secret-of-mine', verifyToken: 'verify-me' }
  const { id: numberId } = await createNumber(deps, workspaceId, {
    ...{ phoneNumberId, wabaId: '200000000000001', displayNumber: phoneNumberId, portfolioId: '' },
    ...{ messagesPerSecond: 80, ...secrets },
  })
  const { key } = await createApiKey(deps, { workspaceId, name: 'chatman', kind: 'chatman', numberId })
  return { id: numberId, key }
}

function requestsOf(call: ReturnType<typeof createAsk>) {
  let phones = 0
  return {
    /** A new contact by Add Contact. */
    add: (more: object = {}) =>
      call<WireContact & { created: boolean }>(201, 'POST', '/contacts', {
        phone_number: String(9_876_500_000 + ++phones),
        country_code: '91',
        system_attributes: { first_name: 'Asha', email: `asha-${phones}@example.com` },
        ...more,
      }),
    /** Every page of a list, two at a time. */
    async pages<T>(path: string): Promise<T[]> {
      const found: T[] = []
      let after: string | null = ''
      do {
        const page: WirePage<T> = await call(200, 'GET', `${path}&limit=2${after ? `&after=${after}` : ''}`)
        expect(page.data.length).toBeLessThanOrEqual(2)
        found.push(...page.data)
        after = page.paging.after
      } while (after !== null)
      return found
    },
  }
}
