import { hearFailedStatuses } from '../../src/autopilot/hear-failed-statuses.ts'
import { isUnreachable } from '../../src/autopilot/hear-send-errors.ts'
import { sweepStops } from '../../src/autopilot/sweep-stops.ts'
import { receiveStatuses } from '../../src/inbox/receive-statuses.ts'
import type { Page } from '../support/workspace-api.ts'
import { accessOf, changeMessages } from '../campaign-reports/campaign-rows.ts'
import { failedStatus, openAutopilot, type AutopilotRig } from './autopilot-rig.ts'

let at: AutopilotRig

beforeAll(async () => {
  at = await openAutopilot()
})
afterAll(() => at.rig.close())

describe('refusals', () => {
  test('of too high a speed slow the number down, once for all of one breath', async () => {
    const campaign = await at.openCampaign(3)
    await at.hear(campaign, '130429')
    await at.hear(campaign, '130429')
    expect(await at.stopsOf(campaign)).toMatchObject({ campaigns: undefined, pace: 0.5 })
    await at.rig.rows(
      `update number_stops set placed_at = now() - interval '10 seconds' where number_id = $1`,
      [campaign.numberId],
    )
    await at.hear(campaign, '130429')
    expect((await at.stopsOf(campaign)).pace).toBeCloseTo(0.25)
    expect((await at.runOf(campaign))?.['state']).toBe('sending')
    expect(await at.kindsOf('number.%', campaign.numberId)).toEqual(['number.stopped'])
  })

  test('that concern the number stop its runs; lifting the stop lets them go on and wakes them', async () => {
    const campaign = await at.openCampaign(2)
    await at.hear(campaign, '190')
    await at.hear(campaign, '190')
    expect(await at.runOf(campaign)).toEqual({
      ...{ state: 'stopped', stopped_by: 'number', reason: 'WhatsApp said 190: Because' },
    })
    expect((await at.stopsOf(campaign)).campaigns).toMatchObject({ untilMs: null })
    const { items } = await at.rig.ask<Page<{ id: string; code: string }>>(
      ...[200, 'GET', `/numbers/${campaign.numberId}/stops`],
    )
    expect(items).toMatchObject([{ code: '190', until: null, by: 'autopilot', liftedAt: null }])
    await at.rig.ask(200, 'POST', `/number-stops/${items[0]?.id}/lift`)
    expect(await at.runOf(campaign)).toEqual({ state: 'sending', stopped_by: null, reason: null })
    expect((await at.stopsOf(campaign)).campaigns).toBeUndefined()
    expect(await at.kindsOf('%', campaign.runId)).toEqual(['campaign.stopped', 'campaign.resumed'])
    expect(
      await at.rig.rows(`select payload from outbox where name = 'campaign' and workflow_id = $1`, [
        campaign.runId,
      ]),
    ).toEqual([{ payload: { workspaceId: at.rig.ours.workspaceId, runId: campaign.runId } }])
  })

  test('that come after the stop was lifted, of messages from before, stop nothing', async () => {
    const campaign = await at.openCampaign(2)
    const [first = '', second = ''] = campaign.ids
    await at.hear({ ...campaign, ids: [first] }, '190')
    const { items } = await at.rig.ask<Page<{ id: string }>>(
      ...[200, 'GET', `/numbers/${campaign.numberId}/stops`],
    )
    await at.rig.ask(200, 'POST', `/number-stops/${items[0]?.id}/lift`)
    await at.hear({ ...campaign, ids: [second] }, '190')
    expect((await at.runOf(campaign))?.['state']).toBe('sending')
    await changeMessages(at.rig, [second], `inflight_at = now()`)
    await at.hear({ ...campaign, ids: [second] }, '190')
    expect((await at.runOf(campaign))?.['state']).toBe('stopped')
  })

  test('for a while are lifted by the sweep when it is over, and not before', async () => {
    const campaign = await at.openCampaign(1)
    await at.hear(campaign, '131048')
    await sweepStops(at.rig.deps)
    expect((await at.runOf(campaign))?.['state']).toBe('stopped')
    await at.rig.rows(`update number_stops set until = now() - interval '1 second' where number_id = $1`, [
      campaign.numberId,
    ])
    await sweepStops(at.rig.deps)
    expect((await at.runOf(campaign))?.['state']).toBe('sending')
    expect(await at.kindsOf('number.%', campaign.numberId)).toEqual(['number.stopped', 'number.released'])
  })

  test('of a template stop that template alone, until WhatsApp approves it again', async () => {
    const campaign = await at.openCampaign(2)
    await at.hear(campaign, '132015', 'spring_sale')
    expect([...(await at.stopsOf(campaign)).templates.keys()]).toEqual(['spring_sale'])
    expect((await at.runOf(campaign))?.['state']).toBe('sending')
    await at.rig.rows(
      `insert into templates (id, workspace_id, waba_id, name, language, category, components, status, status_at)
       values (gen_random_uuid(), $1, '1', 'spring_sale', 'en', 'marketing', '[]', 'paused', now() + interval '2 hours')`,
      [at.rig.ours.workspaceId],
    )
    await sweepStops(at.rig.deps)
    expect((await at.stopsOf(campaign)).templates.size).toBe(1)
    await at.rig.rows(`update templates set status = 'approved' where name = 'spring_sale'`)
    await sweepStops(at.rig.deps)
    expect((await at.stopsOf(campaign)).templates.size).toBe(0)
  })

  test('of a person opt out of marketing, or mark the address until its owner writes', async () => {
    const campaign = await at.openCampaign(2)
    const [first = '', second = ''] = campaign.contacts
    const late = { ...campaign, ids: campaign.ids.slice(1), contacts: [second] }
    await at.hear({ ...campaign, ids: campaign.ids.slice(0, 1) }, '131050')
    const consents = 'select category, state, source from consents where contact_id = $1'
    expect(await at.rig.rows(consents, [first])).toEqual([
      { category: 'marketing', state: 'opted_out', source: 'whatsapp' },
    ])
    await at.hear(late, '131026')
    await at.hear(late, '131026')
    const marked = `select ${isUnreachable} as is from identities i join contacts c on c.id = i.contact_id where c.id = $1`
    expect(await at.rig.rows(marked, [second])).toEqual([{ is: true }])
    const facts = `select 1 from facts where kind = 'identity.unreachable' and contact_id = $1`
    expect(await at.rig.rows(facts, [second])).toHaveLength(1)
    await at.rig.rows(`update contacts set last_seen_at = now() + interval '1 second' where id = $1`, [
      second,
    ])
    expect(await at.rig.rows(marked, [second])).toEqual([{ is: false }])
  })
})

describe('statuses that fail', () => {
  test('are sent again a day later, then two, then not at all; what is told twice changes nothing', async () => {
    const campaign = await at.openCampaign(1)
    const [id = ''] = campaign.ids
    const number = accessOf(at.rig, campaign.numberId)
    const tell = async () => {
      await receiveStatuses(at.em(), number, [failedStatus(id, '131049')])
      await hearFailedStatuses(at.em(), number, [failedStatus(id, '131049')])
    }
    const row = async () =>
      (
        await at.rig.rows(
          `select state, extract(epoch from due_at - failed_at)::int / 3600 as hours from messages where id = $1`,
          [id],
        )
      )[0]
    const accept = (attempt: number) =>
      changeMessages(
        ...[at.rig, [id]],
        `attempt = ${attempt}, state = 'accepted', accepted_at = now(), wamid = 'wamid.' || id, status = 'accepted'`,
      )
    await accept(1)
    await at.rig.rows(`update campaign_runs set state = 'completed', ended_at = now() where id = $1`, [
      campaign.runId,
    ])
    await tell()
    expect(await row()).toEqual({ state: 'planned', hours: 24 })
    await tell()
    expect(await row()).toEqual({ state: 'planned', hours: 24 })
    expect((await at.runOf(campaign))?.['state']).toBe('settling')
    await accept(2)
    await tell()
    expect(await row()).toEqual({ state: 'planned', hours: 48 })
    await accept(4)
    await tell()
    expect((await row())?.['state']).toBe('failed')
  })

  test('of a number stop it as a refusal would', async () => {
    const campaign = await at.openCampaign(1)
    const [id = ''] = campaign.ids
    const number = accessOf(at.rig, campaign.numberId)
    await receiveStatuses(at.em(), number, [failedStatus(id, '131048')])
    await hearFailedStatuses(at.em(), number, [failedStatus(id, '131048')])
    expect((await at.runOf(campaign))?.['state']).toBe('stopped')
    expect(await at.rig.rows('select state from messages where id = $1', [id])).toEqual([{ state: 'failed' }])
  })
})
