import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import type { CampaignKind } from './find-campaigns.ts'

export const runStates = [
  'scheduled',
  'planning',
  'sending',
  'paused',
  'settling',
  'completed',
  'cancelled',
  'stopped',
  'failed',
] as const
export type RunState = (typeof runStates)[number]

export interface RunRow {
  id: string
  workspaceId: string
  campaignId: string
  number: number
  state: RunState
  reason: string | null
  definition: CampaignDefinition
  startsAt: string
  workflowId: string
  by: string
  causeId: string | null
  factId: string
  messagesPerSecond: number | null
  budgetMicros: number | null
  spentMicros: number
  currency: string | null
  audience: number | null
  intended: number | null
  skipped: number | null
  winner: string | null
  canary: JsonObject | null
  plannedAt: string | null
  sendingAt: string | null
  sentAt: string | null
  endedAt: string | null
  createdAt: string
  updatedAt: string
  /** Of the campaign. */
  kind: CampaignKind
  name: string
  numberId: string
}

const columns = `r.id, r.workspace_id as "workspaceId", r.campaign_id as "campaignId", r.number, r.state, r.reason, r.definition,
  ${isoTime('r.starts_at')} as "startsAt", r.workflow_id as "workflowId", r.by, r.cause_id as "causeId", r.fact_id as "factId",
  r.messages_per_second::float8 as "messagesPerSecond", r.budget_micros::float8 as "budgetMicros",
  r.spent_micros::float8 as "spentMicros", r.currency, r.audience, r.intended, r.skipped, r.winner, r.canary,
  ${isoTime('r.planned_at')} as "plannedAt", ${isoTime('r.sending_at')} as "sendingAt", ${isoTime('r.sent_at')} as "sentAt",
  ${isoTime('r.ended_at')} as "endedAt", ${isoTime('r.created_at')} as "createdAt", ${isoTime('r.updated_at')} as "updatedAt",
  c.kind, c.name, c.number_id as "numberId"`

export async function findRun(em: Em, workspaceId: string, id: string): Promise<RunRow> {
  const [row] = await em.execute<RunRow[]>(
    `select ${columns} from campaign_runs r join campaigns c on c.id = r.campaign_id where r.workspace_id = ? and r.id = ?`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `campaign run ${id} does not exist`)
  return row
}

/** The same, held until the caller's transaction ends. */
export async function lockRun(em: Em, workspaceId: string, id: string): Promise<RunRow> {
  await em.execute('select 1 from campaign_runs where workspace_id = ? and id = ? for update', [
    workspaceId,
    id,
  ])
  return findRun(em, workspaceId, id)
}

/** Newest first; of one campaign, or of the workspace. */
export async function listRuns(
  em: Em,
  filter: {
    workspaceId: string
    campaignId?: string | undefined
    state?: RunState | undefined
    before?: string | undefined
    limit: number
  },
): Promise<RunRow[]> {
  const { workspaceId, campaignId, state, before, limit } = filter
  return em.execute<RunRow[]>(
    `select ${columns} from campaign_runs r join campaigns c on c.id = r.campaign_id where r.workspace_id = ?
       and (?::uuid is null or r.campaign_id = ?) and (?::text is null or r.state = ?) and (?::uuid is null or r.id < ?)
     order by r.id desc limit ?`,
    [workspaceId, ...[campaignId, state, before].flatMap((each) => [each ?? null, each ?? null]), limit],
  )
}

/** The run of a campaign that has not come to its end, the newest. */
export async function findLiveRun(
  em: Em,
  workspaceId: string,
  campaignId: string,
): Promise<RunRow | undefined> {
  const [row] = await em.execute<RunRow[]>(
    `select ${columns} from campaign_runs r join campaigns c on c.id = r.campaign_id
     where r.workspace_id = ? and r.campaign_id = ? and r.ended_at is null order by r.number desc limit 1`,
    [workspaceId, campaignId],
  )
  return row
}
