import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { escapeLike } from '../db/escape-like.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** What one conversation may carry. */
const maximumLabels = 50

/** Labels of a conversation, by name. */
export async function listLabels(em: Em, workspaceId: string, conversationId: string): Promise<string[]> {
  const rows = await em.execute<{ label: string }[]>(
    `select l.label from conversation_labels l where l.workspace_id = ? and l.conversation_id =
       (select coalesce(v.merged_into, v.id) from conversations v where v.id = ? and v.workspace_id = l.workspace_id)
     order by l.label`,
    [workspaceId, conversationId],
  )
  return rows.map(({ label }) => label)
}

export interface LabelCount {
  label: string
  conversations: number
}

/** The labels in use, by name, with how many conversations carry each. */
export async function listLabelCounts(
  em: Em,
  input: { workspaceId: string; search: string | undefined; after: string | undefined; limit: number },
): Promise<LabelCount[]> {
  const { workspaceId, search, after = null, limit } = input
  return em.execute<LabelCount[]>(
    `select label, count(*)::int as conversations from conversation_labels
     where workspace_id = ? and (?::text is null or label > ?) and label ilike ?
     group by label order by label limit ?`,
    [workspaceId, after, after, `%${escapeLike(search ?? '')}%`, limit],
  )
}

/** Adds labels to a conversation and takes others away; only what really changes is told. Returns what it has now. */
export async function changeLabels(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    conversationId: string
    add: string[]
    remove: string[]
    by: string
    runId?: string | undefined
    causeId?: string | undefined
  },
): Promise<string[]> {
  const { workspaceId, remove, by } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { conversationId, contactId } = await lockConversation(em, workspaceId, input.conversationId)
    const before = await listLabels(em, workspaceId, conversationId)
    const added = [...new Set(input.add)].filter((label) => !before.includes(label))
    const removed = before.filter((label) => remove.includes(label) && !input.add.includes(label))
    const labels = [...before.filter((label) => !removed.includes(label)), ...added].sort()
    if (added.length + removed.length === 0) return labels
    if (labels.length > maximumLabels) {
      throw new AppError('unprocessable', `a conversation has at most ${maximumLabels} labels`)
    }
    await em.execute(
      `insert into conversation_labels (conversation_id, label, workspace_id, by)
       select ?, label, ?, ? from jsonb_array_elements_text(?::jsonb) as label on conflict do nothing`,
      [conversationId, workspaceId, by, JSON.stringify(added)],
    )
    await em.execute(
      `delete from conversation_labels where workspace_id = ? and conversation_id = ?
         and label in (select jsonb_array_elements_text(?::jsonb))`,
      [workspaceId, conversationId, JSON.stringify(removed)],
    )
    const { runId, causeId } = input
    const data = { conversation: conversationId, added, removed, by }
    await recordFacts(em, workspaceId, [
      { id: newId(), atMs: Date.now(), kind: 'labels.changed', contactId, runId, causeId, data },
    ])
    return labels
  })
}

/** Of conversations that were merged, the one that is left. */
async function lockConversation(
  em: Em,
  workspaceId: string,
  id: string,
): Promise<{ conversationId: string; contactId: string }> {
  const [row] = await em.execute<{ conversationId: string; contactId: string }[]>(
    `select id as "conversationId", contact_id as "contactId" from conversations
     where workspace_id = ? and id = (select coalesce(merged_into, id) from conversations where id = ?) for update`,
    [workspaceId, id],
  )
  if (!row) throw new AppError('not_found', `conversation ${id} does not exist`)
  return row
}
