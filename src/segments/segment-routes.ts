import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { conditionSchema } from '../model/conditions.ts'
import { getSegment, listSegments, segmentKinds } from './find-segments.ts'
import {
  createLiveSegment,
  createStaticSegment,
  deleteSegment,
  duplicateSegment,
  updateSegment,
} from './manage-segments.ts'
import { namedContacts } from './member-routes.ts'
import { previewSegment } from './preview-segment.ts'

const segmentView = z
  .object({
    id: z.uuid(),
    ref: z.string().nullable().meta({ description: 'what another system calls it' }),
    description: z.string(),
    name: z.string(),
    kind: z.enum(segmentKinds),
    condition: conditionSchema.nullable().meta({ description: 'of live segments' }),
    members: z.int(),
    timeDependent: z.boolean().meta({ description: 'members may change by themselves, as time passes' }),
    evaluatedAt: z.iso.datetime().nullable().meta({
      description: 'null while the members of a new or changed condition are being found',
    }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Segment' })

const name = z.string().trim().min(1).max(200)
const path = '/platform/v1/segments'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Segments', auth: 'key' } as const
/** Longer than a preview of a million contacts takes on a laptop. */
const previewTimeoutMs = 5_000

export const segmentRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List or search segments, newest first',
    input: {
      query: page.query.extend({
        search: z.string().trim().min(1).max(200).optional().meta({ description: 'part of the name' }),
        kind: z.enum(segmentKinds).optional(),
      }),
    },
    output: page.of(segmentView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, search, kind } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listSegments(deps, { workspaceId, search, kind, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a static or a live segment',
    description:
      'Contacts are subscribed to a static segment; a live one has a condition and follows it. Its first members are found ' +
      'in the background: they enter without an event and start no journeys.',
    status: 201,
    input: {
      body: z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('static'),
          name,
          contacts: namedContacts(5_000).optional().meta({ description: 'the first ones to be in it' }),
        }),
        z.object({ kind: z.literal('live'), name, condition: conditionSchema }),
      ]),
    },
    output: segmentView,
    handle: async ({ deps, actor, body }) => {
      const made = { workspaceId: actor.workspaceId, name: body.name, by: nameActor(actor) }
      return body.kind === 'static'
        ? createStaticSegment(deps, { ...made, contacts: body.contacts })
        : createLiveSegment(deps, { ...made, condition: body.condition })
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/preview`,
    summary: 'Count the contacts that a condition holds for, and show some',
    description: `Nothing is stored. A count that takes longer than ${previewTimeoutMs / 1000} seconds is estimated, and says so.`,
    input: { body: z.object({ condition: conditionSchema }) },
    output: z.object({
      count: z.int(),
      estimated: z.boolean(),
      sample: z.array(
        z.object({ contactId: z.uuid(), name: z.string().nullable(), phone: z.string().nullable() }),
      ),
    }),
    handle: async ({ deps, actor: { workspaceId }, body: { condition } }) =>
      previewSegment(deps, { workspaceId, condition, timeoutMs: previewTimeoutMs }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a segment',
    input: { params },
    output: segmentView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => getSegment(deps, workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Rename a segment, or change the condition of a live one',
    description: 'After a change of the condition the members are found anew, without events.',
    input: { params, body: z.object({ name: name.optional(), condition: conditionSchema.optional() }) },
    output: segmentView,
    handle: async ({ deps, actor, params: { id }, body }) =>
      updateSegment(deps, {
        workspaceId: actor.workspaceId,
        segmentId: id,
        ...body,
        by: nameActor(actor),
      }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/duplicate`,
    summary: 'Copy a segment with its condition or its members',
    status: 201,
    input: { params, body: z.object({ name }) },
    output: segmentView,
    handle: async ({ deps, actor, params: { id }, body }) =>
      duplicateSegment(deps, {
        workspaceId: actor.workspaceId,
        segmentId: id,
        name: body.name,
        by: nameActor(actor),
      }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a segment',
    description: '409 says which segments and published journeys use it.',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await deleteSegment(deps, { workspaceId: actor.workspaceId, segmentId: id, by: nameActor(actor) })
      return undefined
    },
  }),
]
