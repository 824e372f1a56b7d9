import { AppError } from '../model/errors.ts'
import { compareProportions, confidenceOf, rateOf, type Proportion } from '../model/two-proportions.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { sayMicros } from '../pricing/price-list.ts'
import { sumOf, toNumbers, type CampaignNumbers, type CountRow } from './campaign-numbers.ts'
import { compareHoldOut, type HoldOut } from './hold-out.ts'
import { loadRows } from './load-numbers.ts'

/** What rates are taken of those sent. */
const rated = ['delivered', 'read', 'clicked', 'replied', 'converted'] as const
type Rated = (typeof rated)[number]

/** How often something came about, where the true rate lies, and how sure it is that another one differs. */
export interface Rate {
  rate: number | null
  from: number
  to: number
  /** Of what it is compared with; null for that itself, and while there are too few to say. */
  pValue: number | null
  verdict: 'base' | 'too-few' | 'no-difference' | 'better' | 'worse'
}
export interface Statistics extends Omit<CampaignNumbers, 'costMicros' | 'failed' | 'heldOutConverted'> {
  failed: number
  failures: CampaignNumbers['failed']
  cost: { amount: string; currency: string }[]
  rates: Record<Rated, Rate> & { failed: number | null }
}
export interface VariantStatistics extends Statistics {
  variant: string
}

const significance = 0.05

/** @param base what the rates are compared with @param rivals how many are: each is held to a stricter measure then */
function toStatistics(
  numbers: CampaignNumbers,
  cost: Statistics['cost'],
  base?: CampaignNumbers,
  rivals = 1,
): Statistics {
  const { costMicros: _cost, heldOutConverted: _held, failed: failures, ...rest } = numbers
  const failed = sumOf(failures)
  const tried = numbers.sent + numbers.failedAtSend
  const of = (from: CampaignNumbers, what: Rated): Proportion => ({
    successes: Math.min(from[what], from.sent),
    trials: from.sent,
  })
  const rates = Object.fromEntries(
    rated.map((what) => [what, toRate(of(numbers, what), base && of(base, what), significance / rivals)]),
  ) as Record<Rated, Rate>
  return {
    ...{ ...rest, failed, failures, cost },
    rates: { ...rates, failed: tried > 0 ? failed / tried : null },
  }
}

function toRate(own: Proportion, base: Proportion | undefined, strict: number): Rate {
  const measured = { rate: own.trials > 0 ? rateOf(own) : null, ...confidenceOf(own) }
  if (!base) return { ...measured, pValue: null, verdict: 'base' }
  const { difference, pValue } = compareProportions(base, own)
  if (pValue === undefined) return { ...measured, pValue: null, verdict: 'too-few' }
  const verdict = pValue >= strict ? 'no-difference' : difference > 0 ? 'better' : 'worse'
  return { ...measured, pValue, verdict }
}

/** What became of one run, or of all of a campaign, in all and by variant. */
export async function reportStatistics(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  of: { runId: string } | { campaignId: string },
): Promise<Statistics & { variants: VariantStatistics[]; holdOut: HoldOut | null }> {
  const em = forkFor(deps.orm, workspaceId)
  const [owner, id] =
    'runId' in of ? (['run_id', of.runId] as const) : (['campaign_id', of.campaignId] as const)
  const rows = (await loadRows(em, workspaceId, owner, [id])).get(id) ?? []
  const costs = await loadCosts(em, workspaceId, owner, [id])
  const cost = costs.filter((row) => row.owner === id)
  const numbers = toNumbers(rows)
  const holdOut = compareHoldOut(numbers)
  return { ...toStatistics(numbers, sayCosts(cost)), variants: byVariant(rows, cost), holdOut }
}

function byVariant(rows: CountRow[], costs: CostRow[]): VariantStatistics[] {
  const groups = [...Map.groupBy(rows, ({ variant }) => variant)].sort(([a], [b]) => (a < b ? -1 : 1))
  const known = groups
    .filter(([variant]) => variant !== '')
    .map(([variant, own]) => ({ variant, own: toNumbers(own) }))
  const base = known[0]?.own
  return known.map(({ variant, own }, at) => ({
    variant,
    ...toStatistics(
      own,
      sayCosts(costs.filter((row) => row.variant === variant)),
      at === 0 ? undefined : base,
      Math.max(1, known.length - 1),
    ),
  }))
}

export interface CostRow {
  owner: string
  variant: string
  currency: string
  micros: number
}

/** Runs are paid in their own currency each: what they cost is only added up within one. */
async function loadCosts(
  em: Em,
  workspaceId: string,
  owner: 'run_id' | 'campaign_id',
  ids: string[],
): Promise<CostRow[]> {
  const name = owner === 'run_id' ? 'r.id' : 'r.campaign_id'
  return em.execute<CostRow[]>(
    `select ${name} as owner, c.variant, r.currency, sum(c.n)::float8 as micros
     from campaign_runs r join campaign_counts c on c.run_id = r.id and c.at = '-infinity' and c.metric = 'cost'
     where r.workspace_id = ? and ${name} in (select jsonb_array_elements_text(?::jsonb)::uuid) and r.currency is not null
     group by 1, 2, 3 having sum(c.n) <> 0`,
    [workspaceId, JSON.stringify(ids)],
  )
}

function sayCosts(rows: CostRow[]): Statistics['cost'] {
  return [...Map.groupBy(rows, ({ currency }) => currency)]
    .map(([currency, same]) => ({
      amount: sayMicros(same.reduce((sum, { micros }) => sum + micros, 0)),
      currency,
    }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
}

export interface ComparedCampaign extends Statistics {
  campaignId: string
  name: string
}

/** Campaigns against the first one. */
export async function compareCampaigns(
  deps: Pick<Deps, 'orm'>,
  workspaceId: string,
  campaignIds: string[],
): Promise<ComparedCampaign[]> {
  const em = forkFor(deps.orm, workspaceId)
  const known = await em.execute<{ id: string; name: string }[]>(
    `select id, name from campaigns where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [workspaceId, JSON.stringify(campaignIds)],
  )
  const names = new Map(known.map(({ id, name }) => [id, name]))
  const missing = campaignIds.find((id) => !names.has(id))
  if (missing !== undefined) throw new AppError('not_found', `campaign ${missing} does not exist`)
  const rows = await loadRows(em, workspaceId, 'campaign_id', campaignIds)
  const costs = await loadCosts(em, workspaceId, 'campaign_id', campaignIds)
  const numbers = campaignIds.map((id) => toNumbers(rows.get(id) ?? []))
  return campaignIds.map((campaignId, at) => ({
    ...{ campaignId, name: names.get(campaignId) ?? '' },
    ...toStatistics(
      numbers[at] ?? toNumbers([]),
      sayCosts(costs.filter(({ owner }) => owner === campaignId)),
      at === 0 ? undefined : numbers[0],
      Math.max(1, campaignIds.length - 1),
    ),
  }))
}
