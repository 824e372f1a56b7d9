import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Request, Response } from 'express'

/** Lines are sent in pieces of about this size: single ones would cost a system call each. */
const pieceCharacters = 64 * 1024

type Lines = () => AsyncGenerator<string, void>

export async function sendCsv(
  request: Request,
  options: { name: string; byteOrderMark: boolean },
  lines: Lines,
): Promise<void> {
  await sendText(request, { ...options, contentType: 'text/csv; charset=utf-8' }, lines)
}

/**
 * Sends a text as it is made, no faster than the client takes it, packed when the client can unpack. A client that goes away
 * ends the making; what fails midway breaks the connection, so that half a file is never taken for a whole one.
 */
export async function sendText(
  request: Request,
  { name, byteOrderMark, contentType }: { name: string; byteOrderMark: boolean; contentType: string },
  lines: Lines,
): Promise<void> {
  const response = request.res as Response
  const packs = /\bgzip\b/.test(request.get('accept-encoding') ?? '')
  response.status(200).type(contentType)
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

async function* inPieces(lines: Lines, byteOrderMark: boolean): AsyncGenerator<Buffer, void> {
  let piece = byteOrderMark ? '\ufeff' : ''
  for await (const line of lines()) {
    piece += line
    if (piece.length < pieceCharacters) continue
    yield Buffer.from(piece)
    piece = ''
  }
  if (piece !== '') yield Buffer.from(piece)
}
