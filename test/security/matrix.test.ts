import { isDeepStrictEqual } from 'node:util'
import type { Route } from '../../src/kit/route.ts'
import { areaNames, levelOf, placeOf, type Level } from '../../src/model/permissions.ts'
import { createSession } from '../../src/people/sessions.ts'
import { createUser } from '../../src/people/users.ts'
import { platformRoutes } from '../../src/server.ts'
import { newId } from '../../src/db/columns.ts'
import { openApi, openWorkspace, type ApiRig } from '../support/api-rig.ts'
import { fillWorkspace, sumWorkspace, type FilledWorkspace } from '../support/matrix/fill-workspace.ts'
import { mayName, ofFields, ofPaths, otherwise, unfound } from '../support/matrix/places.ts'
import { exampleBody, idFieldsOf, pathOf, placesIn, withIds } from '../support/matrix/requests.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

let api: ApiRig
let databaseUrl: string
/** One of everything is theirs; we are strangers to it. */
let theirs: FilledWorkspace & { key: string; admin: { token: string } }
let ours: Awaited<ReturnType<typeof openWorkspace>>
beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  // What would ask WhatsApp is refused at once: nobody listens there.
  const nowhere = { WHATSAPP_BASE_URL: 'http://127.0.0.1:9' }
  api = await openApi({ DATABASE_URL: databaseUrl, ...nowhere }, platformRoutes)
  const opened = await openWorkspace(api, 'theirs')
  theirs = { ...opened, ...(await fillWorkspace(databaseUrl, opened.workspaceId, api.deps.seal)) }
  ours = await openWorkspace(api, 'ours')
})
afterAll(() => api.close())

/** Of which no id is anything. */
const nothing = { ids: new Map<string, string>() }
/** Hundreds of requests a test, on whatever machine. */
const patienceMs = 300_000
const closed = platformRoutes.filter(({ auth }) => auth !== 'none')
const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`

async function send(route: Route, token: string | undefined, path: string, body = exampleBody(route)) {
  const asks = { ...(token !== undefined && { token }), ...(body !== undefined && { body }) }
  const answer = await api.ask(route.method.toUpperCase(), path, asks)
  return { ...answer, code: answer.body['code'] }
}

type Judge = (route: Route) => Promise<string | undefined>

/** Asks all, and holds their rows to what they were. */
async function sweep(routes: Route[], judge: Judge): Promise<void> {
  const before = await sumWorkspace(databaseUrl, theirs)
  await askAll(routes, judge)
  expect(await sumWorkspace(databaseUrl, theirs)).toEqual(before)
}

/** Says every route that answered otherwise than it should. */
async function askAll(routes: Route[], judge: Judge): Promise<void> {
  const wrong: string[] = []
  const queue = [...routes]
  const work = async () => {
    for (let route = queue.shift(); route; route = queue.shift()) {
      const fault = await judge(route)
      if (fault) wrong.push(`${nameOf(route)}: ${fault}`)
    }
  }
  await Promise.all([work(), work(), work(), work()])
  await api.deps.background.drain()
  expect(wrong.sort()).toEqual([])
}

describe('the matrix knows every route:', () => {
  test('what stands in its path is in test/support/matrix/places.ts', () => {
    const missing = platformRoutes.flatMap((route) =>
      placesIn(route)
        .filter(({ key }) => ofPaths[key] === undefined)
        .map(({ key }) => `${nameOf(route)}: ${key}`),
    )
    expect(missing).toEqual([])
  })
  test('so are the ids in its query and body', () => {
    const missing = platformRoutes.flatMap((route) =>
      [...idFieldsOf(route.input?.query), ...idFieldsOf(route.input?.body)]
        .filter((field) => ofFields[field] === undefined)
        .map((field) => `${nameOf(route)}: ${field}`),
    )
    expect(missing).toEqual([])
  })
  test('and each of the tables has a row of theirs', async () => {
    for (const table of new Set([...Object.values(ofPaths), ...Object.values(ofFields)])) {
      if (['product', 'within', 'free', 'sessions'].includes(table)) continue
      const id = theirs.ids.get(table)
      const { rows } = await runSql(databaseUrl, `select 1 from "${table}" where id::text = $1`, [id])
      expect([table, rows.length]).toEqual([table, 1])
    }
  })
})

test(
  'their rows are there for them: what strangers do not find is not simply missing',
  async () => {
    await askAll(
      closed.filter(
        (route) =>
          route.method === 'get' &&
          route.path.includes('/:id') &&
          placesIn(route).length === 1 &&
          placesIn(route).every(({ key }) => theirs.ids.has(ofPaths[key] ?? '')),
      ),
      async (route) => {
        const asked = send(route, theirs.admin.token, pathOf(route, theirs))
        // A file of rows that mean nothing may break off while it is written: it was found, then.
        const { status } = await asked.catch(() => ({ status: 500 }))
        return status === 404 && !unfound[nameOf(route)] ? 'is not found by its owner' : undefined
      },
    )
  },
  patienceMs,
)

describe('is refused, and changes nothing:', () => {
  test.each([
    ['no credentials', undefined],
    ['a word', 'nonsense'],
    ['a session that never was', `drips_${'x'.repeat(43)}`],
    ['a key that never was', `drip_abcdefghij_${'x'.repeat(43)}`],
    ["a user's token that never was", 'ab'.repeat(20)],
  ])(
    '%s',
    async (_what, token) => {
      await sweep(closed, async (route) => {
        const { status, code } = await send(route, token, pathOf(route, theirs))
        return status === 401 && code === 'unauthenticated' ? undefined : `${status} ${String(code)}`
      })
    },
    patienceMs,
  )

  test(
    'an ordinary user, where an admin is needed',
    async () => {
      await sweep(
        closed.filter(({ auth }) => auth === 'admin'),
        async (route) => expectForbidden(await send(route, ours.user.token, pathOf(route, theirs))),
      )
    },
    patienceMs,
  )
  test(
    'a program, beyond the inbox',
    async () => {
      const token = await tokenWith(undefined, 'app')
      const own = new Set(['inbox', 'contacts', 'templates', 'people', 'own'])
      await sweep(
        closed.filter((route) => !own.has(placeOf(route) ?? '') || levelOf(route) === 'manage'),
        async (route) => expectForbidden(await send(route, token, pathOf(route, theirs))),
      )
    },
    patienceMs,
  )
  test.each([
    ['none', closed.filter((route) => placeOf(route) !== 'own')],
    ['read', closed.filter((route) => placeOf(route) !== 'own' && levelOf(route) !== 'read')],
    ['write', closed.filter((route) => placeOf(route) !== 'own' && levelOf(route) === 'manage')],
    ['manage', closed.filter((route) => placeOf(route) === 'admins')],
  ] as const)(
    'a role of the workspace with "%s" everywhere, beyond it',
    async (level, routes) => {
      const token = await tokenWith(level)
      await sweep(routes, async (route) => expectForbidden(await send(route, token, pathOf(route, theirs))))
    },
    patienceMs,
  )
  test(
    'and a role opens what it says: nothing that it covers is forbidden',
    async () => {
      const token = await tokenWith('read')
      await sweep(
        closed.filter((route) => levelOf(route) === 'read' && placeOf(route) !== 'admins'),
        async (route) => {
          const { status } = await send(route, token, pathOf(route, theirs))
          return status === 403 ? 'forbidden' : undefined
        },
      )
    },
    patienceMs,
  )

  test(
    "others' ids in the path are nothing to us",
    async () => {
      await sweep(
        closed.filter((route) => placesIn(route).some(({ key }) => theirs.ids.has(ofPaths[key] ?? ''))),
        async (route) => {
          const { status, text } = await send(route, ours.admin.token, pathOf(route, theirs))
          if (text.includes(theirs.word)) return `tells of theirs: ${text.slice(0, 200)}`
          const unknown = await send(route, ours.admin.token, pathOf(route, nothing))
          const expected = otherwise[nameOf(route)]?.status ?? 404
          return status === expected && unknown.status === expected
            ? undefined
            : `${status}, and ${unknown.status} for an id that never was: ${text.slice(0, 300)}`
        },
      )
    },
    patienceMs,
  )
  test(
    "others' ids in the query find nothing",
    async () => {
      await sweep(
        closed.filter(({ input }) => idFieldsOf(input?.query).length > 0),
        async (route) => {
          for (const field of idFieldsOf(route.input?.query)) {
            const id = theirs.ids.get(ofFields[field] ?? '')
            if (id === undefined) continue
            const { status, text } = await send(
              route,
              ours.admin.token,
              `${pathOf(route, nothing).split('?')[0]}?${field}=${id}`,
            )
            if (status >= 500 || text.includes(theirs.word))
              return `${field}: ${status} ${text.slice(0, 300)}`
          }
          return undefined
        },
      )
    },
    patienceMs,
  )
  test(
    "others' ids in the body are nothing to us",
    async () => {
      await sweep(
        closed.filter(({ input }) =>
          idFieldsOf(input?.body).some((field) => theirs.ids.has(ofFields[field] ?? '')),
        ),
        async (route) => {
          for (const field of idFieldsOf(route.input?.body)) {
            if (!theirs.ids.has(ofFields[field] ?? '')) continue
            const example = exampleBody(route)
            const body = withIds(example, field, theirs)
            // Not in the example: deep in something that need not be there.
            if (isDeepStrictEqual(example, body)) continue
            const { status, text } = await send(route, ours.admin.token, pathOf(route, nothing), body)
            if (text.includes(theirs.word)) return `${field}: tells of theirs: ${text.slice(0, 200)}`
            if (status < 400 && mayName[nameOf(route)]) continue
            if (status < 400 || status >= 500) return `${field}: ${status} ${text.slice(0, 300)}`
          }
          return undefined
        },
      )
    },
    patienceMs,
  )
})

function expectForbidden({ status, text }: { status: number; text: string }): string | undefined {
  return status === 403 ? undefined : `${status} ${text.slice(0, 200)}`
}

async function tokenWith(level: Level | undefined, role: 'user' | 'app' = 'user'): Promise<string> {
  const { workspaceId } = ours
  const username = `m${newId()}`
  const user = await createUser(api.deps, { workspaceId, username, password: 'a quiet pass phrase', role })
  if (level !== undefined) {
    const levels = Object.fromEntries(areaNames.map((area) => [area, level]))
    const roleId = newId()
    await runSql(databaseUrl, 'insert into roles (id, workspace_id, name, levels) values ($1, $2, $3, $4)', [
      ...[roleId, workspaceId, roleId, JSON.stringify(levels)],
    ])
    await runSql(databaseUrl, 'update users set role_id = $1 where id = $2', [roleId, user.id])
  }
  return (await createSession(api.deps, user)).token
}
