import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface EngineCall {
  headers: IncomingHttpHeaders
  body: Record<string, unknown>
}
/** What it says: a body with 200, or a status, or nothing at all. */
export type EngineAnswer = object | string | number | typeof silence
/** The call stays without an answer. */
export const silence = Symbol('silence')

/** A rule engine that says what a test wants. */
export async function openScriptedEngine() {
  const calls: EngineCall[] = []
  let answer: (call: EngineCall) => EngineAnswer = () => ({ assignment: [] })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as EngineCall['body']
      const call = { headers: request.headers, body }
      calls.push(call)
      const said = answer(call)
      if (said === silence) return
      response.statusCode = typeof said === 'number' ? said : 200
      response.setHeader('content-type', 'application/json')
      response.end(typeof said === 'string' ? said : JSON.stringify(typeof said === 'number' ? {} : said))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    calls,
    url: `http://127.0.0.1:${port}/webhook`,
    host: `127.0.0.1:${port}`,
    says: (next: (call: EngineCall) => EngineAnswer) => void (answer = next),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
