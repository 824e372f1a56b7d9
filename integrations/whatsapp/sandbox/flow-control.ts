import type { Request, Router } from 'express'
import { z } from 'zod'
import { askEndpoint } from './flow-exchange.ts'
import { type Flows, flowStatuses, type SandboxFlow } from './flows.ts'
import { GraphError } from './graph-errors.ts'
import type { Inbound } from './inbound.ts'
import type { SentMessage } from './ledger.ts'
import type { Phones } from './phones.ts'
import type { SettingsHolder } from './settings.ts'

type Deps = { flows: Flows; settings: SettingsHolder; phones: Phones; inbound: Inbound }
type Json = Record<string, unknown>

const forceSchema = z.strictObject({ status: z.enum(flowStatuses) })
const exchangeSchema = z.strictObject({
  action: z.string().default('ping'),
  screen: z.string().optional(),
  data: z.unknown().optional(),
  flow_token: z.string().optional(),
  phoneNumberId: z.string().optional(),
})
const completeSchema = z.strictObject({
  messageId: z.string().optional(),
  answers: z.record(z.string(), z.unknown()).default({}),
})

/** What a customer does with Flows: fills them in, and has the phone ask the business's endpoint. */
export function addFlows(router: Router, deps: Deps) {
  const { flows, settings, phones, inbound } = deps
  router.get('/flows', (_request, response) => void response.json({ flows: flows.all() }))
  router.put('/flows/:id', (request, response) => {
    const { status } = forceSchema.parse(request.body)
    response.json(flows.setStatus(flowOf(flows, request), status))
  })
  router.get('/flows/:id/flow.json', (request, response) => {
    response.type('application/json').send(flowOf(flows, request).json ?? '{}')
  })
  router.get('/flows/:id/preview', (request, response) => {
    const flow = flowOf(flows, request)
    if (request.query.token !== flow.previewToken)
      throw new GraphError(190, 'This preview is not valid any more.')
    response.type('application/json').send(flow.json ?? '{}')
  })
  router.post('/flows/:id/exchange', async (request, response) => {
    const { phoneNumberId, ...question } = exchangeSchema.parse(request.body)
    const flow = flowOf(flows, request)
    if (!flow.endpointUri) throw new GraphError(100, 'The Flow has no endpoint_uri.')
    const number = settings.current.numbers.find((one) => one.wabaId === flow.wabaId)
    const publicKey = flows.keyOf(phoneNumberId ?? number?.phoneNumberId ?? '')
    if (!publicKey) throw new GraphError(100, 'The number has no business_public_key.')
    response.json(
      await askEndpoint(flow.endpointUri, question, { publicKey, appSecret: settings.current.appSecret }),
    )
  })
  router.post('/phones/:address/flow', async (request, response) => {
    const { messageId, answers } = completeSchema.parse(request.body)
    const sent = flowMessageOf(phones, request.params.address, messageId)
    const { flow_token } = (sent.payload.interactive as FlowMessage).action.parameters
    const response_json = JSON.stringify({ ...answers, flow_token: flow_token ?? 'unused' })
    const nfm_reply = { name: 'flow', body: 'Sent', response_json }
    const message = {
      type: 'interactive',
      context: { from: settings.number(sent.phoneNumberId)?.displayNumber, id: sent.id },
      interactive: { type: 'nfm_reply', nfm_reply },
    }
    const said = await inbound.speak(request.params.address, { phoneNumberId: sent.phoneNumberId, message })
    response.status(said?.delivered ? 200 : 202).json(said)
  })
}

type FlowMessage = { type: string; action: { parameters: { flow_token?: string } } }

function flowOf(flows: Flows, request: Request<{ id: string }>): SandboxFlow {
  const flow = flows.get(request.params.id)
  if (!flow) throw new GraphError(100, `Flow ${request.params.id} is not known.`, { httpStatus: 404 })
  return flow
}

/** The given message, or the newest of the chat that opens a Flow. */
function flowMessageOf(phones: Phones, address: string, messageId: string | undefined): SentMessage {
  const chats = [...(phones.find(address)?.chats.values() ?? [])]
  const sent = chats
    .flatMap(({ items }) => items.flatMap((item) => ('out' in item ? [item.out] : [])))
    .filter(({ payload }) => (payload.interactive as Json | undefined)?.type === 'flow')
    .sort((one, other) => one.acceptedAtMs - other.acceptedAtMs)
  const found = messageId === undefined ? sent.at(-1) : sent.find(({ id }) => id === messageId)
  if (!found) throw new GraphError(100, 'There is no such Flow message in this chat.', { httpStatus: 404 })
  return found
}
