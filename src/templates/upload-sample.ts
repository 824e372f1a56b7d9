import { uploadSample as uploadToWhatsApp } from '../../integrations/whatsapp/templates.ts'
import type { Deps } from '../deps.ts'
import { AppError } from '../model/errors.ts'
import { findAccountAccess } from './account-access.ts'
import { refusalError } from './submit-template.ts'

/** What WhatsApp takes as samples, with its limits of size. */
export const sampleTypes: Readonly<Record<string, number>> = {
  'image/jpeg': 5 * 1024 * 1024,
  'image/png': 5 * 1024 * 1024,
  'video/mp4': 16 * 1024 * 1024,
  'application/pdf': 100 * 1024 * 1024,
}

/** Gives WhatsApp a sample file for a media header, and back the handle that the header's example names. */
export async function uploadTemplateSample(
  deps: Pick<Deps, 'orm' | 'seal' | 'config'>,
  input: { workspaceId: string; wabaId: string; mimeType: string; bytes: Uint8Array },
): Promise<{ handle: string }> {
  const { workspaceId, wabaId, mimeType, bytes } = input
  const limit = Object.hasOwn(sampleTypes, mimeType) ? (sampleTypes[mimeType] ?? 0) : 0
  if (bytes.byteLength === 0) throw new AppError('invalid_input', 'the file is empty')
  if (bytes.byteLength > limit)
    throw new AppError('too_large', `a sample of ${mimeType} has at most ${limit} bytes`)
  const access = await findAccountAccess(deps, workspaceId, wabaId)
  const name = `sample.${mimeType.split('/')[1] ?? 'bin'}`
  // A large file takes its time.
  const timeoutMs = access.timeoutMs + Math.ceil(bytes.byteLength / 100_000) * 1_000
  const answer = await uploadToWhatsApp({ ...access, timeoutMs }, { name, mimeType, bytes })
  if (answer.outcome === 'done') return { handle: answer.value.h }
  if (answer.outcome === 'refused') throw refusalError(answer.refusal)
  throw new AppError('unavailable', `WhatsApp: ${answer.reason}; try again`, { retryAfterMs: 5_000 })
}
