import type { RemoteTemplate } from '../../integrations/whatsapp/templates.ts'
import { newId } from '../db/columns.ts'
import type { Em } from '../db/orm.ts'
import { templateCategories } from '../model/template-components.ts'
import { isSameContent, toStatus } from './remote-status.ts'
import { recordTemplateFact } from './template-facts.ts'
import { templateColumns, type TemplateRow, type TemplateStatus, tornAfterSeconds } from './template-row.ts'

export interface Adoption {
  workspaceId: string
  wabaId: string
  remote: RemoteTemplate
  /** When it was asked for: what WhatsApp told since is newer. Seconds are all that its events know. */
  askedAtMs: number
  /** The submission itself looks what became of it; others leave one that is under way alone. */
  settles?: boolean
}

/**
 * Takes over what WhatsApp says of one template: into the row of its id, else of its name and language, else into a new one.
 * Doing it twice changes nothing. Gives the row's id.
 */
export async function adoptRemote(em: Em, adoption: Adoption): Promise<string> {
  const { workspaceId, wabaId, remote } = adoption
  // Two at once would both find nothing.
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 7))', [
    `${workspaceId} ${wabaId} ${remote.name} ${remote.language}`,
  ])
  const row = await findRow(em, adoption)
  if (!row) return insertForeign(em, adoption)
  const known = await update(em, adoption, row)
  const [after] = known
  if (after && after.status !== row.status) await recordStatus(em, adoption, row, after.status)
  return row.id
}

async function findRow(em: Em, { workspaceId, wabaId, remote }: Adoption): Promise<TemplateRow | undefined> {
  const [row] = await em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t where t.workspace_id = ? and t.waba_id = ? and t.deleted_at is null
       and (t.meta_id = ? or t.name = ? and t.language = ?) order by t.meta_id = ? desc nulls last limit 1 for update`,
    [workspaceId, wabaId, remote.id, remote.name, remote.language, remote.id],
  )
  return row
}

async function insertForeign(em: Em, { workspaceId, wabaId, remote, askedAtMs }: Adoption): Promise<string> {
  const id = newId()
  const { name, language } = remote
  await em.execute(
    `insert into templates (id, workspace_id, waba_id, name, language, category, parameter_format, components, status,
       status_at, meta_id, rejected_reason, quality, quality_at, previous_category, correct_category, category_at,
       components_at, source, synced_at)
     select ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, at, ?, ?, ?, at, ?, ?, at, at, 'whatsapp', at
     from (select date_trunc('second', to_timestamp(?::float8 / 1000)) as at) as asked`,
    [
      ...[id, workspaceId, wabaId, name, language, categoryOf(remote), formatOf(remote)],
      JSON.stringify(remote.components),
      toStatus(remote.status),
      remote.id,
      reasonOf(remote),
      remote.quality_score?.score ?? null,
      remote.previous_category ?? null,
      remote.correct_category ?? null,
      askedAtMs,
    ],
  )
  const data = { status: toStatus(remote.status) }
  await recordTemplateFact(em, workspaceId, { id, name, language }, { kind: 'found', data })
  return id
}

async function update(
  em: Em,
  { workspaceId, remote, askedAtMs, settles = false }: Adoption,
  row: TemplateRow,
): Promise<{ status: TemplateStatus }[]> {
  const draft = unsentOf(row, remote)
  const seconds = Math.floor(askedAtMs / 1_000)
  const reason = reasonOf(remote)
  const isNewer = (column: string) => `(t.${column} is null or t.${column} <= asked.at)`
  return em.execute(
    `update templates t set meta_id = ?, draft = ?::jsonb, submitting_at = null, status_before = null,
       submit_error = case when t.status = 'submitting' then null else t.submit_error end,
       status = case when ${isNewer('status_at')} or t.status = 'submitting' then ? else t.status end,
       rejected_reason = case when ${isNewer('status_at')} or t.status = 'submitting' then ? else t.rejected_reason end,
       status_at = greatest(t.status_at, asked.at),
       quality = case when ${isNewer('quality_at')} then coalesce(?, t.quality) else t.quality end,
       quality_at = greatest(t.quality_at, asked.at),
       category = case when ${isNewer('category_at')} then ? else t.category end,
       previous_category = case when ${isNewer('category_at')} then coalesce(?, t.previous_category) else t.previous_category end,
       correct_category = case when ${isNewer('category_at')} then ? else t.correct_category end,
       category_at = greatest(t.category_at, asked.at), parameter_format = ?,
       components = case when ${isNewer('components_at')} then ?::jsonb else t.components end,
       components_at = greatest(t.components_at, asked.at), synced_at = asked.at,
       updated_at = case when t.components is distinct from ?::jsonb or t.status <> ? then now() else t.updated_at end
     from (select to_timestamp(?::float8) as at) as asked
     where t.workspace_id = ? and t.id = ? and (?::boolean or t.status <> 'submitting'
       or t.submitting_at < now() - interval '${tornAfterSeconds} seconds') returning t.status`,
    [
      remote.id,
      draft ? JSON.stringify(draft) : null,
      toStatus(remote.status),
      reason,
      remote.quality_score?.score ?? null,
      categoryOf(remote),
      remote.previous_category ?? null,
      remote.correct_category ?? null,
      formatOf(remote),
      ...Array.from({ length: 2 }, () => JSON.stringify(remote.components)),
      toStatus(remote.status),
      seconds,
      workspaceId,
      row.id,
      settles,
    ],
  )
}

/** What was written here and WhatsApp does not have: an unsent edit, or a draft whose name turned out to be taken. */
function unsentOf(row: TemplateRow, remote: RemoteTemplate): TemplateRow['draft'] {
  const { category, components } = row
  const ours = row.draft ?? (row.metaId === null ? { category, components } : null)
  return ours && isSameContent(ours.components, remote.components) ? null : ours
}

async function recordStatus(em: Em, adoption: Adoption, row: TemplateRow, to: TemplateStatus): Promise<void> {
  const data = { from: row.status, to, reason: reasonOf(adoption.remote), by: 'sync' }
  await recordTemplateFact(em, adoption.workspaceId, row, { kind: 'status', data })
}

function categoryOf({ category }: RemoteTemplate): string {
  // Templates from before 2023 still carry one of the eleven old categories.
  return templateCategories.find((one) => one === category) ?? 'UTILITY'
}

function formatOf({ parameter_format }: RemoteTemplate): string {
  return parameter_format === 'NAMED' ? 'NAMED' : 'POSITIONAL'
}

function reasonOf({ rejected_reason }: RemoteTemplate): string | null {
  return rejected_reason && rejected_reason !== 'NONE' ? rejected_reason : null
}
