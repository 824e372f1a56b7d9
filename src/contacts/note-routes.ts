import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { getSurvivor } from './find-contacts.ts'
import { addNote, deleteNote, editNote, listNotes } from './notes.ts'
import { setSpam } from './set-spam.ts'

const noteView = z
  .object({
    id: z.uuid(),
    body: z.string(),
    author: z.string().meta({ description: '`user <id>` or `key <id>`' }),
    authorName: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ContactNote' })
const body = z.object({ body: z.string().trim().min(1).max(10_000) })
const path = '/platform/v1/contacts/:id'
const params = z.object({ id: z.uuid() })
const noteParams = params.extend({ noteId: z.uuid() })
const base = { tag: 'Contacts', auth: 'key' } as const

/** What people say about a contact: notes, and that it is spam. */
export const noteRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/notes`,
    summary: 'List the notes on a contact, newest first',
    input: { params, query: page.query },
    output: page.of(noteView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      const { id: contactId } = await getSurvivor(deps, workspaceId, id)
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listNotes(deps, { workspaceId, contactId, before, limit: limit + 1 })
      return page.cut(rows, limit, (note) => [note.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/notes`,
    summary: 'Write a note on a contact',
    status: 201,
    input: { params, body },
    output: noteView,
    handle: async ({ deps, actor, params: { id }, body: given }) =>
      addNote(deps, { workspaceId: actor.workspaceId, contactId: id, ...given, author: actor }),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/notes/:noteId`,
    summary: 'Change a note',
    input: { params: noteParams, body },
    output: noteView,
    handle: async ({ deps, actor: { workspaceId }, params: { noteId }, body: given }) =>
      editNote(deps, { workspaceId, noteId, ...given }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/notes/:noteId`,
    summary: 'Delete a note',
    status: 204,
    input: { params: noteParams },
    output: z.undefined(),
    handle: async ({ deps, actor: { workspaceId }, params: { noteId } }) => {
      await deleteNote(deps, { workspaceId, noteId })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'put',
    path: `${path}/spam`,
    summary: 'Mark a contact as spam, or take the mark away',
    description:
      'What a spam contact writes is stored and shown, starts no journey, and no marketing is sent to it.',
    status: 204,
    input: { params, body: z.object({ spam: z.boolean() }) },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id }, body: { spam } }) => {
      const { workspaceId } = actor
      await setSpam(deps, { workspaceId, contactId: id, spam, by: nameActor(actor) })
      return undefined
    },
  }),
]
