import { Router } from 'express'
import type { Deps } from '../deps.ts'
import { sendFile } from '../kit/send-file.ts'
import { readSignedId } from '../kit/signed-id.ts'
import { AppError } from '../model/errors.ts'
import { findLinkedMedia, readMedia, toSend } from '../media/find-media.ts'

/** `/media/<token>`: a file for WhatsApp, which has no key of ours. The token is the permission. */
export function mediaLinks(deps: Deps): Router {
  const router = Router()
  router.get('/:token', async (request, response) => {
    const id = readSignedId(deps.config, 'media', request.params.token)
    const file = id && (await findLinkedMedia(deps, id))
    if (!file) throw new AppError('not_found', 'there is no such file')
    response.set('X-Robots-Tag', 'noindex')
    await sendFile(request, toSend(file), (range) => readMedia(deps, file, range))
  })
  return router
}
