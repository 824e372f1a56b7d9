import multer from 'multer'
import type { GraphCall } from './graph.ts'
import { GraphError } from './graph-errors.ts'
import { MEDIA_BYTES_MAX } from './media.ts'

type Json = Record<string, unknown>

const receive = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MEDIA_BYTES_MAX, files: 1, fields: 10, fieldSize: 10_000 },
}).single('file')

/** Runs multer on a bare request; its own errors become Meta's. */
export function receiveFile(request: GraphCall['request'], response: GraphCall['response']) {
  return new Promise<{ file: Express.Multer.File | undefined; fields: Json }>((resolve, reject) => {
    receive(request as never, response as never, (error: unknown) => {
      const parsed = request as { file?: Express.Multer.File; body?: Json }
      if (!error) return resolve({ file: parsed.file, fields: parsed.body ?? {} })
      const reason = error instanceof Error ? error.message : 'The upload failed.'
      reject(new GraphError(reason === 'File too large' ? 131053 : 100, reason))
    })
  })
}
