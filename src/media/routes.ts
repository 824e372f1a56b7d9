import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { receiveUpload } from '../kit/receive-upload.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { sendFile } from '../kit/send-file.ts'
import { mediaKinds, mediaRules } from '../model/media.ts'
import { archiveMedia, renameMedia } from './change-media.ts'
import { getMedia, listMedia, readMedia } from './find-media.ts'
import { storeMedia } from './store-media.ts'

const mediaView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(mediaKinds).meta({ description: 'what it is sent as' }),
    mimeType: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    by: z.string(),
    archivedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Media' })

const path = '/platform/v1/media'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Media', auth: 'key' } as const
const name = z.string().trim().min(1).max(240)
const fileTypes = [...Object.values(mediaRules).flatMap(({ mimeTypes }) => mimeTypes), 'multipart/form-data']

/** The library of files that messages show: cards, blocks and chats name them as `{ "library": "<id>" }`. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Upload a file into the media library',
    description: `The body is the file with its own content type, or a form with the file in its field \`file\`. What WhatsApp
would refuse is refused here: other types than its own, more bytes than it takes, and a content that is not of its type.`,
    status: 201,
    upload: fileTypes,
    input: { query: z.object({ name: name.optional() }) },
    output: mediaView,
    handle: async ({ deps, actor, request, query }) => {
      const { workspaceId } = actor
      const id = await receiveUpload(
        request,
        (file, fileName, mimeType) => {
          const called = query.name ?? (fileName || 'file')
          return storeMedia(deps, { workspaceId, name: called, mimeType, by: nameActor(actor) }, file)
        },
        fileTypes,
      )
      return getMedia(forkFor(deps.orm, workspaceId), workspaceId, id)
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the media library, newest first',
    input: {
      query: page.query.extend({
        kind: z.enum(mediaKinds).optional(),
        search: z.string().min(1).max(240).optional().meta({ description: 'a part of the name' }),
      }),
    },
    output: page.of(mediaView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, kind, search } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listMedia(deps, { workspaceId, kind, search, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a file of the media library',
    input: { params },
    output: mediaView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getMedia(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/file`,
    summary: 'Download a file of the media library',
    download: 'application/octet-stream',
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, request }) => {
      const em = forkFor(deps.orm, workspaceId)
      const file = await getMedia(em, workspaceId, id)
      await sendFile(request, file, () => readMedia(em, file.id))
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Rename a file of the media library',
    input: { params, body: z.object({ name }) },
    output: mediaView,
    handle: async ({ deps, actor, params: { id }, body }) =>
      renameMedia(deps, {
        workspaceId: actor.workspaceId,
        mediaId: id,
        name: body.name,
        by: nameActor(actor),
      }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Take a file out of the media library',
    description: 'Journeys that are published with it, and messages that were sent, keep it.',
    status: 204,
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor, params: { id } }) =>
      archiveMedia(deps, { workspaceId: actor.workspaceId, mediaId: id, by: nameActor(actor) }),
  }),
]
