import { recordFacts } from '../analytics/facts.ts'
import { followSpam } from '../conversations/follow-spam.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { noteChanges } from '../events/note-changes.ts'
import { recordEvents } from '../events/record-events.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { relaySoon } from '../outbox/relay.ts'
import { lockContact, type LockedContact } from './lock-contact.ts'

/** Marks a contact as spam, or takes the mark away: what such a one writes is stored and starts nothing. False: it was so. */
export async function setSpam(
  deps: Deps,
  input: { workspaceId: string; contactId: string; spam: boolean; by: string },
): Promise<boolean> {
  const { workspaceId } = input
  const { changed, outbox } = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const contact = await lockContact(em, workspaceId, input.contactId)
    return {
      changed: contact.spam !== input.spam,
      outbox: await applySpam(em, { ...input, contacts: [contact] }),
    }
  })
  relaySoon(deps, outbox)
  return changed
}

/** The same for many locked contacts, in the caller's transaction. */
export async function applySpam(
  em: Em,
  input: {
    workspaceId: string
    contacts: LockedContact[]
    spam: boolean
    by: string
    causeId?: string | undefined
  },
): Promise<OutboxRow[]> {
  const { workspaceId, contacts, spam, by, causeId } = input
  const changed = contacts
    .filter((contact) => contact.spam !== spam)
    .map(({ id: contactId }) => ({ contactId, factId: newId() }))
  if (changed.length === 0) return []
  await em.execute(
    `update contacts set spam_at = case when ?::boolean then now() end, updated_at = now()
     where workspace_id = ? and id in (select jsonb_array_elements_text(?::jsonb)::uuid)`,
    [spam, workspaceId, JSON.stringify(changed.map(({ contactId }) => contactId))],
  )
  const atMs = Date.now()
  const kind = spam ? 'contact.marked' : 'contact.unmarked'
  await recordFacts(
    em,
    workspaceId,
    changed.map(({ contactId, factId }) => ({ id: factId, atMs, kind, contactId, causeId, data: { by } })),
  )
  const chats = await followSpam(em, {
    workspaceId,
    spam,
    contactIds: changed.map(({ contactId }) => contactId),
  })
  const keys = ['attribute:spam']
  await noteChanges(
    em,
    workspaceId,
    changed.map(({ contactId, factId }) => ({ contactId, keys, causeId: factId })),
  )
  const type = spam ? 'marked_spam' : 'unmarked_spam'
  const events = await recordEvents(
    em,
    workspaceId,
    changed.map(({ contactId, factId }) => ({ contactId, type, attributes: {}, atMs, causeId: factId })),
  )
  return [...events, ...chats]
}
