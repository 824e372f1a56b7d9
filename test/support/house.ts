import { randomBytes, randomInt } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type ErrorRequestHandler } from 'express'
import { createSandbox } from '../../integrations/whatsapp/sandbox/sandbox.ts'
import { compose, dispose } from '../../src/compose.ts'
import { configSchema, type Config } from '../../src/config.ts'
import { newId } from '../../src/db/columns.ts'
import { forkFor } from '../../src/db/orm.ts'
import { whatsappWebhook } from '../../src/inbound/whatsapp.ts'
import { hashSecret } from '../../src/kit/seal.ts'
import { AppError, errorTable } from '../../src/model/errors.ts'
import { checkWrittenAttributes, declareWritten } from '../../src/journeys/written-attributes.ts'
import { journeyDefinitionSchema } from '../../src/model/journey-definition.ts'
import { PhoneNumber, Workspace } from '../../src/settings/entities.ts'
import { startWorkers } from './start-workers.ts'

export interface HousePlaces {
  databaseUrl: string
  temporal: { address: string; namespace: string }
  bundlePath?: string
}
export type House = Awaited<ReturnType<typeof buildHouse>>

/** What tests look at of a Cloud API payload. */
export interface SentPayload {
  text?: { body: string }
  image?: { caption?: string }
  interactive?: {
    body: { text: string }
    action: {
      buttons?: { reply: { id: string; title: string } }[]
      sections?: { rows: { id: string; title: string }[] }[]
      parameters?: { flow_token?: string }
    }
  }
}
export interface SentMessage {
  seq: number
  id: string
  to: string
  type: string
  payload: SentPayload
  bizOpaqueCallbackData: string
  acceptedAt: string
}

/**
 * The product in one process, on a real PostgreSQL, a real Temporal server and the sandbox: webhook in, worker, ledger out.
 * One workspace with one number. Close it when done.
 */
export async function buildHouse(places: HousePlaces, overrides: Partial<Config> = {}) {
  const number = {
    phoneNumberId: String(randomInt(1e14, 3e14)),
    wabaId: String(randomInt(1e14, 3e14)),
    displayNumber: '15550001111',
  }
  const access = {
    ...number,
    appSecret: randomBytes(16).toString('hex'),
    verifyToken: randomBytes(8).toString('hex'),
  }
  const sandbox = createSandbox({
    accessTokens: ['sandbox-token'],
    numbers: [number],
    appSecret: access.appSecret,
    messagesPerSecond: null,
    pairLimit: false,
  })
  const { port: sandboxPort } = await sandbox.listen(0)
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  const config = configSchema.parse({
    DATABASE_URL: places.databaseUrl,
    TEMPORAL_ADDRESS: places.temporal.address,
    TEMPORAL_NAMESPACE: places.temporal.namespace,
    WHATSAPP_BASE_URL: sandboxUrl,
    MASTER_KEY: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'fatal',
    ...(places.bundlePath && { WORKFLOW_BUNDLE_PATH: places.bundlePath }),
  })
  const deps = await compose({ ...config, ...overrides }, 'test')
  const server = createServer(express().use('/webhooks/whatsapp', whatsappWebhook(deps), showProblem))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/whatsapp`
  await control(sandboxUrl, 'PUT', '/sandbox/settings', { webhookUrl })
  const workspace = await seedWorkspace(deps, access)
  return {
    deps,
    sandboxUrl,
    webhookUrl,
    access,
    lastErrors,
    ...workspace,
    ...controls(sandboxUrl, number.phoneNumberId),
    publish: (definition: object, name = 'Test') => publish(deps, workspace, name, definition),
    /** A worker in this process, with the sweeper; stop it to end the test cleanly. */
    worker: () => startWorkers(deps),
    async close() {
      await sandbox.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await dispose(deps)
    },
  }
}

/** The sandbox's levers: customers speak, faults strike, the ledger shows what WhatsApp accepted. */
function controls(sandboxUrl: string, phoneNumberId: string) {
  const customer = (waId: string, message: object, name: string) =>
    control(sandboxUrl, 'POST', `/sandbox/phones/${waId}/messages`, { name, message })
  return {
    /** Anything that WhatsApp would tell of, e.g. with the `referral` of an ad. */
    say: (waId: string, message: object, name = 'Ann Example') => customer(waId, message, name),
    text: (waId: string, body: string, name = 'Ann Example') =>
      customer(waId, { type: 'text', text: { body } }, name),
    /** @param of wamid of the message whose button it is, as a real phone says it. */
    tap: (waId: string, id: string, title: string, of?: string) =>
      customer(
        waId,
        {
          ...{ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title } } },
          ...(of !== undefined && { context: { from: '15550001111', id: of } }),
        },
        'Ann Example',
      ),
    read: (waId: string) => control(sandboxUrl, 'POST', `/sandbox/phones/${waId}/read`, { phoneNumberId }),
    settings: (settings: object) => control(sandboxUrl, 'PUT', '/sandbox/settings', settings),
    faults: (faults: object[]) => control(sandboxUrl, 'POST', '/sandbox/faults', { faults }),
    async ledger(to?: string): Promise<SentMessage[]> {
      const page = await control(sandboxUrl, 'GET', `/sandbox/ledger?limit=1000${to ? `&to=${to}` : ''}`)
      return (page as { messages: SentMessage[] }).messages
    },
  }
}

/** What the webhook could not do, for a test's message. */
const lastErrors: unknown[] = []

const showProblem: ErrorRequestHandler = (error, _request, response, _next) => {
  const code = error instanceof AppError ? error.code : 'internal'
  if (code === 'internal' || code === 'unavailable') lastErrors.push(error)
  response.status(errorTable[code].status).json({ code, detail: String(error) })
}

type TestDeps = Awaited<ReturnType<typeof compose>>

async function seedWorkspace(deps: TestDeps, access: Record<string, string>) {
  const workspaceId = newId()
  const numberId = newId()
  const em = deps.orm.em.fork()
  em.create(Workspace, { id: workspaceId, name: 'Test', createdAt: new Date() })
  await em.flush()
  em.create(PhoneNumber, {
    id: numberId,
    workspaceId,
    phoneNumberId: access['phoneNumberId'] ?? '',
    wabaId: access['wabaId'] ?? '',
    displayNumber: access['displayNumber'] ?? '',
    portfolioId: '',
    sealedAccessToken: deps.seal.seal('sandbox-token'),
    sealedAppSecret: deps.seal.seal(access['appSecret'] ?? ''),
    verifyTokenHash: hashSecret(access['verifyToken'] ?? ''),
    messagesPerSecond: 1_000,
    createdAt: new Date(),
  })
  await em.flush()
  return { workspaceId, numberId }
}

/** Publishes a definition as it is: the publishing rules have tests of their own. */
async function publish(
  deps: TestDeps,
  { workspaceId, numberId }: { workspaceId: string; numberId: string },
  name: string,
  definition: object,
): Promise<{ journeyId: string; versionId: string }> {
  const journeyId = newId()
  const versionId = newId()
  const frozen = journeyDefinitionSchema.parse(definition)
  const parsed = JSON.stringify(frozen)
  await forkFor(deps.orm, workspaceId).transactional(async (em) => {
    const { undeclared } = await checkWrittenAttributes(em, workspaceId, frozen)
    await declareWritten(em, workspaceId, undeclared)
    await em.execute(
      'insert into journeys (id, workspace_id, number_id, name, draft) values (?, ?, ?, ?, ?::jsonb)',
      [journeyId, workspaceId, numberId, name, parsed],
    )
    await em.execute(
      'insert into journey_versions (id, workspace_id, journey_id, number, definition) values (?, ?, ?, 1, ?::jsonb)',
      [versionId, workspaceId, journeyId, parsed],
    )
    await em.execute('update journeys set published_version_id = ? where id = ?', [versionId, journeyId])
  })
  return { journeyId, versionId }
}

async function control(baseUrl: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(baseUrl + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
  return answer
}
