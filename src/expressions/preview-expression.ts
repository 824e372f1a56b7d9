import { loadContactView } from '../contacts/contact-view.ts'
import { findByWaId } from '../contacts/find-contacts.ts'
import { forkFor, type Em } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { evaluateFormula, formulaProblem } from '../model/formula.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { toWaId } from '../model/phone.ts'
import { renderTemplate, templateProblems, textScope } from '../model/template.ts'

export interface ExpressionPreview {
  /** What comes of it; null when nothing does. */
  value: Json
  /** Names without a value and without a fallback: a card would fail for this contact. */
  missing: string[]
  /** What is wrong with it for everybody, or with what this contact has. */
  problems: string[]
}

/** What a text or a formula says for one contact, at this moment. Nothing is sent and nothing is stored. */
export async function previewExpression(
  deps: Pick<Deps, 'orm'>,
  input: {
    workspaceId: string
    text?: string | undefined
    formula?: string | undefined
    contactId?: string | undefined
    waId?: string | undefined
    /** A contact that is made up. */
    sample?: JsonObject | undefined
    vars: JsonObject
    event?: JsonObject | undefined
  },
): Promise<ExpressionPreview> {
  const { workspaceId, text, formula, vars, event } = input
  const contact = input.sample ?? (await findPerson(forkFor(deps.orm, workspaceId), input))
  const scope = { contact, vars: { ...vars, ...(event && { event }) }, nowMs: Date.now() }
  if (formula !== undefined) return compute(formula, { ...scope, event })
  const { value, missing } = renderTemplate(text ?? '', textScope(scope))
  const problems = templateProblems(text)
  return { value, missing: missing.filter((each) => !problems.includes(each)), problems }
}

function compute(formula: string, scope: Parameters<typeof evaluateFormula>[1]): ExpressionPreview {
  const wrong = formulaProblem(formula)
  if (wrong !== undefined) return { value: null, missing: [], problems: [wrong] }
  const result = evaluateFormula(formula, scope)
  return result.problem === undefined
    ? { value: result.value, missing: [], problems: [] }
    : { value: null, missing: [], problems: [result.problem] }
}

async function findPerson(
  em: Em,
  { workspaceId, contactId, waId }: Parameters<typeof previewExpression>[1],
): Promise<object> {
  if (contactId !== undefined) return loadContactView(em, workspaceId, contactId)
  if (waId === undefined) return {}
  const id = await findByWaId(em, workspaceId, toWaId(waId) ?? waId)
  if (id) return loadContactView(em, workspaceId, id)
  throw new AppError('not_found', `there is no contact with the number ${waId}`)
}
