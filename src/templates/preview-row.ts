import { loadContactView } from '../contacts/contact-view.ts'
import type { Em } from '../db/orm.ts'
import { renderTemplate } from '../model/template.ts'
import type { TemplateContent } from '../model/template-components.ts'
import { previewTemplate, type TemplatePreview } from '../model/template-preview.ts'
import type { TemplateValues } from '../model/template-values.ts'

export interface PreviewInput {
  values?: TemplateValues | undefined
  contactId?: string | undefined
}

/** Values with the contact's put in where they say `{{contact.first_name}}`; without a contact they stay as written. */
export async function fillValues(
  em: Em,
  workspaceId: string,
  { values = {}, contactId }: PreviewInput,
): Promise<{ values: TemplateValues; missing: string[] }> {
  if (contactId === undefined) return { values, missing: [] }
  const contact = await loadContactView(em, workspaceId, contactId)
  const { value, missing } = renderTemplate(values, { contact, vars: {} })
  return { values: value, missing }
}

/** What the contact would see; what is missing shows the sample. */
export async function previewFor(
  em: Em,
  workspaceId: string,
  content: TemplateContent,
  input: PreviewInput,
): Promise<TemplatePreview> {
  const { values } = await fillValues(em, workspaceId, input)
  return previewTemplate(content, values)
}
