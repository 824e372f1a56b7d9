import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { uploadTemplateSample } from '../templates/upload-sample.ts'

/** What WhatsApp takes as a picture. */
const maximumBytes = 5 * 1024 * 1024
const timeoutMs = 10_000

/** Looks at the picture that a message is to show, and gives WhatsApp a sample of it. The link itself is what is sent. */
export async function fetchPicture(
  deps: Deps,
  { workspaceId, wabaId, url }: { workspaceId: string; wabaId: string; url: string },
): Promise<{ link: string; handle: string }> {
  const link = readLink(url)
  const answer = await deps
    .http({ method: 'GET', url: link, as: 'bytes', timeoutMs, maximumBytes })
    .catch((error: unknown) => {
      if (error instanceof AppError) throw refuse(`could not be fetched: ${error.message}`)
      throw error
    })
  if (answer.status !== 200) throw refuse(`could not be fetched: it answers ${answer.status}`)
  const bytes = answer.body as Buffer
  const mimeType = typeOf(bytes)
  if (mimeType === undefined) throw refuse('is neither a JPEG nor a PNG picture')
  const { handle } = await uploadTemplateSample(deps, { workspaceId, wabaId, mimeType, bytes })
  return { link, handle }
}

/** Spaces and the like come as they were typed. */
function readLink(url: string): string {
  const parsed = URL.parse(url.trim())
  if (parsed && /^https?:$/.test(parsed.protocol)) return parsed.href
  throw refuse('is no address of a picture')
}

/** By its first bytes: servers call a picture many things. */
function typeOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg'
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'image/png'
  return undefined
}

function refuse(message: string): AppError {
  return new AppError('unprocessable', `image ${message}`, { fields: [{ field: 'image', message }] })
}
