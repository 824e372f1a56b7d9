import { recordFacts } from '../analytics/facts.ts'
import { loadContactView } from '../contacts/contact-view.ts'
import { newId } from '../db/columns.ts'
import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { renderTemplate, textScope } from '../model/template.ts'

/** A text that is used again and again. */
export interface SavedResponse {
  id: string
  /** For callers that know them by integers. */
  number: number
  shortcut: string | null
  text: string
  by: string
  createdAt: string
  updatedAt: string
}

const columns = `id, number::int, shortcut, text, by, ${isoTime('created_at')} as "createdAt", ${isoTime('updated_at')} as "updatedAt"`

/** In the order of their numbers. */
export async function listSavedResponses(
  em: Em,
  input: { workspaceId: string; search?: string | undefined; after?: number | undefined; limit: number },
): Promise<SavedResponse[]> {
  const { workspaceId, search = '', after = 0, limit } = input
  const part = `%${escapeLike(search)}%`
  return em.execute<SavedResponse[]>(
    `select ${columns} from saved_responses where workspace_id = ? and number > ? and (text ilike ? or shortcut ilike ?)
     order by number limit ?`,
    [workspaceId, after, part, part, limit],
  )
}

/** @param response an id, or a number. */
async function getSavedResponse(
  em: Em,
  workspaceId: string,
  response: string | number,
): Promise<SavedResponse> {
  const [found] = await em.execute<SavedResponse[]>(
    `select ${columns} from saved_responses where workspace_id = ? and ${typeof response === 'number' ? 'number' : 'id'} = ?`,
    [workspaceId, response],
  )
  if (!found) throw new AppError('not_found', `there is no saved response ${response}`)
  return found
}

export async function createSavedResponse(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; text: string; shortcut: string | null; by: string },
): Promise<SavedResponse> {
  const { workspaceId, text, shortcut, by } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const id = newId()
    const made = await em.execute<object[]>(
      `insert into saved_responses (id, workspace_id, shortcut, text, by) values (?, ?, ?, ?, ?) on conflict do nothing returning 1`,
      [id, workspaceId, shortcut, text, by],
    )
    if (made.length === 0) throw taken()
    await note(em, workspaceId, 'saved-response.created', { response: id, by })
    return getSavedResponse(em, workspaceId, id)
  })
}

export async function updateSavedResponse(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    id: string
    text?: string | undefined
    shortcut?: string | null | undefined
    by: string
  },
): Promise<SavedResponse> {
  const { workspaceId, id, by } = input
  return forkFor(deps.orm, workspaceId).transactional(async (em) => {
    await em.execute('select 1 from saved_responses where workspace_id = ? and id = ? for update', [
      ...[workspaceId, id],
    ])
    const before = await getSavedResponse(em, workspaceId, id)
    const shortcut = input.shortcut === undefined ? before.shortcut : input.shortcut
    const done = await em.execute<object[]>(
      `update saved_responses r set text = ?, shortcut = ?, updated_at = now() where id = ? and workspace_id = ?
         and not exists (select 1 from saved_responses o where o.workspace_id = r.workspace_id and o.shortcut = ? and o.id <> r.id)
       returning 1`,
      [input.text ?? before.text, shortcut, id, workspaceId, shortcut],
    )
    if (done.length === 0) throw taken()
    await note(em, workspaceId, 'saved-response.changed', { response: id, by })
    return getSavedResponse(em, workspaceId, id)
  })
}

export async function deleteSavedResponse(
  deps: Pick<Deps, 'orm'>,
  { workspaceId, id, by }: { workspaceId: string; id: string; by: string },
): Promise<void> {
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const gone = await em.execute<object[]>(
      'delete from saved_responses where id = ? and workspace_id = ? returning 1',
      [id, workspaceId],
    )
    if (gone.length === 0) throw new AppError('not_found', `there is no saved response ${id}`)
    await note(em, workspaceId, 'saved-response.deleted', { response: id, by })
  })
}

/** With what we know of a contact in place of `{{contact.first_name}}` and the like. */
export async function fillSavedResponse(
  em: Em,
  input: { workspaceId: string; id: string; contactId: string },
): Promise<{ text: string; missing: string[] }> {
  const { text } = await getSavedResponse(em, input.workspaceId, input.id)
  const contact = await loadContactView(em, input.workspaceId, input.contactId)
  const filled = renderTemplate(text, textScope({ contact, vars: {}, nowMs: Date.now() }))
  return { text: filled.value, missing: filled.missing }
}

async function note(em: Em, workspaceId: string, kind: string, data: Record<string, string>): Promise<void> {
  await recordFacts(em, workspaceId, [{ id: newId(), atMs: Date.now(), kind, data }])
}

function taken(): AppError {
  const message = 'is taken by another saved response'
  return new AppError('conflict', `shortcut ${message}`, { fields: [{ field: 'shortcut', message }] })
}
