import { Agent, fetch, FormData } from 'undici'
import { AppError } from '../src/model/errors.ts'

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers?: Record<string, string>
  json?: unknown
  /** `multipart/form-data`: fields, and files with their names. */
  form?: Record<string, string | { name: string; type: string; bytes: Uint8Array }>
  /** A body that is no JSON; its content type is for the caller to name. */
  bytes?: Uint8Array
  timeoutMs: number
  /** An answer larger than this is cut off and counts as a failure. */
  maximumBytes?: number
}
export interface HttpAnswer {
  status: number
  /** Parsed JSON, or the text when it is none. */
  body: unknown
  retryAfterMs: number | undefined
}

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

/** The only way out to HTTP: a time-out, a size limit, no redirects, and a plain word on whether it may have been acted on. */
export async function request(input: HttpRequest): Promise<HttpAnswer> {
  const headers = {
    ...input.headers,
    ...(input.json !== undefined && { 'content-type': 'application/json' }),
  }
  try {
    const response = await fetch(input.url, {
      method: input.method,
      headers,
      ...bodyOf(input),
      ...(input.bytes && { body: input.bytes }),
      redirect: 'manual',
      signal: AbortSignal.timeout(input.timeoutMs),
      dispatcher: agent,
    })
    const text = await readLimited(response.body, input.maximumBytes ?? 1_000_000)
    return {
      status: response.status,
      body: parse(text),
      retryAfterMs: retryAfterMs(response.headers.get('retry-after')),
    }
  } catch (error) {
    throw new NoAnswer(
      !notSentCodes.has(systemCode(error)),
      `${input.method} ${host(input.url)} gave no answer`,
      error,
    )
  }
}

function bodyOf({ json, form }: HttpRequest): { body?: string | FormData } {
  if (json !== undefined) return { body: JSON.stringify(json) }
  if (!form) return {}
  const body = new FormData()
  for (const [field, value] of Object.entries(form)) {
    if (typeof value === 'string') body.append(field, value)
    else body.append(field, new Blob([Uint8Array.from(value.bytes)], { type: value.type }), value.name)
  }
  return { body }
}

async function readLimited(body: AsyncIterable<Uint8Array> | null, maximumBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > maximumBytes) throw new RangeError(`the answer is larger than ${maximumBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
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
function retryAfterMs(header: string | null): number | undefined {
  if (!header) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

function systemCode(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as NodeJS.ErrnoException
    if (typeof code === 'string') return code
    // A name with two addresses fails twice, as an AggregateError.
    if (each instanceof AggregateError && each.errors.length > 0) return systemCode(each.errors[0])
  }
  return ''
}

function host(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an invalid address'
}
