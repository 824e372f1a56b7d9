import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { CampaignDefinition } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'

/** A run, as reports look at one. */
export interface CertifiedRun {
  workspaceId: string
  runId: string
  campaignId: string
  name: string
  kind: string
  number: number
  state: string
  currency: string | null
  /** Its recipients were written down before it sent; else its messages are all there is. */
  hasPlan: boolean
  /** Messages a person gets, at most. */
  width: number
  startedAt: string
  endedAt: string | null
}
interface RunRow extends Omit<CertifiedRun, 'workspaceId' | 'hasPlan' | 'width'> {
  variants: CampaignDefinition['variants'] | null
}

/** Triggered campaigns and drips take people as they come. */
const withoutPlan = new Set(['triggered', 'drip'])

export async function findCertifiedRun(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  runId: string,
): Promise<CertifiedRun> {
  const [row] = await forkFor(deps.orm, workspaceId).execute<RunRow[]>(
    `select r.id as "runId", r.campaign_id as "campaignId", c.name, c.kind, r.number, r.state, r.currency,
       r.definition -> 'variants' as variants, ${isoTime('coalesce(r.sending_at, r.created_at)')} as "startedAt",
       ${isoTime('r.ended_at')} as "endedAt"
     from campaign_runs r join campaigns c on c.id = r.campaign_id where r.workspace_id = ? and r.id = ?`,
    [workspaceId, runId],
  )
  if (!row) throw new AppError('not_found', `campaign run ${runId} does not exist`)
  const { variants, ...run } = row
  const widths = (variants ?? []).map(({ message }) =>
    message.kind === 'direct' ? message.contents.length : 1,
  )
  return { ...run, workspaceId, hasPlan: !withoutPlan.has(run.kind), width: Math.max(1, ...widths) }
}
