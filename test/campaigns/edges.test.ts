import { stopRun } from '../../src/autopilot/stop-runs.ts'
import { chooseWinners } from '../../src/campaigns/choose-winner.ts'
import { planRun } from '../../src/campaigns/plan-run.ts'
import { launchCampaign } from '../../src/campaigns/launch-campaign.ts'
import { changeCampaign, createCampaign } from '../../src/campaigns/save-campaign.ts'
import { triggerCampaign } from '../../src/campaigns/trigger-campaign.ts'
import { steerCampaign } from '../../src/campaigns/steer-campaign.ts'
import { steerRun } from '../../src/campaigns/steer-run.ts'
import { mergeContacts } from '../../src/contacts/merge-contacts.ts'
import { createStaticSegment, deleteSegment } from '../../src/segments/manage-segments.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import {
  campaignLine,
  templateVariant,
  type CampaignLine,
  type StartedRun,
} from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse
let line: CampaignLine
beforeAll(async () => {
  house = await openHouse()
  atFileEnd(house.close)
  line = campaignLine(house)
  await line.addTemplate({ name: 'sale' })
  await line.addTemplate({ name: 'sale_b' })
}, 60_000)

const toThese = (contactIds: string[]) => ({ audience: { include: [{ kind: 'contacts', contactIds }] } })
const sale = { variants: [templateVariant('sale')] }
const steer = (run: StartedRun, step: 'pause' | 'resume') =>
  steerRun(house.deps, { workspaceId: house.workspaceId, runId: run.id, by: 'test' }, step)
const someOut = (run: StartedRun, count: number) =>
  eventually(
    async () => {
      const { accepted = 0 } = await line.outcomes(run)
      if (accepted < count) throw new Error(`${accepted} of ${count} are out`)
    },
    { timeoutMs: 60_000 },
  )

test('a run over two numbers that was stopped when one of them was through goes on', async () => {
  const [second] = await house.rows<{ id: string }>(
    `insert into phone_numbers (id, workspace_id, phone_number_id, waba_id, display_number, sealed_access_token,
       sealed_app_secret, verify_token_hash, portfolio_id)
     select uuidv7(), workspace_id, '15550009999', waba_id, '+1 555 000 9999', sealed_access_token, sealed_app_secret,
       verify_token_hash, portfolio_id from phone_numbers where id = $1 returning id`,
    [house.numberId],
  )
  const people = await line.addPeople(12, 4_917_200_000_000)
  // Whoever has talked with a number hears from that one: all but one of them with the first.
  await house.rows(
    `insert into conversations (id, workspace_id, number_id, contact_id, last_message_at)
     select uuidv7(), $1, case when c.at = 1 then $2::uuid else $3::uuid end, c.id, now()
     from jsonb_array_elements_text($4::jsonb) with ordinality as v(id, at) cross join lateral (select v.id::uuid, v.at) as c(id, at)`,
    [house.workspaceId, second?.id, house.numberId, JSON.stringify(people)],
  )
  const run = await line.start({
    ...{ ...toThese(people), ...sale, otherNumberIds: [second?.id], messagesPerSecond: 1 },
  })
  await someOut(run, 3)
  const of = { workspaceId: house.workspaceId, runId: run.id }
  await forkFor(house.deps.orm, house.workspaceId).transactional((em) =>
    stopRun(em, { ...of, stopper: 'canary', reason: 'enough' }),
  )
  const { lanes } = await eventually(async () => {
    const told = await house.deps.temporal.workflow
      .getHandle(run.workflowId)
      .query<{ lanes: Record<string, string> }>('progress')
    expect(told.lanes).toMatchObject({ 0: 'stopped' })
    return told
  })
  expect(lanes[1]).toBe('through')
  await house.rows('update campaign_runs set messages_per_second = 100 where id = $1', [run.id])
  await steer(run, 'resume')
  await line.until(run, 'completed')
  // The sandbox does not know the second number.
  expect(await line.outcomes(run)).toEqual({ accepted: 11, 'failed 100': 1 })
}, 120_000)

test('a run that its first recipients stopped goes on when somebody says so', async () => {
  const contactIds = await line.addPeople(14, 4_917_210_000_000)
  const run = await line.start({
    ...{ ...toThese(contactIds), ...sale },
    canary: { size: 10, wait: { amount: 2, unit: 'seconds' } },
  })
  await someOut(run, 10)
  await house.rows(
    `update contacts set spam_at = now() where id in (select contact_id from messages where campaign_run_id = $1)`,
    [run.id],
  )
  await line.until(run, 'stopped')
  await steer(run, 'resume')
  await line.until(run, 'completed')
  expect(await line.outcomes(run)).toEqual({ accepted: 14 })
}, 120_000)

test('a run that stood still over the time of its trial tries first, and chooses then', async () => {
  const contactIds = await line.addPeople(20, 4_917_220_000_000)
  const run = await line.addRun({
    ...toThese(contactIds),
    variants: [templateVariant('sale'), templateVariant('sale_b')],
    winner: { by: 'read', share: 0.5, after: { amount: 3, unit: 'seconds' } },
  })
  await line.wakeRun(run)
  await house.rows(`update campaign_runs set messages_per_second = 0.1 where id = $1`, [run.id])
  await eventually(async () =>
    expect(
      await house.rows('select 1 from campaign_runs where id = $1 and planned_at is not null', [run.id]),
    ).toHaveLength(1),
  )
  await steer(run, 'pause')
  await house.rows(
    `update campaign_recipients set due_at = now() - interval '1 minute' where run_id = $1 and variant is null`,
    [run.id],
  )
  await house.rows(
    `update campaign_runs set planned_at = planned_at - interval '1 minute', messages_per_second = null where id = $1`,
    [run.id],
  )
  await steer(run, 'resume')
  await chooseWinners(house.deps)
  await someOut(run, 10)
  await eventually(async () => {
    const read = await house.rows(
      `update messages set read_at = now() where campaign_run_id = $1 and variant = 'sale_b' returning id`,
      [run.id],
    )
    expect(read).toHaveLength(5)
  })
  await line.until(run, 'completed')
  const sent = await house.rows<{ variant: string; n: number }>(
    `select variant, count(*)::int as n from messages where campaign_run_id = $1 group by 1 order by 1`,
    [run.id],
  )
  expect(sent).toEqual([
    { variant: 'sale', n: 5 },
    { variant: 'sale_b', n: 15 },
  ])
}, 120_000)

test('of two contacts that are merged while a run sends, whoever is left gets it once', async () => {
  const contactIds = await line.addPeople(6, 4_917_230_000_000)
  const run = await line.start({ ...toThese(contactIds), ...sale, messagesPerSecond: 0.5 })
  await someOut(run, 1)
  await steer(run, 'pause')
  await eventually(async () => expect(await line.outcomes(run)).not.toHaveProperty('inflight'))
  const [had] = await house.rows<{ contact_id: string }>(
    'select contact_id from messages where campaign_run_id = $1 order by id limit 1',
    [run.id],
  )
  const [last] = await house.rows<{ contact_id: string }>(
    'select contact_id from campaign_recipients where run_id = $1 order by seq desc limit 1',
    [run.id],
  )
  await mergeContacts(house.deps, {
    ...{ workspaceId: house.workspaceId, by: 'test' },
    ...{ contactId: last?.contact_id ?? '', otherId: had?.contact_id ?? '' },
  })
  await house.rows('update campaign_runs set messages_per_second = null where id = $1', [run.id])
  await steer(run, 'resume')
  await line.until(run, 'completed')
  expect(await line.outcomes(run)).toEqual({ accepted: 5, 'skipped duplicate': 1 })
}, 120_000)

test('a run whose contacts are not there any more comes to its end', async () => {
  const contactIds = await line.addPeople(2, 4_917_240_000_000)
  const run = await line.addRun({ ...toThese(contactIds), ...sale })
  await house.rows(
    `create function lose_contacts() returns trigger language plpgsql as $$ begin
       new.contact_id := uuidv7(); return new; end $$`,
  )
  await house.rows(
    `create trigger lose_contacts before insert on campaign_recipients for each row execute function lose_contacts()`,
  )
  await line.wakeRun(run)
  await line.until(run, 'completed', 30_000)
  await house.rows('drop trigger lose_contacts on campaign_recipients')
  expect(await line.outcomes(run)).toEqual({})
}, 90_000)

test('a run that cannot be sent says why, stands still, and goes on when it is mended', async () => {
  const contactIds = await line.addPeople(2, 4_917_260_000_000)
  const run = await line.addRun({ ...toThese(contactIds), ...sale })
  await planRun(house.deps, { workspaceId: house.workspaceId, runId: run.id })
  const setNumber = (numberId: string) =>
    house.rows('update campaign_lanes set number_id = $2 where run_id = $1', [run.id, numberId])
  const nowhere = newId()
  await setNumber(nowhere)
  await line.wakeRun(run)
  await line.until(run, 'stopped', 30_000)
  expect(await line.stateOf(run)).toMatchObject({ reason: `phone number ${nowhere} does not exist` })
  await setNumber(house.numberId)
  await steer(run, 'resume')
  await line.until(run, 'completed', 30_000)
  expect(await line.outcomes(run)).toEqual({ accepted: 2 })
}, 90_000)

test('a segment is not deleted while a run that is not over leaves people out by it', async () => {
  const { workspaceId, deps } = house
  const { id: segmentId } = await createStaticSegment(deps, { workspaceId, name: 'Never', by: 'test' })
  const contactIds = await line.addPeople(1, 4_917_270_000_000)
  const run = await line.addRun({
    ...sale,
    audience: { include: [{ kind: 'contacts', contactIds }], exclude: [{ kind: 'segment', segmentId }] },
  })
  const remove = () => deleteSegment(deps, { workspaceId, segmentId, by: 'test' })
  await expect(remove()).rejects.toThrow('the segment is used by campaign "Sale"')
  await line.wakeRun(run)
  await line.until(run, 'completed')
  await remove()
}, 90_000)

test('who pauses or ends a campaign that recurs holds or ends the run that is under way', async () => {
  const contactIds = await line.addPeople(30, 4_917_250_000_000)
  const run = await line.start({ ...toThese(contactIds), ...sale, messagesPerSecond: 0.5 })
  await house.rows(
    `update campaigns set kind = 'recurring', state = 'active', draft = $2::jsonb where id = $1`,
    [
      run.campaignId,
      JSON.stringify({
        ...{ ...toThese(contactIds), ...sale },
        schedule: { kind: 'recurring', rule: { kind: 'cron', cron: '0 9 * * *' }, timeZone: 'UTC' },
      }),
    ],
  )
  const order = { workspaceId: house.workspaceId, campaignId: run.campaignId, by: 'test' }
  await someOut(run, 1)
  await steerCampaign(house.deps, order, 'pause')
  expect(await line.stateOf(run)).toMatchObject({ state: 'paused' })
  await steerCampaign(house.deps, order, 'resume')
  expect(await line.stateOf(run)).toMatchObject({ state: 'sending' })
  await steerCampaign(house.deps, order, 'end')
  expect(await line.stateOf(run)).toMatchObject({ state: 'cancelled' })
}, 90_000)

test('what a cancelled run had put off is not said to be on its way', async () => {
  const contactIds = await line.addPeople(2, 4_917_280_000_000)
  const run = await line.start({ ...toThese(contactIds), ...sale, messagesPerSecond: 0.1 })
  await someOut(run, 1)
  await steer(run, 'pause')
  const [message] = await house.rows<{ id: string; send_key: string }>(
    `update messages set state = 'planned', due_at = now() + interval '1 day' where campaign_run_id = $1 returning id, send_key`,
    [run.id],
  )
  await house.rows(
    `insert into arbiter_waits (workspace_id, send_key, contact_id, category, priority, code, reason, until, expires_at, fact_id)
     select workspace_id, send_key, contact_id, 'marketing', 7, 'quiet_hours', '', now(), now() + interval '1 day', fact_id
     from messages where id = $1`,
    [message?.id],
  )
  await steerRun(house.deps, { workspaceId: house.workspaceId, runId: run.id, by: 'test' }, 'cancel')
  await eventually(async () => expect(await line.outcomes(run)).toEqual({ 'skipped cancelled': 1 }))
  expect(await house.rows('select 1 from arbiter_waits')).toEqual([])
}, 90_000)

test('campaigns that follow each other in a circle write to nobody twice', async () => {
  const contactIds = await line.addPeople(1, 4_917_290_000_000)
  const { deps, workspaceId, numberId } = house
  const made = { workspaceId, numberId, name: 'Again', kind: 'api', by: 'test' } as const
  const { id: campaignId } = await createCampaign(deps, { ...made, draft: { variants: [] } })
  const followUps = [
    {
      ...{ id: 'again', on: 'not-replied', within: { amount: 1, unit: 'seconds' } },
      action: { kind: 'campaign', campaignId },
    },
  ]
  const draft = JSON.parse(JSON.stringify({ ...sale, followUps })) as JsonObject
  await changeCampaign(deps, { workspaceId, campaignId, draft, by: 'test' })
  await launchCampaign(deps, { workspaceId, campaignId, by: 'test' })
  const recipients = contactIds.map((contactId) => ({ contactId }))
  const { run } = await triggerCampaign(deps, { workspaceId, campaignId, recipients, by: 'test' })
  await eventually(
    async () =>
      expect(
        await house.rows('select outcome, reason from campaign_follow_ups where run_id = $1', [run.id]),
      ).toEqual([{ outcome: 'refused', reason: 'this run has come of that campaign' }]),
    { timeoutMs: 30_000 },
  )
  expect(await house.rows('select 1 from campaign_runs where campaign_id = $1', [campaignId])).toHaveLength(1)
}, 90_000)

test('a budget is not spent on what nobody knows the price of', async () => {
  const contactIds = await line.addPeople(3, 4_917_310_000_000)
  await house.rows(
    `insert into rate_cards (id, workspace_id, name, currency, effective_from, free_in_window, rates, example, by)
     values (uuidv7(), $1, 'India', 'EUR', now() - interval '1 day', '[]', '[{"country": "IN", "category": "marketing", "price": "0.01"}]', false, 'test')`,
    [house.workspaceId],
  )
  const run = await line.start({ ...toThese(contactIds), ...sale, budget: { amount: '5', currency: 'EUR' } })
  await line.until(run, 'stopped', 30_000)
  expect((await line.stateOf(run)).reason).toMatch('no rate card has a price')
  expect(await line.outcomes(run)).toEqual({})
}, 90_000)
