import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../../src/config.ts'
import { eventually } from '../support/eventually.ts'
import { openDialects, type DialectHouse } from './dialect-house.ts'

export interface Made {
  campaignId: string
  templateId: string
  whatsAppTemplatesStatus: string
  run: { status: string; reason: string | null; timeToRun: number | null } | null
}
interface Result {
  campaigns: Record<string, unknown> & {
    campaignId: string
    runs: { number: number | null; status: string }[]
  }
}
export type ChatincRig = Awaited<ReturnType<typeof openChatinc>>

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** The whole line with a key to Chat Inc's API, and pictures to be shown. */
export async function openChatinc(overrides: Partial<Config> = {}) {
  const pictures = await servePictures()
  const line = await openDialects({ OUTBOUND_ALLOW: ['127.0.0.1'], ...overrides })
  const key = await line.makeKey('chatinc')
  const verbs = createVerbs(line, key)
  return {
    ...{ line, key, pictureUrl: pictures.url },
    ...verbs,
    ...createLooks(line, verbs),
    async close() {
      await line.close()
      await pictures.close()
    },
  }
}

/** Every path that ends in .png, but /no.png. */
async function servePictures() {
  const server = createServer((request, response) => {
    if (request.url === '/no.png') return void response.writeHead(404).end()
    const body = request.url?.endsWith('.png') ? Buffer.from(pixel, 'base64') : 'no picture'
    response.writeHead(200, { 'content-type': 'image/png' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

function createVerbs(line: DialectHouse, key: string) {
  const call = async <T = Record<string, unknown>>(
    status: number,
    method: string,
    path: string,
    body?: unknown,
    authorization = key,
  ): Promise<T> => {
    const answer = await line.ask(method, `/v1${path}`, {
      headers: { authorization },
      ...(body !== undefined && { body }),
    })
    expect([answer.status, answer.text]).toEqual([status, answer.text])
    return answer.body as T
  }
  const post = <T = Record<string, unknown>>(path: string, body: unknown, status = 200) =>
    call<T>(status, 'POST', path, body)
  return {
    call,
    post,
    create: (body: object) => post<Made>('/create/campaign', body),
    refused: async (path: string, body: unknown) => {
      const { error } = await post<{ error: { message: string; field: string } }>(path, body, 400)
      return error
    },
    audience: (id: string, ...numbers: string[]) =>
      post('/create/audience', { id, contacts: numbers.map((number) => ({ number })) }),
  }
}

function createLooks(line: DialectHouse, { call }: ReturnType<typeof createVerbs>) {
  const resultOf = async (campaignId: string) => {
    const all = await call<Result[]>(200, 'GET', '/retrieve/campaigns')
    const found = all.find(({ campaigns }) => campaigns.campaignId === campaignId)
    if (!found) throw new Error(`${campaignId} is not among the campaigns`)
    return found.campaigns
  }
  return {
    resultOf,
    listed: async (query = '') =>
      (await call<Result[]>(200, 'GET', `/retrieve/campaigns${query}`)).map(({ campaigns }) => campaigns),
    approved: (campaignId: string) =>
      eventually(async () => {
        expect(await resultOf(campaignId)).toMatchObject({ whatsAppTemplatesStatus: 'APPROVED' })
      }),
    /** The templates that a customer got, so many. */
    sentTo: (number: string, many = 1) =>
      eventually(
        async () => {
          const sent = await line.house.ledger(number)
          expect(sent.map(({ type }) => type)).toEqual(Array.from({ length: many }, () => 'template'))
          return sent
        },
        { timeoutMs: 30_000 },
      ),
  }
}

/** A multipart form with a CSV file. */
export function csvForm(file: string, fields: Record<string, string>): FormData {
  const made = new FormData()
  made.set('file', new Blob([file], { type: 'text/csv' }), 'people.csv')
  for (const [name, value] of Object.entries(fields)) made.set(name, value)
  return made
}

interface Part {
  type: string
  sub_type?: string
  parameters: object[]
}

export function partsOf(message: { payload: object } | undefined): Part[] {
  const payload: { template?: { components: Part[] } } = message?.payload ?? {}
  return payload.template?.components ?? []
}
