import { countCampaigns } from '../../src/campaign-reports/load-numbers.ts'
import { rebuildRun } from '../../src/campaign-reports/rebuild-run.ts'
import { routes } from '../../src/campaign-reports/routes.ts'
import { foldDeltas } from '../../src/reports/fold-deltas.ts'
import { routes as transferRoutes } from '../../src/transfers/routes.ts'
import { openWorkspaceApi, type Page, type WorkspaceApi } from '../support/workspace-api.ts'
import { addCampaign, addMessages, addRecipients, changeMessages } from './campaign-rows.ts'
import { buy, conversion, playMessyRun } from './messy-run.ts'

let rig: WorkspaceApi
let numberId: string
let messy: Awaited<ReturnType<typeof playMessyRun>>

beforeAll(async () => {
  rig = await openWorkspaceApi([...routes, ...transferRoutes])
  numberId = await rig.addNumber()
  messy = await playMessyRun(rig, numberId)
})
afterAll(() => rig.close())

const total = {
  ...{ audience: 12, intended: 9, sent: 4, delivered: 3, read: 2, clicked: 2, replied: 1, converted: 1 },
  ...{ conversionValue: 12.5, failed: 2, failedAtSend: 1, notOnWhatsApp: 1, unknown: 1, pending: 1 },
  leftOut: [
    { code: 'opted_out', words: 'the contact has opted out', count: 2 },
    { code: 'hold_out', words: 'kept out to compare with', count: 1 },
  ],
  skipped: [{ code: 'missing_variable', words: 'a value is missing that the text needs', count: 1 }],
  cost: [{ amount: '0.25', currency: 'EUR' }],
}

test('statistics say what became of a run, of a campaign and of each variant, before and after the fold', async () => {
  for (let turn = 0; turn < 2; turn++) {
    const run = await rig.ask(200, 'GET', `/campaign-runs/${messy.runId}/statistics`)
    expect(run).toMatchObject(total)
    expect(run).toMatchObject({
      failures: [{ code: '131026' }, { code: '131049', count: 1 }],
      rates: { delivered: { rate: 0.75, verdict: 'base' }, read: { rate: 0.5 }, failed: 0.4 },
      variants: [
        { variant: 'a', sent: 3, intended: 7 },
        { variant: 'b', sent: 1, intended: 2, read: 1, rates: { read: { rate: 1, verdict: 'too-few' } } },
      ],
    })
    expect(await rig.ask(200, 'GET', `/campaigns/${messy.campaignId}/statistics`)).toMatchObject(total)
    await foldDeltas(rig.deps)
  }
  const counted = await countCampaigns(rig.deps, rig.ours.workspaceId, [messy.campaignId, messy.runId])
  expect(counted.get(messy.campaignId)).toMatchObject({ sent: 4, failedAtSend: 1, costMicros: 250_000 })
  expect(counted.get(messy.runId)).toMatchObject({ sent: 0, audience: 0 })
})

test('a conversion counts once a person, within its time, and only after a message', async () => {
  const campaign = await addCampaign(rig, numberId, { definition: { conversion } })
  const contacts = await addRecipients(rig, campaign, [{}, {}, {}])
  const [first = '', second = '', third = ''] = contacts
  const ids = await addMessages(rig, campaign, [first, second])
  await changeMessages(rig, ids, `state = 'accepted', accepted_at = now() - interval '3 days'`)
  await changeMessages(rig, ids.slice(1), `accepted_at = now() - interval '1 day'`)
  await buy(rig, first, '5')
  await buy(rig, third, '5')
  await buy(rig, second, 'much', Date.now() - 2 * 86_400_000)
  const numbers = () => rig.ask(200, 'GET', `/campaign-runs/${campaign.runId}/statistics`)
  expect(await numbers()).toMatchObject({ converted: 0 })
  await buy(rig, second, 'much')
  await buy(rig, second, '7')
  expect(await numbers()).toMatchObject({ converted: 1, conversionValue: 0 })
  expect(
    await rig.rows(`select kind from facts where kind = 'campaign.converted' and contact_id = $1`, [second]),
  ).toHaveLength(1)
})

test('those who were held out are compared with those who got it', async () => {
  const campaign = await addCampaign(rig, numberId, { definition: { conversion } })
  const got = await addRecipients(
    rig,
    campaign,
    Array.from({ length: 60 }, () => ({})),
  )
  const held = await addRecipients(
    rig,
    campaign,
    Array.from({ length: 40 }, () => ({ skipped: 'hold_out', variant: null })),
    100,
  )
  const [optedOut = ''] = await addRecipients(rig, campaign, [{ skipped: 'opted_out', variant: null }], 200)
  const ids = await addMessages(rig, campaign, got)
  await changeMessages(rig, ids, `state = 'accepted', accepted_at = now()`)
  for (const contactId of [...got.slice(0, 30), ...held.slice(0, 8), optedOut]) await buy(rig, contactId, '5')
  // Once more, before it would have been sent, and too late: none of it counts.
  await buy(rig, held[0] ?? '', '5')
  await buy(rig, held[20] ?? '', '5', Date.now() - 60_000)
  await buy(rig, held[21] ?? '', '5', Date.now() + 3 * 86_400_000)
  const holdOut = {
    ...{ people: 40, converted: 8, rate: 0.2, verdict: 'better' },
    // Worked out apart from this code: z = 3.0279, Newcombe's bounds of 30 of 60 less 8 of 40.
    ...{ lift: 0.3, pValue: expect.closeTo(0.00246, 4) as number },
    ...{ liftFrom: expect.closeTo(0.1081, 3) as number, liftTo: expect.closeTo(0.4551, 3) as number },
  }
  const read = () => rig.ask(200, 'GET', `/campaign-runs/${campaign.runId}/statistics`)
  expect(await read()).toMatchObject({ sent: 60, converted: 30, holdOut })
  await rebuildRun(rig.deps, { workspaceId: rig.ours.workspaceId, runId: campaign.runId })
  expect(await read()).toMatchObject({ sent: 60, converted: 30, holdOut })
  const [told] = await rig.rows<{ n: number }>(
    `select count(*)::int as n from facts where kind = 'campaign.held-out-converted'
       and contact_id in (select jsonb_array_elements_text($1::jsonb)::uuid)`,
    [JSON.stringify(held)],
  )
  expect(told).toEqual({ n: 8 })
})

test('a rate is better only where chance is no likely explanation', async () => {
  const campaigns: string[] = []
  for (const [read, count] of [
    [10, 100],
    [40, 100],
  ] as const) {
    const campaign = await addCampaign(rig, numberId, { name: `Read ${read}` })
    const ids = await addMessages(
      rig,
      campaign,
      await addRecipients(
        rig,
        campaign,
        Array.from({ length: count }, () => ({})),
      ),
    )
    await changeMessages(rig, ids, `state = 'accepted', accepted_at = now(), delivered_at = now()`)
    await changeMessages(rig, ids.slice(0, read), `read_at = now()`)
    campaigns.push(campaign.campaignId)
  }
  const { items } = await rig.ask<{ items: unknown[] }>(
    200,
    'GET',
    `/campaigns/compare?ids=${campaigns.join(',')}`,
  )
  expect(items).toMatchObject([
    { name: 'Read 10', rates: { read: { rate: 0.1, verdict: 'base' } } },
    { name: 'Read 40', rates: { read: { rate: 0.4, verdict: 'better' }, delivered: { verdict: 'too-few' } } },
  ])
  await rig.ask(400, 'GET', `/campaigns/compare?ids=${campaigns[0]}`)
  await rig.ask(404, 'GET', `/campaigns/compare?ids=${campaigns[0]},${messy.runId}`)
})

test('a timeline adds up to the totals, by pages', async () => {
  const path = `/campaign-runs/${messy.runId}/timeline`
  type Moments = Page<{ at: string; sent: number; read: number }> & { by: string }
  const all = await rig.ask<Moments>(200, 'GET', path)
  expect(all.by).toBe('minute')
  const sum = (moments: Moments) => moments.items.reduce((n, { sent }) => n + sent, 0)
  expect(sum(all)).toBe(4)
  await rig.rows(
    `insert into campaign_deltas (workspace_id, run_id, at, counts)
     select $1, $2, now() - n * interval '1 hour', '{"sent|a|": 1}' from generate_series(10, 12) n`,
    [rig.ours.workspaceId, messy.runId],
  )
  const first = await rig.ask<Moments>(200, 'GET', `${path}?limit=2`)
  expect(first.by).toBe('hour')
  const second = await rig.ask<Moments>(200, 'GET', `${path}?limit=200&cursor=${first.nextCursor}`)
  expect(sum(first) + sum(second)).toBe(7)
  expect(sum(await rig.ask<Moments>(200, 'GET', `${path}?by=day`))).toBe(7)
})

test('recipients are listed with their stories, by what became of them, page by page', async () => {
  const path = `/campaign-runs/${messy.runId}/recipients`
  type Row = { contactId: string; outcome: string; code: string | null }
  const walk = async (query: string) => {
    const rows: Row[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const next: string = cursor && `&cursor=${cursor}`
      const { items, nextCursor }: Page<Row> = await rig.ask(200, 'GET', `${path}?limit=2${query}${next}`)
      rows.push(...items)
      cursor = nextCursor
    }
    return rows
  }
  const everybody = await walk('')
  expect(new Set(everybody.map(({ contactId }) => contactId))).toEqual(new Set(messy.contacts))
  expect(everybody).toHaveLength(12)
  for (const [outcome, count] of [
    ...([
      ['left-out', 3],
      ['waiting', 1],
      ['pending', 1],
      ['accepted', 3],
      ['failed', 2],
    ] as const),
    ...([
      ['skipped', 1],
      ['unknown', 1],
      ['delivered', 3],
      ['not-read', 1],
      ['clicked', 2],
    ] as const),
    ...([
      ['not-replied', 2],
      ['converted', 1],
    ] as const),
  ])
    expect({ outcome, found: (await walk(`&outcome=${outcome}`)).length }).toEqual({ outcome, found: count })
  expect(new Set((await walk('&outcome=failed')).map(({ code }) => code))).toEqual(
    new Set(['131026', '131049']),
  )
  await rig.ask(400, 'GET', `${path}?outcome=eaten`)
  await rig.ask(404, 'GET', `/campaign-runs/${messy.campaignId}/recipients`)
})

test('events of a campaign are paged, and picked by kind', async () => {
  const path = `/campaigns/${messy.campaignId}/events`
  type Event = { messageId: string; event: string; code: string | null }
  const all: Event[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { items, nextCursor }: Page<Event> = await rig.ask(
      200,
      'GET',
      `${path}?limit=3${cursor && `&cursor=${cursor}`}`,
    )
    all.push(...items)
    cursor = nextCursor
  }
  const counts = Object.entries(Object.groupBy(all, ({ event }) => event)).map(([event, rows]) => [
    event,
    rows?.length,
  ])
  expect(Object.fromEntries(counts)).toEqual({
    ...{ sent: 4, delivered: 3, read: 2, clicked: 2, replied: 1, failed: 2, converted: 1 },
  })
  expect(new Set(all.map(({ messageId, event }) => `${messageId} ${event}`)).size).toBe(all.length)
  const { items } = await rig.ask<Page<Event>>(200, 'GET', `${path}?event=failed`)
  expect(new Set(items.map(({ code }) => code))).toEqual(new Set(['131026', '131049']))
})

test('an export is everybody with the whole story, or those of one outcome', async () => {
  const token = rig.ours.key
  const file = await rig.api.ask('GET', `/platform/v1/campaign-runs/${messy.runId}/export?outcome=failed`, {
    token,
  })
  const lines = file.text.split('\r\n')
  expect(lines).toHaveLength(4)
  expect(lines[0]).toMatch(/^contact_id,name,phone,variant,outcome,code/)
  expect(file.text).toContain(`'=HYPERLINK`)
  const body = { what: 'recipients', runId: messy.runId, name: 'Spring' }
  const { file: path } = await rig.ask<{ file: string }>(201, 'POST', '/exports', body)
  const kept = await rig.api.ask('GET', path, { token })
  // The header, twelve people of whom one's reason has two lines, and the end.
  expect(kept.text.split('\r\n')).toHaveLength(15)
  await rig.ask(404, 'POST', '/exports', { ...body, runId: messy.campaignId })
})
