import { escapeLike } from '../db/escape-like.ts'
import type { Em } from '../db/orm.ts'

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
