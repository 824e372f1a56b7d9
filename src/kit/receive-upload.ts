import type { Readable } from 'node:stream'
import { callbackify } from 'node:util'
import type { Request } from 'express'
import multer, { MulterError, type StorageEngine } from 'multer'
import { AppError } from '../model/errors.ts'

export const uploadTypes = [
  'text/csv',
  'text/plain',
  'text/tab-separated-values',
  'application/octet-stream',
  'multipart/form-data',
]

/** @param mimeType what the client says it is. */
export type Take<T> = (file: AsyncIterable<Buffer>, name: string | undefined, mimeType: string) => Promise<T>

/**
 * Hands on the file of a request as it comes: the body itself, or the field `file` of a form.
 * What is not read because `take` has failed is let pass, so that the client hears why.
 */
export async function receiveUpload<T>(
  request: Request,
  take: Take<T>,
  types: string[] = uploadTypes,
  field = 'file',
): Promise<T> {
  if (request.is('multipart/form-data')) return receiveFile(request, take, field)
  if (!request.is(types)) {
    throw new AppError('unsupported_media', `send the file as one of ${types.join(', ')}`)
  }
  try {
    return await take(readOn(request), undefined, request.get('content-type') ?? '')
  } finally {
    request.resume()
  }
}

/** The file of a form and its other fields, which may stand before it or behind it. */
export async function receiveForm<T>(
  request: Request,
  take: Take<T>,
): Promise<{ result: T; fields: Record<string, unknown> }> {
  const result = await receiveFile(request, take, 'file')
  return { result, fields: { ...(request.body as Record<string, unknown> | undefined) } }
}

/** Unlike `for await` over the stream itself, leaving it early does not cut the connection. */
function readOn(stream: Readable): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => stream.iterator({ destroyOnReturn: false }) }
}

async function receiveFile<T>(request: Request, take: Take<T>, field: string): Promise<T> {
  let taken: { result: T } | undefined
  let fault: { error: unknown } | undefined
  const takeFile = async (file: Express.Multer.File) => {
    try {
      taken = { result: await take(readOn(file.stream), file.originalname, file.mimetype) }
    } catch (error) {
      fault = { error }
      throw error
    } finally {
      file.stream.resume()
    }
  }
  const storage: StorageEngine = {
    _handleFile(_request, file, done) {
      callbackify(takeFile)(file, (error) => done(error, {}))
    },
    _removeFile: (_request, _file, done) => done(null),
  }
  const receive = multer({ storage, limits: { files: 1, fields: 10, fieldSize: 1_000 } }).single(field)
  await new Promise<void>((resolve, reject) => {
    receive(request, request.res as never, (error: unknown) =>
      error ? reject(fault ? fault.error : refusalOf(error)) : resolve(),
    )
  })
  if (taken) return taken.result
  throw refuse(`the form has no field "${field}" with a file in it`)
}

/** What is not `take`'s own error is the form's: it breaks off, or has no boundary. */
function refusalOf(error: unknown): unknown {
  if (error instanceof MulterError) return refuse(error.message)
  return refuse(`the form cannot be read: ${error instanceof Error ? error.message : String(error)}`)
}

function refuse(message: string): AppError {
  return new AppError('invalid_input', message, { fields: [{ field: 'file', message }] })
}
