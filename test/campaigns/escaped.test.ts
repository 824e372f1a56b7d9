import { issueCertificate } from '../../src/campaign-reports/certificate.ts'
import { launchCampaign } from '../../src/campaigns/launch-campaign.ts'
import { createCampaign } from '../../src/campaigns/save-campaign.ts'
import { steerRun, type RunStep } from '../../src/campaigns/steer-run.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { campaignLine, type CampaignLine } from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

let house: OpenHouse
let line: CampaignLine
beforeAll(async () => {
  house = await openHouse()
  atFileEnd(house.close)
  line = campaignLine(house)
  await line.addTemplate({ name: 'open', body: 'Our doors are open.' })
}, 60_000)

const count = async (runId: string, condition: string) => {
  const [row] = await line.sql<{ n: number }>(
    `select count(*)::int as n from messages where campaign_run_id = ? and ${condition}`,
    [runId],
  )
  return row?.n ?? 0
}

test('the certificate names what was on its way when somebody paused or cancelled the run', async () => {
  const { deps, workspaceId, numberId } = house
  const contactIds = await line.addPeople(200, 4_917_090_000_000)
  const draft = {
    audience: { include: [{ kind: 'contacts', contactIds }] },
    variants: [{ id: 'a', message: { kind: 'template', name: 'open' } }],
    messagesPerSecond: 10,
  }
  const made = { workspaceId, numberId, name: 'Halted', kind: 'one-time', draft, by: 'test' } as const
  const { id: campaignId } = await createCampaign(deps, made)
  await house.faults([{ kind: 'slow', delayMs: 3_000 }])
  const { run } = await launchCampaign(deps, { workspaceId, campaignId, by: 'test' })
  const runId = run?.id ?? ''
  /** In the middle of a call of WhatsApp's, which answers after it. */
  const halt = async (step: RunStep, by: string) => {
    await eventually(async () => expect(await count(runId, `state = 'inflight'`)).toBeGreaterThan(3), {
      timeoutMs: 30_000,
    })
    await steerRun(deps, { workspaceId, runId, by }, step)
    const onTheirWay = await line.sql<{ id: string }>(
      `select id from messages where campaign_run_id = ? and state = 'inflight'`,
      [runId],
    )
    await eventually(async () => expect(await count(runId, `state = 'inflight'`)).toBe(0), {
      timeoutMs: 30_000,
    })
    expect(onTheirWay.length).toBeGreaterThan(0)
    return onTheirWay.map(({ id }) => id)
  }
  const paused = await halt('pause', 'pauser')
  await steerRun(deps, { workspaceId, runId, by: 'test' }, 'resume')
  const cancelled = await halt('cancel', 'canceller')
  const { escaped } = await issueCertificate(deps, workspaceId, runId)
  expect(escaped).toMatchObject([
    { halt: 'campaign.paused', by: 'pauser' },
    { halt: 'campaign.cancelled', by: 'canceller' },
  ])
  for (const [at, { messages, messageIds }] of escaped.entries()) {
    expect(messageIds).toHaveLength(messages)
    expect(messageIds).toEqual(expect.arrayContaining([paused, cancelled][at] ?? []))
  }
  // What was there before the first halt or began after it is not of it.
  expect(escaped[0]?.messageIds.filter((id) => cancelled.includes(id))).toEqual([])
}, 120_000)
