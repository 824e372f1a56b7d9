import express, { type Request, type Response } from 'express'
import { fileTypeFromBuffer } from 'file-type'
import { AppError } from '../model/errors.ts'
import { refuseFields } from './problem.ts'
import { receiveUpload, type Take } from './receive-upload.ts'

/** A file of 18 MB; larger ones come in a form, as they are. */
const jsonLimit = '25mb'
const readJson = express.json({ limit: jsonLimit })

/**
 * A file that comes as base64 in a field of a JSON body, or as a file in a form's field of that name. What says nothing of its
 * type is told by its first bytes.
 */
export async function receiveEncoded<T>(request: Request, field: string, take: Take<T>): Promise<T> {
  if (request.is('multipart/form-data')) {
    return receiveUpload(request, (file, name, mimeType) => take(file, name, mimeType), [], field)
  }
  await new Promise<void>((resolve, reject) => {
    readJson(request, request.res as Response, (error?: Error) => (error ? reject(error) : resolve()))
  })
  const { [field]: text, ...more } = (request.body ?? {}) as Record<string, unknown>
  if (text === undefined) throw refuseFields([{ field, message: 'is required' }])
  const bytes = readBase64(text)
  if (!bytes) throw refuseFields([{ field, message: 'The submitted data is not base64.' }])
  const mimeType = (await fileTypeFromBuffer(bytes))?.mime
  if (!mimeType) throw new AppError('unsupported_media', 'the type of the file is not known')
  const { filename: name } = more
  return take(
    (async function* once() {
      yield bytes
    })(),
    typeof name === 'string' && name !== '' ? name : undefined,
    mimeType,
  )
}

/** Also behind `data:image/png;base64,`, as browsers write it. */
function readBase64(text: unknown): Buffer | undefined {
  if (typeof text !== 'string') return undefined
  const data = text.replace(/^data:[^,]*;base64,/, '').replace(/\s/g, '')
  if (data === '' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(data)) return undefined
  return Buffer.from(data, 'base64')
}
