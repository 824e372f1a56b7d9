import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { viewCustomer, viewItem } from './chat-view.ts'
import { addFlows } from './flow-control.ts'
import type { Flows } from './flows.ts'
import type { Events } from './events.ts'
import { type Faults, faultsInputSchema } from './faults.ts'
import { GraphError } from './graph-errors.ts'
import type { Identities } from './identities.ts'
import { changeHealth, healthSchema } from './number-health.ts'
import { type Inbound, speechSchema } from './inbound.ts'
import type { Ledger } from './ledger.ts'
import type { Media } from './media.ts'
import { bsuidPattern, type Customer, type Phones } from './phones.ts'
import { receiveFile } from './receive-file.ts'
import type { SettingsHolder } from './settings.ts'
import type { Statuses } from './statuses.ts'
import { type Templates, templateStatuses } from './templates.ts'
import type { Webhooks } from './webhooks.ts'

export type ControlDeps = {
  settings: SettingsHolder
  ledger: Ledger
  phones: Phones
  inbound: Inbound
  identities: Identities
  faults: Faults
  media: Media
  templates: Templates
  flows: Flows
  statuses: Statuses
  webhooks: Webhooks
  events: Events
}

const pageQuery = z.object({
  to: z.string().optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
})
const templateForceSchema = z.strictObject({
  status: z.enum(templateStatuses).optional(),
  reason: z.string().optional(),
  quality: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']).optional(),
  category: z.enum(['AUTHENTICATION', 'MARKETING', 'UTILITY']).optional(),
})
const rawWebhookSchema = z.strictObject({
  field: z.string().min(1),
  value: z.looseObject({}),
  wabaId: z.string().optional(),
})
const customerSchema = z.strictObject({ name: z.string().min(1).optional() })
const readSchema = z.strictObject({ phoneNumberId: z.string() })
const phonesQuery = z.object({
  search: z.string().default(''),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})

/** The sandbox's own calls under `/sandbox`: what tests, demos and the page steer it with. */
export function createControl(deps: ControlDeps): Router {
  const { settings, faults, ledger, webhooks, events, templates } = deps
  const router = Router()
  router.use(express.json({ limit: '4mb' }))

  router.get('/settings', (_request, response) => void response.json(settings.visible()))
  router.put('/settings', (request, response) => {
    settings.merge(objectOf(request))
    response.json(settings.visible())
  })

  const showFaults = (_request: Request, response: Response) => void response.json({ faults: faults.list() })
  router.get('/faults', showFaults)
  router.post('/faults', (request, response) => {
    faults.set(faultsInputSchema.parse(objectOf(request)).faults)
    showFaults(request, response)
  })
  router.delete('/faults', (request, response) => {
    faults.clear()
    showFaults(request, response)
  })

  router.get('/ledger', (request, response) => {
    const { to, after, limit } = pageQuery.parse(request.query)
    response.json(ledger.page({ after, limit, addresses: to === undefined ? null : addressesOf(deps, to) }))
  })
  router.delete('/ledger', (_request, response) => {
    ledger.clear()
    response.json({ messages: [], total: 0 })
  })

  router.put('/templates/:id', (request, response) => {
    const { status, reason, quality, category } = templateForceSchema.parse(objectOf(request))
    const { id } = request.params
    if (!templates.get(id)) return notFound(response, `template ${id}`)
    if (status) templates.setStatus(id, status, reason)
    if (quality) templates.setQuality(id, quality)
    if (category) templates.setCategory(id, category)
    response.json(templates.get(id))
  })
  router.get('/templates', (_request, response) => void response.json({ templates: templates.all() }))

  router.get('/webhooks', (_request, response) => void response.json(webhooks.counts()))
  router.post('/webhooks', async (request, response) => {
    const { field, value, wabaId } = rawWebhookSchema.parse(objectOf(request))
    const account = wabaId ?? settings.current.numbers[0]?.wabaId ?? '0'
    const delivered = await webhooks.pushAndWait({ part: 'value', field, value, wabaId: account })
    response.status(delivered ? 200 : 202).json({ delivered })
  })
  router.post('/webhooks/verify', async (_request, response) => void response.json(await webhooks.verify()))

  router.get('/events', (_request, response) => events.listen(response))
  addNumbers(router, deps)
  addPhones(router, deps)
  addMedia(router, deps)
  addFlows(router, deps)
  router.use((request, response) => notFound(response, `${request.method} ${request.originalUrl}`))
  router.use(respondProblem)
  return router
}

function addNumbers(router: Router, deps: ControlDeps) {
  router.put('/numbers/:id', (request, response) => {
    const number = deps.settings.number(request.params.id)
    if (!number) return notFound(response, `number ${request.params.id}`)
    changeHealth(deps, number, healthSchema.parse(objectOf(request)))
    response.json(deps.settings.visible())
  })
}

function addPhones(router: Router, deps: ControlDeps) {
  const { phones, inbound, identities, statuses } = deps
  router.get('/phones', (request, response) => {
    const { search, limit } = phonesQuery.parse(request.query)
    const wanted = search.toLowerCase()
    const found = phones
      .all()
      .filter((one) => `${one.name} ${one.waId} ${one.userId}`.toLowerCase().includes(wanted))
      .sort((one, other) => lastAtMs(other) - lastAtMs(one))
    response.json({ phones: found.slice(0, limit).map(viewCustomer), total: found.length })
  })

  router.param('address', (request, _response, next, raw: string) => {
    const address = addressIn(raw)
    request.params.address = address
    if (/^\d{5,17}$/.test(address) || bsuidPattern.test(address)) return next()
    next(new GraphError(100, `phone: ${raw} is neither a phone's digits nor a BSUID`))
  })

  /** Meets a customer without saying a word. */
  router.put('/phones/:address', (request, response) => {
    const { name } = customerSchema.parse(objectOf(request))
    response.json(viewCustomer(phones.meet(request.params.address, name)))
  })

  /** Somebody else is behind the address now, or the same person with WhatsApp anew. */
  router.post('/phones/:address/identity', (request, response) => {
    response.json({ hash: identities.change(phones.meet(request.params.address)) })
  })

  router.post('/phones/:address/messages', async (request, response) => {
    const { address } = request.params
    const said = await inbound.speak(address, speechSchema.parse(objectOf(request)))
    if (!said) return problem(response, 400, 'phoneNumberId: not one of the numbers in the settings')
    response.status(said.delivered ? 200 : 202).json(said)
  })

  router.get('/phones/:address/messages', (request, response) => {
    const phoneNumberId = request.query.phoneNumberId
    const customer = phones.find(request.params.address)
    const chats = [...(customer?.chats ?? [])].filter(([id]) => !phoneNumberId || id === phoneNumberId)
    const messages = chats.flatMap(([id, chat]) =>
      chat.items.map((item) => ({ ...viewItem(deps, item), phoneNumberId: id })),
    )
    messages.sort((one, other) => one.at.localeCompare(other.at))
    response.json({ phone: customer ? viewCustomer(customer) : null, messages })
  })

  router.post('/phones/:address/read', (request, response) => {
    const { phoneNumberId } = readSchema.parse(objectOf(request))
    const customer = phones.find(request.params.address)
    for (const item of customer?.chats.get(phoneNumberId)?.items ?? []) {
      if ('out' in item && customer) statuses.markRead(item.out, customer)
    }
    response.json({ success: true })
  })
}

function addMedia(router: Router, { media, settings }: ControlDeps) {
  /** A customer's upload: no type is refused, since customers send what they like. */
  router.post('/media', async (request, response) => {
    const { file, fields } = await receiveFile(request, response)
    if (!file) return problem(response, 400, 'file: is missing')
    const number = settings.number(String(fields.phoneNumberId)) ?? settings.current.numbers[0]
    const stored = media.store({
      phoneNumberId: number?.phoneNumberId ?? '0',
      mimeType: file.mimetype,
      bytes: file.buffer,
      fileName: file.originalname,
    })
    response.json({ id: stored.id, mime_type: stored.mimeType, sha256: stored.sha256 })
  })

  const send = (request: Request<{ id: string }>, response: Response, mimeType?: string) => {
    const stored = media.get(request.params.id)
    const bytes = media.bytes(request.params.id)
    if (!stored || !bytes) return notFound(response, `media ${request.params.id}`)
    response
      .set({ 'content-type': mimeType ?? stored.mimeType, 'x-content-type-options': 'nosniff' })
      .send(bytes)
  }
  router.get('/media/:id/download', (request, response) => {
    const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (!token || !settings.current.accessTokens.includes(token))
      return problem(response, 401, 'bearer token required')
    send(request, response)
  })
  /** For the page: pictures only, anything else is a download without a type of its own. */
  router.get('/media/:id/preview', (request, response) => {
    const stored = media.get(request.params.id)
    const isPicture = /^image\/(png|jpeg|webp|gif)$/.test(stored?.mimeType ?? '')
    if (!isPicture) response.set('content-disposition', 'attachment')
    send(request, response, isPicture ? undefined : 'application/octet-stream')
  })
}

function lastAtMs(customer: Customer): number {
  return Math.max(0, ...[...customer.chats.values()].map((chat) => chat.lastAtMs))
}

/** Everything that the person is addressed by. */
function addressesOf({ phones }: ControlDeps, to: string): string[] {
  const address = addressIn(to)
  const customer = phones.find(address)
  return customer ? [customer.waId, customer.userId].filter((one) => one !== null) : [address]
}

/** A phone may be written with + and blanks; anything else is taken as it is. */
function addressIn(text: string): string {
  return /^[+\d\s()-]+$/.test(text) ? text.replace(/\D/g, '') : text
}

/** Only JSON objects pass: a cross-site form cannot steer the sandbox. */
function objectOf(request: Request): Record<string, unknown> {
  if (request.body && typeof request.body === 'object') return request.body
  throw new z.ZodError([
    { code: 'custom', path: [], message: 'send a JSON object as application/json', input: null },
  ])
}

function notFound(response: Response, what: string) {
  problem(response, 404, `${what} is not known`)
}

function problem(
  response: Response,
  status: number,
  detail: string,
  errors?: { path: string; message: string }[],
) {
  response.status(status).json({ error: { message: detail, ...(errors ? { errors } : {}) } })
}

const respondProblem: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error)
  if (error instanceof z.ZodError) {
    const errors = error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    return problem(response, 400, errors.map((one) => `${one.path}: ${one.message}`).join('; '), errors)
  }
  if (error instanceof GraphError) return problem(response, error.httpStatus, error.details)
  const status = typeof error?.status === 'number' ? error.status : 500
  problem(response, status, error instanceof Error ? error.message : 'the sandbox failed')
}
