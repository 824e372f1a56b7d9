import { hearNumberUpdates } from '../../src/autopilot/hear-number-updates.ts'
import { judgeCanary } from '../../src/autopilot/judge-canary.ts'
import { loadReach } from '../../src/autopilot/reach.ts'
import { defaultPolicy } from '../../src/model/autopilot.ts'
import { accessOf, changeMessages } from '../campaign-reports/campaign-rows.ts'
import { openAutopilot, told, type AutopilotRig } from './autopilot-rig.ts'

let at: AutopilotRig

beforeAll(async () => {
  at = await openAutopilot()
})
afterAll(() => at.rig.close())

const hearOf = (numberId: string, wabaId: string, ...others: ReturnType<typeof told>[]) =>
  at.inTransaction((em) => hearNumberUpdates(em, { ...accessOf(at.rig, numberId), wabaId }, others))
const moveTo = (numberId: string, displayNumber: string, wabaId: string) =>
  at.rig.rows('update phone_numbers set display_number = $2, waba_id = $3 where id = $1', [
    ...[numberId, displayNumber, wabaId],
  ])

describe('a canary', () => {
  const canary = { size: 20, maximumFailures: 0.1, maximumOptOuts: 0.05 }

  test('that does well lets the rest follow', async () => {
    const campaign = await at.openCampaign(20, { canary })
    await changeMessages(at.rig, campaign.ids, `state = 'accepted', accepted_at = now()`)
    await changeMessages(at.rig, campaign.ids.slice(0, 2), `state = 'failed', reason_code = '131026'`)
    const run = { workspaceId: at.rig.ours.workspaceId, runId: campaign.runId }
    expect(await at.inTransaction((em) => judgeCanary(em, run))).toBe(true)
    const rows = await at.rig.rows('select state, canary from campaign_runs where id = $1', [campaign.runId])
    expect(rows).toEqual([{ state: 'sending', canary: { sent: 20, failed: 2, left: 0, verdict: 'passed' } }])
  })

  test.each([
    ['of failures', 3, 0],
    ['of people who want no more', 0, 2],
  ])('stops the run because %s', async (_why, failures, leaving) => {
    const campaign = await at.openCampaign(20, { canary })
    await changeMessages(at.rig, campaign.ids, `state = 'accepted', accepted_at = now()`)
    await changeMessages(at.rig, campaign.ids.slice(0, failures), `state = 'failed', reason_code = '131026'`)
    for (const contactId of campaign.contacts.slice(0, leaving))
      await at.rig.rows(
        `insert into consents (workspace_id, contact_id, category, state, source, at, by, cause_id)
         values ($1, $2, 'marketing', 'opted_out', 'keyword', now() + interval '1 second', 'contact', $2)`,
        [at.rig.ours.workspaceId, contactId],
      )
    const run = { workspaceId: at.rig.ours.workspaceId, runId: campaign.runId }
    expect(await at.inTransaction((em) => judgeCanary(em, run))).toBe(false)
    expect(await at.runOf(campaign)).toMatchObject({ state: 'stopped', stopped_by: 'canary' })
    expect(await at.kindsOf('%', campaign.runId)).toEqual(['campaign.canary', 'campaign.stopped'])
  })
})

describe('what WhatsApp tells of a number:', () => {
  test('its portfolio’s limit, of which the newest word counts', async () => {
    const numberId = await at.rig.addNumber()
    await moveTo(numberId, '+49 30 1', '71')
    const capability = (limit: number, atMs?: number) =>
      told('business_capability_update', { max_daily_conversations_per_business: limit }, atMs)
    await hearOf(numberId, '71', capability(2_000))
    await hearOf(numberId, '71', capability(250, 1_780_000_000_000))
    expect(await at.healthOf(numberId)).toMatchObject({
      reach: { limit: 2_000, forCampaigns: 1_800, used: 0 },
    })
    await hearOf(numberId, '71', capability(-1, 1_790_000_001_000))
    expect(await at.healthOf(numberId)).toMatchObject({ reach: { limit: null, room: null } })
    const upgrade = { display_phone_number: '49301', event: 'THROUGHPUT_UPGRADE', current_limit: 'TIER_10K' }
    await hearOf(numberId, '71', told('phone_number_quality_update', upgrade, 1_790_000_002_000))
    expect(await at.healthOf(numberId)).toMatchObject({ throughput: 'HIGH', reach: { limit: 10_000 } })
  })

  test('a low quality stops its campaigns until it is better', async () => {
    const campaign = await at.openCampaign(1)
    await moveTo(campaign.numberId, '+49 30 77', '72')
    const tell = (event: string, atMs: number) =>
      hearOf(
        ...[campaign.numberId, '72'],
        told('phone_number_quality_update', { display_phone_number: '493077', event }, atMs),
      )
    await tell('FLAGGED', 1_790_000_000_000)
    expect(await at.runOf(campaign)).toMatchObject({ state: 'stopped', stopped_by: 'number' })
    await tell('UNFLAGGED', 1_780_000_000_000)
    expect((await at.runOf(campaign))?.['state']).toBe('stopped')
    await tell('UNFLAGGED', 1_790_000_001_000)
    expect((await at.runOf(campaign))?.['state']).toBe('sending')
  })

  test('a restriction of the account stops its numbers for as long, one of something else does not', async () => {
    const campaign = await at.openCampaign(1)
    await moveTo(campaign.numberId, '+49 30 78', '73')
    const restrict = (restriction_type: string) =>
      told('account_update', {
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [{ restriction_type, expiration: Math.floor(Date.now() / 1_000) + 3_600 }],
      })
    await hearOf(campaign.numberId, '73', restrict('RESTRICTED_ADD_PHONE_NUMBER_ACTION'))
    expect((await at.runOf(campaign))?.['state']).toBe('sending')
    await hearOf(campaign.numberId, '73', restrict('RESTRICTED_BIZ_INITIATED_MESSAGING'))
    expect((await at.runOf(campaign))?.['state']).toBe('stopped')
    expect((await at.stopsOf(campaign)).campaigns?.untilMs).toBeGreaterThan(Date.now())
    const reinstated = { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } }
    await hearOf(campaign.numberId, '73', told('account_update', reinstated))
    expect((await at.runOf(campaign))?.['state']).toBe('sending')
  })
})

test('reach is what was used of the moving day, and says when there is room again', async () => {
  const numberId = await at.rig.addNumber()
  const { workspaceId } = at.rig.ours
  await at.rig.rows(`update phone_numbers set messaging_limit = 100, portfolio_id = 'p1' where id = $1`, [
    numberId,
  ])
  const use = (minutesAgo: number, n: number) =>
    at.rig.rows(
      `insert into initiated_minutes (workspace_id, portfolio_id, minute, n)
       values ($1, 'p1', date_trunc('minute', now()) - $2 * interval '1 minute', $3)`,
      [workspaceId, minutesAgo, n],
    )
  const reach = () => loadReach(at.em(), workspaceId, numberId)
  await use(24 * 60 + 2, 500)
  expect(await reach()).toEqual({ limit: 100, forCampaigns: 90, used: 0, room: 90, roomAt: null })
  await use(23 * 60, 30)
  await use(600, 50)
  expect(await reach()).toMatchObject({ used: 80, room: 10, roomAt: null })
  await use(5, 15)
  const full = await reach()
  expect(full).toMatchObject({ used: 95, room: 0 })
  // When the 30 of 23 hours ago are a day old, 65 are left.
  const minutes = (Date.parse(full.roomAt ?? '') - Date.now()) / 60_000
  expect(minutes).toBeGreaterThan(58)
  expect(minutes).toBeLessThan(62)
})

describe('by hand', () => {
  test('the policy is a table that is shown, changed and reset, and what is wrong in it is said', async () => {
    const numberId = await at.rig.addNumber()
    const path = `/numbers/${numberId}/autopilot`
    expect(await at.rig.ask(200, 'GET', path)).toEqual(defaultPolicy)
    const own = {
      rules: [{ codes: ['131049'], action: { do: 'fail' } }],
      ...{ redQuality: 'go-on', keepFree: 0 },
    }
    expect(await at.rig.ask(200, 'PUT', path, own)).toEqual(own)
    expect(await at.rig.ask(200, 'GET', path)).toEqual(own)
    const wrong = { rules: [{ codes: ['many'], action: { do: 'fail' } }] }
    expect(await at.rig.ask(400, 'PUT', path, wrong)).toMatchObject({ code: 'invalid_input' })
    expect(await at.rig.ask(200, 'PUT', path, { reset: true })).toEqual(defaultPolicy)
    expect(await at.rig.ask(200, 'GET', path)).toEqual(defaultPolicy)
  })

  test('a number is stopped, and a template by its name', async () => {
    const campaign = await at.openCampaign(1)
    const path = `/numbers/${campaign.numberId}/stops`
    await at.rig.ask(400, 'POST', path, { scope: 'template', reason: 'It is wrong' })
    const stop = await at.rig.ask<{ id: string; by: string }>(201, 'POST', path, {
      ...{ reason: 'Wait for the boss', for: { amount: 1, unit: 'hours' } },
    })
    expect(stop).toMatchObject({ scope: 'campaigns', code: null, reason: 'Wait for the boss' })
    expect(await at.runOf(campaign)).toMatchObject({ state: 'stopped', reason: 'Wait for the boss' })
    expect(await at.healthOf(campaign.numberId)).toMatchObject({ stops: [{ id: stop.id }] })
    await at.rig.ask(404, 'POST', `/number-stops/${campaign.runId}/lift`)
  })
})
