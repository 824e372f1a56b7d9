import { z } from 'zod'
import { recordFacts } from '../analytics/facts.ts'
import {
  findCampaign,
  findCampaignByRef,
  lockCampaign,
  type CampaignRow,
} from '../campaigns/find-campaigns.ts'
import { launchIn } from '../campaigns/launch-campaign.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { campaignDefinitionSchema, type Audience } from '../model/campaign-definition.ts'
import { AppError } from '../model/errors.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { accountOf } from '../settings/account-of.ts'
import { sendableStatuses, type TemplateStatus } from '../templates/template-row.ts'
import { chooseAudience, lastAudience } from './choose-audience.ts'

/** What becomes of a request: a run, or a place in the queue before the template's approval. */
export type Requested =
  | { state: 'launched'; runId: string; startsAt: string }
  | { state: 'waiting'; requestId: string; reason: string }
interface RunRequest {
  workspaceId: string
  campaignId: string
  audience: Audience
  /** At once when absent; what is past is at once. */
  atMs?: number | undefined
  by: string
}

/** Where a campaign's template stands with WhatsApp. */
export type TemplateStanding = 'sendable' | 'awaited' | 'refused'
const awaited: TemplateStatus[] = ['draft', 'submitting', 'pending', 'in_appeal', 'paused']

/** Runs a campaign that was made before, again if it has run: for the segments that are named, or else for whom it went to last. */
export async function runAgain(
  deps: Deps,
  input: {
    workspaceId: string
    campaignId: string
    audiences: string[]
    atMs?: number | undefined
    by: string
  },
): Promise<Requested> {
  const { workspaceId, campaignId, audiences, atMs, by } = input
  const em = forkFor(deps.orm, workspaceId)
  const audience =
    audiences.length > 0
      ? await chooseAudience(em, workspaceId, audiences)
      : await lastAudience(em, workspaceId, campaignId)
  if (audience) return requestRun(deps, { workspaceId, campaignId, audience, atMs, by })
  const message = 'say whom it is to be sent to: it has neither run nor been made for anybody'
  throw new AppError('unprocessable', `audiences: ${message}`, {
    fields: [{ field: 'audiences', message }],
  })
}

/**
 * Launches a run, or has it wait until WhatsApp has approved the template and the run before it has ended. What WhatsApp has
 * rejected is refused, with its reason.
 */
export async function requestRun(deps: Deps, request: RunRequest): Promise<Requested> {
  const { workspaceId, campaignId } = request
  const { outbox, requested } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const campaign = await lockCampaign(em, workspaceId, campaignId)
    const { standing, words } = await lookAtTemplate(em, campaign)
    if (standing === 'awaited') return wait(em, request, campaign, words)
    if (standing === 'sendable')
      return (await isGoing(em, campaign))
        ? wait(em, request, campaign, 'the run before it has not ended')
        : launch(em, deps, request)
    throw new AppError('unprocessable', `the campaign cannot be sent: ${words}`, {
      fields: [{ field: 'template', message: words }],
    })
  })
  relaySoon(deps, outbox)
  return requested
}

/** In the caller's transaction. */
export async function launch(
  em: Em,
  deps: Pick<Deps, 'config'>,
  request: RunRequest & { causeId?: string },
): Promise<{ requested: Requested & { state: 'launched' }; outbox: OutboxRow[] }> {
  const { workspaceId, campaignId, audience, atMs, by, causeId } = request
  const schedule =
    atMs === undefined || atMs <= Date.now()
      ? { kind: 'now' as const }
      : { kind: 'at' as const, at: new Date(atMs).toISOString() }
  const { run, outbox } = await launchIn(em, deps, {
    workspaceId,
    campaignId,
    audience,
    schedule,
    by,
    causeId,
  })
  if (!run) throw new AppError('unprocessable', 'only a one-time campaign is run by hand')
  return { requested: { state: 'launched', runId: run.id, startsAt: run.startsAt }, outbox }
}

/** One that is scheduled for later is not waited for: whoever asks is to know of it. */
async function isGoing(em: Em, { workspaceId, id }: CampaignRow): Promise<boolean> {
  const rows = await em.execute<object[]>(
    `select 1 from campaign_runs where workspace_id = ? and campaign_id = ? and ended_at is null and starts_at <= now()`,
    [workspaceId, id],
  )
  return rows.length > 0
}

async function wait(
  em: Em,
  { workspaceId, campaignId, audience, atMs, by }: RunRequest,
  { name, factId: causeId }: CampaignRow,
  reason: string,
): Promise<{ requested: Requested; outbox: OutboxRow[] }> {
  const requestId = newId()
  const factId = newId()
  await em.execute(
    `insert into campaign_requests (id, workspace_id, campaign_id, audience, starts_at, reason, by, fact_id)
     values (?, ?, ?, ?::jsonb, to_timestamp(?::float8 / 1000), ?, ?, ?)`,
    [requestId, workspaceId, campaignId, JSON.stringify(audience), atMs ?? null, reason, by, factId],
  )
  const data = { campaign: campaignId, name, request: requestId, reason, by }
  await recordFacts(em, workspaceId, [
    { id: factId, atMs: Date.now(), kind: 'campaign.requested', causeId, data },
  ])
  return { requested: { state: 'waiting', requestId, reason }, outbox: [] }
}

/** Of the one template that a campaign sends. */
export async function lookAtTemplate(
  em: Em,
  { workspaceId, numberId, draft }: CampaignRow,
): Promise<{ standing: TemplateStanding; words: string }> {
  const message = campaignDefinitionSchema.parse(draft).variants[0]?.message
  // What is no template needs nobody's approval.
  if (message?.kind !== 'template') return { standing: 'sendable', words: '' }
  const rows = await em.execute<{ status: TemplateStatus; rejected_reason: string | null }[]>(
    `select status, rejected_reason from templates where workspace_id = ? and waba_id = ? and name = ? and deleted_at is null
       and (?::text is null or language = ?)`,
    [
      ...[workspaceId, await accountOf(em, workspaceId, numberId), message.name],
      ...[message.language ?? null, message.language ?? null],
    ],
  )
  if (rows.some(({ status }) => sendableStatuses.includes(status))) return { standing: 'sendable', words: '' }
  const [first] = rows
  const words = first
    ? `its template is ${first.status}${first.rejected_reason ? ` (${first.rejected_reason})` : ''}`
    : 'its template does not exist any more'
  return { standing: rows.some(({ status }) => awaited.includes(status)) ? 'awaited' : 'refused', words }
}

/** One of a number's, by the id that other systems know it by, or by ours. */
export async function findByRef(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, numberId, ref }: { workspaceId: string; numberId: string; ref: string },
): Promise<CampaignRow> {
  const em = forkFor(deps.orm, workspaceId)
  const isOurs = z.uuid().safeParse(ref).success
  const found = isOurs
    ? await findCampaign(em, workspaceId, ref).catch(ifMissing)
    : await findCampaignByRef(em, workspaceId, ref)
  if (found?.numberId === numberId) return found
  const message = `there is no campaign "${ref}"`
  throw new AppError('unprocessable', message, { fields: [{ field: 'campaignId', message }] })
}

function ifMissing(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'not_found') throw error
}
