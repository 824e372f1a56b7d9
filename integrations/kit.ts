import { Agent, buildConnector, FormData, request as send } from 'undici'
import type { z } from 'zod'
import type { ContactBook } from '../src/model/contact-book.ts'
import { AppError } from '../src/model/errors.ts'
import type { Json } from '../src/model/json.ts'
import { createAddressGuard } from './address-guard.ts'

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'REPORT'
  url: string
  headers?: Record<string, string>
  json?: unknown
  /** `multipart/form-data`: fields, and files with their names. */
  form?: Record<string, string | { name: string; type: string; bytes: Uint8Array | Blob }>
  /** A body that is no JSON; its content type is for the caller to name. */
  bytes?: Uint8Array
  timeoutMs: number
  /** An answer larger than this is cut off and counts as a failure. */
  maximumBytes?: number
  /** Of a file: the body is a Buffer, whatever is in it. */
  as?: 'bytes'
}
export interface HttpAnswer {
  status: number
  /** Parsed JSON, the text when it is none, or the bytes where they were asked for. */
  body: unknown
  /** By their names in small letters. */
  headers: Record<string, string>
  retryAfterMs: number | undefined
}
/** A way out to HTTP. */
export type Http = (input: HttpRequest) => Promise<HttpAnswer>

/** A call that got no complete answer. `sent` tells whether the other side may have acted on it. */
export class NoAnswer extends AppError {
  readonly sent: boolean

  constructor(sent: boolean, message: string, cause: unknown) {
    super('unavailable', message, { cause })
    this.name = 'NoAnswer'
    this.sent = sent
  }
}

/** Errors of the system that prove that no byte of the request left. */
const notSentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const agent = new Agent({
  connections: 64,
  pipelining: 1,
  keepAliveTimeout: 10_000,
  connect: { timeout: 5_000 },
})

/**
 * The way out for addresses that somebody typed in: it reaches the internet only, whatever a name turns into, and is not led
 * on by redirects. Addresses of our own settings go by `request`.
 * @param allow what may be reached though it is private, see `createAddressGuard`.
 */
export function createHttp(allow: readonly string[]): Http {
  const guard = createAddressGuard(allow)
  const guarded = new Agent({
    connections: 16,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect(options, done) {
      const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80))
      try {
        guard.check(options.hostname, port)
      } catch (error) {
        return done(error as Error, null)
      }
      buildConnector({ timeout: 5_000, maxCachedSessions: 0, lookup: guard.lookup(port) })(options, done)
    },
  })
  return (input) => request(input, guarded)
}

/**
 * The only way out to HTTP: a time-out, a size limit, no redirects, and a plain word on whether it may have been acted on.
 * By undici's own call: the `fetch` of the standard takes three times the processor time, which a campaign would feel.
 */
export async function request(input: HttpRequest, dispatcher = agent): Promise<HttpAnswer> {
  const headers = {
    ...{ accept: '*/*', 'user-agent': 'Dripline' },
    ...input.headers,
    ...(input.json !== undefined && { 'content-type': 'application/json' }),
  }
  try {
    const response = await send(input.url, {
      method: input.method,
      headers,
      ...bodyOf(input),
      ...(input.bytes && { body: input.bytes }),
      signal: AbortSignal.timeout(input.timeoutMs),
      dispatcher,
    })
    const bytes = await readLimited(response.body, input.maximumBytes ?? 1_000_000)
    const answered = singleHeaders(response.headers)
    return {
      status: response.statusCode,
      body: input.as === 'bytes' ? bytes : parse(bytes.toString('utf8')),
      headers: answered,
      retryAfterMs: retryAfterMs(answered['retry-after']),
    }
  } catch (error) {
    const refusal = causesOf(error).find((cause) => cause instanceof AppError)
    if (refusal) throw refusal
    throw new NoAnswer(
      !notSentCodes.has(systemCode(error)),
      `${input.method} ${host(input.url)} gave no answer`,
      error,
    )
  }
}

/** A file as it comes. Whoever asks reads it to its end, or leaves it and it is cut off. */
export interface HttpDownload {
  status: number
  headers: Record<string, string>
  retryAfterMs: number | undefined
  body: AsyncIterable<Buffer>
}

/** Like `request`, of a body that is too large to be held. The time is for all of it. */
export async function download(
  input: Pick<HttpRequest, 'url' | 'headers' | 'timeoutMs'>,
): Promise<HttpDownload> {
  try {
    const response = await send(input.url, {
      method: 'GET',
      headers: { accept: '*/*', 'user-agent': 'Dripline', ...input.headers },
      signal: AbortSignal.timeout(input.timeoutMs),
      dispatcher: agent,
    })
    const headers = singleHeaders(response.headers)
    const after = retryAfterMs(headers['retry-after'])
    return {
      status: response.statusCode,
      headers,
      retryAfterMs: after,
      body: readOn(input.url, response.body),
    }
  } catch (error) {
    throw new NoAnswer(true, `GET ${host(input.url)} gave no answer`, error)
  }
}

async function* readOn(url: string, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  // What whoever reads does with a piece may fail too: only the reading is the other side's.
  const pieces = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => {
        throw new NoAnswer(true, `${host(url)} broke off`, error)
      })
      if (next.done) return
      yield next.value
    }
  } finally {
    await pieces.return?.()
  }
}

function bodyOf({ json, form }: HttpRequest): { body?: string | FormData } {
  if (json !== undefined) return { body: JSON.stringify(json) }
  if (!form) return {}
  const body = new FormData()
  for (const [field, value] of Object.entries(form)) {
    if (typeof value === 'string') body.append(field, value)
    else body.append(field, toBlob(value.bytes, value.type), value.name)
  }
  return { body }
}

function toBlob(bytes: Uint8Array | Blob, type: string): Blob {
  return bytes instanceof Blob ? bytes : new Blob([Uint8Array.from(bytes)], { type })
}

function singleHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

async function readLimited(body: AsyncIterable<Uint8Array>, maximumBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maximumBytes) throw new RangeError(`the answer is larger than ${maximumBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Proxies in between answer with HTML: the caller decides by status, and shows this text.
    return text
  }
}

/** Seconds or an HTTP date. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (!header) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** What an answer means by its status: undefined of one that says yes. */
export function refusalOf({ status, retryAfterMs }: HttpAnswer, who: string): AppError | undefined {
  if (status >= 200 && status < 300) return undefined
  const message = `${who} answered with status ${status}`
  const options = { details: { status }, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  if (status === 429) return new AppError('rate_limited', message, options)
  if (status === 408 || status === 425 || status >= 500) return new AppError('unavailable', message, options)
  return new AppError('app_refused', message, options)
}

/** An error and what caused it. A name with two addresses fails twice, as an AggregateError. */
function causesOf(error: unknown): unknown[] {
  if (error === null || typeof error !== 'object') return []
  const { cause, errors = [] } = error as { cause?: unknown; errors?: unknown[] }
  return [error, ...causesOf(cause), ...errors.flatMap(causesOf)]
}

function systemCode(error: unknown): string {
  const codes = causesOf(error).map((cause) => (cause as NodeJS.ErrnoException).code)
  return codes.find((code) => typeof code === 'string') ?? ''
}

function host(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an invalid address'
}

/** What an action did: what the caller goes on with, and where that is not the same, what a trace may show of it. */
export interface ActionResult {
  output: Json
  shown?: Json
}
interface ActionCall<Auth, Input> {
  auth: Auth
  input: Input
  http: Http
  /** The same at every try of one call: for systems that take an idempotency key. */
  key: string
}
/** What a system can do for a journey. What `run` is given has been parsed by `input` and by the integration's `auth`. */
export interface Action<Auth = unknown> {
  title: string
  input: z.ZodType
  run(call: ActionCall<Auth, unknown>): Promise<ActionResult>
}

/** Erases the type of the input. */
export function defineAction<Auth, Input>(action: {
  title: string
  input: z.ZodType<Input>
  run(call: ActionCall<Auth, Input>): Promise<ActionResult>
}): Action<Auth> {
  return action
}

/** An outside system: how one signs in there, and what it can do. */
export interface Integration<Auth = unknown> {
  id: string
  name: string
  /** The form of a connection; secrets are `.meta({ secret: true })`. */
  auth: z.ZodType<Auth>
  /** Fields of `auth` that may be shown again. Everything else is a secret. */
  shown: readonly string[]
  /** Its actions may be called without a connection too: `auth` is undefined then. */
  optional: boolean
  actions: Readonly<Record<string, Action<NoInfer<Auth> | undefined>>>
  /** Where it keeps people. */
  contacts?: ContactBook<{ auth: NoInfer<Auth>; http: Http }>
  /** What anybody may know of it, such as schemas: nothing of a user's, nothing secret. */
  publicData?(query: Readonly<Record<string, string>>): Record<string, Json>
  /** Asks the system whether the credentials are good. Returns words, throws a refusal. */
  test(auth: Auth, http: Http): Promise<string>
}

/** Erases the type of the credentials, so that integrations stand in one registry. */
export function defineIntegration<Auth>(integration: Integration<Auth>): Integration {
  return integration
}
