import { randomBytes } from 'node:crypto'
import type { GraphCall } from './graph.ts'
import { GraphError, unknownObject } from './graph-errors.ts'
import { MEDIA_BYTES_MAX } from './media.ts'

const mimeTypes = ['application/pdf', 'image/jpeg', 'image/jpg', 'image/png', 'video/mp4']
const SESSIONS_MAX = 1_000

type Session = { length: number; received: number }
export type Uploads = ReturnType<typeof createUploads>

/**
 * Meta's Resumable Upload API, which gives the handles of sample files: `POST app/uploads` opens a session, whose id holds a
 * signature as a query; `POST upload:<id>?sig=` takes bytes from `file_offset` on. The bytes themselves are not kept.
 */
export function createUploads() {
  const sessions = new Map<string, Session>()

  function open({ url }: GraphCall) {
    const length = Number(url.searchParams.get('file_length'))
    const type = url.searchParams.get('file_type') ?? ''
    if (!mimeTypes.includes(type))
      throw new GraphError(100, `file_type must be one of ${mimeTypes.join(', ')}.`)
    if (!Number.isInteger(length) || length < 1 || length > MEDIA_BYTES_MAX) {
      throw new GraphError(100, `file_length must be 1 to ${MEDIA_BYTES_MAX}.`)
    }
    const id = `upload:${randomBytes(18).toString('base64url')}`
    sessions.set(id, { length, received: 0 })
    const [oldest] = sessions.keys()
    if (sessions.size > SESSIONS_MAX && oldest) sessions.delete(oldest)
    return { id: `${id}?sig=${randomBytes(12).toString('base64url')}` }
  }

  async function take(call: GraphCall, session: Session) {
    const offset = Number(call.request.headers['file_offset'] ?? 0)
    if (offset !== session.received) {
      throw new GraphError(100, `file_offset is ${offset}, but ${session.received} bytes have arrived.`)
    }
    for await (const chunk of call.request as AsyncIterable<Buffer>) session.received += chunk.length
    if (session.received > session.length) throw new GraphError(100, 'More bytes than file_length came.')
    if (session.received < session.length) return { id: call.id, file_offset: session.received }
    sessions.delete(call.id)
    return { h: `4::${randomBytes(30).toString('base64url')}` }
  }

  return {
    /** Undefined when the call is about no upload. */
    async call(call: GraphCall): Promise<unknown> {
      if (call.id === 'app') {
        return call.method === 'POST' && call.edge === 'uploads' ? open(call) : undefined
      }
      if (!call.id.startsWith('upload:')) return undefined
      const session = sessions.get(call.id)
      if (!session || !call.url.searchParams.get('sig')) throw unknownObject(call.id)
      if (call.method === 'POST') return await take(call, session)
      return { id: call.id, file_offset: session.received }
    },
  }
}
