import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { noteChanges } from '../events/note-changes.ts'
import { recordEvents } from '../events/record-events.ts'
import { AppError } from '../model/errors.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { lockContact, type LockedContact } from './lock-contact.ts'

/** What one contact may carry. */
const maximumTags = 500

export interface TagChange {
  workspaceId: string
  by: string
  causeId?: string | undefined
}

/** Replaces a contact's tags; in the trace stand the names that came and went. Returns what Temporal must be told. */
export async function setTags(
  em: Em,
  input: TagChange & { contactId: string; tags: string[] },
): Promise<OutboxRow[]> {
  const contact = await lockContact(em, input.workspaceId, input.contactId)
  const { outbox, refused } = await applyTags(em, { ...input, contacts: [contact], decide: () => input.tags })
  if (refused.length === 0) return outbox
  const message = `a contact has at most ${maximumTags} tags`
  throw new AppError('unprocessable', message, { fields: [{ field: 'tags', message }] })
}

/** Gives each of some locked contacts the tags that `decide` makes of those it has; who would have too many keeps them. */
export async function applyTags(
  em: Em,
  input: TagChange & { contacts: LockedContact[]; decide: (before: string[]) => string[] },
): Promise<{ outbox: OutboxRow[]; refused: string[] }> {
  const { workspaceId, contacts, decide, by, causeId } = input
  const atMs = Date.now()
  const decided = contacts
    .map(({ id: contactId, tags: before }) => ({
      contactId,
      factId: newId(),
      ...compare(before, decide(before)),
    }))
    .filter(({ added, removed }) => added.length + removed.length > 0)
  const isTooMany = ({ tags }: { tags: string[] }) => tags.length > maximumTags
  const changed = decided.filter((each) => !isTooMany(each))
  await store(em, workspaceId, changed)
  await recordFacts(
    em,
    workspaceId,
    changed.map(({ factId: id, contactId, added, removed }) => ({
      ...{ id, atMs, kind: 'tags.changed', contactId, causeId },
      data: { added, removed, by },
    })),
  )
  await noteChanges(
    em,
    workspaceId,
    changed.map(({ contactId, factId }) => ({ contactId, keys: ['tag'], causeId: factId })),
  )
  const outbox = await recordEvents(
    em,
    workspaceId,
    changed.flatMap(({ contactId, factId, added, removed }) => {
      const tell = (type: string) => (tag: string) => ({
        ...{ contactId, type, atMs, causeId: factId },
        attributes: { tag },
      })
      return [...added.map(tell('tag_added')), ...removed.map(tell('tag_removed'))]
    }),
  )
  return { outbox, refused: decided.filter(isTooMany).map(({ contactId }) => contactId) }
}

function compare(before: string[], wanted: string[]) {
  const tags = [...new Set(wanted)]
  return {
    tags,
    added: tags.filter((tag) => !before.includes(tag)),
    removed: before.filter((tag) => !tags.includes(tag)),
  }
}

async function store(
  em: Em,
  workspaceId: string,
  changed: { contactId: string; tags: string[] }[],
): Promise<void> {
  if (changed.length === 0) return
  await em.execute(
    `update contacts c set tags = array(select jsonb_array_elements_text(n.tags)), updated_at = now()
     from jsonb_to_recordset(?::jsonb) as n(id uuid, tags jsonb) where c.id = n.id and c.workspace_id = ?`,
    [JSON.stringify(changed.map(({ contactId, tags }) => ({ id: contactId, tags }))), workspaceId],
  )
}
