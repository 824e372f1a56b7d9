import { getNumberHealth } from '../../integrations/whatsapp/number-health.ts'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { listNumberAccess, type NumberAccess } from '../settings/numbers.ts'
import { loadPolicy } from './policies.ts'
import { wakeRunsOf } from './stop-runs.ts'
import { liftStops, placeStop } from './stops.ts'

/** Stands in for WhatsApp's code on stops that a number's quality places. */
const qualityCode = 'quality'

/** The limit is the portfolio's: every number of it has the same. What is older than what we know is passed over. */
export async function learnLimit(
  em: Em,
  { workspaceId, wabaId, portfolioId }: Pick<NumberAccess, 'workspaceId' | 'wabaId' | 'portfolioId'>,
  limit: number | null,
  atMs: number,
): Promise<OutboxRow[]> {
  const changed = await em.execute<{ id: string; before: number | null }[]>(
    `update phone_numbers n set messaging_limit = ?, limit_known_at = told.at
     from (select to_timestamp(?::float8 / 1000) as at) as told,
       (select id, messaging_limit, limit_known_at from phone_numbers where workspace_id = ?
         and (portfolio_id <> '' and portfolio_id = ? or waba_id = ?) order by id for update) as old
     where n.workspace_id = ? and n.id = old.id and coalesce(n.limit_known_at, '-infinity') <= told.at
       and (n.messaging_limit is distinct from ?::int or n.limit_known_at is null)
     returning n.id, old.messaging_limit as before`,
    [limit, atMs, workspaceId, portfolioId, wabaId, workspaceId, limit],
  )
  const outbox: OutboxRow[] = []
  for (const { id, before } of changed) {
    await tell(em, workspaceId, id, { from: before ?? 'none', limit: limit ?? 'none' })
    outbox.push(...(await wakeRunsOf(em, workspaceId, id)))
  }
  return outbox
}

interface Number {
  workspaceId: string
  numberId: string
}

/** Low quality brings a number's campaigns to a stand, or down in speed, by its policy; when it is better that is over. */
export async function learnQuality(
  em: Em,
  number: Number,
  quality: string,
  atMs: number,
): Promise<OutboxRow[]> {
  const { workspaceId, numberId } = number
  const [changed] = await em.execute<{ before: string | null }[]>(
    `update phone_numbers n set quality = ?, health_at = told.at
     from (select to_timestamp(?::float8 / 1000) as at) as told,
       (select id, quality from phone_numbers where id = ? for update) as old
     where n.workspace_id = ? and n.id = old.id and coalesce(n.health_at, '-infinity') <= told.at
       and n.quality is distinct from ? returning old.quality as before`,
    [quality, atMs, numberId, workspaceId, quality],
  )
  if (!changed) return []
  const factId = await tell(em, workspaceId, numberId, { from: changed.before ?? 'unknown', quality })
  if (quality !== 'RED') {
    const placed = 's.number_id = ? and s.code = ?'
    const { outbox } = await liftStops(em, { workspaceId, by: 'autopilot' }, placed, [numberId, qualityCode])
    return outbox
  }
  const { redQuality } = await loadPolicy(em, workspaceId, numberId)
  const stop = {
    ...{ workspaceId, numberId, code: qualityCode, by: 'autopilot', causeId: factId },
    reason: 'WhatsApp rates the quality of the number as low',
  }
  if (redQuality === 'stop') await placeStop(em, { ...stop, scope: 'campaigns' })
  if (redQuality === 'slow-down') await placeStop(em, { ...stop, scope: 'pace', factor: 0.25 })
  return []
}

async function tell(
  em: Em,
  workspaceId: string,
  numberId: string,
  values: Record<string, string | number>,
): Promise<string> {
  const id = newId()
  const data = { number: numberId, by: 'whatsapp', ...values }
  await recordFacts(em, workspaceId, [{ id, atMs: Date.now(), kind: 'number.changed', data }])
  return id
}

/** Asks WhatsApp how a number is, and takes its word. */
async function refreshHealth(deps: Deps, number: NumberAccess): Promise<void> {
  const { WHATSAPP_BASE_URL: baseUrl, WHATSAPP_GRAPH_VERSION: graphVersion, SEND_TIMEOUT_MS } = deps.config
  const { workspaceId, id: numberId, phoneNumberId, accessToken } = number
  const askedAtMs = Date.now()
  const access = { baseUrl, graphVersion, phoneNumberId, accessToken, timeoutMs: SEND_TIMEOUT_MS }
  const { quality, throughput, limit } = await getNumberHealth(access)
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const told: OutboxRow[] = []
    if (limit !== undefined) told.push(...(await learnLimit(em, number, limit, askedAtMs)))
    if (quality !== undefined)
      told.push(...(await learnQuality(em, { workspaceId, numberId }, quality, askedAtMs)))
    await em.execute(
      `update phone_numbers set throughput = coalesce(?, throughput), health_at = greatest(health_at, to_timestamp(?::float8 / 1000))
       where workspace_id = ? and id = ?`,
      [throughput ?? null, askedAtMs, workspaceId, numberId],
    )
    return told
  })
  relaySoon(deps, outbox)
}

/** Those that a campaign sends from are asked about twice an hour, others that have one once a day: a webhook may be missed. */
export async function refreshDueHealth(deps: Deps): Promise<void> {
  const due = await deps.orm.em.fork().execute<{ id: string }[]>(
    `select n.id from phone_numbers n where coalesce(n.health_at, '-infinity') < now() - interval '30 minutes'
       and exists (select 1 from campaigns c where c.workspace_id = n.workspace_id and c.number_id = n.id and c.archived_at is null
         and (coalesce(n.health_at, '-infinity') < now() - interval '1 day' or exists (
           select 1 from campaign_runs r where r.campaign_id = c.id and r.ended_at is null)))
     limit 20`,
  )
  const numbers = await listNumberAccess(deps)
  for (const { id } of due) {
    const number = numbers.find((each) => each.id === id)
    if (!number) continue
    try {
      await refreshHealth(deps, number)
    } catch (error) {
      deps.log.warn({ err: error, numberId: id }, 'WhatsApp was not asked how a number is; again in a while')
    }
  }
}
