import { z } from 'zod'
import {
  apiAnswerSchema,
  apiRequestSchema,
  buildApiRequest,
  mapAnswer,
  type ApiAnswer,
} from '../../../src/model/api-request.ts'
import { CardFailure, defineCard, failed, type CardContext, type Outlet } from '../card.ts'

const settingsSchema = apiRequestSchema.extend({
  retries: z.number().int().min(0).max(5).default(2).meta({
    title: 'Further tries',
    description:
      'When the system is busy, fails (5xx) or does not answer. Every try of a call carries the same Idempotency-Key',
  }),
})
type Settings = z.output<typeof settingsSchema>

const outlets: Outlet[] = [
  { id: '2xx', label: 'Success (2xx)' },
  { id: '4xx', label: 'Refused (4xx)' },
  { id: '5xx', label: 'Their failure (5xx)' },
  failed,
]

/** Calls an HTTP API and goes on by the class of its answer. No answer after all tries is a failure of the card. */
export const jsonApi = defineCard<Settings>({
  type: 'json-api',
  group: 'utility',
  label: 'JSON API',
  icon: 'api',
  settings: settingsSchema,
  outlets: () => outlets,
  check: ({ method, body }) =>
    method === 'GET' && body.type !== 'none' ? [['body', 'a GET request has no body']] : [],
  refers: ({ connection: id }) =>
    id === undefined ? [] : [{ kind: 'connection', id, integration: 'http', field: 'connection' }],
  run: async (context, settings) => {
    const { connection } = settings
    const input = await requestOf(context, settings)
    let answer = await call(context, connection, input)
    for (let retry = 0; retry < settings.retries && mayHelp(answer); retry += 1) {
      const waitMs = Math.min(answer.retryAfterMs ?? firstWaitMs * 2 ** retry, longestWaitMs)
      await context.sleepUntil(context.now() + waitMs)
      answer = await call(context, connection, input)
    }
    if (answer.status === null) {
      throw new CardFailure('unavailable', answer.error?.reason ?? 'there was no answer')
    }
    for (const [name, value] of Object.entries(mapAnswer(settings, answer))) context.set(name, value)
    return outletOf(answer.status)
  },
})

const firstWaitMs = 2_000
/** Whatever the other system asks for: it must not keep a customer for a year. */
const longestWaitMs = 60 * 60_000

async function requestOf(context: CardContext, settings: Settings) {
  const contact = context.contactId === undefined ? null : await context.loadContact()
  const { vars } = context
  const { input, missing, problem } = buildApiRequest(settings, { contact, vars, event: vars['event'] ?? {} })
  if (missing.length > 0) {
    throw new CardFailure('missing_variable', `${missing.join(', ')} has no value and no fallback`)
  }
  if (problem) throw new CardFailure('invalid_input', problem)
  return input
}

async function call(
  context: CardContext,
  connectionId: string | undefined,
  input: Awaited<ReturnType<typeof requestOf>>,
): Promise<ApiAnswer> {
  const output = await context.perform('callIntegration', {
    integration: 'http',
    action: 'request',
    ...(connectionId !== undefined && { connectionId }),
    input,
  })
  return apiAnswerSchema.parse(output)
}

function mayHelp({ status }: ApiAnswer): boolean {
  return status === null || status === 408 || status === 429 || status >= 500
}

function outletOf(status: number): string {
  if (status >= 500) return '5xx'
  if (status >= 400) return '4xx'
  if (status >= 300) throw new CardFailure('app_refused', `it leads on to another address (${status})`)
  return '2xx'
}
