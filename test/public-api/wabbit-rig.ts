import { randomBytes } from 'node:crypto'
import { wabbit } from '../../src/public-api/wabbit.ts'
import { readUserToken } from '../../src/people/user-token.ts'
import { createUser } from '../../src/people/users.ts'
import { platformRoutes } from '../../src/server.ts'
import { bindNumber } from '../../src/settings/bound-number.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'
import { routes as settingsRoutes } from '../../src/settings/routes.ts'
import { routes as peopleRoutes } from '../../src/people/routes.ts'
import type { Config } from '../../src/config.ts'
import { createAsk, openApi, openWorkspace, type Answer, type ApiRig } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { hear, text } from '../wabbit-wire/wire-rig.ts'

export type WabbitRig = Awaited<ReturnType<typeof openWabbit>>
export type Page<T = Record<string, unknown>> = {
  count: number
  next: string | null
  previous: string | null
  results: T[]
}
export interface Member {
  id: string
  number: number
  username: string
  password: string
  token: string
}
export const customer = '48123123123'

/** A workspace with two numbers, an admin, two users and a bot, and both doors to it: the dialect and the platform API. */
export async function openWabbit(overrides: Partial<Config> = {}) {
  const { url: databaseUrl } = await freshDatabase()
  const others = platformRoutes.filter(
    (route) => !settingsRoutes.includes(route) && !peopleRoutes.includes(route),
  )
  const api = await openApi({ DATABASE_URL: databaseUrl, ...overrides }, others, [wabbit])
  const { workspaceId, key } = await openWorkspace(api, 'ours')
  const numbers = [await addNumber(api, workspaceId, 1), await addNumber(api, workspaceId, 2)] as const
  const sql = async <T extends object>(query: string, values: unknown[] = []) =>
    (await runSql(databaseUrl, query, values)).rows as T[]
  const member = (role: 'admin' | 'user' | 'app') => addMember(api, workspaceId, role)
  const members = {
    ...{ admin: await member('admin'), ann: await member('user'), ben: await member('user') },
    bot: await member('app'),
  }
  return {
    ...{ api, workspaceId, numbers, members, sql, platform: createAsk(api, key) },
    /** As somebody, with the answer held to a status. */
    ...callsOf(api),
    say: (words: string, more: { from?: string; name?: string; at?: number; number?: string } = {}) => {
      const { number = numbers[0], ...said } = more
      return hear(api, number, { from: customer, ...said, ...text(words) })
    },
    hear: (message: Record<string, unknown>) => hear(api, numbers[0], { from: customer, ...message }),
    bind: (who: Member, numberId: string | null) =>
      bindNumber(api.deps, { workspaceId, userId: who.id, numberId }),
    assign: (who: Member | null, waId = customer) =>
      callsOf(api).call(200, members.admin, 'PATCH', `/chats/${waId}/assignment/`, {
        assigned_to_user: who?.number ?? null,
      }),
    close: () => api.close(),
  }
}

function callsOf(api: ApiRig) {
  const ask = (who: Pick<Member, 'token'> | null, method: string, path: string, body?: unknown) =>
    api.ask(method, `/api/v1${path}`, {
      headers: who ? { authorization: `Token ${who.token}` } : {},
      ...(body !== undefined && { body }),
    })
  return {
    ask,
    call: async <T = Record<string, unknown>>(
      status: number,
      ...asked: Parameters<typeof ask>
    ): Promise<T> => {
      const answer: Answer = await ask(...asked)
      expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
      return answer.body as T
    },
  }
}

async function addNumber({ deps }: ApiRig, workspaceId: string, nth: number): Promise<string> {
  const secrets = { accessToken: 'sandbox-token', appSecret: 'a-secret-of-mine', verifyToken: 'verify-me' }
  const { id } = await createNumber(deps, workspaceId, {
    ...{
      phoneNumberId: `10000000000000${nth}`,
      wabaId: '200000000000001',
      displayNumber: `4860000000${nth}`,
    },
    ...{ portfolioId: '', messagesPerSecond: 80, ...secrets },
  })
  return id
}

async function addMember(
  { deps }: ApiRig,
  workspaceId: string,
  role: 'admin' | 'user' | 'app',
): Promise<Member> {
  const username = `${role}${randomBytes(5).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  const user = await createUser(deps, { workspaceId, username, password, role })
  const token = await readUserToken(deps, { workspaceId, userId: user.id })
  const [row] = await deps.orm.em
    .fork()
    .execute<{ number: number }[]>('select number::int from users where id = ?', [user.id])
  return { id: user.id, number: row?.number ?? 0, username, password, token }
}
