import type { Em } from '../db/orm.ts'

/** Notified after the commit, so that a worker brings live segments up to date at once. */
export const changesChannel = 'contact_changes'

export interface ContactChange {
  contactId: string
  /** `attribute:<name>`, `tag`, `consent`, `last_seen`, `window`, `event:<type>`, `segment:<id>`, `journey:<id>` … */
  keys: string[]
  /** The fact that tells of it. */
  causeId: string
}

/**
 * Queues contacts whose live segments may have changed, in the transaction of the change. Only keys that some live segment
 * of the workspace looks at make a row: one statement, whatever the number of contacts.
 */
export async function noteChanges(em: Em, workspaceId: string, changes: ContactChange[]): Promise<void> {
  if (changes.length === 0) return
  await em.execute(
    `with watched as materialized (
       select distinct key from segments s cross join unnest(s.depends_on) as key
       where s.workspace_id = ? and s.kind = 'live' and s.deleted_at is null),
     noted as (
       insert into contact_changes (workspace_id, contact_id, keys, cause_id)
       select ?, n.contact_id, array(select k from jsonb_array_elements_text(n.keys) k where k in (select key from watched)),
         n.cause_id
       from jsonb_to_recordset(?::jsonb) as n(contact_id uuid, keys jsonb, cause_id uuid)
       where exists (select 1 from jsonb_array_elements_text(n.keys) k where k in (select key from watched))
       returning 1)
     select pg_notify('${changesChannel}', '') from noted limit 1`,
    [
      workspaceId,
      workspaceId,
      JSON.stringify(
        changes.map(({ contactId, keys, causeId }) => ({ contact_id: contactId, keys, cause_id: causeId })),
      ),
    ],
  )
}
