import { cap, openArbiterRig } from './arbiter-rig.ts'

let rig: Awaited<ReturnType<typeof openArbiterRig>>

beforeAll(async () => {
  rig = await openArbiterRig()
})
afterAll(() => rig.close())

const path = '/platform/v1/arbiter-settings'
const ask = (method: string, url: string, body?: object, token = rig.workspace.key) =>
  rig.api.ask(method, url, { token, ...(body && { body }) })

test('settings: none at first, saved whole, with a fact; members may look, admins may set', async () => {
  const before = await ask('GET', path)
  expect(before).toMatchObject({ status: 200, body: { updatedAt: null, by: null, settings: { caps: [] } } })
  const settings = { ...cap(3, 7), quietHours: { from: '21:00', to: '09:00' }, timeZone: 'Asia/Kolkata' }
  expect((await ask('PUT', path, settings, rig.workspace.user.token)).status).toBe(403)
  const saved = await ask('PUT', path, settings, rig.workspace.admin.token)
  expect(saved).toMatchObject({
    status: 200,
    body: {
      by: `user ${rig.workspace.admin.id}`,
      settings: {
        ...settings,
        quietHours: { categories: ['marketing'], days: [] },
        minimumGap: null,
        expireAfter: { amount: 3, unit: 'days' },
      },
    },
  })
  expect((await ask('GET', path, undefined, rig.workspace.user.token)).body).toEqual(saved.body)
  const facts = await rig.rows(`select data from facts where kind = 'arbiter.settings.saved'`)
  expect(facts).toEqual([{ data: { by: `user ${rig.workspace.admin.id}` } }])
})

test('every wrong field is named', async () => {
  const answer = await ask('PUT', path, {
    caps: [{ categories: ['news'], maximum: -1, window: { amount: 1, unit: 'years' } }],
    quietHours: { from: '25:00', to: '09:00' },
    quiet: true,
  })
  expect(answer.status).toBe(400)
  const fields = (answer.body['fields'] as { field: string }[]).map(({ field }) => field)
  expect(fields).toEqual(
    expect.arrayContaining([
      ...['caps.0.categories.0', 'caps.0.maximum', 'caps.0.window.unit', 'quietHours.from'],
    ]),
  )
})

test('may I write to this contact now, and why not?', async () => {
  await ask('PUT', path, cap(1))
  const contact = await rig.newContact()
  const may = (query = '') => ask('GET', `/platform/v1/contacts/${contact.contactId}/may-send${query}`)
  expect((await may()).body).toMatchObject({
    verdict: 'grant',
    code: null,
    reason: '1 of 1 marketing messages in 1 day',
    caps: [{ maximum: 1, used: 0 }],
    waiting: [],
  })
  await rig.plan(contact)
  await rig.plan(contact, 1, { priority: 2 })
  const full = (await may()).body
  expect(full).toMatchObject({
    verdict: 'defer',
    code: 'frequency_cap',
    caps: [{ used: 1 }],
    waiting: [{ category: 'marketing', priority: 2, runId: null }],
  })
  expect(Date.parse(String(full['until']))).toBeGreaterThan(Date.now() + 23 * 3_600_000)
  expect((await may('?category=utility')).body).toMatchObject({ verdict: 'grant' })
  const soon = new Date(Date.now() + 60_000).toISOString()
  expect((await may(`?expiresAt=${soon}`)).body).toMatchObject({ verdict: 'deny' })
  await rig.rows('update contacts set opted_out_at = now() where id = $1', [contact.contactId])
  expect((await may('?category=utility')).body).toMatchObject({ verdict: 'deny', code: 'opted_out' })
  // Asking took nothing.
  expect(
    await rig.rows('select 1 from arbiter_waits where contact_id = $1', [contact.contactId]),
  ).toHaveLength(1)
  expect((await ask('GET', `/platform/v1/contacts/${rig.workspaceId}/may-send`)).status).toBe(404)
  expect((await may('?category=news')).status).toBe(400)
})

test('another workspace has settings of its own', async () => {
  const { openWorkspace } = await import('../support/api-rig.ts')
  const theirs = await openWorkspace(rig.api, 'theirs')
  await ask('PUT', path, cap(5), theirs.key)
  expect((await ask('GET', path)).body).toMatchObject({ settings: cap(1) })
})
