import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { conditionSchema } from '../model/conditions.ts'
import { listMembers, listPassages } from './find-members.ts'
import { judgeContacts } from './judge-contacts.ts'
import { subscribeContacts, unsubscribeContacts } from './subscribe-contacts.ts'

const memberView = z
  .object({
    contactId: z.uuid(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    enteredAt: z.iso.datetime(),
    causeId: z.uuid().nullable().meta({ description: 'the fact that it followed from' }),
  })
  .meta({ id: 'SegmentMember' })
const passageView = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    what: z.enum(['entered', 'left']),
    causeId: z.uuid().nullable(),
    by: z.string().nullable().meta({ description: 'who did it by hand' }),
    backfill: z.boolean().meta({ description: 'found when the segment was made or its condition changed' }),
  })
  .meta({ id: 'SegmentPassage' })

const path = '/platform/v1/segments/:id'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Segments', auth: 'key' } as const
/** Contacts by whatever somebody knows them by. @param most of each list. */
export const namedContacts = (most: number) =>
  z.object({
    contactIds: z.array(z.uuid()).max(most).optional(),
    waIds: z
      .array(z.string().min(1).max(30))
      .max(most)
      .optional()
      .meta({ description: 'phone numbers with country code' }),
    emails: z.array(z.string().trim().min(3).max(254)).max(most).optional(),
    externalIds: z
      .array(z.string().min(1).max(200))
      .max(most)
      .optional()
      .meta({ description: "your own system's ids" }),
  })
const changed = z.object({
  named: z.int().meta({ description: 'contacts that were named, each once' }),
  changed: z.int().meta({ description: 'of those who were not as asked before' }),
})

export const memberRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/members`,
    summary: 'List or search the members of a segment, newest contacts first',
    input: {
      params,
      query: page.query.extend({
        search: z.string().trim().min(1).max(200).optional().meta({
          description: 'part of a name or e-mail address, or the beginning of a phone number or other id',
        }),
      }),
    },
    output: page.of(memberView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, search } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const asked = { workspaceId, segmentId: id, search, before, limit: limit + 1 }
      return page.cut(await listMembers(deps, asked), limit, ({ contactId }) => [contactId])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/subscribe`,
    summary: 'Add contacts to a static segment',
    description: '422 names every contact that is not known; nobody is added then.',
    input: { params, body: namedContacts(5_000) },
    output: changed,
    handle: async ({ deps, actor, params: { id }, body }) =>
      subscribeContacts(deps, {
        ...{ workspaceId: actor.workspaceId, segmentId: id, contacts: body, by: nameActor(actor) },
      }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/unsubscribe`,
    summary: 'Take contacts out of a static segment',
    description: '422 names every contact that is not known; nobody is taken out then.',
    input: { params, body: namedContacts(5_000) },
    output: changed,
    handle: async ({ deps, actor, params: { id }, body }) =>
      unsubscribeContacts(deps, {
        ...{ workspaceId: actor.workspaceId, segmentId: id, contacts: body, by: nameActor(actor) },
      }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/evaluate`,
    summary: 'Tell which of some contacts are in a segment, and why',
    input: { params, body: namedContacts(100) },
    output: z.object({
      items: z.array(
        z.object({
          contactId: z.uuid(),
          member: z.boolean(),
          holds: z
            .boolean()
            .nullable()
            .meta({ description: 'whether the condition holds now; null of static segments' }),
          parts: z.array(z.object({ field: z.string(), condition: conditionSchema, holds: z.boolean() })),
        }),
      ),
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) => ({
      items: await judgeContacts(deps, { workspaceId, segmentId: id, contacts: body }),
    }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/history/:contactId`,
    summary: 'List when a contact entered a segment and left it, newest first',
    input: { params: params.extend({ contactId: z.uuid() }), query: page.query },
    output: page.of(passageView),
    handle: async ({ deps, actor: { workspaceId }, params: { id, contactId }, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor, z.tuple([z.iso.datetime(), z.uuid()]))
      const asked = { workspaceId, segmentId: id, contactId, before, limit: limit + 1 }
      return page.cut(await listPassages(deps, asked), limit, (passage) => [passage.at, passage.id])
    },
  }),
]
