import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}
export interface FakeReply {
  status?: number
  headers?: Record<string, string>
  json?: unknown
  text?: string
  /** The answer never comes. */
  silent?: boolean
}

/** An outside system on the loopback: it answers as it is told, and remembers what it was asked. Close it when done. */
export async function openFakeApi(answer: (request: FakeRequest) => FakeReply) {
  const requests: FakeRequest[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url: path = '', headers } = request
    const asked = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') }
    requests.push(asked)
    const { status = 200, headers: given = {}, json, text, silent } = answer(asked)
    if (silent) return
    const type = json === undefined ? {} : { 'content-type': 'application/json' }
    response.writeHead(status, { ...type, ...given }).end(json === undefined ? text : JSON.stringify(json))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
