import { loadContactView } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { MessageContent } from '../model/message.ts'
import type { ChoiceReason } from '../model/template-choice.ts'
import { fillTemplate } from '../model/template-fill.ts'
import type { TemplateValues } from '../model/template-values.ts'
import { fillValues } from './preview-row.ts'
import { resolveTemplate } from './resolve-template.ts'
import { sentContentOf, type TemplateRow } from './template-row.ts'

export interface ComposedTemplate {
  content: Extract<MessageContent, { type: 'template' }>
  /** Paths into the values, and placeholders, that have no value: such a message would be refused. */
  missing: string[]
}
export interface TemplateOrder {
  workspaceId: string
  wabaId: string
  name: string
  language?: string | undefined
  contactId?: string | undefined
  values?: TemplateValues | undefined
}

/** The message that sends a template to a contact, in the language that suits best. Throws when none may be sent. */
export async function composeTemplate(
  em: Em,
  order: TemplateOrder,
): Promise<ComposedTemplate & { template: TemplateRow; via: ChoiceReason; why: string }> {
  const { workspaceId, wabaId, name, language, contactId, values } = order
  const contact = contactId === undefined ? undefined : await loadContactView(em, workspaceId, contactId)
  const spoken = contact?.['language']
  const contactLanguage = typeof spoken === 'string' ? spoken : undefined
  const resolved = await resolveTemplate(em, { workspaceId, wabaId, name, language, contactLanguage })
  if (!resolved.template) {
    throw new AppError('unprocessable', resolved.why, { fields: [{ field: 'name', message: resolved.why }] })
  }
  return { ...resolved, ...(await composeRow(em, workspaceId, resolved.template, { values, contactId })) }
}

/** The same of a template that is known already. */
export async function composeRow(
  em: Em,
  workspaceId: string,
  row: TemplateRow,
  input: Pick<TemplateOrder, 'values' | 'contactId'>,
): Promise<ComposedTemplate> {
  const given = await fillValues(em, workspaceId, input)
  const { components, missing } = fillTemplate(sentContentOf(row), given.values)
  const { name, language } = row
  return {
    content: { type: 'template', template: { name, language: { code: language }, components } },
    missing: [...missing, ...given.missing],
  }
}
