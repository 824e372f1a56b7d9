import { eventually } from '../support/eventually.ts'
import { openFakeApi } from '../support/fake-api.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse
let shop: Awaited<ReturnType<typeof openFakeApi>>
beforeAll(async () => {
  shop = await openFakeApi(({ headers }) => {
    const calls = shop.requests.filter(
      (each) => each.headers['idempotency-key'] === headers['idempotency-key'],
    )
    return calls.length < 2
      ? { status: 503, headers: { 'retry-after': '0' } }
      : { json: { order: { id: 4711, lines: [{ price: 3 }, { price: 4 }] }, token: 'hush' } }
  })
  const overrides = { OUTBOUND_ALLOW: [`127.0.0.1:${shop.port}`] }
  house = await openHouse(overrides)
})
afterAll(async () => {
  await house.close()
  await shop.close()
})

const rows = <T extends object>(sql: string, values?: unknown[]) => house.rows<T>(sql, values)
const ended = (waId: string) =>
  eventually(async () => {
    const [run] = await rows<{ id: string; state: string; vars: object; contact_id: string }>(
      `select r.* from runs r join identities i on i.contact_id = r.contact_id
       where i.value = $1 and r.ended_at is not null`,
      [waId],
    )
    if (!run) throw new Error('the run has not ended')
    return run
  })
const factsOf = (runId: string, kind: string) =>
  rows<{ data: Record<string, unknown> }>(
    'select data from facts where run_id = $1 and kind = $2 order by at, id',
    [runId, kind],
  )

const definition = (keyword: string, code: string) => ({
  start: 'note',
  cards: {
    note: { type: 'comment', settings: { text: 'asks the shop' }, next: { next: 'ask' } },
    ask: {
      type: 'json-api',
      settings: {
        ...{ method: 'POST', url: `${shop.url}/orders/{{contact.phone}}` },
        body: { type: 'json', json: { name: '{{contact.first_name}}', password: 'p4ss' } },
        mapping: [{ path: 'body.order', variable: 'order' }],
      },
      next: { '2xx': 'sum' },
    },
    sum: { type: 'custom-script', settings: { code }, next: { next: 'tag', failed: 'sorry' } },
    tag: { type: 'tag', settings: { tags: ['bought-{{vars.total}}'] }, next: { next: 'say' } },
    say: { type: 'message', settings: { text: 'Order {{vars.order.id}}: {{vars.total}}' }, next: {} },
    sorry: { type: 'message', settings: { text: 'Sorry' }, next: {} },
  },
  triggers: [{ type: 'user-utterance', match: 'exact', keywords: [keyword] }],
})
const sum = 'return { total: vars.order.lines.reduce((all, { price }) => all + price, 0) }'

test('a busy API is asked again, a script counts, a tag is set: all of it in the trace, without secrets', async () => {
  await house.publish(definition('order', sum))
  const waId = '15550107001'
  await house.text(waId, 'order')
  const run = await ended(waId)
  expect(run.state).toBe('completed')
  expect((await house.ledger(waId)).map(({ payload }) => payload.text?.body)).toEqual(['Order 4711: 7'])
  expect(shop.requests.map(({ path, body }) => ({ path, body }))).toEqual(
    Array.from({ length: 2 }, () => ({
      path: `/orders/${waId}`,
      body: '{"name":"Ann","password":"p4ss"}',
    })),
  )
  const [contact] = await rows<{ tags: string[] }>('select tags from contacts where id = $1', [
    run.contact_id,
  ])
  expect(contact?.tags).toEqual(['bought-7'])
  const performed = await factsOf(run.id, 'effect.performed')
  expect(performed.map(({ data }) => data)).toEqual([
    expect.objectContaining({ card: 'ask', effect: 'callIntegration' }),
    expect.objectContaining({
      ...{ card: 'ask', effect: 'callIntegration' },
      input: expect.objectContaining({
        body: { type: 'json', json: { name: 'Ann', password: '***' } },
      }) as object,
      output: expect.objectContaining({ status: 200 }) as object,
    }),
    expect.objectContaining({ card: 'sum', effect: 'runScript', output: { total: 7 } }),
  ])
  expect(JSON.stringify(performed)).not.toContain('hush')
})

test('a script that runs for ever leaves by failed, and the worker goes on', async () => {
  await house.publish(definition('loop', 'for (;;) {}'), 'Loop')
  const waId = '15550107002'
  await house.text(waId, 'loop')
  const run = await ended(waId)
  expect((await house.ledger(waId)).map(({ payload }) => payload.text?.body)).toEqual(['Sorry'])
  expect((await factsOf(run.id, 'card.failed')).map(({ data }) => data)).toEqual([
    {
      ...{ card: 'sum', code: 'script_failed' },
      reason: 'the script failed: it takes longer than 250 ms',
    },
  ])
})
