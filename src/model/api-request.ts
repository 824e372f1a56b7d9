import { z } from 'zod'
import { jsonObjectSchema, readPath, type Json, type JsonObject } from './json.ts'
import { renderTemplate } from './template.ts'

const variableName = z
  .string()
  .regex(/^[A-Za-z_]\w{0,99}$/, 'must be a name of letters, digits and _')
  .refine((name) => name !== '__proto__', 'is no name for a variable')
const text = z.string().max(20_000)

/** A call to an HTTP API, whose texts are templates. */
export const apiRequestSchema = z.object({
  connection: z.uuid().optional().meta({ title: 'Connection', widget: 'connection', integration: 'http' }),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET').meta({ title: 'Method' }),
  url: z
    .string()
    .regex(/^https?:\/\/[^/?#@{}\s]+(?=[/?#]|$)/, 'must begin with https:// and a host without placeholders')
    .max(4_000)
    .meta({ title: 'URL', description: 'Values of placeholders are escaped' }),
  headers: z
    .array(z.object({ name: z.string().regex(/^[\w!#$%&'*+.^`|~-]{1,200}$/), value: z.string().max(4_000) }))
    .max(50)
    .default([])
    .meta({ title: 'Headers' }),
  body: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('none') }),
      z.object({ type: z.literal('json'), json: z.json() }),
      z.object({ type: z.literal('form'), fields: z.record(z.string().max(200), text) }),
      z.object({ type: z.literal('text'), text, contentType: z.string().max(200).default('text/plain') }),
    ])
    .default({ type: 'none' })
    .meta({
      title: 'Body',
      description: 'In JSON, a text that is one placeholder only becomes its value: a number stays a number',
    }),
  timeoutSeconds: z.number().int().min(1).max(30).default(10).meta({ title: 'Time-out in seconds' }),
  mapping: z
    .array(
      z.object({
        path: z
          .string()
          .regex(/^(status|headers\.[^.]+|body(\.[^.]+)*)$/, 'begins with body, headers or status')
          .max(500)
          .meta({ description: '`body.data.0.id`, `headers.etag`, `status`' }),
        variable: variableName,
      }),
    )
    .max(50)
    .default([])
    .meta({ title: 'Variables from the answer', description: 'What is not in the answer becomes empty' }),
})
export type ApiRequest = z.output<typeof apiRequestSchema>

/** What the HTTP integration's `request` gives back. */
export const apiAnswerSchema = z.object({
  /** Null: there was no answer. */
  status: z.number().int().nullable(),
  picked: jsonObjectSchema,
  error: z.object({ sent: z.boolean(), reason: z.string() }).nullable(),
  /** What the system asks to wait before another try. */
  retryAfterMs: z.number().nullable(),
})
export type ApiAnswer = z.output<typeof apiAnswerSchema>

/** The input of the HTTP integration's `request`, with every text rendered; `problems` keep it from being sent. */
export function buildApiRequest(
  settings: ApiRequest,
  scope: Record<string, unknown>,
): { input: JsonObject; missing: string[]; problem: string | undefined } {
  const { method, timeoutSeconds, mapping } = settings
  const url = renderTemplate(settings.url, escapeAll(scope))
  const headers = renderTemplate(settings.headers, scope)
  const body = renderBody(settings.body, scope)
  const input: JsonObject = {
    ...{ method, url: url.value, timeoutMs: timeoutSeconds * 1_000 },
    headers: Object.fromEntries(headers.value.map(({ name, value }) => [name, value])),
    ...(body.value && { body: body.value }),
    pick: [...new Set(mapping.map(({ path }) => path))],
  }
  const missing = [...new Set([...url.missing, ...headers.missing, ...body.missing])]
  return { input, missing, problem: problemOf(url.value) }
}

/** The variables that an answer sets. */
export function mapAnswer({ mapping }: Pick<ApiRequest, 'mapping'>, { picked }: ApiAnswer): JsonObject {
  return Object.fromEntries(mapping.map(({ path, variable }) => [variable, picked[path] ?? null]))
}

/** A value must not climb out of the path that the author wrote. */
function problemOf(url: string): string | undefined {
  if (!URL.canParse(url)) return 'the address is none'
  const path = url.replace(/[?#].*$/s, '')
  return path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part))
    ? 'the address holds a step up'
    : undefined
}

function escapeAll(value: unknown): Record<string, unknown> {
  const walk = (node: unknown): unknown => {
    if (typeof node === 'string') return encodeURIComponent(node.toWellFormed())
    if (Array.isArray(node)) return node.map(walk)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]))
  }
  return walk(value) as Record<string, unknown>
}

function renderBody(
  body: ApiRequest['body'],
  scope: Record<string, unknown>,
): { value: Json | undefined; missing: string[] } {
  if (body.type === 'none') return { value: undefined, missing: [] }
  if (body.type !== 'json') return renderTemplate<Json>(body, scope)
  const missing: string[] = []
  const walk = (node: Json): Json => {
    if (typeof node === 'string') return renderValue(node, scope, missing)
    if (Array.isArray(node)) return node.map(walk)
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]))
  }
  return { value: { type: 'json', json: walk(body.json) }, missing }
}

/** A text that is one placeholder keeps the type of its value. */
function renderValue(text: string, scope: Record<string, unknown>, missing: string[]): Json {
  const [, path] = /^\{\{\s*([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*\}\}$/.exec(text) ?? []
  const found = path === undefined ? undefined : readPath(scope, path)
  if (found !== undefined && found !== null) return found
  const rendered = renderTemplate(text, scope)
  missing.push(...rendered.missing)
  return rendered.value
}
