import type { Em } from '../db/orm.ts'
import { chooseLanguage, type ChoiceReason, type LanguageWish } from '../model/template-choice.ts'
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
  const rows = await listTemplateLanguages(em, { workspaceId, wabaId, name })
  const workspaceLanguage = await getDefaultLanguage(em, workspaceId)
  return chooseTemplate(rows, name, { language, contactLanguage, workspaceLanguage })
}

/** All languages of one template, also those that may not be sent. */
export async function listTemplateLanguages(
  em: Em,
  { workspaceId, wabaId, name }: Pick<TemplateWish, 'workspaceId' | 'wabaId' | 'name'>,
): Promise<TemplateRow[]> {
  return em.execute<TemplateRow[]>(
    `select ${templateColumns} from templates t
     where t.workspace_id = ? and t.waba_id = ? and t.name = ? and t.deleted_at is null`,
    [workspaceId, wabaId, name],
  )
}

/** The same of all languages of one template, for whoever asks it for many contacts. */
export function chooseTemplate(
  rows: TemplateRow[],
  name: string,
  wish: LanguageWish,
): ResolvedTemplate | { template: undefined; why: string } {
  const sendable = rows.filter(({ status }) => sendableStatuses.includes(status))
  const choice = chooseLanguage(
    sendable.map((row) => row.language),
    wish,
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
