import { forkFor } from '../../src/db/orm.ts'
import { newId } from '../../src/db/columns.ts'
import { countingRecipients } from '../../src/campaign-reports/count-recipients.ts'
import { countedRows, countingMessages } from '../../src/reports/count-messages.ts'
import type { NumberAccess } from '../../src/settings/numbers.ts'
import type { WorkspaceApi } from '../support/workspace-api.ts'

let phones = 491_770_000_000

/** A campaign with one run, as it stands in the database once it is planned. */
export interface CampaignRows {
  campaignId: string
  runId: string
  numberId: string
}

export async function addCampaign(
  rig: WorkspaceApi,
  numberId: string,
  { definition = {}, ...columns }: { definition?: object; name?: string; kind?: string; state?: string } = {},
): Promise<CampaignRows> {
  const campaignId = newId()
  const { workspaceId } = rig.ours
  const { name = 'Spring', kind = 'one-time' } = columns
  await rig.rows(
    `insert into campaigns (id, workspace_id, number_id, ref, name, kind, draft, state, by, fact_id)
     values ($1, $2, $3, $1::uuid::text, $4, $5, $6, 'active', 'test', $1)`,
    [campaignId, workspaceId, numberId, name, kind, definition],
  )
  const runId = await addCampaignRun(rig, campaignId, 1, { definition, state: columns.state })
  await rig.rows(
    `insert into campaign_lanes (run_id, lane, workspace_id, number_id) values ($1, 0, $2, $3)`,
    [runId, workspaceId, numberId],
  )
  return { campaignId, runId, numberId }
}

async function addCampaignRun(
  rig: WorkspaceApi,
  campaignId: string,
  number: number,
  { definition = {}, state = 'sending' }: { definition?: object; state?: string | undefined } = {},
): Promise<string> {
  const runId = newId()
  await rig.rows(
    `insert into campaign_runs (id, workspace_id, campaign_id, number, state, definition, starts_at, workflow_id, by, fact_id,
       currency) values ($1, $2, $3, $4, $5, $6, now(), $1::uuid::text, 'test', $1, 'EUR')`,
    [runId, rig.ours.workspaceId, campaignId, number, state, definition],
  )
  return runId
}

interface RecipientRow {
  variant?: string | null
  /** Why it was left out. */
  skipped?: string
}

/** Plans recipients with a contact each, in one statement, as the plan of a run does. Returns the contacts. */
export async function addRecipients(
  rig: WorkspaceApi,
  { runId }: Pick<CampaignRows, 'runId'>,
  recipients: RecipientRow[],
  firstSeq = 1,
): Promise<string[]> {
  const { workspaceId } = rig.ours
  const rows = recipients.map(
    ({ variant = 'a', skipped = null }: { variant?: string | null; skipped?: string | null }, at) => ({
      ...{ contact_id: newId(), wa_id: String(phones++), variant, skipped },
      seq: skipped === null ? firstSeq + at : -firstSeq - at,
    }),
  )
  const json = JSON.stringify(rows)
  await rig.rows(
    `with told as (select * from jsonb_to_recordset($1::jsonb) as t(contact_id uuid, wa_id text)),
     people as (insert into contacts (id, workspace_id, name) select contact_id, $2, 'Ann ' || wa_id from told)
     insert into identities (id, workspace_id, contact_id, kind, value, source)
     select gen_random_uuid(), $2, contact_id, 'wa_id', wa_id, 'test' from told`,
    [json, workspaceId],
  )
  await forkFor(rig.deps.orm, workspaceId).execute(
    `with added as (
       insert into campaign_recipients (run_id, lane, seq, workspace_id, contact_id, variant, due_at, skipped)
       select ?, 0, t.seq, ?, t.contact_id, t.variant, now(), t.skipped
       from jsonb_to_recordset(?::jsonb) as t(seq int, contact_id uuid, variant text, skipped text) returning *),
     ${countingRecipients('added')}
     select count(*) from added`,
    [runId, workspaceId, json],
  )
  return rows.map(({ contact_id: id }) => id)
}

/** Puts the messages of recipients into the ledger in flight, counted, as the engine does. Returns their ids. */
export async function addMessages(
  rig: WorkspaceApi,
  { campaignId, runId, numberId }: CampaignRows,
  contactIds: string[],
): Promise<string[]> {
  const { workspaceId } = rig.ours
  const rows = contactIds.map((contactId) => ({
    id: newId(),
    conversation_id: newId(),
    contact_id: contactId,
  }))
  const json = JSON.stringify(rows)
  await rig.rows(
    `insert into conversations (id, workspace_id, number_id, contact_id)
     select conversation_id, $2, $3, contact_id from jsonb_to_recordset($1::jsonb) as t(conversation_id uuid, contact_id uuid)
     on conflict do nothing`,
    [json, workspaceId, numberId],
  )
  await forkFor(rig.deps.orm, workspaceId).execute(
    `with written as (
       insert into messages (id, workspace_id, conversation_id, number_id, contact_id, direction, type, content, text, fact_id,
         send_key, class, state, inflight_at, campaign_id, campaign_run_id, variant)
       select t.id, ?, c.id, ?, t.contact_id, 'out', 'template', '{"type": "template"}', 'Hi', ?,
         'campaign/' || r.run_id || '/' || t.contact_id, 'marketing', 'inflight', now(), ?, r.run_id, r.variant
       from jsonb_to_recordset(?::jsonb) as t(id uuid, contact_id uuid)
       join campaign_recipients r on r.run_id = ? and r.contact_id = t.contact_id
       join conversations c on c.number_id = ? and c.contact_id = t.contact_id returning ${countedRows}),
     ${countingMessages('written')}
     select count(*) from written`,
    [workspaceId, numberId, runId, campaignId, json, runId, numberId],
  )
  return rows.map(({ id }) => id)
}

/** Changes messages, counted, as the engine's write-back does. */
export async function changeMessages(rig: WorkspaceApi, ids: string[], set: string): Promise<void> {
  await forkFor(rig.deps.orm, rig.ours.workspaceId).execute(
    `with changed as (
       update messages set ${set} where id in (select jsonb_array_elements_text(?::jsonb)::uuid) returning ${countedRows}),
     ${countingMessages('changed')}
     select count(*) from changed`,
    [JSON.stringify(ids)],
  )
}

export const accessOf = (rig: WorkspaceApi, numberId: string): NumberAccess => ({
  ...{
    id: numberId,
    workspaceId: rig.ours.workspaceId,
    phoneNumberId: numberId,
    wabaId: '1',
    portfolioId: '',
  },
  ...{ accessToken: '', appSecret: '', verifyTokenHash: '', messagesPerSecond: 80, identityCheck: false },
})
