import { launchCampaign } from '../../src/campaigns/launch-campaign.ts'
import { createCampaign } from '../../src/campaigns/save-campaign.ts'
import { liftHold, placeHold } from '../../src/holds/place-hold.ts'
import { forkFor } from '../../src/db/orm.ts'
import { pause, resume } from '../../src/holds/pause.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { campaignLine } from '../support/campaign-line.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/open-house.ts'

test.each(['stop', 'pause'] as const)(
  'a %s of a number holds its campaigns until it is let go',
  async (kind) => {
    const house = await openHouse()
    atFileEnd(house.close)
    const line = campaignLine(house)
    const { deps, workspaceId, numberId } = house
    await line.addTemplate({ name: 'open', body: 'Our doors are open.' })
    const contactIds = await line.addPeople(5, 4_917_030_000_000)
    const place = { workspaceId, scope: 'number', scopeId: numberId, kind } as const
    await pause(deps, { ...place, timers: 'run', entrants: 'queue', reason: 'Stock-taking', by: 'test' })
    const draft = {
      audience: { include: [{ kind: 'contacts', contactIds }] },
      variants: [{ id: 'a', message: { kind: 'template', name: 'open' } }],
    }
    const made = { workspaceId, numberId, name: 'Held', kind: 'one-time', draft, by: 'test' } as const
    const { id: campaignId } = await createCampaign(deps, made)
    const { run } = await launchCampaign(deps, { workspaceId, campaignId, by: 'test' })
    if (!run) throw new Error('there is no run')
    const words = async () =>
      (
        await deps.temporal.workflow
          .getHandle(run.workflowId)
          .query<{ lanes: Record<string, string> }>('progress')
      ).lanes['0']
    await eventually(async () => expect(await words()).toBe('Stock-taking'), { timeoutMs: 30_000 })
    expect(await house.ledger()).toEqual([])
    await resume(deps, { ...place, backlog: { how: 'all' }, by: 'test' })
    await line.until({ id: run.id, campaignId, workflowId: run.workflowId }, 'completed')
    expect(await house.ledger()).toHaveLength(5)
  },
  120_000,
)

test('whom an agent talks to gets it when the chat is handed back, and everybody else at once', async () => {
  const house = await openHouse()
  atFileEnd(house.close)
  const line = campaignLine(house)
  const { deps, workspaceId, numberId } = house
  await line.addTemplate({ name: 'open', body: 'Our doors are open.' })
  const contactIds = await line.addPeople(3, 4_917_040_000_000)
  const [talking = ''] = contactIds
  const chat = { workspaceId, scope: 'contact', scopeId: talking, numberId, kind: 'agent' } as const
  const hold = { ...chat, timers: 'freeze', entrants: 'queue', reason: 'Ann answers', by: 'ann' } as const
  const em = () => forkFor(deps.orm, workspaceId)
  const { holdId } = await em().transactional((tx) => placeHold(tx, hold))
  const run = await line.start({
    audience: { include: [{ kind: 'contacts', contactIds }] },
    variants: [{ id: 'a', message: { kind: 'template', name: 'open' } }],
  })
  await eventually(async () => expect(await line.outcomes(run)).toEqual({ accepted: 2, planned: 1 }), {
    timeoutMs: 30_000,
  })
  const [waiting] = await line.sql('select contact_id, reason_code, reason from messages where state = ?', [
    'planned',
  ])
  expect(waiting).toEqual({ contact_id: talking, reason_code: 'held', reason: 'Ann answers' })
  await em().transactional((tx) => liftHold(tx, { workspaceId, holdId, by: 'ann' }))
  await line.sql("update messages set due_at = now() where state = 'planned'")
  await line.wakeRun(run)
  await line.until(run, 'completed')
  expect(await line.outcomes(run)).toEqual({ accepted: 3 })
}, 120_000)
