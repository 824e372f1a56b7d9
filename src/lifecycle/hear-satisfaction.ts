import { recordFacts } from '../analytics/facts.ts'
import { notify } from '../conversations/notify.ts'
import type { Em } from '../db/orm.ts'
import { derivedId } from '../db/columns.ts'
import { recordEvents } from '../events/record-events.ts'
import { announce } from '../live/announce.ts'
import { toReply } from '../model/reply.ts'
import { readSatisfaction } from '../model/satisfaction-tap.ts'
import type { OutboxRow } from '../outbox/outbox.ts'
import { findInboxSettings } from './inbox-settings.ts'
import { say } from './say.ts'

/** A customer's message, as far as it may be about a chat that is over. */
export interface Said {
  id: string
  factId: string
  conversationId: string
  contactId: string
  type: string
  raw: Record<string, unknown>
}

interface Heard {
  message_id: string
  answer_id: string
  episode_id: string
  score: number
  comment: string | null
  user_id: string | null
}

/** So long after a score words are its comment, while the chat stays closed. */
const commentMinutes = 30

/**
 * Scores and comments about chats that are over, before anything else takes them for something that was said: they answer no
 * journey's question, start nothing and open no chat.
 */
export async function hearSatisfaction(
  em: Em,
  workspaceId: string,
  messages: Said[],
): Promise<{ settled: ReadonlySet<string>; outbox: OutboxRow[] }> {
  const scored = await takeScores(em, workspaceId, messages)
  const commented = await takeComments(em, workspaceId, messages)
  const heard = [...scored, ...commented]
  const byId = new Map(messages.map((message) => [message.id, message]))
  const outbox: OutboxRow[] = []
  for (const each of heard) {
    const message = byId.get(each.message_id)
    if (message) outbox.push(...(await tell(em, workspaceId, message, each)))
  }
  return { settled: new Set(heard.map((each) => each.message_id)), outbox }
}

/** The last tap counts. */
async function takeScores(em: Em, workspaceId: string, messages: Said[]): Promise<Heard[]> {
  const taps = messages.flatMap(({ id, factId, conversationId, raw }) => {
    const tap = readSatisfaction(toReply(raw, id, factId).choiceId)
    return tap
      ? [{ message_id: id, conversation_id: conversationId, answer_id: tap.answerId, score: tap.score }]
      : []
  })
  if (taps.length === 0) return []
  return em.execute<Heard[]>(
    `with n as (select distinct on (answer_id) * from jsonb_to_recordset(?::jsonb) as n(message_id uuid, conversation_id uuid,
       answer_id uuid, score smallint) order by answer_id, message_id desc)
     update satisfaction_answers a set score = n.score, answered_at = coalesce(a.answered_at, now()),
       comment_until = case when a.comment is null and i.settings -> 'satisfaction' ->> 'commentQuestion' is not null
         then now() + interval '${commentMinutes} minutes' end
     from n left join inbox_settings i on i.workspace_id = ?
     where a.id = n.answer_id and a.conversation_id = n.conversation_id and a.workspace_id = ?
     returning n.message_id, a.id as answer_id, a.episode_id, a.score, null as comment, a.user_id`,
    [JSON.stringify(taps), workspaceId, workspaceId],
  )
}

/** The first words after a score. In a chat that is open again they are said to whoever has it. */
async function takeComments(em: Em, workspaceId: string, messages: Said[]): Promise<Heard[]> {
  const first = new Map<string, Said>()
  for (const message of messages.filter(({ type }) => type === 'text'))
    if (!first.has(message.conversationId)) first.set(message.conversationId, message)
  if (first.size === 0) return []
  const words = [...first.values()].map(({ id, factId, conversationId, raw }) => ({
    ...{ message_id: id, conversation_id: conversationId, comment: toReply(raw, id, factId).text },
  }))
  return em.execute<Heard[]>(
    `update satisfaction_answers a set comment = n.comment, comment_until = null
     from jsonb_to_recordset(?::jsonb) as n(message_id uuid, conversation_id uuid, comment text)
     where a.conversation_id = n.conversation_id and a.workspace_id = ? and a.comment_until > now()
       and not exists (select 1 from conversation_episodes e where e.conversation_id = a.conversation_id and e.closed_at is null)
     returning n.message_id, a.id as answer_id, a.episode_id, a.score, a.comment, a.user_id`,
    [JSON.stringify(words), workspaceId],
  )
}

async function tell(em: Em, workspaceId: string, message: Said, heard: Heard): Promise<OutboxRow[]> {
  const { conversationId, contactId, factId: causeId } = message
  const { answer_id: answer, episode_id: episode, score, comment, user_id: userId } = heard
  const what = comment === null ? 'satisfaction.scored' : 'satisfaction.commented'
  const id = derivedId(message.id, what)
  const atMs = Date.now()
  const data = { conversation: conversationId, message: message.id, episode, answer, score }
  await recordFacts(em, workspaceId, [{ id, atMs, kind: what, contactId, causeId, data }])
  await announce(em, workspaceId, [
    { kind: 'conversation.changed', conversationId, data: { what: ['satisfaction'] } },
  ])
  const userIds = userId === null ? [] : [userId]
  await notify(em, { workspaceId, kind: 'satisfaction', conversationId, userIds, data: { answer, score } })
  const place = { workspaceId, conversationId, contactId, causeId }
  if (comment !== null) return thank(em, place, answer)
  const attributes = { conversation_id: conversationId, score }
  const events = await recordEvents(em, workspaceId, [
    { contactId, type: 'satisfaction_given', attributes, atMs, causeId: id },
  ])
  return [...events, ...(await thank(em, place, answer, 'commentQuestion'))]
}

/** After the score the comment is asked for, if it is, and after the last of the two is thanked; each once. */
async function thank(
  em: Em,
  place: { workspaceId: string; conversationId: string; contactId: string; causeId: string },
  basis: string,
  first?: 'commentQuestion',
): Promise<OutboxRow[]> {
  const { satisfaction } = (await findInboxSettings(em, place.workspaceId)).settings
  const question = first && satisfaction?.[first]
  const text = question ?? satisfaction?.thanks
  if (!text) return []
  const what = question ? 'satisfaction comment' : 'satisfaction thanks'
  return (await say(em, { ...place, what, basis, message: { text } })).outbox
}
