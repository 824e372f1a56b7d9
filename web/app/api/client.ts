/** What the API said no with (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly fields: { field: string; message: string }[]
  readonly details: Record<string, unknown>
  readonly requestId: string

  constructor(status: number, body: Partial<ProblemBody>) {
    super(body.detail ?? `the server answered ${status}`)
    this.name = 'ApiProblem'
    this.status = status
    this.code = body.code ?? 'unknown'
    this.fields = body.fields ?? []
    this.details = body.details ?? {}
    this.requestId = body.requestId ?? ''
  }
}
interface ProblemBody {
  code: string
  detail: string
  fields: { field: string; message: string }[]
  details: Record<string, unknown>
  requestId: string
}

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

const base = '/platform/v1'
/** The page's address is ours, so the session cookie goes along. */
export const api = {
  get: <T>(path: string, query?: Query) => ask<T>('GET', path + toQuery(query)),
  /** @param key of what must be done once, however often it is asked for */
  post: <T>(path: string, body?: unknown, key?: string) => ask<T>('POST', path, body, key),
  put: <T>(path: string, body: unknown) => ask<T>('PUT', path, body),
  /** Goes out even when the page is left meanwhile. */
  putAtLast: <T>(path: string, body: unknown) => ask<T>('PUT', path, body, undefined, true),
  patch: <T>(path: string, body: unknown) => ask<T>('PATCH', path, body),
  delete: <T>(path: string) => ask<T>('DELETE', path),
  /** For links that the browser follows itself. */
  address: (path: string) => base + path,
}

export type Query = Record<string, string | number | undefined>

/** All items of a list whose end is near, such as attributes and tags; not more than some pages. */
export async function getAll<T>(path: string, query: Query = {}, mostPages = 5): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const answer: Page<T> = await api.get(path, { ...query, limit: 200, ...(cursor && { cursor }) })
    items.push(...answer.items)
    cursor = answer.nextCursor
    if (!cursor) break
  }
  return items
}

async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  key?: string,
  keepalive = false,
): Promise<T> {
  const response = await fetch(base + path, {
    method,
    keepalive,
    credentials: 'same-origin',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new ApiProblem(0, { detail: 'The server does not answer. Is it running, and are you online?' })
  })
  return readAnswer<T>(response.status, await response.text())
}

function readAnswer<T>(status: number, text: string): T {
  const isJson = text.startsWith('{') || text.startsWith('[')
  const body: unknown = isJson ? JSON.parse(text) : undefined
  if (status < 200 || status >= 300) throw new ApiProblem(status, body ?? {})
  return body as T
}

/** Tells how much of a file has gone out, which `fetch` cannot. */
export function upload<T>(path: string, file: File, onShare: (share: number) => void): Promise<T> {
  const form = new FormData()
  form.append('file', file)
  const request = new XMLHttpRequest()
  request.open('POST', base + path)
  request.upload.onprogress = ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0)
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(new ApiProblem(0, { detail: 'The upload was cut off. Try again.' }))
    request.onload = () => {
      try {
        resolve(readAnswer<T>(request.status, request.responseText))
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    request.send(form)
  })
}

function toQuery(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  )
  return given.length > 0 ? `?${new URLSearchParams(given)}` : ''
}
