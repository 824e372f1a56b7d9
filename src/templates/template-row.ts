import { isoTime } from '../db/iso-time.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import {
  type ParameterFormat,
  readComponents,
  type TemplateCategory,
  type TemplateContent,
} from '../model/template-components.ts'

export const templateStatuses = [
  'draft',
  'submitting',
  'pending',
  'approved',
  'flagged',
  'rejected',
  'paused',
  'disabled',
  'locked',
  'in_appeal',
  'limit_exceeded',
  'pending_deletion',
  'archived',
  'deleted',
] as const
export type TemplateStatus = (typeof templateStatuses)[number]

/** What WhatsApp lets be sent: a flagged template is a warning, a locked one cannot be edited. */
export const sendableStatuses: TemplateStatus[] = ['approved', 'flagged', 'locked']

/** A submission that nobody finished within this time was torn apart by a crash. */
export const tornAfterSeconds = 90

/** One language of a template, as the API shows it. */
export interface TemplateRow {
  id: string
  wabaId: string
  name: string
  language: string
  category: TemplateCategory
  parameterFormat: ParameterFormat
  components: unknown[]
  draft: { category: TemplateCategory; components: unknown[] } | null
  status: TemplateStatus
  statusAt: string | null
  submitError: { words: string; code: number | null; subcode: number | null } | null
  metaId: string | null
  rejectedReason: string | null
  quality: string | null
  previousCategory: string | null
  correctCategory: string | null
  libraryId: string | null
  source: 'here' | 'library' | 'whatsapp'
  syncedAt: string | null
  archivedAt: string | null
  createdAt: string
  updatedAt: string
}

export const templateColumns = `t.id, t.waba_id as "wabaId", t.name, t.language, t.category,
  t.parameter_format as "parameterFormat", t.components, t.draft, t.status, ${isoTime('t.status_at')} as "statusAt",
  t.submit_error as "submitError", t.meta_id as "metaId", t.rejected_reason as "rejectedReason", t.quality,
  t.previous_category as "previousCategory", t.correct_category as "correctCategory", t.library_id as "libraryId", t.source,
  ${isoTime('t.synced_at')} as "syncedAt", ${isoTime('t.archived_at')} as "archivedAt",
  ${isoTime('t.created_at')} as "createdAt", ${isoTime('t.updated_at')} as "updatedAt"`

export async function getTemplate(em: Em, workspaceId: string, id: string): Promise<TemplateRow> {
  return one(
    await em.execute<TemplateRow[]>(
      `select ${templateColumns} from templates t where t.workspace_id = ? and t.id = ? and t.deleted_at is null`,
      [workspaceId, id],
    ),
    id,
  )
}

/** The same, kept from changing until the transaction ends. */
export async function lockTemplate(em: Em, workspaceId: string, id: string): Promise<TemplateRow> {
  return one(
    await em.execute<TemplateRow[]>(
      `select ${templateColumns} from templates t where t.workspace_id = ? and t.id = ? and t.deleted_at is null
       for update`,
      [workspaceId, id],
    ),
    id,
  )
}

/** What is being written: the unsent edit where there is one, else what WhatsApp has. */
export function contentOf(row: TemplateRow): TemplateContent {
  const { name, language, parameterFormat } = row
  const { category, components } = row.draft ?? row
  return { name, language, parameterFormat, category, components: readComponents(components) }
}

/** What a send is built from: never an edit that WhatsApp has not seen. */
export function sentContentOf({ draft: _unsent, ...row }: TemplateRow): TemplateContent {
  return contentOf({ ...row, draft: null })
}

function one(rows: TemplateRow[], id: string): TemplateRow {
  const [row] = rows
  if (!row) throw new AppError('not_found', `template ${id} does not exist`)
  return row
}
