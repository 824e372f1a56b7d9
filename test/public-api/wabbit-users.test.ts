import { openWabbit, type Member, type WabbitRig } from './wabbit-rig.ts'

let rig: WabbitRig
beforeAll(async () => {
  rig = await openWabbit()
})
afterAll(() => rig.close())

interface User {
  id: number
  url: string
  username: string
  email: string
  profile: { role: string }
  groups: { id: number; name: string }[]
  permissions: Record<string, unknown>
  activation_url?: string
}
const denied = { detail: 'You do not have permission to perform this action.' }
const current = (who: Member) => rig.call<User>(200, who, 'GET', '/users/current/')

test('a user is shown with groups and what holds', async () => {
  const { ann, admin, bot } = rig.members
  expect(await current(ann)).toEqual({
    url: expect.stringMatching(new RegExp(`^http://.*/api/v1/users/${ann.number}/$`)),
    ...{ id: ann.number, username: ann.username, first_name: '', last_name: '', email: '' },
    ...{ profile: { role: 'user' }, groups: [{ id: expect.any(Number), name: 'Regular user' }] },
    permissions: { can_use_tags: true, can_read_chats: 'all', can_write_to_chats: 'user' },
  })
  expect(await current(admin)).toMatchObject({
    groups: [{ name: 'Admin' }],
    permissions: { can_read_chats: 'all', can_write_to_chats: 'all' },
  })
  expect(await current(bot)).toMatchObject({ groups: [{ name: 'App integration' }] })
  expect(await rig.call(200, ann, 'GET', `/users/${bot.number}/`)).toMatchObject({ id: bot.number })
  await rig.call(404, ann, 'GET', '/users/99999999/')
})

describe('one’s own data:', () => {
  test('is changed by oneself, and what is sent back unchanged is accepted', async () => {
    const { ann } = rig.members
    const shown = await current(ann)
    const body = { ...shown, first_name: 'Ann', email: 'ann@example.com' }
    const put = await rig.call<User>(200, ann, 'PUT', `/users/${ann.number}/`, body)
    expect(put).toEqual({ ...shown, first_name: 'Ann', email: 'ann@example.com' })
    const { permissions, groups, profile } = shown
    await rig.call(200, ann, 'PATCH', `/users/${ann.number}/`, {
      permissions,
      groups,
      profile,
      last_name: 'B',
    })
  })
  test('is not role, groups and permissions: those are for admins', async () => {
    const { ann } = rig.members
    const shown = await current(ann)
    const path = `/users/${ann.number}/`
    const wider = { ...shown.permissions, can_write_to_chats: 'all' }
    await rig.call(403, ann, 'PUT', path, { ...shown, permissions: wider })
    await rig.call(403, ann, 'PATCH', path, { profile: { role: 'admin' } })
    await rig.call(403, ann, 'PATCH', path, { permissions: { can_read_chats: 'none' } })
    expect(await current(ann)).toEqual(shown)
  })
  test('is nobody else’s to change but an admin’s', async () => {
    const { ann, ben, admin } = rig.members
    const refused = await rig.ask(ben, 'PATCH', `/users/${ann.number}/`, { first_name: 'Eve' })
    expect([refused.status, refused.body]).toEqual([403, denied])
    expect(
      await rig.call(200, admin, 'PATCH', `/users/${ann.number}/`, {
        permissions: { can_read_chats: 'user', can_write_to_chats: 'none' },
      }),
    ).toMatchObject({ permissions: { can_read_chats: 'user', can_write_to_chats: 'none' } })
  })
  test('PUT wants all of it, and says what is missing or wrong', async () => {
    const { admin, ben } = rig.members
    const wrong = async (method: string, body: object) =>
      (await rig.ask(admin, method, `/users/${ben.number}/`, body)).body
    expect(await wrong('PUT', { username: 'ben' })).toEqual({
      email: ['This field is required.'],
      groups: ['This field is required.'],
      permissions: expect.anything(),
    })
    expect(await wrong('PATCH', { username: 'not alphanumeric!' })).toEqual({
      username: ['Only alphanumeric characters are allowed.'],
    })
    expect(await wrong('PATCH', { first_name: 'x'.repeat(151) })).toEqual({
      first_name: ['Ensure this field has no more than 150 characters.'],
    })
    expect(await wrong('PATCH', { profile: { role: 'king' } })).toEqual({
      profile: { role: ['"king" is not a valid choice.'] },
    })
    expect(await wrong('PATCH', { username: rig.members.ann.username })).toEqual({
      username: ['A user with that username already exists.'],
    })
  })
})

describe('somebody new:', () => {
  const make = (role: string, username: string) =>
    rig.call<User>(201, rig.members.admin, 'POST', '/users/', { username, profile: { role } })
  const visit = (url = '') => rig.api.ask('GET', new URL(url).pathname)
  const token = (username: string, password: string) =>
    rig.api.ask('POST', '/api/v1/auth/token/', { body: { username, password } })

  test('is made by admins only', async () => {
    for (const who of [rig.members.ann, rig.members.bot]) {
      const answer = await rig.ask(who, 'POST', '/users/', { username: 'eve' })
      expect(answer.status).toBe(403)
    }
  })
  test('an app is activated by its link, which gives the token once', async () => {
    const made = await make('app', 'spamfilter')
    expect(made).toMatchObject({ profile: { role: 'app' }, groups: [{ name: 'App integration' }] })
    const first = await visit(made.activation_url)
    expect(first.body).toEqual({ token: expect.stringMatching(/^[0-9a-f]{40}$/) })
    const who = { token: String(first.body['token']) }
    expect(await rig.call(200, who, 'GET', '/users/current/')).toMatchObject({ username: 'spamfilter' })
    expect((await visit(made.activation_url)).status).toBe(404)
    const shown = await rig.call<User>(200, rig.members.admin, 'GET', `/users/${made.id}/`)
    expect(shown.activation_url).toBeUndefined()
  })
  test('a person needs a password from an admin first, and logs in only then', async () => {
    const { admin, ann } = rig.members
    const made = await make('user', 'peter')
    expect((await visit(made.activation_url)).status).toBe(400)
    const change = `/users/${made.id}/password/change/`
    expect((await rig.ask(ann, 'POST', change, { password: 'rabbit-hole-7' })).status).toBe(403)
    expect(await rig.call(200, admin, 'POST', change, { password: 'rabbit-hole-7' })).toEqual({})
    expect((await token('peter', 'rabbit-hole-7')).status).toBe(400)
    expect((await visit(made.activation_url)).status).toBe(200)
    expect((await token('peter', 'rabbit-hole-7')).status).toBe(200)
  })
  test('changes the own password by the one that is', async () => {
    const { ben } = rig.members
    const path = '/users/current/password/change/'
    const wrong = await rig.ask(ben, 'POST', path, {
      ...{ current_password: 'not-mine', new_password: 'another-good-one' },
    })
    expect(wrong.body).toEqual({ current_password: ['Is not your password.'] })
    const done = { current_password: ben.password, new_password: 'another-good-one' }
    expect(await rig.call(200, ben, 'POST', path, done)).toEqual({})
    expect((await token(ben.username, 'another-good-one')).status).toBe(200)
    const short = await rig.ask(ben, 'POST', path, {
      ...{ current_password: 'another-good-one', new_password: 'short' },
    })
    expect(short.body).toEqual({ new_password: ['Must have at least 8 characters.'] })
  })
})
