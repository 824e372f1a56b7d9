import { ScheduleAlreadyRunning, ScheduleNotFoundError, type ScheduleOptions } from '@temporalio/client'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { campaignDefinitionSchema } from '../model/campaign-definition.ts'
import { campaignScheduleId, taskQueue, type OccurrenceInput } from '../../workflows/contract.ts'
import { findCampaign, type CampaignRow } from './find-campaigns.ts'
import { nextOccurrences, type Recurrence } from './recurrence.ts'

/** Of rules that Temporal does not know it is told so many times at once, and anew at each of them. */
const timesAhead = 50

const overlaps = {
  skip: 'SKIP',
  'buffer-one': 'BUFFER_ONE',
  'allow-all': 'ALLOW_ALL',
  'cancel-other': 'CANCEL_OTHER',
} as const

/** Brings the Temporal Schedule of a recurring campaign to what its row says: there, paused or gone. Safe to repeat. */
export async function settleSchedule(
  deps: Pick<Deps, 'orm' | 'temporal'>,
  { workspaceId, campaignId }: OccurrenceInput,
): Promise<void> {
  const campaign = await findCampaign(forkFor(deps.orm, workspaceId), workspaceId, campaignId)
  const handle = deps.temporal.schedule.getHandle(campaignScheduleId(workspaceId, campaignId))
  const options = scheduleOf(campaign)
  try {
    if (!options) await handle.delete()
    else
      await handle.update((before) => ({
        ...before,
        ...options,
        action: { ...options.action, workflowId: options.action.workflowId ?? options.scheduleId },
        state: { ...before.state, paused: campaign.state === 'paused' },
      }))
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
    if (options) await create(deps, options)
  }
}

async function create({ temporal }: Pick<Deps, 'temporal'>, options: ScheduleOptions): Promise<void> {
  try {
    await temporal.schedule.create(options)
  } catch (error) {
    // Two relays of the same order: the other one was faster.
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
  }
}

/** Undefined of a campaign that does not recur any more. */
function scheduleOf(campaign: CampaignRow) {
  const { workspaceId, id: campaignId, state, draft } = campaign
  const { schedule } = campaignDefinitionSchema.parse(draft)
  if (schedule.kind !== 'recurring' || (state !== 'active' && state !== 'paused')) return undefined
  const scheduleId = campaignScheduleId(workspaceId, campaignId)
  const input: OccurrenceInput = { workspaceId, campaignId }
  return {
    scheduleId,
    spec: specOf(schedule),
    action: {
      type: 'startWorkflow',
      workflowType: 'campaignOccurrence',
      workflowId: scheduleId,
      taskQueue,
      args: [input],
    },
    policies: { overlap: overlaps[schedule.overlap], catchupWindow: '1 hour' },
    state: { paused: state === 'paused' },
  } satisfies ScheduleOptions
}

function specOf(recurrence: Recurrence): ScheduleOptions['spec'] {
  const { rule, timeZone, until } = recurrence
  const endAt = until === undefined ? {} : { endAt: new Date(until) }
  if (rule.kind === 'cron') return { cronExpressions: [rule.cron], timezone: timeZone, ...endAt }
  const times = nextOccurrences(recurrence, { afterMs: Date.now(), limit: timesAhead })
  return { calendars: times.map(calendarOf), timezone: 'UTC', ...endAt }
}

const months = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const

function calendarOf(atMs: number) {
  const at = new Date(atMs)
  return {
    year: at.getUTCFullYear(),
    month: months[at.getUTCMonth()] ?? 'JANUARY',
    dayOfMonth: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  }
}
