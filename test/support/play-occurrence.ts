import { launchCampaign } from '../../src/campaigns/launch-campaign.ts'
import { createCampaign } from '../../src/campaigns/save-campaign.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { campaignScheduleId } from '../../workflows/contract.ts'
import { eventually } from './eventually.ts'
import type { House } from './house.ts'

/** A recurring campaign to nobody, and its schedule, whose first time is far off. */
export async function openRecurring(house: House, overlap: string): Promise<string> {
  const { deps, workspaceId, numberId } = house
  const em = forkFor(deps.orm, workspaceId)
  const template = `recurring_${overlap.replaceAll('-', '_')}`
  await em.execute(
    `insert into templates (id, workspace_id, waba_id, name, language, category, components, status)
     select ?, p.workspace_id, p.waba_id, ?, 'en', 'MARKETING', '[{"type":"BODY","text":"We are open"}]', 'approved'
     from phone_numbers p where p.id = ?`,
    [newId(), template, numberId],
  )
  const draft = {
    audience: { include: [{ kind: 'contacts', contactIds: [newId()] }] },
    variants: [{ id: 'a', message: { kind: 'template', name: template } }],
    schedule: {
      ...{ kind: 'recurring', timeZone: 'Europe/Berlin', overlap },
      rule: { kind: 'rrule', rrule: 'FREQ=YEARLY', from: '2031-01-01T09:00:00' },
    },
  }
  const made = { workspaceId, numberId, name: 'Recurring', kind: 'recurring', draft, by: 'test' } as const
  const { id: campaignId } = await createCampaign(deps, made)
  await launchCampaign(deps, { workspaceId, campaignId, by: 'test' })
  await eventually(() => scheduleOf(house, campaignId).describe(), { timeoutMs: 20_000 })
  return campaignId
}

export function scheduleOf({ deps, workspaceId }: House, campaignId: string) {
  return deps.temporal.schedule.getHandle(campaignScheduleId(workspaceId, campaignId))
}

/** One occurrence whose run comes to its end, or whose place the next one takes. Returns its workflow's id. */
export async function playOccurrence(house: House, end: 'completed' | 'cancelled'): Promise<string> {
  const { deps, workspaceId } = house
  const campaignId = await openRecurring(house, end === 'completed' ? 'skip' : 'cancel-other')
  const schedule = scheduleOf(house, campaignId)
  await schedule.trigger()
  const em = () => forkFor(deps.orm, workspaceId)
  await eventually(
    async () => {
      const runs = await em().execute<object[]>('select 1 from campaign_runs where campaign_id = ?', [
        campaignId,
      ])
      if (runs.length === 0) throw new Error('there is no run')
    },
    { timeoutMs: 20_000 },
  )
  const action = (await schedule.describe()).info.recentActions.at(-1)?.action
  const workflowId = action?.type === 'startWorkflow' ? action.workflow.workflowId : ''
  const workflow = deps.temporal.workflow.getHandle(workflowId)
  if (end === 'completed')
    await em().execute(
      `update campaign_runs set state = 'completed', ended_at = now() where workspace_id = ? and campaign_id = ?`,
      [workspaceId, campaignId],
    )
  else await workflow.cancel()
  await workflow.result().catch(() => undefined)
  return workflowId
}
