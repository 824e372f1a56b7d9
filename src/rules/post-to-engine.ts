import { refusalOf, type Http } from '../../integrations/kit.ts'
import { AppError } from '../model/errors.ts'
import type { Engine } from './engine.ts'

/** What a rule engine may say at most. */
const maximumBytes = 256_000
const maximumEntries = 500

/** Asks a rule engine once. Returns the entries of its answer as they came; throws what is wrong with it. */
export async function postToEngine(http: Http, engine: Engine, body: object): Promise<unknown[]> {
  const { url, headers, timeoutMs } = engine
  const answer = await http({ method: 'POST', url, headers, json: body, timeoutMs, maximumBytes })
  const refusal = refusalOf(answer, 'the rule engine')
  if (refusal) throw refusal
  return readEntries(answer.body)
}

function readEntries(body: unknown): unknown[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('app_refused', 'the rule engine did not answer with a JSON object')
  const { assignment, error } = body as { assignment?: unknown; error?: unknown }
  if (assignment === undefined || assignment === null) {
    if (error === undefined) return []
    const words = typeof error === 'string' ? error : JSON.stringify(error)
    throw new AppError('app_refused', `the rule engine answered with an error: ${words.slice(0, 300)}`)
  }
  if (!Array.isArray(assignment))
    throw new AppError('app_refused', "the rule engine's `assignment` is not a list")
  if (assignment.length > maximumEntries)
    throw new AppError('app_refused', `the rule engine's answer has more than ${maximumEntries} entries`)
  return assignment
}

interface Cause {
  name?: unknown
  message?: unknown
  cause?: unknown
}

/** Why there is no answer, in words for the settings' screen. */
export function sayFailure(error: AppError, { timeoutMs }: Pick<Engine, 'timeoutMs'>): string {
  const causes: Cause[] = []
  for (let each: unknown = error.cause; isObject(each) && causes.length < 5; each = each.cause)
    causes.push(each)
  if (causes.some(({ name }) => name === 'TimeoutError'))
    return `${error.message}: nothing within ${timeoutMs} ms`
  const { message } = causes.at(-1) ?? {}
  return (typeof message === 'string' ? `${error.message}: ${message}` : error.message).slice(0, 500)
}

function isObject(value: unknown): value is Cause {
  return typeof value === 'object' && value !== null
}
