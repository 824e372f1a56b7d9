import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import type { ArbiterCategory } from '../model/arbiter-settings.ts'
import { sentVariant } from '../model/campaign-cards.ts'
import type { JsonObject } from '../model/json.ts'
import { describeContent, type MessageContent } from '../model/message.ts'
import { countedRows, countingMessages } from '../reports/count-messages.ts'
import { announcedRows, announcingMessages } from '../live/announce-messages.ts'
import type { SendInput } from './plan-send.ts'

interface RowValues {
  messageId: string
  contactId: string
  attempt: number
  state: 'inflight' | 'skipped'
  content: MessageContent
  category: ArbiterCategory
  /** What it follows from: the card, or the arbiter's word. */
  causeId: string
  refusal?: { code: string; reason: string }
  /** Why the arbiter let it go. */
  grant?: string | undefined
}

/** The latest run of the campaign whose journey a run is of; of any other journey nothing. */
const latestCampaignRun = `select r.campaign_id, r.id, ?::text as variant from runs j join campaigns k on k.journey_id = j.journey_id
  join campaign_runs r on r.campaign_id = k.id where j.id = ?::uuid order by r.number desc limit 1`

/** Puts a message into the ledger, or on to its next attempt, with the fact that says so. */
export async function writeLedgerRow(em: Em, input: SendInput, values: RowValues): Promise<void> {
  const { messageId, contactId, attempt, state, content, category, causeId, refusal, grant } = values
  const factId = newId()
  const runId = input.progress?.run.runId
  const variant = sentVariant(input.cardId) ?? null
  const campaignsRun = variant === null ? null : (runId ?? null)
  await em.execute(
    `with latest as (${latestCampaignRun}),
     written as (
       insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, run_id,
         card_id, fact_id, cause_id, send_key, class, state, attempt, epoch, reason_code, reason, category, proactive,
         version_id, inflight_at, campaign_id, campaign_run_id, variant)
       values (?, ?, ?, ?, ?, 'out', ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
         (select version_id from runs where id = ?::uuid), clock_timestamp(),
         (select campaign_id from latest), (select id from latest), (select variant from latest))
       on conflict (id) do update set state = excluded.state, content = excluded.content, text = excluded.text,
         attempt = excluded.attempt, epoch = excluded.epoch, reason_code = excluded.reason_code, reason = excluded.reason,
         category = excluded.category, proactive = excluded.proactive, inflight_at = excluded.inflight_at,
         status = null, failed_at = null, wamid = null, run_id = excluded.run_id
       returning ${countedRows}, ${announcedRows}),
     ${countingMessages('written')}, ${announcingMessages('written')}
     select count(*) from written`,
    [
      ...[variant, campaignsRun],
      ...[messageId, input.workspaceId, input.conversationId, input.numberId, contactId, content.type],
      ...[JSON.stringify(content), describeContent(content), runId ?? null, input.cardId ?? null, factId],
      ...[causeId, input.sendKey, input.class, state, attempt, input.epoch],
      ...[refusal?.code ?? null, refusal?.reason ?? null, category, input.proactive === true],
      runId ?? null,
    ],
  )
  const kind = state === 'skipped' ? 'message.skipped' : 'message.planned'
  const data: JsonObject = {
    ...{ message: messageId, attempt, card: input.cardId ?? null, ...refusal },
    ...(grant !== undefined && { granted: grant }),
  }
  await recordFacts(em, input.workspaceId, [
    { id: factId, atMs: Date.now(), kind, contactId, runId, causeId, data },
  ])
}
