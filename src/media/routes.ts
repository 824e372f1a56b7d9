import { Readable } from 'node:stream'
import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { receiveUpload } from '../kit/receive-upload.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { sendFile } from '../kit/send-file.ts'
import { AppError } from '../model/errors.ts'
import { mediaKinds, mediaRules } from '../model/media.ts'
import { archiveMedia, renameMedia } from './change-media.ts'
import { demandFile } from './demand-file.ts'
import { getMedia, listMedia, readMedia, toSend } from './find-media.ts'
import { storeMedia } from './store-media.ts'
import { findThumbnail } from './thumbnails.ts'

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
/** Chats show files to whoever may read them, also to those who have nothing to do with the library. */
const files = { tag: 'Files', auth: 'key', method: 'get' } as const
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
    summary: 'Show a file of the media library, or one of a chat',
    input: { params },
    output: mediaView,
    handle: async ({ deps, actor, params: { id } }) => demandFile(deps, actor, id),
  }),
  defineRoute({
    ...files,
    path: `${path}/:id/file`,
    summary: 'Download a file of the media library, or one of a chat',
    description:
      'A part of it by `Range`. What a browser might run is given as bytes to be saved, whatever it was called.',
    download: 'application/octet-stream',
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor, params: { id }, request }) => {
      const file = await demandFile(deps, actor, id)
      await sendFile(request, toSend(file), (range) => readMedia(deps, file, range))
    },
  }),
  defineRoute({
    ...files,
    path: `${path}/:id/thumbnail`,
    summary: 'Download a small picture of a file',
    download: 'image/webp',
    input: { params },
    output: z.void(),
    handle: async ({ deps, actor, params: { id }, request }) => {
      const file = await demandFile(deps, actor, id)
      const picture = await findThumbnail(deps, file)
      if (!picture) throw new AppError('not_found', `media ${id} has no small picture`)
      const name = `${id}.webp`
      const sent = { name, contentType: 'image/webp', disposition: 'inline', bytes: picture.length } as const
      await sendFile(request, { ...sent, sha256: `${file.sha256}-small` }, ({ from, to }) =>
        Readable.from([picture.subarray(from, to)]),
      )
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
