import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { contactView } from './contact-schema.ts'
import { identityKinds } from './entities.ts'
import { eraseContactNow } from './erase-contact.ts'
import { getContact, getSurvivor } from './find-contacts.ts'
import { addIdentity, endIdentity } from './identities.ts'
import { listMerges } from './list-merges.ts'
import { mergeContacts } from './merge-contacts.ts'
import { unmergeContacts } from './unmerge-contacts.ts'

const path = '/platform/v1/contacts/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Contacts', auth: 'key' } as const

/** What names a contact, and who turns out to be one person. */
export const identityRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/identities`,
    summary: 'Claim a phone number, a username or another id for a contact',
    description: '409 says who holds it: a claim moves between contacts by a merge only.',
    status: 201,
    input: {
      params,
      body: z.object({
        kind: z.enum(identityKinds),
        scope: z.string().max(100).optional().meta({ description: 'of a BSUID the business portfolio' }),
        value: z.string().trim().min(1).max(254),
        source: z.string().trim().min(1).max(100).default('api').meta({ description: 'how you know' }),
      }),
    },
    output: contactView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      await addIdentity(deps, { workspaceId, contactId: id, ...body, by: nameActor(actor) })
      return getSurvivor(deps, workspaceId, id)
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/identities/:identityId`,
    summary: 'End a claim of a contact; that it was held stays known',
    input: { params: params.extend({ identityId: z.uuid() }) },
    output: contactView,
    handle: async ({ deps, actor, params: { id, identityId } }) => {
      const { workspaceId } = actor
      await endIdentity(deps, { workspaceId, contactId: id, identityId, by: nameActor(actor) })
      return getSurvivor(deps, workspaceId, id)
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/merge`,
    summary: 'Make another contact one with this one',
    description:
      "This one's values win and blanks are filled, unless `choices` says otherwise; tags are united; what either refused stays refused; of two runs of a journey the furthest goes on.",
    input: {
      params,
      body: z.object({
        otherId: z.uuid(),
        choices: z
          .record(z.string().max(120), z.enum(['contact', 'other']))
          .optional()
          .meta({ description: 'by attribute: `first_name`, `attributes.plan`' }),
      }),
    },
    output: z.object({
      mergeId: z.uuid().meta({ description: 'takes the merge back' }),
      contact: contactView,
      runs: z.array(
        z.object({
          runId: z.uuid(),
          journeyId: z.uuid(),
          ended: z.boolean(),
          reason: z.string().nullable(),
        }),
      ),
    }),
    handle: async ({ deps, actor, params: { id }, body }) => {
      const { workspaceId } = actor
      const merged = await mergeContacts(deps, { workspaceId, contactId: id, ...body, by: nameActor(actor) })
      return { ...merged, contact: await getContact(deps, workspaceId, id) }
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/merges`,
    summary: 'List the merges that a contact took part in, newest first',
    input: { params, query: page.query },
    output: page.of(
      z
        .object({
          id: z.uuid(),
          contactId: z.uuid().meta({ description: 'who stayed' }),
          otherId: z.uuid().meta({ description: 'who became the other' }),
          by: z.string(),
          at: z.iso.datetime(),
          undoneAt: z.iso.datetime().nullable(),
          undoneBy: z.string().nullable(),
        })
        .meta({ id: 'ContactMerge' }),
    ),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor } }) => {
      await getContact(deps, workspaceId, id)
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listMerges(deps, { workspaceId, contactId: id, before, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: '/platform/v1/merges/:id/undo',
    summary: 'Take a merge of contacts back',
    description:
      'Every row goes where it was. What changed since stays with the contact that stayed, and is named.',
    input: { params },
    output: z.object({ contactId: z.uuid(), otherId: z.uuid(), kept: z.array(z.string()) }),
    handle: async ({ deps, actor, params: { id } }) =>
      unmergeContacts(deps, { workspaceId: actor.workspaceId, mergeId: id, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'delete',
    path,
    summary: 'Erase a contact for good',
    description:
      'Journeys end, values, texts and notes go, histories become unreadable; rows stay, so that counts add up.',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await eraseContactNow(deps, { workspaceId: actor.workspaceId, contactId: id, by: nameActor(actor) })
      return undefined
    },
  }),
]
