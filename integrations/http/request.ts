import { z } from 'zod'
import { AppError } from '../../src/model/errors.ts'
import { readPath, toStorable, type Json, type JsonObject } from '../../src/model/json.ts'
import {
  defineAction,
  NoAnswer,
  type ActionResult,
  type Http,
  type HttpAnswer,
  type HttpRequest,
} from '../kit.ts'
import { signIn, type HttpAuth } from './auth.ts'

const text = z.string().max(100_000)
/** A line break would begin another header. */
const headerValue = z
  .string()
  .max(8_000)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'may hold no line break or other sign of control')

const inputSchema = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.url({ protocol: /^https?$/ }).max(8_000),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]{1,200}$/, 'is no name of a header'), headerValue)
    .default({}),
  body: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('json'), json: z.json() }),
      z.object({ type: z.literal('form'), fields: z.record(z.string(), text) }),
      z.object({
        type: z.literal('text'),
        text,
        contentType: headerValue.default('text/plain; charset=utf-8'),
      }),
    ])
    .optional(),
  timeoutMs: z.number().int().min(100).max(30_000).default(10_000),
  /** Paths into `{ status, headers, body }`; nothing else of the answer travels on. */
  pick: z.array(z.string().max(500)).max(50).default([]),
})
type Input = z.output<typeof inputSchema>

const maximumBytes = 1_000_000
/** What is picked stays in a run's variables, which travel with every step. */
const maximumPicked = 16_000
const maximumRedirects = 3

/**
 * One call. Whatever status comes back is an answer; `error` says why there is none. Refusals to call at all are thrown.
 */
export const httpRequest = defineAction<HttpAuth | undefined, Input>({
  title: 'Send a request',
  input: inputSchema,
  async run({ auth, input, http, key }) {
    try {
      return read(await follow(http, toRequest(input, key), auth), input.pick)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      const reason =
        error.cause instanceof Error ? `${error.message}: ${reasonOf(error.cause)}` : error.message
      return { output: { status: null, picked: {}, error: { sent: error.sent, reason }, retryAfterMs: null } }
    }
  },
})

function toRequest({ method, url, headers, body, timeoutMs }: Input, key: string): HttpRequest {
  const given = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const own = { accept: 'application/json', ...(method !== 'GET' && { 'idempotency-key': key }) }
  return { method, url, timeoutMs, maximumBytes, ...bodyOf(body, { ...own, ...given }) }
}

function bodyOf(
  body: Input['body'],
  headers: Record<string, string>,
): Pick<HttpRequest, 'headers' | 'bytes'> {
  if (!body) return { headers }
  const [type, content] =
    body.type === 'json'
      ? ['application/json', JSON.stringify(body.json)]
      : body.type === 'form'
        ? ['application/x-www-form-urlencoded', new URLSearchParams(body.fields).toString()]
        : [body.contentType, body.text]
  return { headers: { 'content-type': type, ...headers }, bytes: Buffer.from(content) }
}

/** Redirects of what only reads are followed, each through the guard; credentials go to their own system only. */
async function follow(http: Http, request: HttpRequest, auth: HttpAuth | undefined): Promise<HttpAnswer> {
  const home = new URL(request.url).origin
  let current = signIn(request, auth)
  for (let hop = 0; ; hop += 1) {
    const answer = await http(current)
    const { location } = answer.headers
    if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer
    const url = URL.parse(location, current.url)
    if (!url || !/^https?:$/.test(url.protocol) || request.method !== 'GET' || hop === maximumRedirects) {
      throw new AppError('app_refused', `${home} leads on to another address (${answer.status})`)
    }
    const { headers: _kept, ...bare } = request
    current = url.origin === home ? signIn({ ...request, url: url.href }, auth) : { ...bare, url: url.href }
  }
}

function read(answer: HttpAnswer, pick: string[]): ActionResult {
  const { status, headers, body, retryAfterMs = null } = answer
  const whole = { status, headers, body: toStorable(body as Json) }
  const picked: JsonObject = {}
  for (const path of pick) picked[path] = readPath(whole, path) ?? null
  const { length } = JSON.stringify(picked)
  if (length > maximumPicked) {
    throw new AppError(
      'too_large',
      `the mapped values have ${length} characters of JSON: at most ${maximumPicked} are kept`,
    )
  }
  return { output: { status, picked, error: null, retryAfterMs }, shown: { status, body: whole.body } }
}

function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError') return 'it took too long'
  return error.cause instanceof Error ? error.cause.message : error.message
}
