import { recordFacts } from '../analytics/facts.ts'
import { derivedId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { changesChannel } from '../events/note-changes.ts'
import { recordEvents } from '../events/record-events.ts'
import type { OutboxRow } from '../outbox/outbox.ts'

/** Tells of contacts that were just made, all at once: their facts, their events, and every live segment. */
export async function tellOfNewContacts(
  em: Em,
  workspaceId: string,
  contactIds: string[],
  { by, source }: { by: string; source: string },
): Promise<OutboxRow[]> {
  if (contactIds.length === 0) return []
  const atMs = Date.now()
  const told = contactIds.map((contactId) => ({ contactId, causeId: createdFactId(contactId) }))
  await recordFacts(
    em,
    workspaceId,
    told.map(({ contactId, causeId }) => ({
      id: causeId,
      atMs,
      kind: 'contact.created',
      contactId,
      data: { by },
    })),
  )
  await judgeAnew(em, workspaceId, told)
  return recordEvents(
    em,
    workspaceId,
    told.map(({ contactId, causeId }) => ({
      ...{ contactId, causeId, atMs },
      type: 'contact_created',
      attributes: { source },
    })),
  )
}

/** The fact that a contact was made: there is one a contact. */
export function createdFactId(contactId: string): string {
  return derivedId(contactId, 'contact.created')
}

/** Lets every live segment of the workspace judge these contacts, whatever it looks at. */
export async function judgeAnew(
  em: Em,
  workspaceId: string,
  contacts: { contactId: string; causeId: string }[],
): Promise<void> {
  await em.execute(
    `with live as materialized (
       select array_agg('self:' || id) as keys from segments where workspace_id = ? and kind = 'live' and deleted_at is null),
     noted as (
       insert into contact_changes (workspace_id, contact_id, keys, cause_id)
       select ?, n."contactId", live.keys, n."causeId"
       from live cross join jsonb_to_recordset(?::jsonb) as n("contactId" uuid, "causeId" uuid)
       where live.keys is not null returning 1)
     select pg_notify('${changesChannel}', '') from noted limit 1`,
    [workspaceId, workspaceId, JSON.stringify(contacts)],
  )
}
