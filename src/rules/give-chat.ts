import { assignChat } from '../conversations/assign.ts'
import type { Em } from '../db/orm.ts'
import type { JsonObject } from '../model/json.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { pickAgent, type LookedAt } from './pick-agent.ts'

/** A user, a group, or both. A group of which one is to get it at once gives it to whose turn it is. */
export interface Gift {
  workspaceId: string
  conversationId: string
  userId: string | null
  groupId: string | null
  method: 'round_robin' | 'let_group_decide' | null
  by: string
  reason: JsonObject
  causeId?: string | undefined
}

export interface Given {
  changed: boolean
  words: string
  looked: LookedAt[]
  outbox: OutboxRow[]
}

/**
 * Gives a chat as a rule engine says. Who is left to decide has nobody in their way: the chat is nobody's until one of the
 * group takes it. Of a group one gets it at once, whose turn it is among those who are free, or else among all.
 * The caller has locked the chat.
 */
export async function giveChat(em: Em, gift: Gift): Promise<Given> {
  const { workspaceId, conversationId, userId, groupId, method, by, reason, causeId } = gift
  const target = { workspaceId, conversationId, by, causeId }
  if (groupId === null || userId !== null) {
    const to = { userId: userId ?? undefined, groupId: groupId ?? undefined }
    const { changed, outbox } = await assignChat(em, { ...target, ...to, reason })
    return { changed, outbox, words: 'as the rule says', looked: [] }
  }
  if (method === 'let_group_decide') {
    const { changed, outbox } = await assignChat(em, { ...target, userId: null, groupId, reason })
    return { changed, outbox, words: 'the group decides who takes it', looked: [] }
  }
  const query = { workspaceId, conversationId, candidates: { groupId }, method: 'round-robin' } as const
  const picked = await pickAgent(em, { ...query, evenIfNotFree: true })
  const why = { ...reason, picked: picked.reason }
  const given = await assignChat(em, { ...target, userId: picked.userId, groupId, reason: why })
  return { changed: given.changed, outbox: given.outbox, words: picked.reason, looked: picked.looked }
}
