import { AppError, type FieldError } from '../model/errors.ts'
import { checkFlowJson, screenIds } from '../model/flow-json.ts'
import { checkMapping, type FlowMapping } from '../model/flow-mapping.ts'

/** Before anything is uploaded: what is surely wrong with a Flow JSON, named by its path. */
export function findFlowProblems(json: unknown): FieldError[] {
  return checkFlowJson(json).map(({ path, message }) => ({ field: ['json', ...path].join('.'), message }))
}

export function refuseBadFlow(json: unknown): void {
  refuse(findFlowProblems(json))
}

/** An endpoint that leads to screens that are not there would leave customers stuck. */
export function refuseBadMapping(mapping: FlowMapping, json: unknown): void {
  refuse(
    checkMapping(mapping, screenIds(json)).map(([field, message]) => ({
      field: `mapping.${field}`,
      message,
    })),
  )
}

function refuse(fields: FieldError[]): void {
  const [first] = fields
  if (!first) return
  const more = fields.length > 1 ? `, and ${fields.length - 1} more` : ''
  throw new AppError('invalid_input', `${first.field}: ${first.message}${more}`, {
    fields: fields.slice(0, 100),
  })
}
