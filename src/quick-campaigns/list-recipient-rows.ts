import { isoTime } from '../db/iso-time.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'

/** What became of one person of one run. */
export interface RecipientRow {
  number: string | null
  /** The furthest that it came to: `queued`, `skipped`, `failed`, `unknown`, `sent`, `delivered`, `read`, `clicked`, `replied`. */
  action: string
  run: number
  name: string | null
  /** What a button of the campaign brought. */
  input: string | null
  sentAt: string | null
  deliveredAt: string | null
  readAt: string | null
  clickedAt: string | null
  repliedAt: string | null
  failedAt: string | null
  code: string | null
  reason: string | null
}
/** Where a page begins, after the row that ended the one before. */
export interface RecipientPlace {
  run: number
  lane: number
  seq: number
}

const rowsSql = `select r.number as run, p.lane, p.seq, coalesce(c.name, nullif(concat_ws(' ', c.first_name, c.last_name), '')) as name,
    (select i.value from identities i where i.contact_id = c.id and i.kind = 'wa_id' order by i.valid_to is null desc,
      i.valid_from desc limit 1) as number,
    case when p.skipped is not null or m.state = 'skipped' then 'skipped' when m.replied_at is not null then 'replied'
      when m.clicked_at is not null then 'clicked' when m.state = 'failed' then 'failed' when m.read_at is not null then 'read'
      when m.delivered_at is not null then 'delivered' when m.accepted_at is not null then 'sent'
      when m.state = 'unknown' then 'unknown' else 'queued' end as action,
    ${isoTime('m.accepted_at')} as "sentAt", ${isoTime('m.delivered_at')} as "deliveredAt", ${isoTime('m.read_at')} as "readAt",
    ${isoTime('m.clicked_at')} as "clickedAt", ${isoTime('m.replied_at')} as "repliedAt",
    ${isoTime('m.failed_at')} as "failedAt", coalesce(p.skipped, m.reason_code) as code,
    coalesce(p.skip_reason, m.reason) as reason, g.input
  from campaign_runs r join campaign_recipients p on p.run_id = r.id
  join contacts o on o.id = p.contact_id join contacts c on c.id = coalesce(o.merged_into, o.id)
  left join messages m on m.workspace_id = r.workspace_id and m.send_key = 'campaign/' || r.id || '/' || p.contact_id
  left join lateral (select v.values ->> 'input' as input from variable_groups g
    join variable_values v on v.group_id = g.id and v.contact_id = c.id
    where g.workspace_id = r.workspace_id and g.campaign_id = r.campaign_id limit 1) g on true`

/** By run, in the order of sending, whoever was left out before them. */
export async function listRecipientRows(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    campaignId: string
    after?: RecipientPlace | undefined
    from?: number
    limit: number
  },
): Promise<(RecipientRow & RecipientPlace)[]> {
  const { workspaceId, campaignId, after, from = 0, limit } = input
  const { run = 0, lane = -1, seq = 0 } = after ?? {}
  return forkFor(deps.orm, workspaceId).execute<(RecipientRow & RecipientPlace)[]>(
    `${rowsSql} where r.workspace_id = ? and r.campaign_id = ? and (r.number, p.lane, p.seq) > (?, ?, ?)
     order by r.number, p.lane, p.seq offset ? limit ?`,
    [workspaceId, campaignId, run, lane, seq, from, limit],
  )
}

const batch = 2_000

/** All of them, a batch at a time. */
export async function* eachRecipientRow(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
): AsyncGenerator<RecipientRow, void> {
  let after: RecipientPlace | undefined
  for (;;) {
    const rows = await listRecipientRows(deps, { workspaceId, campaignId, after, limit: batch })
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < batch) return
    after = { run: last.run, lane: last.lane, seq: last.seq }
  }
}
