import { AppError } from '../../src/model/errors.ts'
import { request, type HttpRequest } from '../kit.ts'

export interface FlowAccess {
  baseUrl: string
  graphVersion: string
  accessToken: string
  timeoutMs: number
}

/** What Meta finds wrong with a Flow JSON, and where in the file. */
export interface FlowValidationError {
  error: string
  error_type?: string
  message: string
  line_start?: number
  line_end?: number
  column_start?: number
  column_end?: number
  pointers?: {
    path?: string
    line_start?: number
    line_end?: number
    column_start?: number
    column_end?: number
  }[]
}

/** A Flow as Meta tells of one; which fields come depends on the call. */
export interface MetaFlow {
  id: string
  name?: string
  status?: string
  categories?: string[]
  validation_errors?: FlowValidationError[]
  json_version?: string
  data_api_version?: string
  endpoint_uri?: string
  preview?: { preview_url?: string; expires_at?: string }
  health_status?: Record<string, unknown>
}

const detailFields =
  'id,name,categories,status,validation_errors,json_version,data_api_version,endpoint_uri,health_status'

export function createFlow(
  access: FlowAccess,
  wabaId: string,
  flow: { name: string; categories: string[]; endpoint_uri?: string },
): Promise<{ id: string }> {
  return call(access, { method: 'POST', json: flow }, `${wabaId}/flows`)
}

/** Replaces the Flow JSON of a draft. What is wrong with it is an answer, not a failure. */
export async function uploadFlowJson(
  access: FlowAccess,
  flowId: string,
  json: string,
): Promise<FlowValidationError[]> {
  const file = { name: 'flow.json', type: 'application/json', bytes: Buffer.from(json) }
  const form = { file, name: 'flow.json', asset_type: 'FLOW_JSON' }
  const answer = await call<{ validation_errors?: FlowValidationError[] }>(
    access,
    { method: 'POST', form },
    `${flowId}/assets`,
  )
  return answer.validation_errors ?? []
}

export async function updateFlow(
  access: FlowAccess,
  flowId: string,
  change: { name?: string; categories?: string[]; endpoint_uri?: string },
): Promise<void> {
  await call(access, { method: 'POST', json: change }, flowId)
}

export async function publishFlow(access: FlowAccess, flowId: string): Promise<void> {
  await call(access, { method: 'POST' }, `${flowId}/publish`)
}

export async function deprecateFlow(access: FlowAccess, flowId: string): Promise<void> {
  await call(access, { method: 'POST' }, `${flowId}/deprecate`)
}

/** Drafts only. */
export async function deleteFlow(access: FlowAccess, flowId: string): Promise<void> {
  await call(access, { method: 'DELETE' }, flowId)
}

export function readFlow(access: FlowAccess, flowId: string): Promise<MetaFlow> {
  return call(access, { method: 'GET' }, `${flowId}?fields=${detailFields}`)
}

/** @param isRenewed makes earlier addresses invalid. */
export async function readFlowPreview(
  access: FlowAccess,
  flowId: string,
  isRenewed: boolean,
): Promise<{ url: string; expiresAt: string | undefined }> {
  const flow = await call<MetaFlow>(
    access,
    { method: 'GET' },
    `${flowId}?fields=preview.invalidate(${String(isRenewed)})`,
  )
  const { preview_url: url, expires_at: expiresAt } = flow.preview ?? {}
  if (!url) throw new AppError('whatsapp_refused', 'WhatsApp gave no preview of this Flow')
  return { url, expiresAt }
}

/** Every Flow of an account, page by page. */
export async function* listFlows(access: FlowAccess, wabaId: string): AsyncGenerator<MetaFlow[]> {
  let after = ''
  do {
    const page = await call<{ data?: MetaFlow[]; paging?: { next?: string; cursors?: { after?: string } } }>(
      access,
      { method: 'GET' },
      `${wabaId}/flows?fields=${detailFields}&limit=100${after && `&after=${encodeURIComponent(after)}`}`,
    )
    yield page.data ?? []
    after = page.paging?.next ? (page.paging.cursors?.after ?? '') : ''
  } while (after)
}

/** The Flow JSON as it stands with Meta; undefined when there is none yet. */
export async function downloadFlowJson(access: FlowAccess, flowId: string): Promise<string | undefined> {
  const { data = [] } = await call<{ data?: { asset_type?: string; download_url?: string }[] }>(
    access,
    { method: 'GET' },
    `${flowId}/assets`,
  )
  const url = data.find((asset) => asset.asset_type === 'FLOW_JSON')?.download_url
  if (!url) return undefined
  const maximumBytes = 10 * 1024 * 1024
  const { status, body } = await request({ method: 'GET', url, timeoutMs: access.timeoutMs, maximumBytes })
  if (status >= 300) throw new AppError('whatsapp_refused', `WhatsApp answered ${status} for the Flow JSON`)
  return typeof body === 'string' ? body : JSON.stringify(body, null, 2)
}

/** Customers' phones encrypt what they exchange with our endpoint under this key. */
export async function uploadPublicKey(
  access: FlowAccess,
  phoneNumberId: string,
  publicKey: string,
): Promise<void> {
  const form = { business_public_key: publicKey }
  await call(access, { method: 'POST', form }, `${phoneNumberId}/whatsapp_business_encryption`)
}

interface KeyState {
  business_public_key?: string
  business_public_key_signature_status?: string
}

/** The key that WhatsApp holds, and whether its signature is in order: `VALID` or `MISMATCH`. */
export async function readPublicKey(
  access: FlowAccess,
  phoneNumberId: string,
): Promise<{ publicKey: string | undefined; status: string | undefined }> {
  const answer = await call<KeyState & { data?: KeyState[] }>(
    access,
    { method: 'GET' },
    `${phoneNumberId}/whatsapp_business_encryption`,
  )
  const state = answer.data?.[0] ?? answer
  return { publicKey: state.business_public_key, status: state.business_public_key_signature_status }
}

interface GraphError {
  code?: number
  error_subcode?: number
  message?: string
  error_user_msg?: string
  error_data?: { details?: string }
}

/** One management call. A refusal is told in Meta's own words; what can be tried again says so. */
async function call<T>(
  access: FlowAccess,
  { method, json, form }: Pick<HttpRequest, 'method' | 'json' | 'form'>,
  path: string,
): Promise<T> {
  const answer = await request({
    method,
    url: `${access.baseUrl}/${access.graphVersion}/${path}`,
    headers: { authorization: `Bearer ${access.accessToken}` },
    ...(json !== undefined && { json }),
    ...(form && { form }),
    timeoutMs: access.timeoutMs,
    maximumBytes: 10 * 1024 * 1024,
  })
  const body = typeof answer.body === 'object' && answer.body !== null ? answer.body : {}
  if (answer.status < 300) return body as T
  const { error = {} } = body as { error?: GraphError }
  const { code, error_subcode: subcode } = error
  const reason = error.error_user_msg ?? error.error_data?.details ?? error.message ?? `HTTP ${answer.status}`
  if (answer.status === 429 || answer.status >= 500) {
    const { retryAfterMs = 5_000 } = answer
    throw new AppError('unavailable', `WhatsApp: ${reason}`, { retryAfterMs, details: { code, subcode } })
  }
  throw refusal({ code, subcode, reason })
}

/** Meta's codes of Flows: blocked, not updated, not published, not deprecated, not deleted. */
const stateCodes = new Set<number | undefined>([139000, 139001, 139002, 139003, 139004])
/** Meta's code for a parameter that it does not take, and its subcode for a name that another Flow has. */
const wrongParameter = 100
const takenName = 4016019

interface Refusal {
  code: number | undefined
  subcode: number | undefined
  reason: string
}

/** What the caller can put right is the caller's: a taken name, a state in which WhatsApp leaves a Flow as it is. */
function refusal({ code, subcode, reason }: Refusal): AppError {
  const message = `WhatsApp: ${reason}`
  const details = { code, subcode }
  if (subcode === takenName) {
    return new AppError('conflict', message, { details, fields: [{ field: 'name', message: reason }] })
  }
  if (code === wrongParameter) return new AppError('unprocessable', message, { details })
  return new AppError(stateCodes.has(code) ? 'conflict' : 'whatsapp_refused', message, { details })
}
