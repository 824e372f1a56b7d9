import { createEndpoint, updateEndpoint } from '../../src/outgoing-webhooks/endpoints.ts'
import { webhookWorkflowId } from '../../workflows/contract.ts'
import { eventually } from '../support/eventually.ts'
import { openFakeApi, type FakeReply } from '../support/fake-api.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse
let receiver: Awaited<ReturnType<typeof openFakeApi>>
let answer: () => FakeReply = () => ({})

beforeAll(async () => {
  receiver = await openFakeApi(() => answer())
  house = await openHouse({ OUTBOUND_ALLOW: ['127.0.0.1'], WEBHOOK_TIMEOUT_MS: 1_000 })
})
afterAll(async () => {
  await house.close()
  await receiver.close()
})
beforeEach(() => {
  answer = () => ({})
  receiver.requests.length = 0
})

async function make(kinds: string[]) {
  const { workspaceId, deps } = house
  return createEndpoint(deps, { workspaceId, by: 'test', name: 'Receiver', url: receiver.url, kinds })
}
const told = () =>
  receiver.requests.map(
    ({ body }) => JSON.parse(body) as { type: string; data: { message?: { text: string } } },
  )
const statesOf = async (endpointId: string) =>
  (
    await house.rows<{ state: string }>(
      'select state from webhook_deliveries where endpoint_id = $1 order by event_seq',
      [endpointId],
    )
  ).map(({ state }) => state)

test('a webhook in is a webhook out, by a workflow of the endpoint that says how it stands', async () => {
  const { id } = await make(['message.received'])
  await house.text('491710000001', 'one')
  await eventually(() => expect(told().map(({ data }) => data.message?.text)).toEqual(['one']))
  const handle = house.deps.temporal.workflow.getHandle(webhookWorkflowId(house.workspaceId, id))
  await house.text('491710000001', 'two')
  await eventually(() => expect(told().map(({ data }) => data.message?.text)).toEqual(['one', 'two']))
  await eventually(async () => expect(await statesOf(id)).toEqual(['delivered', 'delivered']))
  expect((await handle.describe()).status.name).toBe('RUNNING')
  await house.rows('delete from webhook_endpoints where id = $1', [id])
})

test('what is sent and what becomes of it is told: a message of ours and its statuses', async () => {
  const { id } = await make(['message.sent', 'message.status'])
  await house.publish({
    start: 'say',
    triggers: [{ type: 'user-utterance', keywords: ['tell'] }],
    cards: { say: { type: 'message', settings: { text: 'An answer' } } },
  })
  await house.text('491710000002', 'tell')
  await eventually(() =>
    expect(told().map(({ type }) => type)).toEqual(
      expect.arrayContaining(['message.sent', 'message.status']),
    ),
  )
  expect(told().find(({ type }) => type === 'message.sent')?.data.message?.text).toBe('An answer')
  await house.rows('delete from webhook_endpoints where id = $1', [id])
})

test('what an endpoint does not take is tried again by itself; one that hangs holds no other up', async () => {
  const [failing, fine] = [await make(['message.received']), await make(['message.received'])]
  const other = await openFakeApi(() => ({ silent: true }))
  await updateEndpoint(house.deps, { workspaceId: house.workspaceId, endpointId: failing.id, url: other.url })
  await house.text('491710000003', 'both')
  await eventually(async () => expect(await statesOf(fine.id)).toEqual(['delivered']))
  await eventually(async () => {
    const [row] = await house.rows<{ attempts: number; error: string | null }>(
      'select attempts, error from webhook_deliveries where endpoint_id = $1',
      [failing.id],
    )
    expect(row).toMatchObject({ attempts: 1, error: expect.stringContaining('no answer') as string })
  })
  await updateEndpoint(house.deps, {
    workspaceId: house.workspaceId,
    endpointId: failing.id,
    url: receiver.url,
  })
  await eventually(async () => expect(await statesOf(failing.id)).toEqual(['delivered']))
  await other.close()
  await house.rows('delete from webhook_endpoints')
})
