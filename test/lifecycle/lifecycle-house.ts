import type { Config } from '../../src/config.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { sendFromInbox } from '../../src/inbox/send-from-inbox.ts'
import { saveInboxSettings } from '../../src/lifecycle/inbox-settings.ts'
import { wakeChats } from '../../src/lifecycle/timers.ts'
import { inboxSettingsSchema } from '../../src/model/inbox-settings.ts'
import { relaySoon } from '../../src/outbox/relay.ts'
import { createUser } from '../../src/people/users.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, type OpenHouse } from '../support/open-house.ts'

export type LifecycleHouse = Awaited<ReturnType<typeof openLifecycleHouse>>

/** The whole line with a worker, an inbox that is set, people who work in it, and clocks that can be put back. */
export async function openLifecycleHouse(overrides: Partial<Config> = {}) {
  const house = await openHouse(overrides)
  const chats = chatsOf(house)
  return { ...house, ...staff(house), ...chats, ...looks(house, chats.chatOf) }
}

function staff({ deps, workspaceId, rows }: OpenHouse) {
  return {
    set: (settings: object) =>
      saveInboxSettings(deps, { workspaceId, settings: inboxSettingsSchema.parse(settings), by: 'test' }),
    /** Somebody who is there. */
    async hire(name: string, role: 'admin' | 'user' | 'app' = 'user') {
      const username = `${name}-${newId().slice(-6)}`
      const user = await createUser(deps, { workspaceId, username, password: `secret-${newId()}`, role })
      await rows('update users set last_seen_at = now(), presence = $2 where id = $1', [user.id, 'online'])
      return { id: user.id, username, role, workspaceId }
    },
  }
}

function chatsOf({ deps, workspaceId, rows }: OpenHouse) {
  const chatOf = async (waId: string) =>
    eventually(async () => {
      const [chat] = await rows<{ id: string; contact_id: string }>(
        `select v.id, v.contact_id from conversations v join identities i on i.contact_id = v.contact_id where i.value = $1`,
        [waId],
      )
      if (!chat) throw new Error(`${waId} has no chat`)
      return { conversationId: chat.id, contactId: chat.contact_id }
    })
  return {
    chatOf,
    /** A chat's clock is looked at, as after any deed. */
    async wake(waId: string) {
      const { conversationId } = await chatOf(waId)
      const em = forkFor(deps.orm, workspaceId)
      relaySoon(deps, await em.transactional((tx) => wakeChats(tx, workspaceId, [conversationId])))
    },
    /** Everything in a chat happened so much earlier. */
    async age(waId: string, minutes: number) {
      const { conversationId } = await chatOf(waId)
      const earlier = (column: string) => `${column} = ${column} - $2 * interval '1 minute'`
      const columns = ['waiting_since', 'last_message_at', 'active_at', 'window_ends_at', 'assigned_at']
      await rows(
        `update conversations set ${[...columns, 'created_at', 'unavailable_said_at'].map(earlier).join(', ')} where id = $1`,
        [conversationId, minutes],
      )
      await rows(
        `update conversation_episodes set ${['opened_at', 'closed_at'].map(earlier).join(', ')} where conversation_id = $1`,
        [conversationId, minutes],
      )
      await rows(`update assignment_events set ${earlier('at')} where conversation_id = $1`, [
        conversationId,
        minutes,
      ])
    },
    async write(waId: string, body: string, user?: { id: string }) {
      const { conversationId } = await chatOf(waId)
      return sendFromInbox(deps, {
        ...{ workspaceId, conversationId, by: 'user test', vars: {}, class: 'utility', key: newId() },
        ...{ isPerson: true, what: { content: { type: 'text', text: { body } } } },
        ...(user && { byUserId: user.id }),
      })
    },
  }
}

function looks(
  { rows, ledger }: OpenHouse,
  chatOf: (waId: string) => Promise<{ conversationId: string; contactId: string }>,
) {
  const texts = async (waId: string) =>
    (await ledger(waId)).map(({ payload }) => payload.text?.body ?? payload.interactive?.body.text)
  return {
    /** What WhatsApp accepted for a customer, once it is that. */
    said: (waId: string, expected: string[]) =>
      eventually(async () => expect(await texts(waId)).toEqual(expected)),
    facts: async (waId: string, kind: string) => {
      const { contactId } = await chatOf(waId)
      const found = await rows<{ data: Record<string, unknown> }>(
        'select data from facts where contact_id = $1 and kind = $2 order by at, id',
        [contactId, kind],
      )
      return found.map(({ data }) => data)
    },
    /** How the conversation stands. */
    standing: async (waId: string) => {
      const { conversationId } = await chatOf(waId)
      const [row] = await rows<{
        status: string
        assigned_user_id: string | null
        assigned_group_id: string | null
      }>('select * from conversations where id = $1', [conversationId])
      return row
    },
    /** What the chat will do by the clock. */
    planned: async (waId: string) => {
      const { conversationId } = await chatOf(waId)
      const found = await rows<{ kind: string }>(
        'select kind from chat_timers where conversation_id = $1 and fired_at is null order by kind',
        [conversationId],
      )
      return found.map(({ kind }) => kind)
    },
    /** Of the latest episode. */
    episode: async (waId: string) => {
      const { conversationId } = await chatOf(waId)
      const [row] = await rows<Record<string, string | null>>(
        'select * from conversation_episodes where conversation_id = $1 order by opened_at desc limit 1',
        [conversationId],
      )
      return row
    },
  }
}
