import { Secret, TOTP } from 'otpauth'
import { createSession, findSession } from '../../src/people/sessions.ts'
import { signIn } from '../../src/people/sign-in.ts'
import { findUserByToken } from '../../src/people/user-token.ts'
import { createAsk, openApi, openWorkspace, type ApiRig, type Ask } from '../support/api-rig.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'

let api: ApiRig
let databaseUrl: string
let mine: Awaited<ReturnType<typeof openWorkspace>>
let ask: Ask<Record<string, unknown>>
beforeAll(async () => {
  databaseUrl = (await freshDatabase()).url
  api = await openApi({ DATABASE_URL: databaseUrl })
  mine = await openWorkspace(api, 'mine')
  ask = createAsk(api, mine.key)
})
afterAll(() => api.close())

const password = 'a quiet pass phrase'
const add = async (username: string, rest: object = {}) =>
  ask<{ id: string; invitation: { code: string } | null }>(201, 'POST', '/users', { username, ...rest })
const tokenOf = async (username: string, word = password) =>
  (await ask<{ token: string }>(201, 'POST', '/sessions', { username, password: word })).token
const asUser = (token: string) => ask(200, 'GET', '/users/me', undefined, token)

describe('who is invited', () => {
  test('cannot sign in before, chooses a password once, and then can', async () => {
    const { invitation } = await add('ivy')
    const code = String(invitation?.code)
    await ask(401, 'POST', '/sessions', { username: 'ivy', password })
    expect(await ask(200, 'GET', `/activations/${code}`)).toMatchObject({
      username: 'ivy',
      workspace: 'mine',
    })
    await ask(409, 'POST', `/activations/${code}`, {})
    await ask(400, 'POST', `/activations/${code}`, { password: 'password1' })
    await ask(200, 'POST', `/activations/${code}`, { password })
    await ask(404, 'POST', `/activations/${code}`, { password: 'another pass phrase' })
    await tokenOf('ivy')
  })
  test('is activated by the link after an admin has set a password, and not by the password', async () => {
    const { id, invitation } = await add('jon')
    await ask(204, 'PUT', `/users/${id}/password`, { password })
    await ask(401, 'POST', '/sessions', { username: 'jon', password })
    await ask(200, 'POST', `/activations/${invitation?.code}`, {})
    await tokenOf('jon')
  })
  test('as a program gets its token, this once', async () => {
    const { id, invitation } = await add('robot', { role: 'app' })
    const { token } = await ask<{ token: string }>(200, 'POST', `/activations/${invitation?.code}`, {})
    expect(token).toMatch(/^[0-9a-f]{40}$/)
    await ask(404, 'POST', `/activations/${invitation?.code}`, {})
    expect(await asUser(token)).toMatchObject({ id, role: 'app' })
  })
  test('gets a new link, and the old one ends; a late one is worth nothing', async () => {
    const { id, invitation } = await add('kim')
    const next = await ask<{ code: string }>(200, 'POST', `/users/${id}/invitation`)
    await ask(404, 'GET', `/activations/${invitation?.code}`)
    await runSql(databaseUrl, 'update users set activation_ends_at = now() where id = $1', [id])
    await ask(404, 'POST', `/activations/${next.code}`, { password })
    const { rows } = await runSql(databaseUrl, 'select u::text from users u')
    expect(JSON.stringify(rows)).not.toContain(next.code)
  })
})

describe("a user's token", () => {
  test('is the same until revoked, and then another', async () => {
    const { id } = await add('lea', { role: 'app', password })
    const show = async () => (await ask<{ token: string }>(200, 'POST', `/users/${id}/token`)).token
    const first = await show()
    expect(await show()).toBe(first)
    expect(await findUserByToken(api.deps, first)).toMatchObject({ id, role: 'app' })
    await ask(204, 'DELETE', `/users/${id}/token`)
    await ask(401, 'GET', '/users/me', undefined, first)
    const next = await show()
    expect(next).not.toBe(first)
    await asUser(next)
    const { rows } = await runSql(databaseUrl, 'select u::text from users u')
    expect(JSON.stringify(rows)).not.toContain(next)
  })
  test('of a person is shown to nobody else', async () => {
    await ask(403, 'POST', `/users/${mine.user.id}/token`)
    const own = await ask<{ token: string }>(200, 'POST', '/users/me/token', undefined, mine.user.token)
    await asUser(own.token)
  })
  test('opens nothing while its owner is deactivated', async () => {
    const { id } = await add('max', { role: 'app', password })
    const { token } = await ask<{ token: string }>(200, 'POST', `/users/${id}/token`)
    await ask(200, 'DELETE', `/users/${id}`)
    await ask(401, 'GET', '/users/me', undefined, token)
    await ask(200, 'POST', `/users/${id}/reactivation`)
    await asUser(token)
  })
})

describe('what ends sessions', () => {
  test("one's own password ends the others, not this one; a wrong current one changes nothing", async () => {
    await add('nia', { password })
    const [here, there] = [await tokenOf('nia'), await tokenOf('nia')]
    const change = (current: string, next: string, status: number) =>
      ask(status, 'PUT', '/users/me/password', { current, password: next }, here)
    await change('not it at all', 'another pass phrase', 403)
    await change(password, 'short', 400)
    await asUser(there)
    await change(password, 'another pass phrase', 204)
    await asUser(here)
    await ask(401, 'GET', '/users/me', undefined, there)
    await ask(401, 'POST', '/sessions', { username: 'nia', password })
    await tokenOf('nia', 'another pass phrase')
  })
  test.each([
    ['a password that an admin sets', 204, 'PUT', '/password', { password: 'a third pass phrase' }],
    ['another role', 200, 'PATCH', '', { role: 'admin' }],
    ['deactivation', 200, 'DELETE', '', undefined],
    ['an admin who ends them', 204, 'DELETE', '/sessions', undefined],
  ])('%s', async (_what, status, method, path, body) => {
    const { id } = await add(`u${Math.random().toString(36).slice(2)}`, { password })
    const user = { id, workspaceId: mine.workspaceId, username: 'x', role: 'user' as const }
    const { token } = await createSession(api.deps, user)
    await asUser(token)
    await ask(status, method, `/users/${id}${path}`, body)
    await ask(401, 'GET', '/users/me', undefined, token)
    const { rows } = await runSql(
      databaseUrl,
      `select 1 from live_events where kind = 'user.changed' and data->>'userId' = $1`,
      [id],
    )
    expect(rows.length).toBeGreaterThan(0)
  })
  test('a session is listed with where it is from, and ended by its user alone', async () => {
    await add('oda', { password })
    const [here, there] = [await tokenOf('oda'), await tokenOf('oda')]
    const list = await ask<{ items: { id: string; isCurrent: boolean; address: string }[] }>(
      ...[200, 'GET', '/users/me/sessions', undefined, here],
    )
    expect(list.items.map(({ isCurrent }) => isCurrent)).toEqual([false, true])
    expect(list.items[0]?.address).toMatch(/127\.0\.0\.1/)
    const other = String(list.items[0]?.id)
    await ask(404, 'DELETE', `/users/me/sessions/${other}`, undefined, mine.user.token)
    await ask(204, 'DELETE', `/users/me/sessions/${other}`, undefined, here)
    await ask(401, 'GET', '/users/me', undefined, there)
  })
  test('sessions of one login open nothing at the other', async () => {
    const { id } = await add('pia', { password })
    const user = { id, workspaceId: mine.workspaceId, username: 'pia', role: 'user' as const }
    const opened = await createSession(api.deps, user, { kind: 'wabbit' })
    expect(opened.token).toMatch(/^[a-z0-9]{32}$/)
    expect(await findSession(api.deps, opened.token, 'wabbit')).toMatchObject({ actor: { id } })
    expect(await findSession(api.deps, opened.token)).toBeUndefined()
    await ask(401, 'GET', '/users/me', undefined, opened.token)
  })
})

describe('the second factor', () => {
  const codeAt = (secret: string, stepsAway = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + stepsAway * 30_000 })
  const begin = async (username: string) => {
    await add(username, { password })
    const token = await tokenOf(username)
    const { secret, uri, qrCode } = await ask<Record<string, string>>(
      ...[200, 'POST', '/users/me/totp', { password }, token],
    )
    expect(uri).toContain(`otpauth://totp/Dripline:${username}`)
    expect(qrCode).toMatch(/^data:image\/png;base64,/)
    return { token, secret: String(secret) }
  }
  const ticketOf = async (username: string) => {
    const answer = await ask<{ secondFactor: { ticket: string } }>(
      ...[201, 'POST', '/sessions', { username, password }],
    )
    expect(answer).not.toHaveProperty('token')
    return answer.secondFactor.ticket
  }
  const finish = (status: number, ticket: string, code: string) =>
    ask<{ token: string }>(status, 'POST', '/sessions/second-factor', { ticket, code })

  test('counts once confirmed, takes each code once, and emergencies have codes of their own', async () => {
    const { token, secret } = await begin('quin')
    await tokenOf('quin')
    await ask(400, 'POST', '/users/me/totp/confirm', { code: '000000' }, token)
    const first = codeAt(secret)
    const { recoveryCodes } = await ask<{ recoveryCodes: string[] }>(
      ...[200, 'POST', '/users/me/totp/confirm', { code: first }, token],
    )
    expect(new Set(recoveryCodes).size).toBe(10)
    const ticket = await ticketOf('quin')
    await finish(401, ticket, first)
    const next = codeAt(secret, 1)
    await asUser((await finish(201, ticket, next)).token)
    await finish(401, ticket, next)
    const [emergency = ''] = recoveryCodes
    await finish(201, ticket, emergency.toUpperCase())
    await finish(401, ticket, emergency)
    const { rows } = await runSql(databaseUrl, `select u::text from users u`)
    for (const word of [secret, emergency]) expect(JSON.stringify(rows)).not.toContain(word)
    const given = { username: 'quin', password, address: '10.0.0.9' }
    await expect(signIn(api.deps, given)).rejects.toMatchObject({ code: 'unauthenticated' })
    const withCode = signIn(api.deps, { ...given, code: String(recoveryCodes[1]) })
    expect(await withCode).toMatchObject({ username: 'quin' })
  })
  test('a ticket that was changed, or is of another password, opens nothing', async () => {
    const { token, secret } = await begin('rae')
    await ask(200, 'POST', '/users/me/totp/confirm', { code: codeAt(secret) }, token)
    const ticket = await ticketOf('rae')
    const [id, endsAt, mac] = ticket.split('.')
    await finish(401, `${id}.${Number(endsAt) + 1}.${mac}`, codeAt(secret, 1))
    await finish(401, 'not-a-ticket', codeAt(secret, 1))
    await ask(
      ...([
        204,
        'PUT',
        '/users/me/password',
        { current: password, password: 'the next pass phrase' },
      ] as const),
      token,
    )
    await finish(401, ticket, codeAt(secret, 1))
  })
  test('guessing codes is slowed down, and a right one does not help any more', async () => {
    const { token, secret } = await begin('sam')
    await ask(200, 'POST', '/users/me/totp/confirm', { code: codeAt(secret) }, token)
    const ticket = await ticketOf('sam')
    const guesses = await Promise.all(
      Array.from({ length: 12 }, () =>
        api.ask('POST', '/platform/v1/sessions/second-factor', { body: { ticket, code: '000000' } }),
      ),
    )
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10)
    await finish(429, ticket, codeAt(secret, 1))
  })
  test('is taken away by its user with password and code, and by an admin without', async () => {
    const one = await begin('tea')
    const { recoveryCodes } = await ask<{ recoveryCodes: string[] }>(
      ...[200, 'POST', '/users/me/totp/confirm', { code: codeAt(one.secret) }, one.token],
    )
    const disable = (status: number, code: string, word = password) =>
      ask(status, 'POST', '/users/me/totp/disable', { password: word, code }, one.token)
    await disable(403, String(recoveryCodes[0]), 'not the password')
    await disable(403, 'aaaaa-aaaaa')
    await disable(204, String(recoveryCodes[0]))
    await tokenOf('tea')
    const two = await begin('uma')
    await ask(200, 'POST', '/users/me/totp/confirm', { code: codeAt(two.secret) }, two.token)
    const { id } = (await asUser(two.token)) as { id: string }
    await ask(204, 'DELETE', `/users/${id}/totp`)
    await ask(401, 'GET', '/users/me', undefined, two.token)
    await tokenOf('uma')
  })
})

test('passwords that everybody tries first, and the name itself, are refused with the field', async () => {
  for (const word of ['short', 'Password1', 'iloveyou1', 'victoria.x', 'x'.repeat(1_001)]) {
    const body = { username: 'victoria.x', password: word }
    expect(await ask(400, 'POST', '/users', body)).toMatchObject({ fields: [{ field: 'password' }] })
  }
})
