import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import type { JsonObject } from '../model/json.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { templateValuesSchema, type TemplateValues } from '../model/template-values.ts'
import { accountOf } from '../settings/account-of.ts'
import { composeTemplate, type ComposedTemplate } from './compose-template.ts'
import { literalValues } from './literal-values.ts'

/** The message of a template for a journey's contact. `values` are final: whatever a person wrote into them stays text. */
export async function composeForRun(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    numberId: string
    contactId: string
    name: string
    language?: string | undefined
    values: JsonObject
  },
): Promise<ComposedTemplate['content']> {
  const { workspaceId, numberId, contactId, name, language } = input
  const values = readValues(input.values)
  const em = forkFor(deps.orm, workspaceId)
  const wabaId = await accountOf(em, workspaceId, numberId)
  const order = { workspaceId, wabaId, name, language, contactId, values }
  const { content, missing } = await composeTemplate(em, order)
  if (missing.length === 0) return content
  throw new AppError('missing_variable', `the template needs ${missing.join(', ')}`)
}

function readValues(given: JsonObject): TemplateValues {
  const parsed = templateValuesSchema.safeParse(literalValues(given))
  if (parsed.success) return parsed.data
  const fields = toFieldErrors(parsed.error, 'values')
  throw new AppError('invalid_input', `${fields[0]?.field}: ${fields[0]?.message}`, { fields })
}
