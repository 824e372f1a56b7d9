import type { ActionResult, Integration } from '../../integrations/kit.ts'
import type { Deps } from '../deps.ts'
import { toFieldErrors } from '../kit/field-errors.ts'
import { AppError } from '../model/errors.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { findIntegration } from './connections.ts'
import { unsealConnection } from './find-connections.ts'
import { traceOf } from './redact.ts'

export interface IntegrationCall {
  workspaceId: string
  integration: string
  action: string
  connectionId?: string | undefined
  input: JsonObject
  /** The same at every try of this call. */
  key: string
}

export interface IntegrationResult {
  output: Json
  /** For a run's trace: without secrets. */
  trace: { input: Json; output: Json }
}

type CallDeps = Pick<Deps, 'orm' | 'seal' | 'http' | 'log'>

/** Beyond the time-outs of single requests: an action may make several. */
const maximumMs = 60_000

/** Does one action of an outside system: unseals, checks the input, runs, and tells what came of it without secrets. */
export async function callIntegration(deps: CallDeps, call: IntegrationCall): Promise<IntegrationResult> {
  const integration = findIntegration(call.integration)
  const action = Object.hasOwn(integration.actions, call.action)
    ? integration.actions[call.action]
    : undefined
  if (!action) throw new AppError('unprocessable', `${integration.name} has no action "${call.action}"`)
  const auth = await authOf(deps, integration, call)
  const parsed = action.input.safeParse(call.input)
  if (!parsed.success) {
    const fields = toFieldErrors(parsed.error)
    const [first] = fields
    throw new AppError('invalid_input', `${first?.field ?? 'the input'}: ${first?.message}`, { fields })
  }
  const begunAt = Date.now()
  const { integration: id, action: name } = call
  const note = (result: string) =>
    deps.log.info({ integration: id, action: name, ms: Date.now() - begunAt, result }, 'called')
  try {
    const work = action.run({ auth: auth?.parsed, input: parsed.data, http: deps.http, key: call.key })
    const { output, shown = output } = await inTime(work, integration.name)
    note('done')
    const secrets = auth?.secrets ?? []
    return { output, trace: { input: traceOf(call.input, secrets), output: traceOf(shown, secrets) } }
  } catch (error) {
    note(error instanceof AppError ? error.code : 'internal')
    throw error
  }
}

/** Asks the system whether the credentials of a connection are good. */
export async function testIntegration(
  deps: CallDeps,
  call: Pick<IntegrationCall, 'workspaceId' | 'integration'> & { connectionId: string },
): Promise<{ ok: boolean; words: string }> {
  const integration = findIntegration(call.integration)
  const auth = await authOf(deps, integration, call)
  try {
    return { ok: true, words: await inTime(integration.test(auth?.parsed, deps.http), integration.name) }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, words: error.message }
    throw error
  }
}

async function authOf(
  deps: CallDeps,
  { id, name, auth, shown, optional }: Integration,
  { workspaceId, connectionId }: Pick<IntegrationCall, 'workspaceId' | 'connectionId'>,
): Promise<{ parsed: unknown; secrets: string[] } | undefined> {
  if (connectionId === undefined) {
    if (optional) return undefined
    throw new AppError('unprocessable', `${name} needs a connection`)
  }
  const connection = await unsealConnection(deps, workspaceId, connectionId)
  if (connection.integration !== id) {
    throw new AppError('unprocessable', `the connection "${connection.name}" is none of ${name}`)
  }
  const secrets = Object.entries(connection.auth)
    .filter(([field]) => !shown.includes(field))
    .flatMap(([, value]) => (typeof value === 'string' ? [value] : []))
  return { parsed: auth.parse(connection.auth), secrets }
}

async function inTime<T extends ActionResult | string>(work: Promise<T>, name: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, refuse) => {
    const error = new AppError('unavailable', `${name} did not finish within ${maximumMs / 1_000} seconds`)
    timer = setTimeout(() => refuse(error), maximumMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
