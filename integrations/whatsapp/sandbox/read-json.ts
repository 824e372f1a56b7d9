import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphError } from './graph-errors.ts'

const BODY_MAX_BYTES = 1024 * 1024

type Json = Record<string, unknown>

/** The JSON body as an object; Meta answers code 100 to anything else. */
export async function readJson(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_MAX_BYTES) throw new GraphError(100, 'The body is too large.', { httpStatus: 413 })
    chunks.push(chunk)
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}')
    if (value && typeof value === 'object' && !Array.isArray(value)) return value as Json
  } catch {}
  throw new GraphError(100, 'The body is not a JSON object.')
}

export function respond(response: ServerResponse, status: number, body: unknown) {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}
