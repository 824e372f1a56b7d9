import { noteChanges } from '../events/note-changes.ts'
import type { Em } from '../db/orm.ts'
import { anyCampaign } from '../model/condition-dependencies.ts'
import type { NumberAccess } from '../settings/numbers.ts'
import type { Arrival } from './arrival.ts'

interface ReactionRow {
  contact_id: string
  campaign_id: string
  cause_id: string
}

/** Segments on engagement with a campaign are told when a status came for one of its messages. */
export async function noteCampaignStatuses(
  em: Em,
  number: NumberAccess,
  statuses: { wamid: string; callback: string | null }[],
): Promise<void> {
  const rows = await em.execute<ReactionRow[]>(
    `select distinct m.contact_id, m.campaign_id, m.fact_id as cause_id
     from jsonb_to_recordset(?::jsonb) as n(wamid text, callback uuid)
     join messages m on m.workspace_id = ? and m.campaign_id is not null
       and (m.id = n.callback or m.number_id = ? and m.wamid = n.wamid)`,
    [JSON.stringify(statuses), number.workspaceId, number.id],
  )
  await note(em, number.workspaceId, rows)
}

/** What is written within a day of a campaign's message, or quotes it, may be an answer to it. */
export async function noteCampaignAnswers(em: Em, workspaceId: string, arrivals: Arrival[]): Promise<void> {
  const rows = await em.execute<ReactionRow[]>(
    `select distinct m.contact_id, m.campaign_id, n.fact_id as cause_id
     from jsonb_to_recordset(?::jsonb) as n(contact_id uuid, context_wamid text, fact_id uuid)
     join messages m on m.workspace_id = ? and m.contact_id = n.contact_id and m.direction = 'out' and m.campaign_id is not null
       and (m.wamid = n.context_wamid or coalesce(m.accepted_at, m.sent_at) > now() - interval '24 hours')`,
    [
      JSON.stringify(
        arrivals.map(({ contactId, contextWamid, factId }) => ({
          contact_id: contactId,
          context_wamid: contextWamid ?? null,
          fact_id: factId,
        })),
      ),
      workspaceId,
    ],
  )
  await note(em, workspaceId, rows)
}

async function note(em: Em, workspaceId: string, rows: ReactionRow[]): Promise<void> {
  await noteChanges(
    em,
    workspaceId,
    rows.map(({ contact_id: contactId, campaign_id, cause_id: causeId }) => {
      return { contactId, keys: [`campaign:${campaign_id}`, anyCampaign], causeId }
    }),
  )
}
