import { loadContactView } from '../contacts/contact-view.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import {
  apiAnswerSchema,
  buildApiRequest,
  mapAnswer,
  type ApiAnswer,
  type ApiRequest,
} from '../model/api-request.ts'
import { AppError } from '../model/errors.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { callIntegration } from './call-integration.ts'

export interface TriedRequest {
  /** What was asked and what came back, without secrets. */
  trace: { input: Json; output: Json }
  status: number | null
  error: ApiAnswer['error']
  /** What the card would keep. */
  variables: JsonObject
}

/** Makes the call that a JSON API card would make, once, with a real contact or with none. */
export async function tryRequest(
  deps: Deps,
  input: { workspaceId: string; request: ApiRequest; contactId: string | undefined; vars: JsonObject },
): Promise<TriedRequest> {
  const { workspaceId, request, contactId, vars } = input
  const em = forkFor(deps.orm, workspaceId)
  const contact = contactId === undefined ? null : await loadContactView(em, workspaceId, contactId)
  const built = buildApiRequest(request, { contact, vars, event: vars['event'] ?? {} })
  if (built.missing.length > 0) {
    throw new AppError('missing_variable', `${built.missing.join(', ')} has no value and no fallback`)
  }
  if (built.problem) {
    const fields = [{ field: 'request.url', message: built.problem }]
    throw new AppError('unprocessable', built.problem, { fields })
  }
  const { output, trace } = await callIntegration(deps, {
    ...{ workspaceId, integration: 'http', action: 'request', key: newId() },
    connectionId: request.connection,
    input: built.input,
  })
  const answer = apiAnswerSchema.parse(output)
  return { trace, status: answer.status, error: answer.error, variables: mapAnswer(request, answer) }
}
