import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Request, Response } from 'express'

/** Lines are sent in pieces of about this size: single ones would cost a system call each. */
const pieceCharacters = 64 * 1024

/**
 * Sends CSV as it is made, no faster than the client takes it, packed when the client can unpack. A client that goes away
 * ends the making; what fails midway breaks the connection, so that half a file is never taken for a whole one.
 */
export async function sendCsv(
  request: Request,
  { name, byteOrderMark }: { name: string; byteOrderMark: boolean },
  lines: () => AsyncGenerator<string, void>,
): Promise<void> {
  const response = request.res as Response
  const packs = /\bgzip\b/.test(request.get('accept-encoding') ?? '')
  response.status(200).type('text/csv; charset=utf-8')
  response.attachment(name)
  response.set('Vary', 'Accept-Encoding')
  if (packs) response.set('Content-Encoding', 'gzip')
  if (request.method === 'HEAD') return void response.end()
  const source = Readable.from(inPieces(lines, byteOrderMark), { objectMode: true, highWaterMark: 1 })
  const target = packs ? [createGzip({ level: 1 }), response] : [response]
  try {
    await pipeline([source, ...target])
  } catch (error) {
    // The client has gone: there is nobody left to be told.
    if ((error as { code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE') return
    throw error
  }
}

async function* inPieces(
  lines: () => AsyncGenerator<string, void>,
  byteOrderMark: boolean,
): AsyncGenerator<Buffer, void> {
  let piece = byteOrderMark ? '\ufeff' : ''
  for await (const line of lines()) {
    piece += line
    if (piece.length < pieceCharacters) continue
    yield Buffer.from(piece)
    piece = ''
  }
  if (piece !== '') yield Buffer.from(piece)
}
