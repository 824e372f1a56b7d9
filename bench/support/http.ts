import { Agent, request } from 'undici'

const agent = new Agent({ connections: 64, pipelining: 1, keepAliveTimeout: 60_000 })

/** One call of the load; anything but 2xx ends the measurement, which would not mean anything. */
export async function call(
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  body?: string,
  headers = {},
): Promise<string> {
  const answer = await request(url, {
    method,
    dispatcher: agent,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  })
  const text = await answer.body.text()
  if (answer.statusCode >= 300)
    throw new Error(`${method} ${url}: ${answer.statusCode} ${text.slice(0, 500)}`)
  return text
}
