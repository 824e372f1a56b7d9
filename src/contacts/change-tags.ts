import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { lockContact } from './lock-contact.ts'
import { applyTags, type TagChange } from './set-tags.ts'

/** Adds tags to a contact and takes others away. Doing it again changes nothing. */
export async function changeTags(
  deps: Deps,
  input: TagChange & { contactId: string; add: string[]; remove: string[] },
): Promise<void> {
  const { workspaceId, contactId, add, remove, ...change } = input
  const decide = (before: string[]) => [...before.filter((tag) => !remove.includes(tag)), ...clean(add)]
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const contact = await lockContact(em, workspaceId, contactId)
    const told = await applyTags(em, { ...change, workspaceId, contacts: [contact], decide })
    if (told.refused.length > 0) throw new AppError('unprocessable', 'the contact has too many tags already')
    return told.outbox
  })
  relaySoon(deps, outbox)
}

/** Out of variables come empty ones, and such as no list could show. */
function clean(tags: string[]): string[] {
  return tags.map((tag) => tag.trim().slice(0, 100)).filter(Boolean)
}
