import { z } from 'zod'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { decodeCursor } from '../kit/paging.ts'
import { AppError, type FieldError } from '../model/errors.ts'

/** What a default rule does with a chat: on a tag, or without one on every fresh message. */
export interface TagRule {
  id: string
  number: number
  tagId: string | null
  userId: string | null
  groupId: string | null
  method: 'round_robin' | 'let_group_decide' | null
}
export interface TagRuleView extends TagRule {
  tag: { id: string; name: string } | null
  user: { id: string; name: string } | null
  group: { id: string; name: string } | null
  position: number
  createdAt: string
  updatedAt: string
  by: string
}
type TagRuleContent = Omit<TagRule, 'id' | 'number'>
interface Change {
  workspaceId: string
  by: string
}

/** The rules for some tags, in order; null stands for fresh messages. Those for users who have left count no more. */
export async function findTagRules(
  em: Em,
  workspaceId: string,
  tagIds: readonly (string | null)[],
): Promise<TagRule[]> {
  return em.execute<TagRule[]>(
    `select id, number::int, tag_id as "tagId", user_id as "userId", group_id as "groupId", method from tag_rules r
     where workspace_id = ? and exists (
       select 1 from jsonb_array_elements(?::jsonb) as t where (t #>> '{}')::uuid is not distinct from r.tag_id)
       and not exists (select 1 from users u where u.id = r.user_id and u.deactivated_at is not null)
     order by position, id`,
    [workspaceId, JSON.stringify(tagIds)],
  )
}

const columns = `r.id, r.number::int, r.position, r.tag_id as "tagId", r.user_id as "userId", r.group_id as "groupId", r.method,
  r.by, ${isoTime('r.created_at')} as "createdAt", ${isoTime('r.updated_at')} as "updatedAt",
  (select jsonb_build_object('id', t.id, 'name', t.name) from tags t where t.id = r.tag_id) as tag,
  (select jsonb_build_object('id', u.id, 'name', u.username) from users u where u.id = r.user_id) as user,
  (select jsonb_build_object('id', g.id, 'name', g.name) from groups g where g.id = r.group_id) as group`

/** In order, one more than `limit` when there are more. */
export async function listTagRules(
  em: Em,
  workspaceId: string,
  { limit, cursor }: { limit: number; cursor: string | undefined },
): Promise<TagRuleView[]> {
  const [position, id] = decodeCursor(cursor, z.tuple([z.int(), z.uuid()])) ?? [-1, null]
  return em.execute<TagRuleView[]>(
    `select ${columns} from tag_rules r where r.workspace_id = ? and (r.position, r.id) > (?, coalesce(?::uuid, r.id))
     order by r.position, r.id limit ?`,
    [workspaceId, position, id, limit + 1],
  )
}

export async function getTagRule(em: Em, workspaceId: string, id: string): Promise<TagRuleView> {
  const [rule] = await em.execute<TagRuleView[]>(
    `select ${columns} from tag_rules r where r.workspace_id = ? and r.id = ?`,
    [workspaceId, id],
  )
  if (!rule) throw new AppError('not_found', `there is no rule ${id}`)
  return rule
}

/** At its place, or as the last one. */
export async function createTagRule(
  deps: Pick<Deps, 'orm'>,
  input: Change & { content: TagRuleContent; position: number | undefined },
): Promise<TagRuleView> {
  const { workspaceId, by, content, position = null } = input
  const id = newId()
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await checkContent(em, workspaceId, content)
    await em.execute(
      `insert into tag_rules (id, workspace_id, position, tag_id, user_id, group_id, method, by)
       select ?, ?, coalesce(?, (select max(position) + 1 from tag_rules where workspace_id = ?), 0), ?, ?, ?, ?, ?`,
      [
        id,
        workspaceId,
        position,
        workspaceId,
        content.tagId,
        content.userId,
        content.groupId,
        content.method,
        by,
      ],
    )
    await tell(em, { workspaceId, by }, 'created', id)
    return getTagRule(em, workspaceId, id)
  })
}

export async function changeTagRule(
  deps: Pick<Deps, 'orm'>,
  input: Change & { id: string; change: Partial<TagRuleContent>; position: number | undefined },
): Promise<TagRuleView> {
  const { workspaceId, by, id, change, position = null } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute('select 1 from tag_rules where id = ? and workspace_id = ? for update', [
      id,
      workspaceId,
    ])
    const { tagId, userId, groupId, method } = await getTagRule(em, workspaceId, id)
    const content = { tagId, userId, groupId, method, ...change }
    await checkContent(em, workspaceId, content)
    await em.execute(
      `update tag_rules set tag_id = ?, user_id = ?, group_id = ?, method = ?, position = coalesce(?, position),
         updated_at = now(), by = ? where id = ? and workspace_id = ?`,
      [content.tagId, content.userId, content.groupId, content.method, position, by, id, workspaceId],
    )
    await tell(em, { workspaceId, by }, 'changed', id)
    return getTagRule(em, workspaceId, id)
  })
}

export async function deleteTagRule(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, by, id }: Change & { id: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const gone = await em.execute<object[]>(
      'delete from tag_rules where id = ? and workspace_id = ? returning id',
      [id, workspaceId],
    )
    if (gone.length === 0) throw new AppError('not_found', `there is no rule ${id}`)
    await tell(em, { workspaceId, by }, 'deleted', id)
  })
}

async function checkContent(em: Em, workspaceId: string, content: TagRuleContent): Promise<void> {
  const { tagId, userId, groupId, method } = content
  const fields: FieldError[] = []
  if ((userId === null) === (groupId === null))
    fields.push({ field: 'userId', message: 'either a user or a group gets the chat' })
  if (groupId !== null && method === null)
    fields.push({ field: 'method', message: 'is required with a group' })
  if (groupId === null && method !== null) fields.push({ field: 'method', message: 'is of groups only' })
  const [known] = await em.execute<{ tag: boolean; user: boolean; group: boolean }[]>(
    `select exists (select 1 from tags where id = ? and workspace_id = ?) as tag,
       exists (select 1 from users where id = ? and workspace_id = ? and deactivated_at is null) as user,
       exists (select 1 from groups where id = ? and workspace_id = ?) as group`,
    [tagId, workspaceId, userId, workspaceId, groupId, workspaceId],
  )
  if (tagId !== null && !known?.tag) fields.push({ field: 'tagId', message: `there is no tag ${tagId}` })
  if (userId !== null && !known?.user)
    fields.push({ field: 'userId', message: `there is no active user ${userId}` })
  if (groupId !== null && !known?.group)
    fields.push({ field: 'groupId', message: `there is no group ${groupId}` })
  if (fields.length > 0) throw new AppError('unprocessable', 'the rule cannot be kept so', { fields })
}

async function tell(em: Em, { workspaceId, by }: Change, what: string, id: string): Promise<void> {
  const data = { rule: id, what, by }
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind: 'tag-rule.changed', data }])
}
