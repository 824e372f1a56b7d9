import { z } from 'zod'
import { checkFlowFile, type FlowValidationError } from './flow-checks.ts'
import { GraphError } from './graph-errors.ts'
import type { Journal } from './journal.ts'
import { parseInput } from './shape-parts.ts'
import type { Webhooks } from './webhooks.ts'

export const flowStatuses = ['DRAFT', 'PUBLISHED', 'DEPRECATED', 'BLOCKED', 'THROTTLED'] as const
type FlowStatus = (typeof flowStatuses)[number]

export type SandboxFlow = {
  id: string
  wabaId: string
  name: string
  categories: string[]
  status: FlowStatus
  json: string | null
  validationErrors: FlowValidationError[]
  endpointUri: string | null
  previewToken: string
}

const categories = z
  .array(
    z.enum([
      'SIGN_UP',
      'SIGN_IN',
      'APPOINTMENT_BOOKING',
      'LEAD_GENERATION',
      'CONTACT_US',
      'CUSTOMER_SUPPORT',
      'SURVEY',
      'SHOPPING',
      'OTHER',
    ]),
  )
  .min(1)
const createSchema = z.looseObject({
  name: z.string().min(1).max(200),
  categories,
  endpoint_uri: z.url().optional(),
  clone_flow_id: z.string().optional(),
  flow_json: z.string().optional(),
  publish: z.boolean().optional(),
})
const updateSchema = z.looseObject({
  name: z.string().min(1).max(200).optional(),
  categories: categories.optional(),
  endpoint_uri: z.url().optional(),
})

type Deps = { webhooks: Webhooks; journal: Journal }
export type Flows = ReturnType<typeof createFlows>

/** The Flows of all accounts, and the public keys of numbers. */
export function createFlows({ webhooks, journal }: Deps) {
  const byId = new Map<string, SandboxFlow>()
  const keys = new Map<string, string>()
  // Far from the ids of templates, which count from now.
  let lastId = Date.now() * 1_000 + 9e14

  function save(flow: SandboxFlow): SandboxFlow {
    byId.set(flow.id, flow)
    journal.append({ kind: 'flow', flow })
    return flow
  }
  const ofAccount = (wabaId: string) => [...byId.values()].filter((flow) => flow.wabaId === wabaId)

  function refuseTakenName(wabaId: string, name: string, id?: string) {
    if (!ofAccount(wabaId).some((flow) => flow.name === name && flow.id !== id)) return
    throw new GraphError(100, `A Flow named ${name} exists already.`, {
      subcode: 4016019,
      title: 'Flow name is not unique',
    })
  }

  function setStatus(flow: SandboxFlow, status: FlowStatus): SandboxFlow {
    if (flow.status === status) return flow
    const saved = save({ ...flow, status })
    webhooks.push({
      part: 'value',
      field: 'flows',
      wabaId: flow.wabaId,
      value: statusChange(saved, flow.status),
    })
    return saved
  }

  function upload(flow: SandboxFlow, json: string): SandboxFlow {
    if (flow.status !== 'DRAFT')
      throw refusal(139001, 'Updating attempt failed', 'The Flow is not a draft any more.')
    return save({ ...flow, json, validationErrors: checkFlowFile(json) })
  }

  function publish(flow: SandboxFlow): SandboxFlow {
    const reason = whyNotPublished(flow)
    if (reason) throw refusal(139002, 'Publishing failed', reason)
    return setStatus(flow, 'PUBLISHED')
  }

  return {
    ofAccount,
    setStatus,
    upload,
    publish,
    get: (id: string) => byId.get(id),
    all: () => [...byId.values()],
    keyOf: (phoneNumberId: string) => keys.get(phoneNumberId),
    allKeys: () => [...keys],
    setKey(phoneNumberId: string, publicKey: string) {
      keys.set(phoneNumberId, publicKey)
      journal.append({ kind: 'flow-key', phoneNumberId, publicKey })
    },
    create(wabaId: string, input: unknown): SandboxFlow {
      const { name, categories: chosen, ...rest } = parseInput(createSchema, input)
      refuseTakenName(wabaId, name)
      const id = String((lastId += 1))
      const made = save({
        ...{
          id,
          wabaId,
          name,
          categories: chosen,
          status: 'DRAFT',
          validationErrors: [],
          previewToken: newToken(),
        },
        json: rest.clone_flow_id ? (byId.get(rest.clone_flow_id)?.json ?? null) : null,
        endpointUri: rest.endpoint_uri ?? null,
      })
      webhooks.push({ part: 'value', field: 'flows', wabaId, value: statusChange(made, null) })
      const filled = rest.flow_json === undefined ? made : upload(made, rest.flow_json)
      return rest.publish ? publish(filled) : filled
    },
    update(flow: SandboxFlow, input: unknown) {
      const { name, categories: chosen, endpoint_uri } = parseInput(updateSchema, input)
      if (name) refuseTakenName(flow.wabaId, name, flow.id)
      return save({
        ...flow,
        name: name ?? flow.name,
        categories: chosen ?? flow.categories,
        endpointUri: endpoint_uri ?? flow.endpointUri,
      })
    },
    deprecate(flow: SandboxFlow) {
      if (flow.status === 'PUBLISHED' || flow.status === 'THROTTLED') return setStatus(flow, 'DEPRECATED')
      throw refusal(139003, 'Deprecating failed', 'Only a published Flow can be deprecated.')
    },
    remove(flow: SandboxFlow) {
      if (flow.status !== 'DRAFT') throw refusal(139004, 'Deleting failed', 'Only a draft can be deleted.')
      byId.delete(flow.id)
      journal.append({ kind: 'flow-removed', id: flow.id })
    },
    renewPreview: (flow: SandboxFlow) => save({ ...flow, previewToken: newToken() }),
    restore: (flow: SandboxFlow) => void byId.set(flow.id, flow),
    restoreRemoved: (id: string) => void byId.delete(id),
    restoreKey: (phoneNumberId: string, publicKey: string) => void keys.set(phoneNumberId, publicKey),
  }
}

function whyNotPublished(flow: SandboxFlow): string | undefined {
  if (flow.status !== 'DRAFT') return 'The Flow is not a draft.'
  if (flow.json === null) return 'The Flow has no JSON.'
  if (flow.validationErrors.length > 0) return 'The Flow JSON has validation errors.'
  const needsEndpoint =
    (JSON.parse(flow.json) as { data_api_version?: string }).data_api_version !== undefined
  return needsEndpoint && !flow.endpointUri ? 'The Flow has no endpoint_uri.' : undefined
}

function refusal(code: number, title: string, details: string): GraphError {
  return new GraphError(code, details, { title, httpStatus: 400 })
}

function statusChange({ id, name, status }: SandboxFlow, before: FlowStatus | null) {
  return {
    event: 'FLOW_STATUS_CHANGE',
    message: before
      ? `Flow ${name} changed status from ${before} to ${status}`
      : `Flow ${name} was created as a draft`,
    flow_id: id,
    ...(before ? { old_status: before } : {}),
    new_status: status,
  }
}

function newToken(): string {
  return crypto.randomUUID()
}
