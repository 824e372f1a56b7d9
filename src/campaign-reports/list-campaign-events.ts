import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

export const campaignEvents = [
  'sent',
  'delivered',
  'read',
  'clicked',
  'replied',
  'failed',
  'converted',
] as const
export type CampaignEvent = (typeof campaignEvents)[number]

export interface CampaignEventView {
  messageId: string
  runId: string | null
  contactId: string
  event: CampaignEvent
  at: string
  variant: string | null
  code: string | null
  reason: string | null
  type: string
}
interface EventFilter {
  workspaceId: string
  campaignId: string
  /** Of those messages only that went from this number of ours. */
  numberId?: string | undefined
  event?: CampaignEvent | undefined
  from?: string | undefined
  to?: string | undefined
  after?: { messageId: string; event: string } | undefined
  limit: number
}

export async function checkCampaign(deps: Pick<Deps, 'orm'>, workspaceId: string, id: string): Promise<void> {
  const rows = await forkFor(deps.orm, workspaceId).execute<object[]>(
    'select 1 from campaigns where workspace_id = ? and id = ?',
    [workspaceId, id],
  )
  if (rows.length === 0) throw new AppError('not_found', `campaign ${id} does not exist`)
}

/**
 * What happened to the messages of a campaign, the newest message first and of each what happened in its order: a list that
 * can be paged through while it grows.
 */
export async function listCampaignEvents(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, campaignId, numberId, event, from, to, after, limit }: EventFilter,
): Promise<CampaignEventView[]> {
  const columns = campaignEvents.map((each, at) => `(${at}, '${each}', ${columnOf(each)})`).join(', ')
  const place = after ? campaignEvents.findIndex((each) => each === after.event) : -1
  return forkFor(deps.orm, workspaceId).execute<CampaignEventView[]>(
    `select m.id as "messageId", m.campaign_run_id as "runId", m.contact_id as "contactId", s.event, ${isoTime('s.at')} as at,
       m.variant, m.type, case when s.event = 'failed' then m.reason_code end as code,
       case when s.event = 'failed' then m.reason end as reason
     from messages m cross join lateral (values ${columns}) as s(place, event, at)
     where m.workspace_id = ? and m.campaign_id = ? and m.direction = 'out' and s.at is not null
       and (?::uuid is null or m.id <= ?::uuid) and (?::uuid is null or m.id < ?::uuid or s.place > ?)
       and (?::uuid is null or m.number_id = ?) and (?::text is null or s.event = ?)
       and (?::timestamptz is null or s.at >= ?::timestamptz) and (?::timestamptz is null or s.at < ?::timestamptz)
     order by m.id desc, s.place limit ?`,
    [
      ...[workspaceId, campaignId],
      ...[after?.messageId ?? null, after?.messageId ?? null],
      ...[after?.messageId ?? null, after?.messageId ?? null, place],
      ...[numberId ?? null, numberId ?? null, event ?? null, event ?? null],
      ...[from ?? null, from ?? null, to ?? null, to ?? null, limit],
    ],
  )
}

/** WhatsApp leaves `delivered` out when a message is read at once; a failure that was none has no time of its own. */
function columnOf(event: string): string {
  if (event === 'sent') return 'm.accepted_at'
  if (event === 'delivered') return 'coalesce(m.delivered_at, m.read_at)'
  if (event === 'failed') return `case when m.state = 'failed' then coalesce(m.failed_at, m.inflight_at) end`
  return `m.${event}_at`
}
