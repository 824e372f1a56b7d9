import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atFileEnd } from '../support/at-file-end.ts'

export interface Accepted {
  wamid: string
  to: string
  callbackData: string
}
/** What happens between taking a message and answering; `drop` ends the connection without an answer. */
export type Script = (message: Accepted) => Promise<'answer' | 'drop'>

/** A WhatsApp that accepts every message and does what the test says before it answers. */
export async function scriptedWhatsApp() {
  let script: Script = async () => 'answer'
  const accepted: Accepted[] = []
  const server = createServer(async (request, response) => {
    const { to, biz_opaque_callback_data } = await readJson(request)
    const message = {
      wamid: `wamid.${randomUUID()}`,
      to: String(to),
      callbackData: String(biz_opaque_callback_data),
    }
    accepted.push(message)
    if ((await script(message)) === 'drop') return void request.socket.destroy()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ messaging_product: 'whatsapp', messages: [{ id: message.wamid }] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atFileEnd(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    play: (next: Script) => (script = next),
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
}
