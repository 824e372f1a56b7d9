import type { Route } from '../../src/kit/route.ts'
import { dialects } from '../../src/server.ts'
import { readUserToken } from '../../src/people/user-token.ts'
import { apiKeyKinds, createApiKey } from '../../src/settings/api-keys.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { ofDialects, type DialectPlaces } from '../support/matrix/dialect-places.ts'
import { fillWorkspace, sumWorkspace, type FilledWorkspace } from '../support/matrix/fill-workspace.ts'
import { exampleBody } from '../support/matrix/requests.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

let api: ApiRig
let databaseUrl: string
let theirs: FilledWorkspace
let ours: { workspaceId: string; numberId: string; platformKey: string; adminId: string }
const phone = '15550001111'
beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  api = await openApi({ DATABASE_URL: databaseUrl }, [], dialects)
  const opened = await openWorkspace(api, 'theirs')
  theirs = await fillWorkspace(databaseUrl, opened.workspaceId, api.deps.seal)
  await runSql(
    databaseUrl,
    `update identities set kind = 'wa_id', scope = '', value = $1 where workspace_id = $2`,
    [...[phone, theirs.id]],
  )
  const { workspaceId, key, admin } = await openWorkspace(api, 'ours')
  const secrets = { accessToken: 'a-token-of-mine', appSecret: 'a-secret-of-mine', verifyToken: 'verify-me' }
  const number = await createNumber(api.deps, workspaceId, {
    ...{ phoneNumberId: '100000000000001', wabaId: '200000000000001', displayNumber: '+1 555' },
    ...{ portfolioId: '', messagesPerSecond: 80, ...secrets },
  })
  ours = { workspaceId, numberId: number.id, platformKey: key, adminId: admin.id }
})
afterAll(() => api.close())

const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`
const paramsOf = ({ path }: Route) => path.match(/:\w+/g) ?? []
const placeOf = (name: string, { path }: Route, param: string) => {
  const { params = {} } = ofDialects[name] ?? {}
  return params[`${path.split('/').at(path.split('/').indexOf(param) - 1)}/${param}`] ?? params[param]
}

test('the matrix knows every dialect, and what stands in its paths', () => {
  const missing = dialects.flatMap(({ name, routes }) => {
    if (!ofDialects[name]) return [name]
    return routes.flatMap((route) =>
      paramsOf(route)
        .filter((param) => placeOf(name, route, param) === undefined)
        .map((param) => `${name} ${nameOf(route)}: ${param}`),
    )
  })
  expect(missing).toEqual([])
})

describe.each(dialects.map(({ name, routes }) => [name, routes] as const))('%s', (name, routes) => {
  const places: DialectPlaces = ofDialects[name] ?? {
    headers: () => ({}),
    nobody: 0,
    stranger: 0,
    params: {},
  }
  const { headers, nobody, stranger, empty = [] } = places
  const ask = async (route: Route, path: string, shown: Record<string, string>) => {
    const body = exampleBody(route)
    return api.ask(route.method.toUpperCase(), path, { headers: shown, ...(body !== undefined && { body }) })
  }
  /** Asks all, and holds the strangers' rows to what they were. */
  const sweep = async (judge: (route: Route) => Promise<string | undefined>) => {
    const before = await sumWorkspace(databaseUrl, theirs)
    const wrong: string[] = []
    for (const route of routes) {
      const fault = await judge(route)
      if (fault) wrong.push(`${nameOf(route)}: ${fault}`)
    }
    await api.deps.background.drain()
    expect(wrong).toEqual([])
    expect(await sumWorkspace(databaseUrl, theirs)).toEqual(before)
  }

  test('refuses who shows nothing, a key that never was, one of the platform, and those of other dialects', async () => {
    const keys = ['nonsense', `drip_abcdefghij_${'x'.repeat(43)}`]
    const misplaced = [ours.platformKey]
    for (const kind of dialects.map((dialect) => dialect.name)) {
      if (kind !== name) misplaced.push(await keyOf(kind))
    }
    await sweep(async (route) => {
      if (route.auth === 'none') return undefined
      const path = await pathOf(route)
      const bare = await ask(route, path, {})
      if (bare.status !== nobody) return `${bare.status} without credentials`
      for (const key of keys) {
        const { status } = await ask(route, path, headers(key))
        if (status !== nobody) return `${status} with ${key}`
      }
      for (const key of misplaced) {
        const { status } = await ask(route, path, headers(key))
        if (status !== 403 && status !== nobody) return `${status} with a key of another API`
      }
      return undefined
    })
  })

  test("gives nothing of strangers' for their ids", async () => {
    const key = await keyOf(name)
    await sweep(async (route) => {
      if (paramsOf(route).length === 0) return undefined
      const { status, text } = await ask(route, await pathOf(route), headers(key))
      if (text.includes(theirs.word)) return `tells of theirs: ${text.slice(0, 200)}`
      // A body that is not right is looked at before the id in the path.
      if (empty.includes(nameOf(route))) return status === 200 ? undefined : `${status}`
      const isRefused = route.method === 'get' ? status === stranger : status >= 400 && status < 500
      return isRefused ? undefined : `${status} ${text.slice(0, 200)}`
    })
  })

  const pathOf = async (route: Route): Promise<string> => {
    let { path } = route
    for (const param of paramsOf(route)) {
      const place = placeOf(name, route, param)
      if (place === 'phone') path = path.replace(param, phone)
      else if (typeof place !== 'object') path = path.replace(param, 'x')
      else path = path.replace(param, encodeURIComponent(await valueOf(place)))
    }
    return path
  }
})

async function valueOf({ table, column }: { table: string; column: string }): Promise<string> {
  const { rows } = await runSql(
    databaseUrl,
    `select "${column}"::text as value from "${table}" where ${column === 'number' ? 'workspace_id' : 'id'} = $1 limit 1`,
    [column === 'number' ? theirs.id : theirs.ids.get(table)],
  )
  return String((rows[0] as { value: string }).value)
}

/** Where a dialect's callers are users, the token of an admin. */
async function keyOf(dialect: string): Promise<string> {
  const { workspaceId, numberId, adminId: userId } = ours
  const kind = apiKeyKinds.find((each) => each === dialect)
  if (!kind) return readUserToken(api.deps, { workspaceId, userId })
  return (await createApiKey(api.deps, { workspaceId, name: kind, kind, numberId })).key
}
