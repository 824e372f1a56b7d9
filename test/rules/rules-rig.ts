import type { Config } from '../../src/config.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor, type Em } from '../../src/db/orm.ts'
import type { Route } from '../../src/kit/route.ts'
import { openWorkspaceApi, type WorkspaceApi } from '../support/workspace-api.ts'

/** What rules and choices are made over: people, groups, chats. */
export async function openRules(routes: Route[], overrides: Partial<Config> = {}) {
  const rig = await openWorkspaceApi(routes, overrides)
  const { workspaceId } = rig.ours
  const numberId = await rig.addNumber()
  return {
    ...{ ...rig, workspaceId, numberId },
    em: () => forkFor(rig.deps.orm, workspaceId),
    inTransaction: <T>(work: (em: Em) => Promise<T>) =>
      forkFor(rig.deps.orm, workspaceId).transactional(work),
    ...people(rig),
    /** An open chat with somebody new. */
    async chat() {
      const contactId = newId()
      const conversationId = newId()
      await rig.rows(`insert into contacts (id, workspace_id, attributes) values ($1, $2, '{}')`, [
        contactId,
        workspaceId,
      ])
      await rig.rows(
        `insert into conversations (id, workspace_id, number_id, contact_id, status, active_at)
         values ($1, $2, $3, $4, 'open', now())`,
        [conversationId, workspaceId, numberId, contactId],
      )
      await rig.rows(
        `insert into conversation_episodes (id, workspace_id, conversation_id) values ($1, $2, $3)`,
        [newId(), workspaceId, conversationId],
      )
      return { conversationId, contactId }
    },
    /** What a customer wrote in a chat. */
    async message(chat: { conversationId: string; contactId: string }, text = 'hello') {
      const id = newId()
      const wamid = `wamid.${id}`
      await rig.rows(
        `insert into messages (id, workspace_id, number_id, conversation_id, contact_id, direction, type, content, text, wamid, fact_id)
         values ($1, $2, $3, $4, $5, 'in', 'text', $6, $7, $8, $9)`,
        [
          ...[id, workspaceId, numberId, chat.conversationId, chat.contactId],
          ...[{ id: wamid, type: 'text', text: { body: text } }, text, wamid, newId()],
        ],
      )
      return { id, wamid }
    },
    async holder(conversationId: string) {
      const [row] = await rig.rows<{ user: string | null; group: string | null; queued: boolean }>(
        `select assigned_user_id as user, assigned_group_id as group, queued_at is not null as queued
         from conversations where id = $1`,
        [conversationId],
      )
      return row
    },
  }
}
export type RulesRig = Awaited<ReturnType<typeof openRules>>

function people({ rows, ours: { workspaceId } }: WorkspaceApi) {
  let made = 0
  const next = () => (made += 1)
  return {
    /** Somebody who is there, or what `settings` of theirs say. */
    async agent(settings: { capacity?: number; presence?: string; role?: string; away?: boolean } = {}) {
      const { capacity = null, presence = 'online', role = 'user', away = false } = settings
      const id = newId()
      const name = `agent-${next()}`
      await rows(
        `insert into users (id, workspace_id, username, role, activated_at, capacity, presence, last_seen_at)
         values ($1, $2, $3, $4, now(), $5, $6, case when $7 then now() - interval '1 day' else now() end)`,
        [id, workspaceId, name, role, capacity, presence, away],
      )
      return { id, name }
    },
    async group(members: { id: string }[]) {
      const id = newId()
      const name = `team-${next()}`
      await rows(`insert into groups (id, workspace_id, name) values ($1, $2, $3)`, [id, workspaceId, name])
      for (const member of members) {
        await rows(`insert into group_members (group_id, user_id, workspace_id) values ($1, $2, $3)`, [
          ...[id, member.id, workspaceId],
        ])
      }
      return { id, name }
    },
  }
}
