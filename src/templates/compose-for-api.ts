import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import type { MessageClass } from '../model/message.ts'
import type { TemplateValues } from '../model/template-values.ts'
import { accountOf } from '../settings/account-of.ts'
import { composeRow, type ComposedTemplate } from './compose-template.ts'
import { literalValues } from './literal-values.ts'
import { resolveTemplate } from './resolve-template.ts'

export interface ApiTemplate {
  workspaceId: string
  numberId: string
  name: string
  language: string
  values: TemplateValues
}

/** A template's message as an API asks for it, in just that language. What is missing is named. */
export async function composeForApi(
  em: Em,
  { workspaceId, numberId, name, language, values }: ApiTemplate,
): Promise<{ content: ComposedTemplate['content']; class: MessageClass }> {
  const wabaId = await accountOf(em, workspaceId, numberId)
  const found = await resolveTemplate(em, { workspaceId, wabaId, name, language })
  if (!found.template) throw refuse('name', found.why)
  if (found.via !== 'asked') throw refuse('language', `${name} is not approved in ${language}`)
  const { content, missing } = await composeRow(em, workspaceId, found.template, {
    values: literalValues(values),
  })
  if (missing.length > 0)
    throw new AppError('missing_variable', `${missing.join(', ')} is missing`, {
      fields: missing.map((field) => ({ field, message: 'is missing' })),
    })
  return { content, class: found.template.category === 'MARKETING' ? 'marketing' : 'utility' }
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', message, { fields: [{ field, message }] })
}
