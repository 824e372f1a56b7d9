import type { IncomingMessage, ServerResponse } from 'node:http'
import { callEdge, type EdgeDeps } from './edges.ts'
import type { Faults, Mishap } from './faults.ts'
import { GraphError, graphErrorBody, knownErrors } from './graph-errors.ts'
import type { Inbound } from './inbound.ts'
import { parseMessage, parseReadReceipt } from './message-shapes.ts'
import { readJson, respond } from './read-json.ts'
import type { Sender } from './send.ts'
import type { SandboxNumber } from './settings.ts'

const graphPath = /^\/(?:(v\d+\.\d+)\/)?(\d+|app|upload:[\w-]+)(?:\/([a-z_]+))?\/?$/

type Json = Record<string, unknown>
export type GraphDeps = EdgeDeps & {
  faults: Faults
  sender: Sender
  inbound: Inbound
  onTyping: (messageId: string) => void
}
/** One call to the Graph API, already taken apart. */
export type GraphCall = {
  request: IncomingMessage
  response: ServerResponse
  method: string
  url: URL
  id: string
  edge: string
}

/**
 * The Graph API as a bare node handler, since the send path serves benchmarks at thousands of messages a
 * second. Returns false when the path is not Graph's, so that Express may look at it.
 */
export function createGraph(deps: GraphDeps) {
  return function handleGraph(request: IncomingMessage, response: ServerResponse): boolean {
    const rawUrl = request.url ?? '/'
    const queryAt = rawUrl.indexOf('?')
    const path = queryAt < 0 ? rawUrl : rawUrl.slice(0, queryAt)
    const match = graphPath.exec(path)
    if (!match) return false
    const [, version, id = '', edge = ''] = match
    const method = request.method ?? 'GET'
    const call = {
      ...{ request, response, method, id, edge },
      // Parsed by those who ask: a send has no query.
      get url() {
        return new URL(rawUrl, 'http://sandbox')
      },
    }
    answer(deps, call, version, path).catch((error) => {
      if (response.headersSent) return response.destroy()
      respondError(response, error)
    })
    return true
  }
}

async function answer(deps: GraphDeps, call: GraphCall, version: string | undefined, path: string) {
  checkVersion(deps, version)
  checkToken(deps, call)
  const number = deps.settings.number(call.id)
  if (number && call.edge === 'messages' && call.method === 'POST') {
    return await handleMessages(deps, call, number, path)
  }
  const mishap = deps.faults.strike({
    method: call.method,
    path,
    ...(number ? { phoneNumberId: call.id } : {}),
  })
  await suffer(mishap)
  if (mishap?.spoil && !mishap.spoil.accept) return spoil(call.response, mishap)
  const result = await callEdge(deps, call)
  if (mishap?.spoil) return spoil(call.response, mishap)
  respond(call.response, 200, result)
}

async function handleMessages(deps: GraphDeps, call: GraphCall, number: SandboxNumber, path: string) {
  const payload = await readJson(call.request)
  if (payload.status !== undefined) return await handleReadReceipt(deps, call, number, path, payload)
  const message = parseMessage(payload)
  const { phoneNumberId } = number
  const checked = deps.sender.check(number, message, payload)
  const mishap = deps.faults.strike({
    method: 'POST',
    path,
    phoneNumberId,
    to: message.to,
    type: message.type,
  })
  if (mishap) await suffer(mishap)
  if (mishap?.spoil && !mishap.spoil.accept) return spoil(call.response, mishap)
  const accepted = deps.sender.accept(number, checked, payload)
  if (mishap?.spoil) return spoil(call.response, mishap)
  respond(call.response, 200, accepted)
}

async function handleReadReceipt(
  deps: GraphDeps,
  call: GraphCall,
  number: SandboxNumber,
  path: string,
  payload: Json,
) {
  const receipt = parseReadReceipt(payload)
  const mishap = deps.faults.strike({
    method: 'POST',
    path,
    phoneNumberId: number.phoneNumberId,
    type: 'read',
  })
  await suffer(mishap)
  if (mishap?.spoil && !mishap.spoil.accept) return spoil(call.response, mishap)
  deps.inbound.markRead(receipt.message_id)
  if (receipt.typing_indicator) deps.onTyping(receipt.message_id)
  if (mishap?.spoil) return spoil(call.response, mishap)
  respond(call.response, 200, { success: true })
}

function checkVersion({ settings }: GraphDeps, version: string | undefined) {
  const { graphVersions } = settings.current
  if (version === undefined || graphVersions === null || graphVersions.includes(version)) return
  throw new GraphError(2635, `${version} is not one of ${graphVersions.join(', ')}.`)
}

function checkToken({ settings }: GraphDeps, { request, url }: GraphCall) {
  const header = request.headers.authorization
  const token = header
    ? /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(header)?.[1]
    : url.searchParams.get('access_token')
  if (token && settings.current.accessTokens.includes(token)) return
  throw new GraphError(190, 'The access token is missing or not known to this sandbox.')
}

/** Waits and throws as the faults say; what to do with the connection is left to the caller. */
async function suffer(mishap: Mishap | null) {
  if (!mishap) return
  if (mishap.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, mishap.delayMs))
  if (mishap.error) throw mishap.error
}

function spoil(response: ServerResponse, { spoil }: Mishap) {
  if (spoil?.kind === 'drop') return void response.socket?.destroy()
  const code = spoil?.httpStatus === 503 ? 131016 : 131000
  const status = spoil?.httpStatus ?? 500
  respond(response, status, graphErrorBody(new GraphError(code, `${knownErrors[code]?.[0]} (injected).`)))
}

function respondError(response: ServerResponse, error: unknown) {
  const known =
    error instanceof GraphError
      ? error
      : new GraphError(131000, error instanceof Error ? error.message : 'The sandbox failed.')
  if (known.httpStatus === 401)
    response.setHeader('www-authenticate', 'OAuth "Facebook Platform" "invalid_token"')
  respond(response, known.httpStatus, graphErrorBody(known))
}
