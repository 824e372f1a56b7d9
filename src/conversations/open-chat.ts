import { recordFacts } from '../analytics/facts.ts'
import { getSurvivor } from '../contacts/find-contacts.ts'
import { upsertByPhone } from '../contacts/upsert-by-phone.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { conversationOf } from '../inbox/conversation-of.ts'
import { AppError } from '../model/errors.ts'
import { relaySoon } from '../outbox/relay.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import type { ChatAccess } from './access.ts'
import { demandAnswer } from './demand-answer.ts'

export interface NewChat {
  numberId: string
  contactId?: string | undefined
  phone?: string | undefined
}

/** The chat of a contact and a number, to write first: one that nobody has goes to who opens it. Returns its id. */
export async function openChat(
  deps: Deps,
  access: ChatAccess,
  { numberId, contactId, phone }: NewChat,
  by: string,
): Promise<string> {
  const { workspaceId } = access
  if (access.write === 'none') throw new AppError('forbidden', 'you may not write into chats')
  await demandNumber(deps, workspaceId, numberId)
  const whom =
    contactId ??
    (await upsertByPhone(deps, { workspaceId, people: [{ phone: phone ?? '', attributes: {} }], by }))[0]
  const { id } = await getSurvivor(deps, workspaceId, whom ?? '')
  const { conversationId: opened, outbox } = await forkFor(deps.orm, workspaceId).transactional(
    async (em) => {
      const conversationId = await conversationOf(em, { workspaceId, numberId, contactId: id })
      await lockChat(em, workspaceId, conversationId)
      // Whoever opens it need not be able to see what nobody has.
      const answer = await demandAnswer(em, { ...access, read: 'all' }, conversationId)
      const shown = await em.execute<object[]>(
        'update conversations set active_at = now() where id = ? and workspace_id = ? and active_at is null returning 1',
        [conversationId, workspaceId],
      )
      if (shown.length > 0) {
        const data = { conversation: conversationId, by }
        await recordFacts(em, workspaceId, [
          { id: newId(), atMs: Date.now(), kind: 'chat.opened', contactId: id, data },
        ])
      }
      return { conversationId, outbox: await answer.also(em) }
    },
  )
  relaySoon(deps, outbox)
  return opened
}

async function demandNumber(deps: Deps, workspaceId: string, numberId: string): Promise<void> {
  const [number] = await forkFor(deps.orm, workspaceId).execute<object[]>(
    'select 1 from phone_numbers where id = ? and workspace_id = ?',
    [numberId, workspaceId],
  )
  if (number) return
  const message = 'is not a number of yours'
  throw new AppError('unprocessable', `numberId ${message}`, { fields: [{ field: 'numberId', message }] })
}
