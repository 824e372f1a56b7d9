import { z } from 'zod'
import { NoAnswer, request, type HttpRequest } from '../kit.ts'
import { readRefusal, type TemplateRefusal } from './template-errors.ts'

export interface AccountAccess {
  baseUrl: string
  graphVersion: string
  wabaId: string
  accessToken: string
  timeoutMs: number
}
/** In Meta's shape, as it is sent. */
export interface TemplateDefinition {
  name: string
  language: string
  category: string
  parameter_format: string
  components: unknown[]
}

/** What became of a call that may change something. `unknown`: nobody can say whether Meta acted on it. */
export type TemplateAnswer<T> =
  | { outcome: 'done'; value: T }
  | { outcome: 'refused'; refusal: TemplateRefusal }
  | { outcome: 'not-sent' | 'unknown'; reason: string }

const idSchema = z.union([z.string(), z.number()]).transform(String)
const createdSchema = z.object({
  id: idSchema,
  status: z.string().default('PENDING'),
  category: z.string().optional(),
})
const remoteSchema = z.object({
  id: idSchema,
  name: z.string(),
  language: z.string(),
  status: z.string(),
  category: z.string(),
  parameter_format: z.string().default('POSITIONAL'),
  components: z.array(z.unknown()).default([]),
  rejected_reason: z.string().nullish(),
  quality_score: z.object({ score: z.string().optional() }).nullish(),
  previous_category: z.string().nullish(),
  correct_category: z.string().nullish(),
})
export type RemoteTemplate = z.infer<typeof remoteSchema>
const listSchema = z.object({
  data: z.array(z.unknown()),
  paging: z
    .object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
    .optional(),
})

const fields =
  'id,name,language,status,category,parameter_format,components,rejected_reason,quality_score,previous_category,correct_category'
/** A page of long templates with cards stays far below. */
const maximumBytes = 10_000_000

/** Never repeated here: a second create of the same name and language is refused, so the caller may ask what became of it. */
export async function createTemplate(
  access: AccountAccess,
  definition: TemplateDefinition,
): Promise<TemplateAnswer<z.infer<typeof createdSchema>>> {
  return call(
    access,
    { method: 'POST', path: `${access.wabaId}/message_templates`, json: definition },
    createdSchema,
  )
}

/** Changes content, which sends the template to review again. */
export async function editTemplate(
  access: AccountAccess,
  metaId: string,
  change: { category?: string; components: unknown[] },
): Promise<TemplateAnswer<unknown>> {
  return call(access, { method: 'POST', path: metaId, json: change }, z.unknown())
}

/** One language of a template; without `metaId` all of them. */
export async function deleteTemplate(
  access: AccountAccess,
  { name, metaId }: { name: string; metaId: string },
): Promise<TemplateAnswer<unknown>> {
  const query = new URLSearchParams({ name, hsm_id: metaId })
  return call(access, { method: 'DELETE', path: `${access.wabaId}/message_templates?${query}` }, z.unknown())
}

/** One page of the account's templates. What Meta sends in a shape of its own is left out and counted. */
export async function listTemplates(
  access: AccountAccess,
  { after, name, limit }: { after?: string | undefined; name?: string | undefined; limit: number },
): Promise<TemplateAnswer<{ templates: RemoteTemplate[]; unreadable: number; after: string | undefined }>> {
  const query = new URLSearchParams({
    fields,
    limit: String(limit),
    ...(after && { after }),
    ...(name && { name }),
  })
  const answer = await call(
    access,
    { method: 'GET', path: `${access.wabaId}/message_templates?${query}` },
    listSchema,
  )
  if (answer.outcome !== 'done') return answer
  const { data, paging } = answer.value
  const templates = data.flatMap((item) => remoteSchema.safeParse(item).data ?? [])
  const next = paging?.next === undefined ? undefined : paging.cursors?.after
  return { outcome: 'done', value: { templates, unreadable: data.length - templates.length, after: next } }
}

/**
 * Uploads a sample file by Meta's Resumable Upload API and gives its handle. `app` stands for the token's own app.
 * An interrupted upload leaves nothing behind: the session expires.
 */
export async function uploadSample(
  access: AccountAccess,
  file: { name: string; mimeType: string; bytes: Uint8Array },
): Promise<TemplateAnswer<{ h: string }>> {
  const query = new URLSearchParams({
    file_name: file.name,
    file_length: String(file.bytes.byteLength),
    file_type: file.mimeType,
  })
  const session = await call(
    access,
    { method: 'POST', path: `app/uploads?${query}` },
    z.object({ id: z.string() }),
  )
  if (session.outcome !== 'done') return session
  const headers = {
    authorization: `OAuth ${access.accessToken}`,
    file_offset: '0',
    'content-type': file.mimeType,
  }
  // The id brings its signature along as a query.
  return call(
    access,
    { method: 'POST', path: session.value.id, bytes: file.bytes, headers },
    z.object({ h: z.string().min(1) }),
  )
}

interface Call {
  method: HttpRequest['method']
  path: string
  json?: unknown
  bytes?: Uint8Array
  headers?: Record<string, string>
}

async function call<T>(
  { baseUrl, graphVersion, accessToken, timeoutMs }: AccountAccess,
  { path, ...input }: Call,
  schema: z.ZodType<T>,
): Promise<TemplateAnswer<T>> {
  try {
    const headers = { authorization: `Bearer ${accessToken}`, ...input.headers }
    const url = `${baseUrl}/${graphVersion}/${path}`
    const answer = await request({ ...input, url, headers, timeoutMs, maximumBytes })
    if (answer.status >= 300) {
      const refusal = readRefusal(answer)
      return refusal.kind === 'unclear'
        ? { outcome: 'unknown', reason: refusal.words }
        : { outcome: 'refused', refusal }
    }
    const { data } = schema.safeParse(answer.body)
    if (data !== undefined || schema.safeParse(undefined).success)
      return { outcome: 'done', value: data as T }
    return { outcome: 'unknown', reason: 'WhatsApp answered in a form that is not known' }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { outcome: error.sent ? 'unknown' : 'not-sent', reason: error.message }
  }
}
