import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSandbox, type SandboxOptions } from '../../../integrations/whatsapp/sandbox/sandbox.ts'
import { atFileEnd } from '../../support/at-file-end.ts'

type Json = Record<string, unknown>
const APP_SECRET = 'app-secret'
export const NUMBER = '1001'
export const ACCOUNT = '2002'

export type Received = {
  headers: IncomingHttpHeaders
  raw: Buffer
  body: WebhookBody
  signatureIsGood: boolean
}
type WebhookBody = { object: string; entry: { id: string; changes: { field: string; value: Value }[] }[] }
type Value = Json & { contacts?: Json[]; messages?: Json[]; statuses?: Json[]; metadata?: Json }

/** A listening sandbox, an endpoint that takes its webhooks, and the calls that tests make. */
export async function startSandboxRig(options: Partial<SandboxOptions> = {}) {
  const endpoint = await startEndpoint()
  const sandbox = createSandbox({
    accessTokens: ['token'],
    appSecret: APP_SECRET,
    verifyToken: 'verify-me',
    numbers: [
      { phoneNumberId: NUMBER, wabaId: ACCOUNT, displayNumber: '+1 555 010 0000', verifiedName: 'Demo Shop' },
    ],
    webhookUrl: endpoint.url,
    webhookRetryMs: { first: 20, max: 100 },
    ...options,
  })
  const { port } = await sandbox.listen(0)
  const url = `http://127.0.0.1:${port}`
  const close = async () => {
    await sandbox.close()
    await endpoint.close()
  }
  atFileEnd(close)

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: 'Bearer token', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : null, headers: response.headers }
  }

  return {
    url,
    endpoint,
    close,
    call,
    send: (message: Json) =>
      call('POST', `/v23.0/${NUMBER}/messages`, {
        messaging_product: 'whatsapp',
        to: '15551112222',
        ...message,
      }),
    sendText: (to: string, body: string, more: Json = {}) =>
      call('POST', `/v23.0/${NUMBER}/messages`, {
        messaging_product: 'whatsapp',
        to,
        type: 'text',
        text: { body },
        ...more,
      }),
    say: (phone: string, message: Json, more: Json = {}) =>
      call('POST', `/sandbox/phones/${phone}/messages`, { message, ...more }),
    set: (settings: Json) => call('PUT', '/sandbox/settings', settings),
    ledger: async (query = '') => (await call('GET', `/sandbox/ledger${query}`)).body,
  }
}

/** Answers as `answerWith` says, or 200; keeps what it took. */
async function startEndpoint() {
  const received: Received[] = []
  const endpoint = { received, answerWith: [] as (number | 'hang')[], url: '', close: async () => {} }
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      const query = new URL(request.url ?? '/', 'http://endpoint').searchParams
      const isGood = query.get('hub.verify_token') === 'verify-me'
      return response.writeHead(isGood ? 200 : 403).end(isGood ? query.get('hub.challenge') : '')
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const expected = `sha256=${createHmac('sha256', APP_SECRET).update(raw).digest('hex')}`
    const answer = endpoint.answerWith.shift() ?? 200
    if (answer === 'hang') return request.socket.destroy()
    received.push({
      headers: request.headers,
      raw,
      body: JSON.parse(raw.toString()),
      signatureIsGood: request.headers['x-hub-signature-256'] === expected,
    })
    response.writeHead(answer).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`
  endpoint.close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return endpoint
}

/** All statuses in the order of their arrival. */
export function statusesOf(received: Received[]) {
  return changesOf(received).flatMap((change) => change.value.statuses ?? []) as {
    id: string
    status: string
    biz_opaque_callback_data?: string
    errors?: { code: number }[]
  }[]
}

export function changesOf(received: Received[]) {
  return received.flatMap(({ body }) => body.entry.flatMap((entry) => entry.changes))
}
