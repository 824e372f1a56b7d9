import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { openGroup } from './manage-groups.ts'

export interface ButtonInput {
  workspaceId: string
  campaign: { id: string; name: string }
  contactId: string
  /** What the button stands for, and what stands on it. */
  input: string
  button: string
  /** The fact of the answer. */
  causeId: string
}

const columns = ['input', 'button', 'at']

/**
 * Keeps what a campaign's button brought, in the group that is named as the campaign; of several taps the last. In the
 * caller's transaction.
 */
export async function saveInput(em: Em, taps: ButtonInput): Promise<void> {
  const { workspaceId, campaign, contactId, input, button, causeId } = taps
  const ref = await inputGroupRef(em, workspaceId, campaign)
  const group = await openGroup(em, {
    ...{ workspaceId, ref, name: campaign.name, description: 'What the buttons of the campaign brought' },
    ...{ fields: columns, source: 'input', campaignId: campaign.id, by: 'campaign' },
  })
  const now = new Date()
  await em.execute(
    `insert into variable_values (group_id, workspace_id, phone, contact_id, values)
     select ?, ?, coalesce(max(i.value), ?), ?, ?::jsonb from identities i
     where i.workspace_id = ? and i.contact_id = ? and i.kind = 'wa_id' and i.valid_to is null
     on conflict (group_id, phone) do update set values = excluded.values, contact_id = excluded.contact_id,
       updated_at = now()`,
    [
      ...[group.id, workspaceId, contactId, contactId],
      JSON.stringify({ input, button, at: now.toISOString() }),
      ...[workspaceId, contactId],
    ],
  )
  const data = { group: group.id, name: group.name, input, campaign: campaign.id }
  await recordFacts(em, workspaceId, [
    { id: newId(), atMs: now.getTime(), kind: 'variable-group.input', contactId, causeId, data },
  ])
}

/** The campaign's own group; its name is the ref unless somebody has made a group of that ref already. */
async function inputGroupRef(
  em: Em,
  workspaceId: string,
  { id, name }: ButtonInput['campaign'],
): Promise<string> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 7))', [`input group ${id}`])
  const rows = await em.execute<{ ref: string; mine: boolean }[]>(
    `select ref, campaign_id is not distinct from ?::uuid as mine from variable_groups
     where workspace_id = ? and (campaign_id = ? or ref = ?)`,
    [id, workspaceId, id, name],
  )
  return rows.find(({ mine }) => mine)?.ref ?? (rows.length === 0 ? name : id)
}
