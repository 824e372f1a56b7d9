import { newId } from '../../src/db/columns.ts'
import { campaignDefinitionSchema } from '../../src/model/campaign-definition.ts'
import type { Route } from '../../src/kit/route.ts'
import { routes } from '../../src/campaigns/routes.ts'
import { planRun } from '../../src/campaigns/plan-run.ts'
import { openWorkspaceApi } from '../support/workspace-api.ts'
import { audienceOf, contentOf } from './plan-rows.ts'

export interface Recipient {
  contact_id: string
  lane: number
  seq: number
  variant: string | null
  due_at: Date
  skipped: string | null
  given: object | null
}
export type PlanRig = Awaited<ReturnType<typeof openPlanRig>>

/** A workspace with a number, in which runs are planned that nobody sends. */
export async function openPlanRig(others: Route[] = []) {
  const rig = await openWorkspaceApi([...routes, ...others])
  const { deps, rows, ours } = rig
  const { workspaceId } = ours
  const numberId = await rig.addNumber()

  async function addCampaign(kind = 'one-time'): Promise<string> {
    const id = newId()
    await rows(
      `insert into campaigns (id, workspace_id, number_id, ref, name, kind, draft, by, fact_id)
       values ($1, $2, $3, $1::uuid::text, 'test', $4, '{}', 'test', uuidv7())`,
      [id, workspaceId, numberId, kind],
    )
    return id
  }
  async function addRun(definition: object, campaignId?: string): Promise<string> {
    const id = newId()
    const frozen = campaignDefinitionSchema.parse({ variants: [template('a')], ...definition })
    const campaign = campaignId ?? (await addCampaign())
    await rows(
      `insert into campaign_runs (id, workspace_id, campaign_id, number, definition, starts_at, workflow_id, by, fact_id)
       values ($1, $2, $3, (select count(*) + 1 from campaign_runs where campaign_id = $3), $4, now(), $1::uuid::text, 'test', uuidv7())`,
      [id, workspaceId, campaign, JSON.stringify(frozen)],
    )
    return id
  }
  const recipients = (runId: string) =>
    rows<Recipient>(`select * from campaign_recipients where run_id = $1 order by lane, seq`, [runId])
  /** Plans a run of this definition and returns its people. */
  async function plan(definition: object, campaignId?: string): Promise<Recipient[]> {
    const runId = await addRun(definition, campaignId)
    await planRun(deps, { workspaceId, runId })
    return recipients(runId)
  }
  async function planAgain(runId: string): Promise<Recipient[]> {
    await planRun(deps, { workspaceId, runId })
    return recipients(runId)
  }
  return {
    ...rig,
    ...{ workspaceId, numberId, ...audienceOf(rig), ...contentOf(rig) },
    ...{ addCampaign, addRun, recipients, plan, planAgain },
  }
}

export function template(id: string, weight = 1) {
  return { id, weight, message: { kind: 'template', name: `template_${id}` } }
}
