import { newId } from '../src/db/columns.ts'
import { giveUpSends } from '../src/inbox/give-up-sends.ts'
import { closeLostRuns } from '../src/journeys/close-lost-runs.ts'
import { messageBody } from './inbound/webhook-bodies.ts'
import { eventually } from './support/eventually.ts'
import { openHouse, type OpenHouse } from './support/open-house.ts'
import { signedPost } from './support/signed-post.ts'
import { welcomeDefinition } from './support/welcome.ts'

let house: OpenHouse

beforeAll(async () => {
  house = await openHouse({ CHAT_SILENCE_MS: 3_000 })
})
afterAll(() => house.close())

const rows = <T extends object>(sql: string, values?: unknown[]) => house.rows<T>(sql, values)
const sent = (waId: string, count: number) =>
  eventually(async () => {
    const messages = await house.ledger(waId)
    expect(messages).toHaveLength(count)
    return messages
  })
const runOf = (waId: string) =>
  rows<{
    state: string
    outcome: string
    error_code: string
    id: string
    workflow_id: string
    card_id: string
  }>(
    `select r.* from runs r join identities i on i.contact_id = r.contact_id where i.value = $1 order by r.id`,
    [waId],
  )

test('a message walks the published journey: question, tapped answer, closing text', async () => {
  const { journeyId } = await house.publish(welcomeDefinition())
  await house.text('491700000001', 'Hello!')
  const [question] = await sent('491700000001', 1)
  expect(question?.payload).toMatchObject({
    interactive: {
      body: { text: 'Hello Ann, shall we begin?' },
      action: { buttons: [{ reply: { title: 'Yes' } }, {}] },
    },
  })
  await house.tap('491700000001', 'yes', 'Yes')
  const [, answer] = await sent('491700000001', 2)
  expect(answer?.payload).toMatchObject({ text: { body: expect.stringMatching(/^Great/) as string } })
  await eventually(async () => expect(await runOf('491700000001')).toMatchObject([{ state: 'completed' }]))
  await eventually(async () => expect(await rows('select * from outbox')).toEqual([]))
  await rows('update journeys set deleted_at = now() where id = $1', [journeyId])
})

test('silence takes the time-out outlet, and a late answer is routed like any message', async () => {
  const { journeyId } = await house.publish(welcomeDefinition({ amount: 1, unit: 'seconds' }))
  await house.text('491700000002', 'hello')
  await sent('491700000002', 1)
  await eventually(async () => expect(await runOf('491700000002')).toMatchObject([{ state: 'completed' }]))
  await house.tap('491700000002', 'yes', 'Yes')
  await eventually(async () => {
    const facts = await rows(`select * from facts where kind = 'trigger.evaluated'
      and contact_id = (select contact_id from identities where value = '491700000002')`)
    expect(facts).toHaveLength(2)
  })
  expect(await house.ledger('491700000002')).toHaveLength(1)
  await rows('update journeys set deleted_at = now() where id = $1', [journeyId])
})

test('a webhook that WhatsApp delivers twice is one message, one run, one answer', async () => {
  const { journeyId } = await house.publish(welcomeDefinition())
  await house.settings({ duplicateRate: 1 })
  await house.text('491700000003', 'hello')
  await sent('491700000003', 1)
  await house.settings({ duplicateRate: 0 })
  expect(await runOf('491700000003')).toHaveLength(1)
  await rows('update journeys set deleted_at = now() where id = $1', [journeyId])
})

test('a card that WhatsApp refuses parks the run; resolving it with retry sends once', async () => {
  const { journeyId } = await house.publish(welcomeDefinition())
  await house.faults([{ kind: 'error', code: 131026, match: { to: '491700000004' } }])
  await house.text('491700000004', 'hello')
  const [run] = await eventually(async () => {
    const found = await runOf('491700000004')
    expect(found).toMatchObject([{ state: 'stuck', error_code: '131026', card_id: 'ask' }])
    return found
  })
  await house.faults([])
  const handle = house.deps.temporal.workflow.getHandle(run?.workflow_id ?? '')
  await expect(
    handle.executeUpdate('resolve', { args: [{ action: 'goto', card: 'nowhere' }] }),
  ).rejects.toThrow()
  await handle.executeUpdate('resolve', { args: [{ action: 'retry' }] })
  await sent('491700000004', 1)
  await handle.cancel()
  await eventually(async () => expect(await runOf('491700000004')).toMatchObject([{ state: 'cancelled' }]))
  await rows('update journeys set deleted_at = now() where id = $1', [journeyId])
})

test('engineers find a run in Temporal by contact and state, and read where it stands', async () => {
  const { journeyId } = await house.publish(welcomeDefinition())
  await house.text('491700000005', 'hello')
  await sent('491700000005', 1)
  const [contact] = await rows<{ contact_id: string }>(
    `select contact_id from identities where value = '491700000005'`,
  )
  await eventually(async () => {
    const query = `DriplineContact = '${contact?.contact_id}' and DriplineState = 'waiting' and DriplineCard = 'ask'`
    const found = []
    for await (const each of house.deps.temporal.workflow.list({ query })) found.push(each.workflowId)
    expect(found).toHaveLength(1)
  })
  const [run] = await runOf('491700000005')
  const handle = house.deps.temporal.workflow.getHandle(run?.workflow_id ?? '')
  expect(await handle.query('progress')).toMatchObject({
    status: 'waiting',
    details: expect.stringContaining('Card ask') as string,
  })
  const history = JSON.stringify(await handle.fetchHistory())
  expect(history).not.toContain(Buffer.from('shall we begin').toString('base64').slice(0, 12))
  expect(history).toContain(Buffer.from('binary/encrypted').toString('base64'))
  await handle.cancel()
  await rows('update journeys set deleted_at = now() where id = $1', [journeyId])
})

test('a chat closes itself after the configured silence', async () => {
  await house.text('491700000006', 'nobody waits for this')
  await eventually(
    async () => {
      const episodes = await rows(
        `select e.outcome from conversation_episodes e join conversations v on v.id = e.conversation_id
         join identities i on i.contact_id = v.contact_id where i.value = '491700000006' and e.closed_at is not null`,
      )
      expect(episodes).toEqual([{ outcome: 'silence' }])
    },
    { timeoutMs: 20_000 },
  )
})

test('a run that an engineer terminates in Temporal ends here too, and the contact may enter again', async () => {
  const { journeyId } = await house.publish(welcomeDefinition())
  await house.text('491700000007', 'hello')
  await sent('491700000007', 1)
  const [run] = await runOf('491700000007')
  await house.deps.temporal.workflow.getHandle(run?.workflow_id ?? '').terminate('by hand')
  await eventually(async () => {
    await closeLostRuns(house.deps)
    expect(await runOf('491700000007')).toMatchObject([
      { state: 'failed', outcome: 'terminated in Temporal' },
    ])
  })
  await house.text('491700000007', 'hello')
  await sent('491700000007', 2)
  await rows('update journeys set deleted_at = now() where id = $1', [journeyId])
})

test('a send that nobody came back to is unknown after a while, and a status settles it still', async () => {
  await house.text('491700000008', 'nothing starts')
  const conversation = await rows<{ id: string; contact_id: string }>(
    `select v.id, v.contact_id from conversations v join identities i using (contact_id) where i.value = '491700000008'`,
  )
  const id = newId()
  await rows(
    `insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, fact_id, send_key,
       state, inflight_at) values ($1, $2, $3, $4, $5, 'out', 'text', '{}', $6, 'abandoned', 'inflight', now() - interval '1 hour')`,
    [id, house.workspaceId, conversation[0]?.id, house.numberId, conversation[0]?.contact_id, newId()],
  )
  await giveUpSends(house.deps)
  expect(await rows('select state from messages where id = $1', [id])).toEqual([{ state: 'unknown' }])
  const status = {
    id: 'wamid.late',
    status: 'delivered',
    timestamp: '1700000000',
    biz_opaque_callback_data: id,
  }
  expect(await signedPost(house, messageBody(house.access, { statuses: [status] }))).toBe(200)
  expect(await rows('select state, status, wamid from messages where id = $1', [id])).toEqual([
    { state: 'accepted', status: 'delivered', wamid: 'wamid.late' },
  ])
})
