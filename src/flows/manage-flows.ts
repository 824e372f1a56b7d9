import * as whatsapp from '../../integrations/whatsapp/flows.ts'
import { newId } from '../db/columns.ts'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { needsEndpoint } from '../model/flow-json.ts'
import type { FlowMapping } from '../model/flow-mapping.ts'
import type { JsonObject } from '../model/json.ts'
import { refuseBadFlow, refuseBadMapping } from './check-flow.ts'
import { getFlow, type FlowDetail } from './find-flows.ts'
import { listFlowUses } from './flow-uses.ts'
import { accessOf, accountNumber, workspaceNumber } from './flow-access.ts'

type FlowDeps = Pick<Deps, 'orm' | 'seal' | 'config'>

export interface FlowInput {
  name: string
  categories: string[]
  json?: JsonObject | undefined
  mapping?: FlowMapping | undefined
}

/** Creates a draft with WhatsApp and here. What WhatsApp finds wrong with the JSON stands in `validationErrors`. */
export async function createFlow(
  deps: FlowDeps,
  input: FlowInput & { workspaceId: string; numberId: string },
): Promise<FlowDetail> {
  const { workspaceId, numberId, name, categories, json, mapping } = input
  if (json) refuseBadFlow(json)
  if (json && mapping) refuseBadMapping(mapping, json)
  const number = await workspaceNumber(deps, workspaceId, numberId)
  const access = accessOf(deps, number)
  const id = newId()
  const endpoint = json && needsEndpoint(json) ? { endpoint_uri: endpointOf(deps, id) } : {}
  const { id: metaId } = await whatsapp.createFlow(access, number.wabaId, { name, categories, ...endpoint })
  await forkFor(deps.orm, workspaceId).execute(
    `insert into flows (id, workspace_id, waba_id, meta_id, name, mapping) values (?, ?, ?, ?, ?, ?::jsonb)`,
    [id, workspaceId, number.wabaId, metaId, name, mapping ? JSON.stringify(mapping) : null],
  )
  if (json) await upload(deps, access, { workspaceId, id, metaId, json })
  return refreshFlow(deps, { workspaceId, flowId: id })
}

/** A draft's name, categories and JSON; the mapping of its endpoint at any time. */
export async function updateFlow(
  deps: FlowDeps,
  input: Partial<FlowInput> & { workspaceId: string; flowId: string },
): Promise<FlowDetail> {
  const { workspaceId, flowId, name, categories, json, mapping } = input
  const flow = await getFlow(deps, workspaceId, flowId)
  if (json) refuseBadFlow(json)
  const newest = json ?? readJson(flow.json)
  const wanted = mapping ?? flow.mapping
  if (newest && wanted) refuseBadMapping(wanted, newest)
  const access = accessOf(deps, await accountNumber(deps, workspaceId, flow.wabaId))
  const endpoint =
    json && needsEndpoint(json) && !flow.endpointUri ? { endpoint_uri: endpointOf(deps, flowId) } : {}
  const change = { ...(name !== undefined && { name }), ...(categories && { categories }), ...endpoint }
  if (Object.keys(change).length > 0) await whatsapp.updateFlow(access, flow.metaId, change)
  if (json) await upload(deps, access, { workspaceId, id: flowId, metaId: flow.metaId, json })
  if (mapping) {
    await forkFor(deps.orm, workspaceId).execute(
      'update flows set mapping = ?::jsonb, updated_at = now() where id = ? and workspace_id = ?',
      [JSON.stringify(mapping), flowId, workspaceId],
    )
  }
  const isOurs = Object.keys(change).length === 0 && !json
  return isOurs ? getFlow(deps, workspaceId, flowId) : refreshFlow(deps, { workspaceId, flowId })
}

type Which = { workspaceId: string; flowId: string }

/** Customers can open it from now on, and its JSON stays. */
export async function publishFlow(deps: FlowDeps, which: Which): Promise<FlowDetail> {
  const { flow, access } = await reach(deps, which)
  await whatsapp.publishFlow(access, flow.metaId)
  return refreshFlow(deps, which)
}

/** Nobody can open it any more; what came back stays. */
export async function deprecateFlow(deps: FlowDeps, which: Which): Promise<FlowDetail> {
  const { flow, access } = await reach(deps, which)
  await whatsapp.deprecateFlow(access, flow.metaId)
  return refreshFlow(deps, which)
}

/** Drafts only, and only those that nothing opens. */
export async function deleteFlow(deps: FlowDeps, which: Which): Promise<void> {
  const { flow, access } = await reach(deps, which)
  const em = forkFor(deps.orm, which.workspaceId)
  const usedIn = await listFlowUses(em, which.workspaceId, which.flowId)
  if (usedIn.length > 0) {
    const names = usedIn.map(({ kind, name }) => `the ${kind} "${name}"`).join(', ')
    throw new AppError('conflict', `the Flow is opened by ${names}`, { details: { usedIn } })
  }
  await whatsapp.deleteFlow(access, flow.metaId)
  await em.execute('update flows set deleted_at = now() where id = ? and workspace_id = ?', [
    which.flowId,
    which.workspaceId,
  ])
}

/** An address that shows the Flow to anybody who has it. */
export async function previewFlow(
  deps: FlowDeps,
  { isRenewed, ...which }: Which & { isRenewed: boolean },
): Promise<{ url: string; expiresAt: string | undefined }> {
  const { flow, access } = await reach(deps, which)
  return whatsapp.readFlowPreview(access, flow.metaId, isRenewed)
}

/** Takes over what WhatsApp says about a Flow now: status, findings, health. */
export async function refreshFlow(deps: FlowDeps, which: Which): Promise<FlowDetail> {
  const { flow, access } = await reach(deps, which)
  const meta = await whatsapp.readFlow(access, flow.metaId)
  await forkFor(deps.orm, which.workspaceId).execute(
    `update flows set name = coalesce(?, name), status = coalesce(?, status), status_at = date_trunc('second', now()), endpoint_uri = ?,
       categories = array(select jsonb_array_elements_text(?::jsonb)), validation_errors = ?::jsonb, health = ?::jsonb,
       synced_at = now(), updated_at = now()
     where id = ? and workspace_id = ?`,
    [
      meta.name ?? null,
      meta.status ?? null,
      meta.endpoint_uri ?? null,
      JSON.stringify(meta.categories ?? []),
      JSON.stringify(meta.validation_errors ?? []),
      meta.health_status ? JSON.stringify(meta.health_status) : null,
      which.flowId,
      which.workspaceId,
    ],
  )
  return getFlow(deps, which.workspaceId, which.flowId)
}

async function reach(deps: FlowDeps, { workspaceId, flowId }: Which) {
  const flow = await getFlow(deps, workspaceId, flowId)
  return { flow, access: accessOf(deps, await accountNumber(deps, workspaceId, flow.wabaId)) }
}

/** Printed as people read it: the lines and columns of WhatsApp's findings count in this text. */
async function upload(
  deps: FlowDeps,
  access: whatsapp.FlowAccess,
  { workspaceId, id, metaId, json }: { workspaceId: string; id: string; metaId: string; json: JsonObject },
): Promise<void> {
  const text = JSON.stringify(json, null, 2)
  await whatsapp.uploadFlowJson(access, metaId, text)
  await forkFor(deps.orm, workspaceId).execute(
    'update flows set json = ?, updated_at = now() where id = ? and workspace_id = ?',
    [text, id, workspaceId],
  )
}

function readJson(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text)
}

function endpointOf({ config }: Pick<Deps, 'config'>, flowId: string): string {
  const base = config.PUBLIC_URL ?? `http://127.0.0.1:${config.PORT}`
  return `${base.replace(/\/$/, '')}/flows/${flowId}/data`
}
