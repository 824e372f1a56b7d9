import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'

/** Sends a stored file as an attachment, so that no file of a user's becomes a page of ours. What fails midway breaks off. */
export async function sendFile(
  request: Request,
  file: { name: string; mimeType: string; bytes: number },
  pieces: () => AsyncIterable<Buffer>,
): Promise<void> {
  const response = request.res as Response
  response.status(200).attachment(file.name)
  response.set({
    'Content-Type': file.mimeType,
    'Content-Length': String(file.bytes),
    'Cache-Control': 'private, max-age=3600',
  })
  if (request.method === 'HEAD') return void response.end()
  try {
    await pipeline([Readable.from(pieces(), { highWaterMark: 1 }), response])
  } catch (error) {
    // Whoever asked has gone: there is nobody left to be told.
    if ((error as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}
