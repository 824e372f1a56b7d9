import type { Em } from '../db/orm.ts'
import { chooseLanguage, type ChoiceReason } from '../model/template-choice.ts'
import { sendableStatuses, templateColumns, type TemplateRow } from './template-row.ts'

export interface ResolvedTemplate {
  template: TemplateRow
  via: ChoiceReason
  /** In words, e.g. `es: there is no es_MX, which is the contact's language`. */
  why: string
}
export interface TemplateWish {
  workspaceId: string
  wabaId: string
  name: string
  /** What the sender asks for; goes before the contact's. */
  language?: string | undefined
  contactLanguage?: string | undefined
}

/** The language of a template that a contact gets, of those that WhatsApp lets be sent; or why there is none. */
export async function resolveTemplate(
  em: Em,
  { workspaceId, wabaId, name, language, contactLanguage }: TemplateWish,
): Promise<ResolvedTemplate | { template: undefined; why: string }> {
  const rows = await em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t
     where t.workspace_id = ? and t.waba_id = ? and t.name = ? and t.deleted_at is null`,
    [workspaceId, wabaId, name],
  )
  const sendable = rows.filter(({ status }) => sendableStatuses.includes(status))
  const choice = chooseLanguage(
    sendable.map((row) => row.language),
    { language, contactLanguage, workspaceLanguage: await getDefaultLanguage(em, workspaceId) },
  )
  const template = sendable.find((row) => row.language === choice?.language)
  if (choice && template) return { template, via: choice.via, why: choice.why }
  const standing = rows.map((row) => `${row.language} is ${row.status}`).join(', ')
  return { template: undefined, why: standing ? `${name}: ${standing}` : `there is no template ${name}` }
}

/** The language that a template falls back to. */
export async function getDefaultLanguage(em: Em, workspaceId: string): Promise<string> {
  const [row] = await em.execute<{ default_language: string }[]>(
    'select default_language from template_settings where workspace_id = ?',
    [workspaceId],
  )
  return row?.default_language ?? 'en'
}

export async function setDefaultLanguage(em: Em, workspaceId: string, language: string): Promise<void> {
  await em.execute(
    `insert into template_settings (workspace_id, default_language) values (?, ?)
     on conflict (workspace_id) do update set default_language = excluded.default_language`,
    [workspaceId, language],
  )
}
