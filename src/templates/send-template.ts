import type { MessageDetail } from '../inbox/message-detail.ts'
import { sendToContact } from '../inbox/send-to-contact.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { TemplateValues } from '../model/template-values.ts'
import { accountOf } from '../settings/account-of.ts'
import { composeRow } from './compose-template.ts'
import { literalValues } from './literal-values.ts'
import { resolveTemplate } from './resolve-template.ts'

/** Sends a template to a contact, by an API, in just the language that is asked for. What is missing is named and nothing sent. */
export async function sendTemplate(
  deps: Deps,
  order: {
    workspaceId: string
    numberId: string
    contactId: string
    name: string
    language: string
    values: TemplateValues
    by: string
  },
): Promise<MessageDetail> {
  const { workspaceId, numberId, contactId, name, language, values, by } = order
  const em = forkFor(deps.orm, workspaceId)
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
  return sendToContact(deps, {
    ...{ workspaceId, numberId, contactId, content, by },
    class: found.template.category === 'MARKETING' ? 'marketing' : 'utility',
  })
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', message, { fields: [{ field, message }] })
}
