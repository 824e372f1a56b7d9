import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createSandbox } from '../../integrations/whatsapp/sandbox/sandbox.ts'
import { whatsappWebhook } from '../../src/inbound/whatsapp.ts'
import { contactRoutes } from '../../src/contacts/contact-routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { createNumber } from '../../src/settings/manage-numbers.ts'
import { routes as templateRoutes } from '../../src/templates/routes.ts'
import { type ApiRig, createAsk, openApi, openWorkspace } from '../support/api-rig.ts'
import { atFileEnd } from '../support/at-file-end.ts'
import { freshDatabase } from '../support/postgres.ts'
import { runSql } from '../support/run-sql.ts'
import { signedPost } from '../support/signed-post.ts'

export const access = { phoneNumberId: '100200300', wabaId: '700800900', appSecret: 'app-secret-of-test' }
type Json = Record<string, unknown>
export interface Problem {
  code: string
  detail: string
  fields: { field: string; message: string }[]
  details?: Json
}
export interface View {
  id: string
  name: string
  language: string
  status: string
  category: string
  metaId: string | null
  components: { type: string; text?: string }[]
  draft: { components: { text?: string }[] } | null
  submitError: { words: string; subcode: number | null } | null
  rejectedReason: string | null
  quality: string | null
  correctCategory: string | null
  previousCategory: string | null
  archivedAt: string | null
  source: string
  problems: { rule: string; severity: string; field: string }[]
}
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** The API with the sandbox as WhatsApp, its webhook included, and a workspace with a number. */
export async function openTemplateRig() {
  const database = await freshDatabase()
  const { sandbox, sandboxUrl } = await startSandbox()
  const routes = [...templateRoutes, ...journeyRoutes, ...contactRoutes]
  const overrides = { DATABASE_URL: database.url, WHATSAPP_BASE_URL: sandboxUrl, SEND_TIMEOUT_MS: 1_000 }
  const api = await openApi(overrides, routes)
  const server = createServer(express().use('/webhooks/whatsapp', whatsappWebhook(api.deps)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/whatsapp`
  const ours = await openWorkspace(api, 'ours')
  const theirs = await openWorkspace(api, 'theirs')
  const number = await createNumber(api.deps, ours.workspaceId, {
    ...access,
    displayNumber: '15550001111',
    portfolioId: '',
    accessToken: 'sandbox-token',
    verifyToken: 'verify-me-please',
    messagesPerSecond: 80,
  })
  atFileEnd(async () => {
    await sandbox.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await api.close()
  })
  const sql = async <T extends object>(text: string, values: unknown[] = []) =>
    (await runSql(database.url, text, values)).rows as T[]
  return {
    ...{ api, deps: api.deps, ours, theirs, number, sandboxUrl, sql },
    ...callsOf(api, ours.key, sandboxUrl, webhookUrl),
    facts: (id: string) =>
      sql<{ kind: string; data: Json }>(
        `select kind, data from facts where data->>'template' = $1 order by at, id`,
        [id],
      ),
  }
}

async function startSandbox() {
  const sandbox = createSandbox({
    accessTokens: ['sandbox-token'],
    numbers: [{ phoneNumberId: access.phoneNumberId, wabaId: access.wabaId, displayNumber: '15550001111' }],
    appSecret: access.appSecret,
    messagesPerSecond: null,
    pairLimit: false,
    // Tests decide about templates themselves.
    templateReviewMs: 3_600_000,
  })
  return { sandbox, sandboxUrl: `http://127.0.0.1:${(await sandbox.listen(0)).port}` }
}

function callsOf(api: ApiRig, key: string, sandboxUrl: string, webhookUrl: string) {
  /** A call at WhatsApp's side: Graph, or the sandbox's levers. */
  async function whatsapp<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(sandboxUrl + path, {
      method,
      headers: { authorization: 'Bearer sandbox-token', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const answer = (await response.json()) as T
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    whatsapp,
    ask: createAsk<View>(api, key),
    /** A signed webhook of the account, as if it had happened at that second. */
    tell: (field: string, value: Json, time?: number) =>
      signedPost(
        { webhookUrl, access },
        { entry: [{ id: access.wabaId, ...(time !== undefined && { time }), changes: [{ field, value }] }] },
      ),
    faults: (faults: Json[]) => whatsapp('POST', '/sandbox/faults', { faults }),
    /** Lets the sandbox tell of a template's fate by webhook. */
    hear: () => whatsapp('PUT', '/sandbox/settings', { webhookUrl }),
  }
}

export const shipped = {
  name: 'order_shipped',
  language: 'en',
  category: 'UTILITY',
  components: [
    {
      type: 'BODY',
      text: 'Hello {{1}}, your order {{2}} has left our warehouse and will be with you soon.',
      example: { body_text: [['Ann', '4711']] },
    },
    { type: 'FOOTER', text: 'Demo Shop' },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Thank you' }] },
  ],
}
