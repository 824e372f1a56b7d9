import { randomInt } from 'node:crypto'
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
type Store = ReturnType<typeof createStore>

/** The Flows of all accounts, and the public keys of numbers. */
export function createFlows({ webhooks, journal }: Deps) {
  const store = createStore(journal)
  const tell = (flow: SandboxFlow, before: FlowStatus | null) =>
    webhooks.push({ part: 'value', field: 'flows', wabaId: flow.wabaId, value: statusChange(flow, before) })

  function setStatus(flow: SandboxFlow, status: FlowStatus): SandboxFlow {
    if (flow.status === status) return flow
    const saved = store.save({ ...flow, status })
    tell(saved, flow.status)
    return saved
  }
  function publish(flow: SandboxFlow): SandboxFlow {
    const reason = whyNotPublished(flow)
    if (reason) throw refusal(139002, 'Publishing failed', reason)
    return setStatus(flow, 'PUBLISHED')
  }

  return {
    ...store,
    setStatus,
    publish,
    upload: (flow: SandboxFlow, json: string) => uploadJson(store, flow, json),
    update: (flow: SandboxFlow, input: unknown) => updateFlow(store, flow, input),
    create(wabaId: string, input: unknown): SandboxFlow {
      const { flow_json, publish: isPublished, ...given } = parseInput(createSchema, input)
      const made = makeDraft(store, wabaId, given)
      tell(made, null)
      const filled = flow_json === undefined ? made : uploadJson(store, made, flow_json)
      return isPublished ? publish(filled) : filled
    },
    deprecate(flow: SandboxFlow) {
      if (flow.status === 'PUBLISHED' || flow.status === 'THROTTLED') return setStatus(flow, 'DEPRECATED')
      throw refusal(139003, 'Deprecating failed', 'Only a published Flow can be deprecated.')
    },
    remove(flow: SandboxFlow) {
      if (flow.status !== 'DRAFT') throw refusal(139004, 'Deleting failed', 'Only a draft can be deleted.')
      store.forget(flow.id)
    },
    renewPreview: (flow: SandboxFlow) => store.save({ ...flow, previewToken: newToken() }),
  }
}

/** What is kept, in memory and in the journal. */
function createStore(journal: Journal) {
  const byId = new Map<string, SandboxFlow>()
  const keys = new Map<string, string>()
  return {
    save(flow: SandboxFlow): SandboxFlow {
      byId.set(flow.id, flow)
      journal.append({ kind: 'flow', flow })
      return flow
    },
    forget(id: string) {
      byId.delete(id)
      journal.append({ kind: 'flow-removed', id })
    },
    ofAccount: (wabaId: string) => [...byId.values()].filter((flow) => flow.wabaId === wabaId),
    get: (id: string) => byId.get(id),
    all: () => [...byId.values()],
    keyOf: (phoneNumberId: string) => keys.get(phoneNumberId),
    allKeys: () => [...keys],
    setKey(phoneNumberId: string, publicKey: string) {
      keys.set(phoneNumberId, publicKey)
      journal.append({ kind: 'flow-key', phoneNumberId, publicKey })
    },
    restore: (flow: SandboxFlow) => void byId.set(flow.id, flow),
    restoreRemoved: (id: string) => void byId.delete(id),
    restoreKey: (phoneNumberId: string, publicKey: string) => void keys.set(phoneNumberId, publicKey),
  }
}

function makeDraft(
  store: Store,
  wabaId: string,
  given: {
    name: string
    categories: string[]
    endpoint_uri?: string | undefined
    clone_flow_id?: string | undefined
  },
): SandboxFlow {
  const { name, categories: chosen, endpoint_uri: endpointUri = null, clone_flow_id: original } = given
  refuseTakenName(store, wabaId, name)
  const json = original === undefined ? null : (store.get(original)?.json ?? null)
  return store.save({
    ...{ id: newFlowId(), wabaId, name, categories: chosen, status: 'DRAFT', json, endpointUri },
    validationErrors: json === null ? [] : checkFlowFile(json),
    previewToken: newToken(),
  })
}

function updateFlow(store: Store, flow: SandboxFlow, input: unknown): SandboxFlow {
  const { name = flow.name, categories: chosen = flow.categories, ...rest } = parseInput(updateSchema, input)
  refuseTakenName(store, flow.wabaId, name, flow.id)
  const endpointUri = rest.endpoint_uri ?? flow.endpointUri
  return store.save({ ...flow, name, categories: chosen, endpointUri })
}

function uploadJson(store: Store, flow: SandboxFlow, json: string): SandboxFlow {
  if (flow.status === 'DRAFT') return store.save({ ...flow, json, validationErrors: checkFlowFile(json) })
  throw refusal(139001, 'Updating attempt failed', 'The Flow is not a draft any more.')
}

function refuseTakenName(store: Store, wabaId: string, name: string, id?: string) {
  if (!store.ofAccount(wabaId).some((flow) => flow.name === name && flow.id !== id)) return
  const title = 'Flow name is not unique'
  throw new GraphError(100, `A Flow named ${name} exists already.`, { subcode: 4016019, title })
}

/** 16 digits like Meta's; those of templates and media count from the clock. */
function newFlowId(): string {
  return String(randomInt(1e14, 2e14) * 10 + 7)
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
