import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route, type RouteContext } from '../kit/route.ts'
import { demandChat, readAccess } from './access.ts'
import { deleteChatNote, editChatNote, listChatNotes, writeChatNote } from './chat-notes.ts'

const named = z.object({ id: z.uuid(), name: z.string() })
export const chatNoteView = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    body: z.string(),
    mentions: z.array(named),
    by: z.string(),
    byUser: named.nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ChatNote' })
const body = z.strictObject({ body: z.string().trim().min(1).max(10_000) })
const params = z.object({ id: z.uuid() })
const noteParams = params.extend({ noteId: z.uuid() })
const base = { tag: 'Conversations', auth: 'key' } as const
const path = '/platform/v1/conversations/:id/notes'

/** What people write for each other into a chat. */
export const noteRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the notes in a conversation, newest first',
    input: { params, query: page.query },
    output: page.of(chatNoteView),
    handle: async ({ deps, actor, params: { id }, query: { limit, cursor } }) => {
      const { conversationId, workspaceId } = await demand({ deps, actor }, id)
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const em = forkFor(deps.orm, workspaceId)
      const rows = await listChatNotes(em, { workspaceId, conversationId, before, limit: limit + 1 })
      return page.cut(rows, limit, (note) => [note.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Write a note into a conversation',
    description:
      'The customer never sees it. Whoever is named by `@username`, and may read the chat, is told.',
    status: 201,
    input: { params, body },
    output: chatNoteView,
    handle: async ({ deps, actor, params: { id }, body: given }) => {
      const { access: _access, ...place } = await demand({ deps, actor }, id)
      return writeChatNote(deps, { ...place, ...given })
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:noteId`,
    summary: 'Change a note',
    input: { params: noteParams, body },
    output: chatNoteView,
    handle: async ({ deps, actor, params: { id, noteId }, body: given }) => {
      const { access, ...place } = await demand({ deps, actor }, id)
      return editChatNote(deps, access, { ...place, noteId, ...given })
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:noteId`,
    summary: 'Delete a note',
    status: 204,
    input: { params: noteParams },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id, noteId } }) => {
      const { access, ...place } = await demand({ deps, actor }, id)
      await deleteChatNote(deps, access, { ...place, noteId })
      return undefined
    },
  }),
]

/** Whoever may read a chat may leave a note in it. */
async function demand({ deps, actor }: Pick<RouteContext, 'deps' | 'actor'>, id: string) {
  const { workspaceId } = actor
  const em = forkFor(deps.orm, workspaceId)
  const access = await readAccess(em, actor)
  const { conversationId } = await demandChat(em, access, id, 'read')
  return { access, workspaceId, conversationId, by: nameActor(actor), byUserId: access.userId ?? undefined }
}
