import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { announce } from '../live/announce.ts'
import type { JsonObject } from '../model/json.ts'
import {
  deletedContent,
  deletedWords,
  editContent,
  readChange,
  type MessageChange,
} from '../model/message-change.ts'
import { describeContent } from '../model/message.ts'
import { toReply } from '../model/reply.ts'

interface Stored {
  wamid: string
  raw: Record<string, unknown>
}

interface ChangedRow {
  id: string
  conversation_id: string
  content: JsonObject
  edited_ms: number | null
  is_deleted: boolean
  changes: { content: JsonObject; at_ms: number }[]
}

/**
 * Brings messages to what their senders made of them: those that these messages edit, delete or react to, and those of them
 * that were edited or deleted before they came. Whatever the order, the latest edit counts, and a deletion for good. Call it
 * under the lock on the conversations, after the messages are stored.
 */
export async function applyChanges(
  em: Em,
  { workspaceId, id: numberId }: { workspaceId: string; id: string },
  stored: Stored[],
): Promise<void> {
  const changes = stored.flatMap(({ raw }) => readChange(raw) ?? [])
  const targets = changes.map(({ targetWamid }) => targetWamid)
  const wamids = [...new Set([...stored.map(({ wamid }) => wamid), ...targets])]
  // A change is its target's own side's: nobody edits what the other one wrote, and anybody reacts to it.
  const rows = await em.execute<ChangedRow[]>(
    `select m.id, m.conversation_id, m.content, extract(epoch from m.edited_at)::float8 * 1000 as edited_ms,
       m.deleted_at is not null as is_deleted, jsonb_agg(jsonb_build_object('content', c.content,
         'at_ms', extract(epoch from coalesce(c.sent_by_customer_at, c.accepted_at, c.created_at))::float8 * 1000) order by c.id) as changes
     from messages c join messages m on m.number_id = c.number_id and m.wamid = c.target_wamid
       and m.conversation_id = c.conversation_id and (m.direction = c.direction or c.type = 'reaction')
     where c.workspace_id = ? and c.number_id = ? and c.target_wamid in (select jsonb_array_elements_text(?::jsonb))
     group by m.id order by m.id`,
    [workspaceId, numberId, JSON.stringify(wamids)],
  )
  const told = new Set(changes.filter(({ kind }) => kind === 'reaction').map((each) => each.targetWamid))
  const settled = rows.flatMap((row) => settle(row) ?? [])
  if (settled.length > 0) await rewrite(em, workspaceId, settled)
  await announce(em, workspaceId, [
    ...settled.map(({ id, conversationId, what }) => ({
      ...{ kind: 'message.changed' as const, conversationId, data: { messageId: id, what } },
    })),
    ...rows
      .filter((row) => row.changes.some(({ content }) => told.has(readChange(content)?.targetWamid ?? '')))
      .map((row) => ({
        kind: 'message.changed' as const,
        conversationId: row.conversation_id,
        data: { messageId: row.id, what: 'reaction' },
      })),
  ])
}

interface Settled {
  id: string
  conversationId: string
  what: 'edit' | 'deletion'
  content: Record<string, unknown>
  text: string
  atMs: number
}

/** What a message is to become; undefined when it is that already. */
function settle(row: ChangedRow): Settled | undefined {
  if (row.is_deleted) return undefined
  const { id, conversation_id: conversationId, content } = row
  const told = row.changes.flatMap(({ content: raw, at_ms: atMs }) => {
    const change = readChange(raw)
    return change ? [{ ...change, atMs }] : []
  })
  const revoked = told.find(({ kind }) => kind === 'revoke')
  if (revoked) {
    const { atMs } = revoked
    return {
      id,
      conversationId,
      what: 'deletion',
      content: deletedContent(content),
      text: deletedWords,
      atMs,
    }
  }
  const edit = latest(told.filter(({ kind }) => kind === 'edit'))
  if (!edit?.message || edit.atMs <= (row.edited_ms ?? 0)) return undefined
  const edited = editContent(content, edit.message)
  const text = toReply(edited, id, id).text || describeContent(edited)
  return { id, conversationId, what: 'edit', content: edited, text, atMs: edit.atMs }
}

function latest(edits: (MessageChange & { atMs: number })[]): (MessageChange & { atMs: number }) | undefined {
  return edits.toSorted((a, b) => a.atMs - b.atMs).at(-1)
}

/** What a deleted message said and showed is out of every list, search and export; its revisions keep it for an audit. */
async function rewrite(em: Em, workspaceId: string, settled: Settled[]): Promise<void> {
  const rows = settled.map(({ id, what, content, text, atMs }) => ({
    ...{ id, content, text, revision_id: newId(), at_ms: atMs, is_deleted: what === 'deletion' },
  }))
  await em.execute(
    `with n as materialized (select * from jsonb_to_recordset(?::jsonb)
         as n(id uuid, revision_id uuid, content jsonb, text text, at_ms double precision, is_deleted boolean)),
       kept as (insert into message_revisions (id, workspace_id, message_id, content, text)
         select n.revision_id, ?, m.id, m.content, m.text from n join messages m on m.id = n.id)
     update messages m set content = n.content, text = n.text,
       edited_at = case when n.is_deleted then m.edited_at else to_timestamp(n.at_ms / 1000) end,
       deleted_at = case when n.is_deleted then to_timestamp(n.at_ms / 1000) end,
       media_id = case when n.is_deleted then null else m.media_id end
     from n where m.id = n.id and m.workspace_id = ?`,
    [JSON.stringify(rows), workspaceId, workspaceId],
  )
}
