import { openWebhookRig, type WebhookRig } from './webhook-rig.ts'

let rig: WebhookRig

beforeAll(async () => {
  rig = await openWebhookRig()
})
afterAll(() => rig.close())
beforeEach(() => rig.forget())

test('what is not on the internet is reached under no name', async () => {
  const vectors = [
    'http://169.254.169.254/latest/meta-data/',
    ...[
      'http://127.1:5432/',
      'http://2130706433/',
      'http://0x7f000001/',
      'http://0177.0.0.1/',
      'http://[::1]/',
    ],
    ...[
      'http://[::ffff:169.254.169.254]/',
      'http://[64:ff9b::a9fe:a9fe]/',
      'http://10.0.0.1/',
      'http://localhost:1/',
    ],
  ]
  for (const url of vectors) {
    const endpoint = await rig.make(['message.received'], { url })
    await rig.ask(201, 'POST', `/webhook-endpoints/${endpoint.id}/test`)
    await rig.deliver(endpoint)
    const [delivery] = await rig.deliveriesOf(endpoint)
    expect({ url, ...delivery }).toMatchObject({ url, state: 'pending', attempts: 1, status: null })
    await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
  }
  for (const url of ['ftp://example.com', 'file:///etc/passwd', 'gopher://x'])
    await rig.ask(400, 'POST', '/webhook-endpoints', { url, kinds: ['message.received'] })
  await rig.ask(422, 'POST', '/webhook-endpoints', {
    url: 'http://a:b@example.com/',
    kinds: ['message.received'],
  })
})

test('endpoints are of one workspace, and of admins', async () => {
  const endpoint = await rig.make()
  const user = await rig.inbox.hire('nobody')
  for (const [method, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['POST', '/secret/rotate'],
    ['POST', '/enable'],
    ['POST', '/test'],
    ['GET', '/deliveries'],
    ['DELETE', ''],
  ] as const) {
    const body = method === 'PATCH' ? { name: 'x' } : undefined
    await rig.ask(404, method, `/webhook-endpoints/${endpoint.id}${path}`, body, rig.inbox.theirs.key)
    await rig.ask(403, method, `/webhook-endpoints/${endpoint.id}${path}`, body, user.token)
  }
  const changed = {
    name: 'Renamed',
    kinds: ['message.sent'],
    numberId: rig.inbox.numberId,
    headers: { 'x-a': 'b' },
  }
  expect(await rig.ask(200, 'PATCH', `/webhook-endpoints/${endpoint.id}`, changed)).toMatchObject({
    ...{
      name: 'Renamed',
      kinds: ['message.sent'],
      numberId: rig.inbox.numberId,
      headers: ['x-a'],
      url: endpoint.url,
    },
  })
  await rig.ask(400, 'PATCH', `/webhook-endpoints/${endpoint.id}`, { headers: { 'webhook-id': 'x' } })
  await rig.ask(204, 'DELETE', `/webhook-endpoints/${endpoint.id}`)
})
