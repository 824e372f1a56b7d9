import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { lockChat } from '../takeover/active-takeover.ts'
import { findWireChat, findWireMessage } from '../wabbit-wire/resolve-ids.ts'
import { giveChat } from './give-chat.ts'
import { readEntry, type Entry } from './read-entry.ts'

export interface EntryVerdict {
  /** As it came, cut to what a trace keeps. */
  entry: string
  done: boolean
  words: string
}

interface Resolved {
  conversationId: string
  userId: string | null
  groupId: string | null
  method: Entry['method']
}

/**
 * Does what a rule engine asks for, entry by entry: one that is wrong or names what is not there is passed over, with the
 * reason. Chats are locked in one order before anybody is chosen.
 */
export async function applyEntries(
  em: Em,
  input: { workspaceId: string; numberId: string; causeId: string; entries: unknown[] },
): Promise<{ verdicts: EntryVerdict[]; outbox: OutboxRow[] }> {
  const { workspaceId, causeId, entries } = input
  const resolved: (Resolved | { problem: string })[] = []
  for (const entry of entries) resolved.push(await resolveEntry(em, input, entry))
  const chats = resolved.flatMap((each) => ('problem' in each ? [] : each.conversationId))
  for (const conversationId of [...new Set(chats)].sort()) await lockChat(em, workspaceId, conversationId)
  const verdicts: EntryVerdict[] = []
  const outbox: OutboxRow[] = []
  for (const [at, each] of resolved.entries()) {
    const entry = JSON.stringify(entries[at]).slice(0, 300)
    if ('problem' in each) {
      verdicts.push({ entry, done: false, words: each.problem })
      continue
    }
    const { words, done, outbox: told } = await give(em, { ...each, workspaceId, causeId })
    verdicts.push({ entry, done, words })
    outbox.push(...told)
  }
  return { verdicts, outbox }
}

async function give(em: Em, gift: Resolved & { workspaceId: string; causeId: string }) {
  try {
    const reason = { engine: 'the rule engine said so' }
    const { changed, words, outbox } = await giveChat(em, { ...gift, by: 'the rule engine', reason })
    return { done: true, words: changed ? words : 'it was so already', outbox }
  } catch (error) {
    // Somebody may have left between the answer and now: the other entries stand.
    if (!(error instanceof AppError)) throw error
    return { done: false, words: error.message, outbox: [] }
  }
}

/** What an entry would do, without doing it; a problem in words where it would do nothing. */
export async function resolveEntry(
  em: Em,
  { workspaceId, numberId }: { workspaceId: string; numberId: string | null },
  given: unknown,
): Promise<Resolved | { problem: string }> {
  const entry = readEntry(given)
  if ('problem' in entry) return entry
  const conversationId = await findChat(em, workspaceId, numberId, entry)
  if (conversationId === undefined)
    return {
      problem: entry.messageId
        ? `there is no message ${entry.messageId}`
        : `there is no chat ${entry.chatId}`,
    }
  const { userNumber, groupNumber, method } = entry
  const [found] = await em.execute<{ userId: string | null; groupId: string | null }[]>(
    `select (select id from users where workspace_id = ? and number = ? and deactivated_at is null) as "userId",
       (select id from groups where workspace_id = ? and number = ?) as "groupId"`,
    [workspaceId, userNumber ?? null, workspaceId, groupNumber ?? null],
  )
  const { userId = null, groupId = null } = found ?? {}
  if (userNumber !== undefined && userId === null) return { problem: `there is no active user ${userNumber}` }
  if (groupNumber !== undefined && groupId === null) return { problem: `there is no group ${groupNumber}` }
  return { conversationId, userId, groupId, method }
}

async function findChat(
  em: Em,
  workspaceId: string,
  numberId: string | null,
  { messageId, chatId }: Entry,
): Promise<string | undefined> {
  if (messageId !== undefined)
    return (await findWireMessage(em, { workspaceId, id: messageId }))?.conversationId
  return chatId === undefined || numberId === null
    ? undefined
    : (await findWireChat(em, { workspaceId, numberId, waId: chatId }))?.id
}
