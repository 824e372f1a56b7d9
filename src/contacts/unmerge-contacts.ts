import { isDeepStrictEqual } from 'node:util'
import { recordFacts } from '../analytics/facts.ts'
import { newId } from '../db/columns.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { lockContacts } from './lock-contact.ts'
import { valuesOf, writeFields, type MergedField } from './merge-contacts.ts'
import { putRowsBack } from './move-rows.ts'
import { putVoiceBack } from './move-voice.ts'
import { judgeAnew } from './tell-of-contacts.ts'

interface MergeRow {
  contact_id: string
  other_id: string
  fields: MergedField[]
  tags: { before: string[]; after: string[] }
  undone: boolean
  merged_into: string | null
}
/** What a taken-back merge could not restore, in words. */
export interface Unmerged {
  contactId: string
  otherId: string
  kept: string[]
}

/** Takes a merge back: every row goes where it was. What changed since then stays with the contact that stayed. */
export async function unmergeContacts(
  deps: Pick<Deps, 'orm'>,
  input: { workspaceId: string; mergeId: string; by: string },
): Promise<Unmerged> {
  return forkFor(deps.orm, input.workspaceId).transactional((em) => unmerge(em, input))
}

async function unmerge(
  em: Em,
  { workspaceId, mergeId, by }: { workspaceId: string; mergeId: string; by: string },
): Promise<Unmerged> {
  const merge = await lockMerge(em, workspaceId, mergeId)
  const { contact_id: contactId, other_id: otherId } = merge
  const [contact] = await lockContacts(em, workspaceId, [contactId])
  if (!contact)
    throw new AppError('conflict', 'the contact was merged into another since: take that back first')
  const values = valuesOf(contact)
  const isSame = ({ name, after }: MergedField) => isDeepStrictEqual(values[name] ?? null, after)
  const fields = merge.fields.filter(isSame).map(({ name, before }) => ({ name, after: before }))
  const came = merge.tags.after.filter((tag) => !merge.tags.before.includes(tag))
  await writeFields(
    em,
    workspaceId,
    contactId,
    fields,
    contact.tags.filter((tag) => !came.includes(tag)),
  )
  await em.execute(
    'update contacts set merged_into = null, updated_at = now() where id = ? and workspace_id = ?',
    [otherId, workspaceId],
  )
  const gone = await putRowsBack(em, { workspaceId, mergeId, contactId, otherId })
  await putVoiceBack(em, { workspaceId, mergeId, contactId, otherId })
  await em.execute('update contact_merges set undone_at = now(), undone_by = ? where id = ?', [by, mergeId])
  const told = [contactId, otherId].map((each) => ({ contactId: each, causeId: newId() }))
  await recordFacts(
    em,
    workspaceId,
    told.map(({ contactId: each, causeId: id }) => ({
      ...{ id, atMs: Date.now(), kind: 'contact.unmerged', contactId: each },
      data: { merge: mergeId, by },
    })),
  )
  await judgeAnew(em, workspaceId, told)
  return {
    contactId,
    otherId,
    kept: await listKept(
      em,
      merge,
      merge.fields.filter((field) => !isSame(field)),
      gone,
    ),
  }
}

async function lockMerge(em: Em, workspaceId: string, mergeId: string): Promise<MergeRow> {
  const [merge] = await em.execute<MergeRow[]>(
    `select m.contact_id, m.other_id, m.fields, m.tags, m.undone_at is not null as undone, o.merged_into
     from contact_merges m join contacts o on o.id = m.other_id
     where m.id = ? and m.workspace_id = ? order by o.id for update`,
    [mergeId, workspaceId],
  )
  if (!merge) throw new AppError('not_found', `merge ${mergeId} does not exist`)
  if (merge.undone) throw new AppError('conflict', 'the merge was taken back already')
  if (merge.merged_into === merge.contact_id) return merge
  throw new AppError(
    'conflict',
    `the contacts were merged into ${merge.merged_into} since: take that back first`,
  )
}

async function listKept(em: Em, merge: MergeRow, changed: MergedField[], gone: number): Promise<string[]> {
  const kept = changed.map(({ name }) => `${name} was changed since the merge: it stays as it is`)
  if (gone > 0) kept.push(`${gone} rows were deleted or moved on since`)
  const [consents] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from consents where contact_id = ? and source = 'merge'`,
    [merge.contact_id],
  )
  if ((consents?.n ?? 0) > 0)
    kept.push('what the other refused stays refused: only the person can say otherwise')
  return kept
}
