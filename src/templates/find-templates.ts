import { escapeLike } from '../db/escape-like.ts'
import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { templateColumns, type TemplateRow } from './template-row.ts'

export interface TemplateFilter {
  workspaceId: string
  wabaId?: string | undefined
  /** Part of the name or of any text. */
  search?: string | undefined
  name?: string | undefined
  status?: string | undefined
  category?: string | undefined
  language?: string | undefined
  archived: 'no' | 'only' | 'all'
  before?: string | undefined
  limit: number
}

/** Newest first. What WhatsApp has deleted is left out unless its status is asked for. */
export async function listTemplates(em: Em, filter: TemplateFilter): Promise<TemplateRow[]> {
  const { workspaceId, wabaId, search, name, status, category, language, archived, before, limit } = filter
  const part = search === undefined ? null : `%${escapeLike(search)}%`
  return em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t where t.workspace_id = ? and t.deleted_at is null
       and (?::uuid is null or t.id < ?) and (?::text is null or t.waba_id = ?) and (?::text is null or t.name = ?)
       and (?::text is null or t.category = ?) and (?::text is null or t.language = ?)
       and case when ?::text is null then t.status <> 'deleted' else t.status = ? end
       and case ? when 'no' then t.archived_at is null when 'only' then t.archived_at is not null else true end
       and (?::text is null or t.name ilike ? or exists (
         select 1 from jsonb_path_query(t.components, '$.**.text') as words(word) where words.word #>> '{}' ilike ?))
     order by t.id desc limit ?`,
    [
      workspaceId,
      ...twice(before),
      ...twice(wabaId),
      ...twice(name),
      ...twice(category),
      ...twice(language),
      ...twice(status),
      archived,
      part,
      part,
      part,
      limit,
    ],
  )
}

export interface TemplateVariants {
  name: string
  wabaId: string
  languages: Pick<TemplateRow, 'id' | 'language' | 'status' | 'archivedAt'>[]
}

/** All languages under one name. */
export async function listVariants(em: Em, row: TemplateRow, workspaceId: string): Promise<TemplateVariants> {
  const { name, wabaId } = row
  const rows = await em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t where t.workspace_id = ? and t.waba_id = ? and t.name = ?
       and t.deleted_at is null order by t.language`,
    [workspaceId, wabaId, name],
  )
  const languages = rows.map(({ id, language, status, archivedAt }) => ({ id, language, status, archivedAt }))
  return { name, wabaId, languages }
}

/** Names with their languages, in order of the name: what a list of templates shows a line each. */
export async function listTemplateNames(
  em: Em,
  {
    workspaceId,
    wabaId,
    search,
    after,
    limit,
  }: {
    workspaceId: string
    wabaId?: string | undefined
    search?: string | undefined
    after?: readonly [name: string, wabaId: string] | undefined
    limit: number
  },
): Promise<TemplateVariants[]> {
  const part = search === undefined ? null : `%${escapeLike(search)}%`
  return em.execute<TemplateVariants[]>(
    `select t.name, t.waba_id as "wabaId", jsonb_agg(jsonb_build_object('id', t.id, 'language', t.language,
       'status', t.status, 'archivedAt', ${isoTime('t.archived_at')}) order by t.language) as languages
     from templates t where t.workspace_id = ? and t.deleted_at is null and t.status <> 'deleted'
       and (?::text is null or t.waba_id = ?) and (?::text is null or t.name ilike ?)
       and (?::text is null or (t.name, t.waba_id) > (?, ?))
     group by t.name, t.waba_id order by t.name, t.waba_id limit ?`,
    [workspaceId, ...twice(wabaId), part, part, ...twice(after?.[0]), after?.[1] ?? null, limit],
  )
}

function twice(value: string | undefined): [string | null, string | null] {
  return [value ?? null, value ?? null]
}
