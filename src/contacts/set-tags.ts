import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { noteChanges } from '../events/note-changes.ts'
import { recordEvents } from '../events/record-events.ts'
import { AppError } from '../model/errors.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { lockContact } from './lock-contact.ts'

/** What one contact may carry. */
const maximumTags = 500

export interface TagChange {
  workspaceId: string
  contactId: string
  by: string
  causeId?: string | undefined
}

/** Replaces the tags; in the trace stand the names that came and went. Returns what Temporal must be told. */
export async function setTags(em: Em, input: TagChange & { tags: string[] }): Promise<OutboxRow[]> {
  const wanted = new Set(input.tags)
  return change(em, input, () => wanted)
}

/** Adds tags and takes others away; those not named stay. */
export async function changeTags(
  em: Em,
  input: TagChange & { add: string[]; remove: string[] },
): Promise<OutboxRow[]> {
  return change(em, input, (before) => {
    const left = before.filter((tag) => !input.remove.includes(tag))
    return new Set([...left, ...input.add])
  })
}

async function change(
  em: Em,
  { workspaceId, by, causeId, ...input }: TagChange,
  decide: (before: string[]) => Set<string>,
): Promise<OutboxRow[]> {
  const { id: contactId, tags: before } = await lockContact(em, workspaceId, input.contactId)
  const tags = decide(before)
  const added = [...tags].filter((tag) => !before.includes(tag))
  const removed = before.filter((tag) => !tags.has(tag))
  if (added.length + removed.length === 0) return []
  if (tags.size > maximumTags) {
    const message = `a contact has at most ${maximumTags} tags`
    throw new AppError('unprocessable', message, { fields: [{ field: 'tags', message }] })
  }
  await em.execute(
    `update contacts set tags = array(select jsonb_array_elements_text(?::jsonb)), updated_at = now()
     where id = ? and workspace_id = ?`,
    [JSON.stringify([...tags]), contactId, workspaceId],
  )
  const id = newId()
  const atMs = Date.now()
  await recordFacts(em, workspaceId, [
    { id, atMs, kind: 'tags.changed', contactId, causeId, data: { added, removed, by } },
  ])
  await noteChanges(em, workspaceId, [{ contactId, keys: ['tag'], causeId: id }])
  const tell = (type: string) => (tag: string) => ({
    contactId,
    type,
    attributes: { tag },
    atMs,
    causeId: id,
  })
  return recordEvents(em, workspaceId, [...added.map(tell('tag_added')), ...removed.map(tell('tag_removed'))])
}
