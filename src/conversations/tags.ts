import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'

/** A word by which conversations and messages are labelled. */
export interface Tag {
  id: string
  /** For callers that know tags by integers. */
  number: number
  name: string
  color: string | null
  createdAt: string
}

const columns = `t.id, t.number::int, t.name, t.color, ${isoTime('t.created_at')} as "createdAt"`

/** The tags of these names, by name; made where there is none yet. */
export async function ensureTags(em: Em, workspaceId: string, names: string[]): Promise<Map<string, string>> {
  const sorted = [...new Set(names)].sort()
  const asked = JSON.stringify(sorted.map((name) => ({ id: newId(), name })))
  await em.execute(
    `insert into tags (id, workspace_id, name) select n.id, ?, n.name from jsonb_to_recordset(?::jsonb) as n(id uuid, name text)
     where not exists (select 1 from tags t where t.workspace_id = ? and t.name = n.name) order by n.name on conflict do nothing`,
    [workspaceId, asked, workspaceId],
  )
  const rows = await em.execute<{ id: string; name: string }[]>(
    'select id, name from tags where workspace_id = ? and name in (select jsonb_array_elements_text(?::jsonb))',
    [workspaceId, JSON.stringify(sorted)],
  )
  return new Map(rows.map(({ id, name }) => [name, id]))
}

/** In the order of their numbers. */
export async function listTags(
  em: Em,
  input: { workspaceId: string; search?: string | undefined; after?: number | undefined; limit: number },
): Promise<Tag[]> {
  const { workspaceId, search = '', after = 0, limit } = input
  return em.execute<Tag[]>(
    `select ${columns} from tags t where t.workspace_id = ? and t.number > ? and t.name ilike ? order by t.number limit ?`,
    [workspaceId, after, `%${escapeLike(search)}%`, limit],
  )
}

/** @param tag an id, or a number. */
export async function getTag(em: Em, workspaceId: string, tag: string | number): Promise<Tag> {
  const [found] = await em.execute<Tag[]>(
    `select ${columns} from tags t where t.workspace_id = ? and ${typeof tag === 'number' ? 't.number' : 't.id'} = ?`,
    [workspaceId, tag],
  )
  if (!found) throw new AppError('not_found', `there is no tag ${tag}`)
  return found
}

interface TagInput {
  workspaceId: string
  name: string
  color: string | null
  by: string
}

export async function createTag(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, name, color, by }: TagInput,
): Promise<Tag> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const made = await em.execute<{ id: string }[]>(
      'insert into tags (id, workspace_id, name, color) values (?, ?, ?, ?) on conflict do nothing returning id',
      [newId(), workspaceId, name, color],
    )
    const [tag] = made
    if (!tag) throw taken()
    await note(em, workspaceId, 'tag.created', { tag: tag.id, name, by })
    return getTag(em, workspaceId, tag.id)
  })
}

/** A tag that is called otherwise is so wherever it stands. */
export async function updateTag(
  deps: Pick<Deps, 'orm'>,
  {
    workspaceId,
    id,
    by,
    ...next
  }: Partial<Omit<TagInput, 'workspaceId' | 'by'>> & { workspaceId: string; id: string; by: string },
): Promise<Tag> {
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const before = await lockTag(em, workspaceId, id)
    const name = next.name ?? before.name
    const color = next.color === undefined ? before.color : next.color
    if (name === before.name && color === before.color) return getTag(em, workspaceId, id)
    const done = await em.execute<object[]>(
      `update tags t set name = ?, color = ? where id = ? and workspace_id = ?
         and not exists (select 1 from tags o where o.workspace_id = t.workspace_id and o.name = ? and o.id <> t.id) returning 1`,
      [name, color, id, workspaceId, name],
    )
    if (done.length === 0) throw taken()
    if (name !== before.name) {
      await em.execute('update conversation_labels set label = ? where workspace_id = ? and label = ?', [
        ...[name, workspaceId, before.name],
      ])
    }
    await note(em, workspaceId, 'tag.changed', { tag: id, name, before: before.name, by })
    return getTag(em, workspaceId, id)
  })
}

/** Takes it from whatever it stands on. */
export async function deleteTag(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, id, by }: { workspaceId: string; id: string; by: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { name } = await lockTag(em, workspaceId, id)
    await em.execute('delete from conversation_labels where workspace_id = ? and label = ?', [
      workspaceId,
      name,
    ])
    await em.execute('delete from tags where workspace_id = ? and id = ?', [workspaceId, id])
    await note(em, workspaceId, 'tag.deleted', { tag: id, name, by })
  })
}

async function lockTag(em: Em, workspaceId: string, id: string): Promise<Pick<Tag, 'name' | 'color'>> {
  const [tag] = await em.execute<Pick<Tag, 'name' | 'color'>[]>(
    'select name, color from tags where id = ? and workspace_id = ? for update',
    [id, workspaceId],
  )
  if (!tag) throw new AppError('not_found', `there is no tag ${id}`)
  return tag
}

async function note(em: Em, workspaceId: string, kind: string, data: Record<string, string>): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}

function taken(): AppError {
  const message = 'is taken by another tag'
  return new AppError('conflict', `name ${message}`, { fields: [{ field: 'name', message }] })
}
