import type { Em } from '../db/orm.ts'

/** What a default rule does with a chat: on a tag, or without one on every fresh message. */
export interface TagRule {
  id: string
  number: number
  tagId: string | null
  userId: string | null
  groupId: string | null
  method: 'round_robin' | 'let_group_decide' | null
}

/** The rules for some tags, in order; null stands for fresh messages. */
export async function findTagRules(
  em: Em,
  workspaceId: string,
  tagIds: readonly (string | null)[],
): Promise<TagRule[]> {
  return em.execute<TagRule[]>(
    `select id, number::int, tag_id as "tagId", user_id as "userId", group_id as "groupId", method from tag_rules r
     where workspace_id = ? and exists (
       select 1 from jsonb_array_elements(?::jsonb) as t where (t #>> '{}')::uuid is not distinct from r.tag_id)
     order by position, id`,
    [workspaceId, JSON.stringify(tagIds)],
  )
}
