import { z } from 'zod'
import { receiveEncoded } from '../../kit/receive-encoded.ts'
import { sendFile } from '../../kit/send-file.ts'
import { readMedia, toSend } from '../../media/find-media.ts'
import { storeMedia } from '../../media/store-media.ts'
import { findWireFile } from '../../wabbit-wire/find-file.ts'
import { mediaLink } from '../../wabbit-wire/waba-payload.ts'
import { nameActor } from '../../kit/name-actor.ts'
import { dialectRoute, type DialectRoute } from '../dialect-route.ts'
import { baseUrlOf } from './page.ts'

const tag = 'Media files'
/** What cannot be an id names nothing. */
const nobodys = '00000000-0000-0000-0000-000000000000'
const params = z.object({ id: z.uuid().catch(nobodys) })

export const mediaRows: DialectRoute[] = [
  {
    ...{ tag, method: 'get', path: '/api/v1/media/:id/', summary: 'Retrieve Media' },
    description: 'The file itself.',
    download: 'application/octet-stream',
    input: { params },
    output: z.void(),
    answer: async ({ deps, actor, params: given, request }) => {
      const whose = { workspaceId: actor.workspaceId, userId: actor.id }
      const file = await findWireFile(deps, whose, params.parse(given).id)
      await sendFile(request, toSend(file), (range) => readMedia(deps, file, range))
    },
  },
  dialectRoute({
    ...{ tag, method: 'post', path: '/api/v1/media/', summary: 'Create Media', status: 201 },
    description:
      '`file_encoded`: base64 in JSON, of up to 18 MB, or the file itself in a form, of any size that WhatsApp takes.',
    upload: ['multipart/form-data'],
    output: z.object({ file: z.string(), id: z.uuid() }),
    call: async ({ deps, workspaceId, actor, request }) => {
      const by = nameActor(actor)
      const id = await receiveEncoded(request, 'file_encoded', (file, name = 'file', mimeType) =>
        storeMedia(deps, { workspaceId, name: name || 'file', mimeType, by }, file),
      )
      return { id, file: mediaLink(baseUrlOf(deps.config, request), id) }
    },
    toWire: (media) => media,
    fields: { file: 'file_encoded' },
  }),
]
