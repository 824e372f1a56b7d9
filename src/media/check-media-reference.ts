import type { Em } from '../db/orm.ts'
import { AppError } from '../model/errors.ts'
import { listLibraryMedia } from '../model/media-references.ts'
import type { MessageContent } from '../model/message.ts'
import { findMedia } from './find-media.ts'

/** A message that shows files of the library must name files that are there, and that WhatsApp shows as what they are used for. */
export async function checkMediaReference(
  em: Em,
  workspaceId: string,
  content: MessageContent,
  field: string,
): Promise<void> {
  const wanted = listLibraryMedia(content)
  const files = await findMedia(
    em,
    workspaceId,
    wanted.map(({ id }) => id),
  )
  for (const { id, kind } of wanted) {
    const file = files.get(id)
    if (!file) throw refuse(field, `there is no media ${id} in the library`)
    if (kind !== 'document' && file.kind !== kind)
      throw refuse(
        field,
        `"${file.name}" is a file of the kind ${file.kind}: WhatsApp does not show it as ${kind}`,
      )
  }
}

function refuse(field: string, message: string): AppError {
  return new AppError('unprocessable', `${field}: ${message}`, { fields: [{ field, message }] })
}
