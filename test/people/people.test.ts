import { createSession } from '../../src/people/sessions.ts'
import { listPeople } from '../../src/people/find-people.ts'
import { forkFor } from '../../src/db/orm.ts'
import { createAsk, openApi, openWorkspace, type ApiRig, type Ask } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

let api: ApiRig
let databaseUrl: string
let mine: Awaited<ReturnType<typeof openWorkspace>>
let theirs: Awaited<ReturnType<typeof openWorkspace>>
let ask: Ask<Record<string, unknown>>
beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  api = await openApi({ DATABASE_URL: databaseUrl })
  mine = await openWorkspace(api, 'mine')
  theirs = await openWorkspace(api, 'theirs')
  ask = createAsk(api, mine.key)
})
afterAll(() => api.close())

const password = 'a quiet pass phrase'
let count = 0
/** A user of ours, signed in. */
async function add(rest: object = {}) {
  const username = `user${++count}`
  const body = { username, password, ...rest }
  const { id, role } = await ask<{ id: string; role: 'user' }>(201, 'POST', '/users', body)
  const { token } = await createSession(api.deps, { id, role, username, workspaceId: mine.workspaceId })
  return { id, username, token }
}
const makeRole = async (levels: object, name = `role ${++count}`) =>
  (await ask<{ id: string }>(201, 'POST', '/roles', { name, levels })).id
const makeGroup = async (rest: object = {}) =>
  ask<{ id: string; number: number }>(201, 'POST', '/groups', { name: `group ${++count}`, ...rest })

describe('users', () => {
  test('are shown with numbers, groups and what holds for them', async () => {
    const group = await makeGroup({ canWriteToChats: 'group' })
    const { id, username } = await add({ firstName: 'Ann', lastName: 'Lee', groupIds: [group.id] })
    const shown = await ask(200, 'GET', `/users/${id}`)
    expect(shown).toMatchObject({
      ...{ username, name: 'Ann Lee', isActive: true, hasPassword: true, hasTwoFactor: false },
      permissions: { canReadChats: 'all', canWriteToChats: 'group', canUseTags: true },
      groups: [{ name: 'Regular user', system: 'user' }, { id: group.id }],
    })
    expect(Number.isInteger(shown['number'])).toBe(true)
    const inGroup = await ask<{ items: object[] }>(200, 'GET', `/users?groupId=${group.id}`)
    expect(inGroup.items).toMatchObject([{ id }])
    const found = await ask<{ items: object[] }>(200, 'GET', '/users?search=ann%20l')
    expect(found.items).toMatchObject([{ id }])
  })
  test('are listed page by page, each once', async () => {
    const em = forkFor(api.deps.orm, mine.workspaceId)
    const all = await listPeople(em, mine.workspaceId, { limit: 200 })
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await ask<{ items: { id: string }[]; nextCursor: string | null }>(
        ...[200, 'GET', `/users?limit=1${cursor}`],
      )
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
    } while (cursor)
    expect(seen).toEqual(all.map(({ id }) => id))
  })
  test('have names that are unique over the installation, whatever their case', async () => {
    const body = { username: theirs.user.username.toUpperCase(), password }
    expect(await ask(409, 'POST', '/users', body)).toMatchObject({ fields: [{ field: 'username' }] })
    const { id } = await add()
    await ask(409, 'PATCH', `/users/${id}`, { username: mine.admin.username })
    expect(await ask(400, 'POST', '/users', { username: 'a b' })).toMatchObject({
      fields: [{ field: 'username' }],
    })
  })
  test('two who want one name at once: one gets it', async () => {
    const wanted = Array.from({ length: 5 }, () =>
      api.ask('POST', '/platform/v1/users', { token: mine.key, body: { username: 'wanted', password } }),
    )
    const statuses = (await Promise.all(wanted)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(4)
  })
  test('change their own profile, and nothing else of themselves', async () => {
    const group = await makeGroup()
    const { id, token } = await add()
    expect(await ask(200, 'PATCH', '/users/me', { firstName: 'Bea' }, token)).toMatchObject({ name: 'Bea' })
    await ask(403, 'PATCH', `/users/${id}`, { role: 'admin' }, token)
    await ask(400, 'PATCH', '/users/me', { role: 'admin' }, token)
    await ask(403, 'PUT', `/groups/${group.id}/members/${id}`, undefined, token)
    expect(await ask(200, 'GET', '/users/me', undefined, token)).toMatchObject({ role: 'user' })
    await ask(403, 'GET', '/users/me')
  })
})

describe('the last admin', () => {
  test('stays, and nobody locks oneself out', async () => {
    const { id, token } = mine.admin
    for (const asker of [token, mine.key]) {
      await ask(409, 'PATCH', `/users/${id}`, { role: 'user' }, asker)
      await ask(409, 'DELETE', `/users/${id}`, undefined, asker)
    }
    const second = await add({ role: 'admin' })
    await ask(409, 'PATCH', `/users/${second.id}`, { role: 'user' }, second.token)
    await ask(409, 'DELETE', `/users/${second.id}`, undefined, second.token)
    await ask(200, 'DELETE', `/users/${second.id}`, undefined, token)
    await ask(409, 'DELETE', `/users/${id}`)
  })
  test('is there still when two admins send each other away at once', async () => {
    const { workspaceId, admin } = theirs
    const other = await ask<{ id: string }>(
      ...[201, 'POST', '/users', { username: 'other', password, role: 'admin' }, theirs.key],
    )
    const { token } = await createSession(api.deps, {
      ...{ id: other.id, workspaceId, username: 'other', role: 'admin' },
    })
    await Promise.all([
      api.ask('DELETE', `/platform/v1/users/${other.id}`, { token: admin.token }),
      api.ask('DELETE', `/platform/v1/users/${admin.id}`, { token }),
    ])
    const { rows } = await runSql(
      databaseUrl,
      `select 1 from users where workspace_id = $1 and role = 'admin' and deactivated_at is null`,
      [workspaceId],
    )
    expect(rows).toHaveLength(1)
  })
})

describe('groups', () => {
  test('that follow roles keep name and members; what they may is the workspace’s', async () => {
    const { items } = await ask<{ items: { id: string; system: string | null; memberCount: number }[] }>(
      ...[200, 'GET', '/groups'],
    )
    expect(new Set(items.slice(0, 3).map(({ system }) => system))).toEqual(new Set(['admin', 'app', 'user']))
    const ofUsers = items.find(({ system }) => system === 'user')
    const { id } = await add()
    await ask(409, 'PATCH', `/groups/${ofUsers?.id}`, { name: 'Others' })
    await ask(409, 'DELETE', `/groups/${ofUsers?.id}`)
    await ask(409, 'PUT', `/groups/${ofUsers?.id}/members/${mine.admin.id}`)
    await ask(404, 'PATCH', `/users/${id}`, { groupIds: [ofUsers?.id] })
    const canReadChats = async () =>
      (await ask<{ permissions: { canReadChats: string } }>(200, 'GET', `/users/${id}`)).permissions
        .canReadChats
    await ask(200, 'PATCH', `/groups/${ofUsers?.id}`, { canReadChats: 'group' })
    expect(await canReadChats()).toBe('group')
    await ask(200, 'PATCH', `/groups/${ofUsers?.id}`, { canReadChats: null })
    expect(await canReadChats()).toBe('all')
  })
  test('take members in and let them go, and are deleted', async () => {
    const { id: groupId } = await makeGroup()
    const { id } = await add()
    const member = `/groups/${groupId}/members/${id}`
    expect(await ask(200, 'PUT', member)).toMatchObject({ memberCount: 1 })
    expect(await ask(200, 'PUT', member)).toMatchObject({ memberCount: 1 })
    expect(await ask(200, 'DELETE', member)).toMatchObject({ memberCount: 0 })
    await ask(404, 'PUT', `/groups/${groupId}/members/${theirs.user.id}`)
    await ask(204, 'DELETE', `/groups/${groupId}`)
    await ask(404, 'GET', `/groups/${groupId}`)
  })
})

describe('roles of the workspace', () => {
  test('bound a user area by area, and open what they say', async () => {
    const roleId = await makeRole({ people: 'manage', numbers: 'read' })
    const { token } = await add({ roleId })
    await ask(200, 'GET', '/numbers', undefined, token)
    await ask(403, 'PATCH', `/numbers/${mine.admin.id}`, { messagesPerSecond: 5 }, token)
    await ask(403, 'GET', '/workspace', undefined, token)
    await ask(403, 'GET', '/audit', undefined, token)
    await ask(403, 'GET', '/api-keys', undefined, token)
    const { mine: may } = await ask<{ mine: Record<string, string> }>(
      ...[200, 'GET', '/permissions', undefined, token],
    )
    expect(may).toMatchObject({ people: 'manage', numbers: 'read', inbox: 'none' })
  })
  test('not even "manage" everywhere makes API keys', async () => {
    const { areas } = await ask<{ areas: { area: string }[] }>(200, 'GET', '/permissions')
    const roleId = await makeRole(Object.fromEntries(areas.map(({ area }) => [area, 'manage'])))
    const { token } = await add({ roleId })
    await ask(403, 'POST', '/api-keys', { name: 'mine' }, token)
    await ask(200, 'GET', '/audit', undefined, token)
  })
  test('nobody gives more than they have, field by field', async () => {
    const roleId = await makeRole({ people: 'manage', inbox: 'write', contacts: 'read' })
    const wide = await makeRole({ contacts: 'write' })
    const own = { roleId, permissions: { canReadChats: 'group', canWriteToChats: 'user' } }
    const { id: myId, token } = await add(own)
    const below = {
      roleId,
      permissions: { canReadChats: 'user', canWriteToChats: 'none', canUseTags: false },
    }
    const refused = async (body: object, field: string) =>
      expect(await ask(403, 'POST', '/users', { username: `x${++count}`, ...body }, token)).toMatchObject({
        fields: [{ field }],
      })
    await refused({ ...below, role: 'admin', roleId: null }, 'role')
    await refused({ ...below, roleId: null }, 'levels.contacts')
    await refused({ ...below, roleId: wide }, 'levels.contacts')
    await refused({ ...below, permissions: { canReadChats: 'all' } }, 'permissions.canReadChats')
    await refused(
      { ...below, permissions: { canReadChats: 'user', canWriteToChats: 'group' } },
      'permissions.canWriteToChats',
    )
    const given = await ask<{ id: string }>(
      ...[201, 'POST', '/users', { username: `x${++count}`, ...below }, token],
    )
    await ask(403, 'POST', '/roles', { name: 'more', levels: { audit: 'read' } }, token)
    await ask(403, 'PATCH', `/roles/${wide}`, { name: 'theirs' }, token)
    await ask(201, 'POST', '/roles', { name: 'less', levels: { inbox: 'read' } }, token)
    await ask(403, 'POST', '/groups', { name: 'wide', canReadChats: 'all' }, token)
    const group = await makeGroup({ canReadChats: 'all' })
    await ask(403, 'PUT', `/groups/${group.id}/members/${given.id}`, undefined, token)
    await ask(403, 'PATCH', `/users/${myId}`, { permissions: { canReadChats: 'all' } }, token)
    await ask(409, 'PATCH', `/users/${myId}`, { roleId: null }, token)
  })
  test('nobody takes over who may more: not by a password, a link, a token or a second factor', async () => {
    const roleId = await makeRole({ people: 'manage' })
    const { token } = await add({ roleId, permissions: { canReadChats: 'none', canWriteToChats: 'none' } })
    for (const target of [mine.admin.id, mine.user.id]) {
      await ask(403, 'PUT', `/users/${target}/password`, { password }, token)
      await ask(403, 'DELETE', `/users/${target}`, undefined, token)
      await ask(403, 'POST', `/users/${target}/invitation`, undefined, token)
      await ask(403, 'DELETE', `/users/${target}/totp`, undefined, token)
      await ask(403, 'GET', `/users/${target}/sessions`, undefined, token)
      await ask(403, 'DELETE', `/users/${target}/token`, undefined, token)
      await ask(403, 'PATCH', `/users/${target}`, { email: 'me@example.com' }, token)
    }
  })
  test('that change end the sessions of those who have them; one in use stays', async () => {
    const roleId = await makeRole({ inbox: 'read' })
    const { id, token } = await add({ roleId })
    await ask(409, 'DELETE', `/roles/${roleId}`)
    await ask(200, 'PATCH', `/roles/${roleId}`, { levels: { inbox: 'write' } })
    await ask(401, 'GET', '/users/me', undefined, token)
    await ask(200, 'PATCH', `/users/${id}`, { roleId: null })
    await ask(204, 'DELETE', `/roles/${roleId}`)
  })
  test('a program is in the inbox, and further where a role says so', async () => {
    const bot = await add({ role: 'app' })
    await ask(403, 'GET', '/numbers', undefined, bot.token)
    await ask(200, 'GET', '/users', undefined, bot.token)
    await ask(200, 'PATCH', `/users/${bot.id}`, { roleId: await makeRole({ numbers: 'read' }) })
    const { token } = await createSession(api.deps, {
      ...{ id: bot.id, workspaceId: mine.workspaceId, username: bot.username, role: 'app' },
    })
    await ask(200, 'GET', '/numbers', undefined, token)
  })
})
