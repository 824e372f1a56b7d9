import { lockContact } from '../contacts/lock-contact.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { relaySoon } from '../outbox/relay.ts'
import { changeMembers } from './change-members.ts'
import { readStatic } from './subscribe-contacts.ts'

/** Takes one contact into static segments and out of others. Doing it again changes nothing. */
export async function changeSegments(
  deps: Deps,
  input: {
    workspaceId: string
    contactId: string
    add: string[]
    remove: string[]
    causeId: string
    by: string
  },
): Promise<void> {
  const { workspaceId, add, remove, causeId, by } = input
  const outbox = await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { id: contactId } = await lockContact(em, workspaceId, input.contactId)
    const change = [{ contactId, causeId }]
    const moves = [
      ...add.map((id) => ({ id, entered: change, left: [] })),
      ...remove.map((id) => ({ id, entered: [], left: change })),
    ]
    const told = []
    for (const { id, entered, left } of moves) {
      const segment = await readStatic(em, workspaceId, id)
      told.push(...(await changeMembers(em, workspaceId, segment, { entered, left }, by)))
    }
    return told
  })
  relaySoon(deps, outbox)
}
