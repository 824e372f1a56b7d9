import { setTimeout as sleep } from 'node:timers/promises'
import { ScheduleNotFoundError } from '@temporalio/client'
import { isRunOver, openOccurrence } from '../../src/campaigns/open-occurrence.ts'
import { steerCampaign, type CampaignStep } from '../../src/campaigns/steer-campaign.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { campaignLine } from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'
import { openRecurring, scheduleOf } from '../support/play-occurrence.ts'

let house: OpenHouse
beforeAll(async () => {
  house = await openHouse()
  atFileEnd(house.close)
}, 60_000)

const runsOf = (campaignId: string) =>
  house.rows<{ id: string; number: number; state: string }>(
    'select id, number, state from campaign_runs where campaign_id = $1 order by number',
    [campaignId],
  )
const steer = (campaignId: string, step: CampaignStep) =>
  steerCampaign(house.deps, { workspaceId: house.workspaceId, campaignId, by: 'test' }, step)

test('each occurrence is one run; the schedule is paused, goes on and ends with the campaign', async () => {
  const campaignId = await openRecurring(house, 'buffer-one')
  const schedule = scheduleOf(house, campaignId)
  const { spec, info } = await schedule.describe()
  expect(spec.calendars?.length).toBe(50)
  expect(info.nextActionTimes[0]?.toISOString()).toBe('2031-01-01T08:00:00.000Z')
  await schedule.trigger()
  await eventually(
    async () => expect(await runsOf(campaignId)).toMatchObject([{ number: 1, state: 'completed' }]),
    {
      timeoutMs: 30_000,
    },
  )
  // While a run stands still all times that the schedule knows may pass: it is told anew when the run is over.
  const times = async () => (await schedule.describe()).spec.calendars?.length
  await schedule.update((before) => ({ ...before, spec: { calendars: [] } }))
  expect(await times()).not.toBe(50)
  const [first] = await runsOf(campaignId)
  const over = { workspaceId: house.workspaceId, runId: first?.id ?? '' }
  expect(await isRunOver(house.deps, over)).toBe(true)
  await eventually(async () => expect(await times()).toBe(50))
  // Told twice of the same occurrence, there is one run of it.
  const order = { workspaceId: house.workspaceId, campaignId, occurrence: 'the same time' }
  const opened = await Promise.all([openOccurrence(house.deps, order), openOccurrence(house.deps, order)])
  expect(opened[0]).toEqual(opened[1])
  expect(await runsOf(campaignId)).toHaveLength(2)

  const isPaused = async () => (await schedule.describe()).state.paused
  expect(await steer(campaignId, 'pause')).toMatchObject({ state: 'paused' })
  await eventually(async () => expect(await isPaused()).toBe(true))
  expect(await openOccurrence(house.deps, { ...order, occurrence: 'while paused' })).toBeUndefined()
  await steer(campaignId, 'resume')
  await eventually(async () => expect(await isPaused()).toBe(false))
  await steer(campaignId, 'end')
  await eventually(() => expect(schedule.describe()).rejects.toThrow(ScheduleNotFoundError))
}, 120_000)

test('an occurrence that comes while the run before it goes on is passed over, or takes its place', async () => {
  const line = campaignLine(house)
  const busy = async (overlap: string, phone: number, policy: 'SKIP' | 'CANCEL_OTHER') => {
    const campaignId = await openRecurring(house, overlap)
    const contactIds = await line.addPeople(60, phone)
    await house.rows(
      `update campaigns set draft = draft || jsonb_build_object('messagesPerSecond', 0.5,
         'audience', jsonb_build_object('include', jsonb_build_array(jsonb_build_object('kind', 'contacts', 'contactIds', $2::jsonb))))
       where id = $1`,
      [campaignId, JSON.stringify(contactIds)],
    )
    const schedule = scheduleOf(house, campaignId)
    expect((await schedule.describe()).policies.overlap).toBe(policy)
    // By hand all are allowed unless one says what the schedule does by itself.
    await schedule.trigger(policy)
    await eventually(async () => expect(await runsOf(campaignId)).toMatchObject([{ state: 'sending' }]), {
      timeoutMs: 30_000,
    })
    // An occurrence is called by its second: two of one second are one.
    await sleep(1_100)
    await schedule.trigger(policy)
    return campaignId
  }
  const skipping = await busy('skip', 4_917_040_000_000, 'SKIP')
  const replacing = await busy('cancel-other', 4_917_041_000_000, 'CANCEL_OTHER')
  await eventually(
    async () => expect(await runsOf(replacing)).toMatchObject([{ state: 'cancelled' }, { state: 'sending' }]),
    { timeoutMs: 60_000 },
  )
  expect(await runsOf(skipping)).toMatchObject([{ state: 'sending' }])
}, 180_000)
