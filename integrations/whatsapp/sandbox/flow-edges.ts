import type { EdgeDeps } from './edges.ts'
import type { SandboxFlow } from './flows.ts'
import type { GraphCall } from './graph.ts'
import { GraphError } from './graph-errors.ts'
import { readJson } from './read-json.ts'
import { receiveFile } from './receive-file.ts'

const PAGE_DEFAULT = 25
const PAGE_MAX = 100
const PREVIEW_DAYS = 30

/** The Flow edges of an account and of a Flow; undefined when the call is about neither. */
export async function callFlowEdge(deps: EdgeDeps, call: GraphCall): Promise<unknown> {
  const { flows, settings } = deps
  const flow = flows.get(call.id)
  if (flow) return await callFlow(deps, call, flow)
  if (call.edge !== 'flows') return undefined
  if (!settings.current.numbers.some((number) => number.wabaId === call.id)) return undefined
  if (call.method === 'GET') return listFlows(deps, call)
  if (call.method !== 'POST') return undefined
  const made = flows.create(call.id, await readParameters(call))
  return { id: made.id, success: true, validation_errors: made.validationErrors }
}

async function callFlow({ flows }: EdgeDeps, call: GraphCall, flow: SandboxFlow): Promise<unknown> {
  switch (`${call.method} ${call.edge}`) {
    case 'GET ':
      return readFlow(flows, call, flow)
    case 'POST ':
      flows.update(flow, await readParameters(call))
      return { success: true }
    case 'DELETE ':
      flows.remove(flow)
      return { success: true }
    case 'GET assets':
      return { data: flow.json === null ? [] : [assetOf(call, flow)] }
    case 'POST assets':
      return { success: true, validation_errors: flows.upload(flow, await readAsset(call)).validationErrors }
    case 'POST publish':
      flows.publish(flow)
      return { success: true }
    case 'POST deprecate':
      flows.deprecate(flow)
      return { success: true }
    default:
      return undefined
  }
}

/** Customers' phones encrypt under this key what they send to the number's Flow endpoints. */
export async function setPublicKey({ flows }: EdgeDeps, call: GraphCall) {
  const { business_public_key: key } = await readParameters(call)
  if (typeof key !== 'string' || !key.startsWith('-----BEGIN PUBLIC KEY-----')) {
    throw new GraphError(100, 'business_public_key must be a public key in PEM.')
  }
  flows.setKey(call.id, key)
  return { success: true }
}

export function showPublicKey({ flows }: EdgeDeps, call: GraphCall) {
  const key = flows.keyOf(call.id)
  return key ? { business_public_key: key, business_public_key_signature_status: 'VALID' } : {}
}

/** Meta takes JSON and forms alike. */
async function readParameters({ request, response }: GraphCall): Promise<Record<string, unknown>> {
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data')
  return isForm ? (await receiveFile(request, response)).fields : await readJson(request)
}

async function readAsset({ request, response }: GraphCall): Promise<string> {
  const { file, fields } = await receiveFile(request, response)
  if (fields.asset_type !== 'FLOW_JSON') throw new GraphError(100, 'asset_type must be FLOW_JSON.')
  if (fields.name !== 'flow.json') throw new GraphError(100, 'name must be flow.json.')
  if (!file) throw new GraphError(100, 'The parameter file is required.')
  return file.buffer.toString('utf8')
}

function assetOf({ request }: GraphCall, { id }: SandboxFlow) {
  const download_url = `http://${request.headers.host}/sandbox/flows/${id}/flow.json`
  return { name: 'flow.json', asset_type: 'FLOW_JSON', download_url }
}

function readFlow(flows: EdgeDeps['flows'], call: GraphCall, flow: SandboxFlow) {
  const fields = call.url.searchParams.get('fields')?.split(',') ?? [
    'id',
    'name',
    'status',
    'categories',
    'validation_errors',
  ]
  const preview = fields.find((field) => field.startsWith('preview'))
  const shown = preview?.includes('invalidate(true)') ? flows.renewPreview(flow) : flow
  const wire = toWire(shown)
  const asked = Object.entries(wire).filter(([key, value]) => fields.includes(key) && value !== undefined)
  return {
    ...Object.fromEntries(asked),
    ...(preview ? { preview: previewOf(call, shown) } : {}),
    id: flow.id,
  }
}

function previewOf({ request }: GraphCall, { id, previewToken }: SandboxFlow) {
  const expires = new Date(Date.now() + PREVIEW_DAYS * 86_400_000)
  return {
    preview_url: `http://${request.headers.host}/sandbox/flows/${id}/preview?token=${previewToken}`,
    expires_at: expires.toISOString().replace(/\.\d+Z$/, '+0000'),
  }
}

function toWire(flow: SandboxFlow) {
  const json =
    flow.json === null || flow.validationErrors.some((one) => one.error === 'INVALID_JSON') ? '{}' : flow.json
  const { version, data_api_version } = JSON.parse(json) as { version?: string; data_api_version?: string }
  const can_send_message =
    flow.status === 'PUBLISHED' ? 'AVAILABLE' : flow.status === 'THROTTLED' ? 'LIMITED' : 'BLOCKED'
  return {
    id: flow.id,
    name: flow.name,
    status: flow.status,
    categories: flow.categories,
    validation_errors: flow.validationErrors,
    json_version: version,
    data_api_version,
    endpoint_uri: flow.endpointUri ?? undefined,
    health_status: { can_send_message, entities: [{ entity_type: 'FLOW', id: flow.id, can_send_message }] },
  }
}

function listFlows({ flows }: EdgeDeps, { id, url }: GraphCall) {
  const query = url.searchParams
  const all = flows.ofAccount(id)
  const limit = Math.min(PAGE_MAX, Math.max(1, Number(query.get('limit') ?? PAGE_DEFAULT) || PAGE_DEFAULT))
  const after = query.get('after')
  const from = after ? all.findIndex((flow) => cursorOf(flow) === after) + 1 : 0
  if (after && from === 0) throw new GraphError(100, 'The cursor is not valid.')
  const page = all.slice(from, from + limit)
  const [first] = page
  const last = page.at(-1)
  if (!first || !last) return { data: [] }
  const cursors = { before: cursorOf(first), after: cursorOf(last) }
  const next =
    from + limit < all.length ? { next: `${url.pathname}?limit=${limit}&after=${cursors.after}` } : {}
  const fields = query.get('fields')?.split(',') ?? [
    'id',
    'name',
    'status',
    'categories',
    'validation_errors',
  ]
  const data = page.map((flow) =>
    Object.fromEntries(Object.entries(toWire(flow)).filter(([key]) => key === 'id' || fields.includes(key))),
  )
  return { data, paging: { cursors, ...next } }
}

function cursorOf({ id }: SandboxFlow): string {
  return Buffer.from(id).toString('base64url')
}
