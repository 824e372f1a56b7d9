import { eventually } from '../support/eventually.ts'
import { faultHouse, phones, webhookBody, type FaultHouse } from './fault-house.ts'
import { type Accepted, scriptedWhatsApp } from './scripted-whatsapp.ts'

type Status = 'sent' | 'delivered' | 'read' | 'failed'
let house: FaultHouse
let whatsapp: Awaited<ReturnType<typeof scriptedWhatsApp>>

beforeAll(async () => {
  whatsapp = await scriptedWhatsApp()
  house = await faultHouse({ WHATSAPP_BASE_URL: whatsapp.url, SEND_RECONCILE_MS: 60_000 })
  await house.worker()
  await house.publish({
    start: 'text',
    triggers: [{ type: 'user-utterance', keywords: ['hello'] }],
    cards: { text: { type: 'message', settings: { text: 'Good day' } } },
  })
})
beforeEach(() => whatsapp.play(async () => 'answer'))

/** Has each of these customers say hello, and returns what was sent to them. */
async function sendTo(waIds: string[]): Promise<Accepted[]> {
  await Promise.all(waIds.map((waId) => house.text(waId, 'hello')))
  const check = async () => {
    const accepted = whatsapp.accepted.filter(({ to }) => waIds.includes(to))
    expect(accepted).toHaveLength(waIds.length)
    expect(await messages(accepted)).not.toContainEqual(expect.objectContaining({ state: 'inflight' }))
    return accepted
  }
  // On a busy machine a workflow task may time out on the way, which costs 10 s.
  return eventually(check, { timeoutMs: 40_000 })
}

const hear = async ({ wamid, to, callbackData }: Accepted, status: Status, withCallback = true) => {
  const item = {
    id: wamid,
    status,
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: to,
    ...(withCallback && { biz_opaque_callback_data: callbackData }),
    ...(status === 'failed' && { errors: [{ code: 131026, title: 'Message undeliverable' }] }),
  }
  expect(await house.post(webhookBody(house, { statuses: [item] }))).toBe(200)
}

interface MessageRow {
  id: string
  wamid: string
  state: string
  status: string
  attempt: number
  times: Status[]
}
const messages = (accepted: Accepted[]) =>
  house.rows<MessageRow>(
    `select id, wamid, state, status, attempt, array_remove(array[case when sent_at is not null then 'sent' end,
       case when delivered_at is not null then 'delivered' end, case when read_at is not null then 'read' end,
       case when failed_at is not null then 'failed' end], null) as times
     from messages where id::text = any($1) order by id`,
    [accepted.map(({ callbackData }) => callbackData)],
  )

function ordersOf(statuses: Status[]): Status[][] {
  if (statuses.length < 2) return [statuses]
  return statuses.flatMap((first) =>
    ordersOf(statuses.filter((each) => each !== first)).map((rest) => [first, ...rest]),
  )
}

/** Every order of the statuses, each for a message of its own, one webhook after another. */
async function hearInEveryOrder(
  prefix: string,
  statuses: Status[],
  withCallback: boolean,
): Promise<MessageRow[]> {
  const orders = ordersOf(statuses)
  const accepted = await sendTo(phones(prefix, orders.length))
  await Promise.all(
    accepted.map(async (message, at) => {
      for (const status of orders[at] ?? []) await hear(message, status, withCallback)
    }),
  )
  return messages(accepted)
}

test.each([
  ['with our callback data', true, '16011'],
  ['by message id alone', false, '16012'],
] as const)(
  'all 24 orders of sent, delivered, read and failed end alike, %s',
  async (_how, withCallback, prefix) => {
    const all: Status[] = ['sent', 'delivered', 'read', 'failed']
    const rows = await hearInEveryOrder(prefix, all, withCallback)
    expect(rows).toHaveLength(24)
    for (const row of rows) expect(row).toMatchObject({ state: 'accepted', status: 'read', times: all })
  },
)

test.each([
  [['sent', 'failed'], 'failed', 'failed'],
  [['delivered', 'failed'], 'accepted', 'delivered'],
  [['read'], 'accepted', 'read'],
  [['sent', 'read'], 'accepted', 'read'],
] as [Status[], string, Status][])('%j, in every order: %s, %s', async (statuses, state, status) => {
  const rows = await hearInEveryOrder(`1602${statuses.join('').length}`, statuses, true)
  for (const row of rows) expect(row).toMatchObject({ state, status, times: statuses })
})

test.each([
  ['with our callback data', true, '16031'],
  ['by message id alone', false, '16032'],
] as const)('a status that comes before the answer to the send, %s', async (_how, withCallback, prefix) => {
  whatsapp.play(async (message) => {
    await hear(message, 'delivered', withCallback)
    return 'answer'
  })
  const accepted = await sendTo(phones(prefix, 5))
  await expectDelivered(accepted)
})

test('a status that comes at the same moment as the answer, by message id alone', async () => {
  const heard: Promise<void>[] = []
  whatsapp.play(async (message) => {
    heard.push(hear(message, 'delivered', false))
    return 'answer'
  })
  const accepted = await sendTo(phones('1604', 30))
  await Promise.all(heard)
  await expectDelivered(accepted)
})

test('a status that comes before the answer is lost settles the send at once', async () => {
  whatsapp.play(async (message) => {
    await hear(message, 'sent')
    return 'drop'
  })
  const accepted = await sendTo(phones('1605', 5))
  for (const row of await messages(accepted)) {
    expect(row).toMatchObject({ state: 'accepted', status: 'sent', attempt: 1 })
  }
  await expectEnded()
  expect(whatsapp.accepted.filter(({ to }) => to.startsWith('491605'))).toHaveLength(5)
})

test('the database fails between the answer and its record: the repeated activity waits for the status', async () => {
  whatsapp.play(async () => {
    await house.rows('alter table messages rename to messages_away')
    setTimeout(() => void house.rows('alter table messages_away rename to messages'), 400)
    return 'answer'
  })
  const [waId = ''] = phones('1607', 1)
  await house.text(waId, 'hello')
  const sentTo = () => whatsapp.accepted.filter(({ to }) => to === waId)
  const [message] = await eventually(async () => {
    const [row] = await house.rows(
      `select 1 from messages where state = 'inflight' and waiting_workflow_id <> ''`,
    )
    expect(row).toBeDefined()
    return sentTo()
  })
  await hear(message as Accepted, 'sent')
  await expectEnded()
  expect(sentTo()).toHaveLength(1)
  expect(await messages(sentTo())).toMatchObject([{ state: 'accepted', status: 'sent', attempt: 1 }])
})

test('a repeated failure of an earlier attempt says nothing about the one that followed', async () => {
  const [first] = await sendTo(phones('1606', 1))
  await hear(first as Accepted, 'failed')
  // Somebody decided to send it again: a new attempt of the same row, accepted under a new id.
  await house.rows(
    `update messages set wamid = 'wamid.second', state = 'accepted', status = 'accepted', failed_at = null, attempt = 2
     where id = $1`,
    [first?.callbackData],
  )
  await hear(first as Accepted, 'failed')
  expect(await messages([first as Accepted])).toMatchObject([
    { wamid: 'wamid.second', state: 'accepted', status: 'accepted', times: [] },
  ])
})

async function expectDelivered(accepted: Accepted[]): Promise<void> {
  const wamids = new Map(accepted.map(({ callbackData, wamid }) => [callbackData, wamid]))
  await eventually(async () => {
    for (const row of await messages(accepted)) {
      expect(row).toMatchObject({
        state: 'accepted',
        status: 'delivered',
        attempt: 1,
        wamid: wamids.get(row.id),
      })
    }
  })
  await expectEnded()
}

const expectEnded = () =>
  eventually(
    async () => {
      expect(await house.rows('select distinct state from runs')).toEqual([{ state: 'completed' }])
    },
    { timeoutMs: 40_000 },
  )
