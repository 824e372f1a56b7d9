import { createHmac } from 'node:crypto'

/** Posts a webhook body as Meta does, signed over its bytes, and gives the HTTP status. */
export async function signedPost(
  target: { webhookUrl: string; access: { appSecret: string } },
  body: unknown,
  headers: Record<string, string> = {},
): Promise<number> {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body)
  const signature = `sha256=${createHmac('sha256', target.access.appSecret).update(bytes).digest('hex')}`
  const response = await fetch(target.webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature, ...headers },
    body: bytes,
  })
  await response.arrayBuffer()
  return response.status
}
