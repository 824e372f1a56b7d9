import { liftStops } from '../../src/autopilot/stops.ts'
import { runLaneSlice } from '../../src/campaigns/send/run-lane.ts'
import { forkFor } from '../../src/db/orm.ts'
import { createSendRate } from '../../src/inbox/send-rate.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { templateVariant, type StartedRun } from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import {
  campaignHouse,
  expectProven,
  somePeople,
  someSent,
  startTo,
  type CampaignHouse,
} from './campaign-house.ts'
import { webhookBody } from './fault-house.ts'

let house: CampaignHouse
beforeAll(async () => {
  house = await campaignHouse()
  await house.worker()
}, 60_000)
afterEach(async () => {
  await house.faults([])
  await house.line.sql('update number_stops set lifted_at = now() where lifted_at is null')
})

const completed = async (run: StartedRun, people: number) => {
  await house.line.until(run, 'completed', 90_000)
  return expectProven(house, run, people)
}

test('WhatsApp accepts and drops the connection for a part of the calls: their statuses settle them', async () => {
  await house.faults([{ kind: 'drop', rate: 0.05 }])
  const run = await startTo(house, await somePeople(house, 400))
  expect(await completed(run, 400)).toEqual({ accepted: 400, unknown: 0, others: 0 })
}, 120_000)

test('a storm of 130429: everybody gets it once, later', async () => {
  await house.faults([{ kind: 'error', code: 130429, rate: 0.3, times: 60 }])
  const run = await startTo(house, await somePeople(house, 200))
  expect(await completed(run, 200)).toEqual({ accepted: 200, unknown: 0, others: 0 })
}, 180_000)

test('the template is paused in the middle: its fallback goes on', async () => {
  const variant = templateVariant('sale') as { message: object }
  const fallback = { name: 'sale_again', values: { body: { '1': '{{contact.first_name}}' } } }
  const run = await startTo(house, await somePeople(house, 200), {
    variants: [{ ...variant, message: { ...variant.message, fallback } }],
    messagesPerSecond: 25,
  })
  await someSent(house, run, 30)
  await house.faults([{ kind: 'error', code: 132015, times: 1 }])
  expect(await completed(run, 200)).toEqual({ accepted: 200, unknown: 0, others: 0 })
  const rows = await house.line.sql<{ name: string; n: number }>(
    `select content #>> '{template,name}' as name, count(*)::int as n from messages where campaign_run_id = ? group by 1 order by 1`,
    [run.id],
  )
  expect(rows.map(({ name }) => name)).toEqual(['sale', 'sale_again'])
}, 120_000)

test('the token is refused in the middle: the run stands still, and goes on when the stop is lifted', async () => {
  const run = await startTo(house, await somePeople(house, 200), { messagesPerSecond: 25 })
  await someSent(house, run, 30)
  await house.faults([{ kind: 'error', code: 190 }])
  await house.line.until(run, 'stopped')
  // What was on its way when it was stopped is refused too, and heard.
  await eventually(async () => expect(await house.line.outcomes(run)).not.toHaveProperty('inflight'))
  await house.faults([])
  const { workspaceId } = house
  const { outbox } = await forkFor(house.deps.orm, workspaceId).transactional((em) =>
    liftStops(em, { workspaceId, by: 'test' }, `s.scope = 'campaigns'`, []),
  )
  relaySoon(house.deps, outbox)
  expect(await completed(run, 200)).toEqual({ accepted: 200, unknown: 0, others: 0 })
}, 120_000)

test('the same run started twice, and worked on by others at once: each message is one', async () => {
  const run = await house.line.addRun({
    audience: { include: [{ kind: 'contacts', contactIds: await somePeople(house, 600) }] },
    variants: [templateVariant('sale')],
  })
  await Promise.all([house.line.wakeRun(run), house.line.wakeRun(run), house.line.wakeRun(run)])
  await someSent(house, run, 1)
  const deps = {
    ...house.deps,
    rate: createSendRate(house.deps.orm),
    beat: () => undefined,
    isOver: () => false,
  }
  const ref = { workspaceId: house.workspaceId, runId: run.id, lane: 0 }
  await Promise.all([runLaneSlice(deps, ref), runLaneSlice(deps, ref)])
  expect(await completed(run, 600)).toEqual({ accepted: 600, unknown: 0, others: 0 })
}, 120_000)

test('one contact whose message cannot be written down halts nobody else', async () => {
  const contactIds = await somePeople(house, 150)
  const [poison = ''] = contactIds.slice(70)
  await house.line.sql(
    `create function refuse_poison() returns trigger language plpgsql as $$
     begin
       if new.state <> 'skipped' and new.contact_id = (select id from contacts where last_name = 'Poison') then
         raise exception 'unsupported Unicode escape sequence' using errcode = '22P05';
       end if;
       return new;
     end $$`,
  )
  await house.line.sql(
    'create trigger refuse_poison before insert or update on messages for each row execute function refuse_poison()',
  )
  await house.line.sql(`update contacts set last_name = 'Poison' where id = ?`, [poison])
  const run = await startTo(house, contactIds)
  expect(await completed(run, 150)).toEqual({ accepted: 149, unknown: 0, others: 1 })
  expect(await house.line.outcomes(run)).toEqual({ accepted: 149, 'skipped invalid_message': 1 })
  await house.line.sql('drop trigger refuse_poison on messages')
}, 120_000)

test('who opts out after the plan gets nothing, and who joins the audience later neither', async () => {
  const contactIds = await somePeople(house, 120)
  const run = await startTo(house, contactIds, { messagesPerSecond: 40 })
  await someSent(house, run, 1)
  const out = await house.line.sql<{ contact_id: string }>(
    `select contact_id from campaign_recipients where run_id = ? and seq > 110 order by seq`,
    [run.id],
  )
  await house.line.sql(
    `update contacts set opted_out_at = now() where id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [JSON.stringify(out.map(({ contact_id }) => contact_id))],
  )
  await house.line.sql(
    `update campaign_runs set definition = jsonb_set(definition, '{audience,include}', '[{"kind": "all"}]') where id = ?`,
    [run.id],
  )
  await somePeople(house, 20)
  expect(await completed(run, 120)).toEqual({ accepted: 110, unknown: 0, others: 10 })
  expect(await house.line.outcomes(run)).toEqual({ accepted: 110, 'skipped opted_out': 10 })
}, 120_000)

test('a storm of statuses that come ten times, in any order, counts each once', async () => {
  const run = await startTo(house, await somePeople(house, 100))
  await completed(run, 100)
  const rows = await house.line.sql<{ id: string; wamid: string }>(
    'select id, wamid from messages where campaign_run_id = ?',
    [run.id],
  )
  const bodies = ['read', 'sent', 'delivered'].flatMap((status) =>
    Array.from({ length: 10 }, (_, part) => {
      const statuses = rows
        .filter((_row, at) => at % 10 === part)
        .map(({ id, wamid }) => ({
          ...{ id: wamid, status, timestamp: String(Math.floor(Date.now() / 1000)) },
          ...{ recipient_id: '4915500000000', biz_opaque_callback_data: id },
        }))
      return webhookBody(house, { statuses })
    }),
  )
  for (let storm = 0; storm < 10; storm++)
    expect(new Set(await Promise.all(bodies.map((body) => house.post(body))))).toEqual(new Set([200]))
  await eventually(async () => {
    const counts = await house.line.sql<{ metric: string; n: number }>(
      `select metric, sum(n)::int as n from campaign_counts where run_id = ? and at = '-infinity'
         and metric in ('sent', 'delivered', 'read', 'accepted', 'planned') group by 1 having sum(n) <> 0 order by 1`,
      [run.id],
    )
    expect(Object.fromEntries(counts.map(({ metric, n }) => [metric, n]))).toEqual({
      ...{ accepted: 100, sent: 100, delivered: 100, read: 100 },
    })
  })
  await expectProven(house, run, 100)
}, 120_000)
