import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { readRange, type ByteRange } from './read-range.ts'

export interface FileToSend {
  name: string
  contentType: string
  disposition: 'inline' | 'attachment'
  bytes: number
  /** Of its content: what a browser has of it, it need not fetch again. */
  sha256: string
}

/**
 * Sends a stored file, whole or the part that is asked for, so that no file of a user's becomes a page of ours: nothing in it is
 * run, whatever it is and however it is called. What fails midway breaks off.
 */
export async function sendFile(
  request: Request,
  file: FileToSend,
  read: (range: ByteRange) => AsyncIterable<Buffer>,
): Promise<void> {
  const response = request.res as Response
  const etag = `"${file.sha256}"`
  response.attachment(file.name)
  const disposition = String(response.get('Content-Disposition')).replace(/^attachment/, file.disposition)
  response.set({
    'Content-Type': file.contentType,
    'Content-Disposition': disposition,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'private, max-age=3600, immutable',
    'Accept-Ranges': 'bytes',
    ETag: etag,
  })
  if (isKnown(request, etag)) return void response.status(304).end()
  const range = readRange(request.get('range'), request.get('if-range'), etag, file.bytes)
  if (range === 'unsatisfiable') {
    return void response.status(416).set('Content-Range', `bytes */${file.bytes}`).end()
  }
  const { from, to } = range ?? { from: 0, to: file.bytes }
  response.status(range ? 206 : 200).set('Content-Length', String(to - from))
  if (range) response.set('Content-Range', `bytes ${from}-${to - 1}/${file.bytes}`)
  if (request.method === 'HEAD') return void response.end()
  try {
    await pipeline([Readable.from(read({ from, to }), { highWaterMark: 1 }), response])
  } catch (error) {
    // Whoever asked has gone: there is nobody left to be told.
    if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

function isKnown(request: Request, etag: string): boolean {
  const known = request.get('if-none-match')
  return known !== undefined && known.split(',').some((each) => each.trim().replace(/^W\//, '') === etag)
}
