import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { receiveUpload, uploadTypes } from '../kit/receive-upload.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { forkFor } from '../db/orm.ts'
import { storeUpload } from '../transfers/store-upload.ts'
import { countValues, groupSources, listGroups, listValues, readGroup } from './find-groups.ts'
import { changeGroup, createGroup, deleteGroup, deleteValues, extendGroup } from './manage-groups.ts'
import { contactPolicies, uploadGroup } from './upload-group.ts'

const groupView = z
  .object({
    id: z.uuid(),
    ref: z.string().meta({ description: 'by which messages name it: `{{groups.<ref>.<field>}}`' }),
    name: z.string(),
    description: z.string(),
    fields: z.array(z.string()),
    source: z.enum(groupSources).meta({ description: '`input`: the buttons of a campaign' }),
    campaignId: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'VariableGroup' })
const lineView = z
  .object({
    phone: z.string(),
    contactId: z.uuid().nullable(),
    values: z.record(z.string(), z.string()),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'VariableLine' })

const ref = z.string().trim().min(1).max(100).meta({
  description:
    'its name in messages; signs other than letters, digits, `_` and `-` are written as `_` or by code there',
})
const name = z.string().trim().min(1).max(200)
const description = z.string().max(1_000)
const fields = z.array(z.string().trim().min(1).max(200)).max(200)
const lines = z
  .array(
    z.object({
      phone: z.string().min(1).max(100),
      values: z.record(z.string().min(1).max(200), z.string().max(4_096)),
    }),
  )
  .max(10_000)
const path = '/platform/v1/variable-groups'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Variable groups', auth: 'key' } as const

export const groupRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List or search variable groups, newest first',
    input: { query: page.query.extend({ search: z.string().trim().min(1).max(200).optional() }) },
    output: page.of(groupView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, search } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listGroups(deps, { workspaceId, search, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Create a variable group: values a phone number, for messages of campaigns',
    status: 201,
    input: {
      body: z.object({
        ref,
        name: name.optional(),
        description: description.optional(),
        fields: fields.optional(),
        lines: lines.optional(),
      }),
    },
    output: groupView,
    handle: ({ deps, actor, body }) =>
      createGroup(deps, { ...body, workspaceId: actor.workspaceId, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/upload`,
    summary: 'Create a variable group from a CSV file, or give it more lines',
    description: `The body is the file, or a form with the file in its field \`file\`. The column of phone numbers is known by its
name (\`number\`, \`phone\` …); every other column becomes a field. With \`contacts=create\` the numbers become contacts, and with
\`segmentId\` members of that static segment too, by an import that goes on in the background.`,
    status: 201,
    upload: uploadTypes,
    input: {
      query: z.object({
        ref,
        name: name.optional(),
        description: description.optional(),
        contacts: z.enum(contactPolicies).optional().meta({
          description: 'whether numbers that nobody has become contacts; a campaign reaches contacts only',
        }),
        segmentId: z.uuid().optional(),
        encoding: z.string().min(1).max(40).optional(),
      }),
    },
    output: z.object({
      group: groupView,
      lines: z.object({ read: z.int(), stored: z.int(), rejected: z.int(), duplicates: z.int() }),
      rejects: z
        .array(z.object({ line: z.int(), value: z.string(), reason: z.string() }))
        .meta({ description: 'the first thousand lines that were not taken' }),
      importId: z.uuid().nullable().meta({ description: 'the import of the contacts' }),
    }),
    handle: async ({ deps, actor, request, query: { encoding, ...given } }) => {
      const order = { workspaceId: actor.workspaceId, by: nameActor(actor) }
      const importId = await receiveUpload(request, (file, fileName) =>
        storeUpload(deps, { ...order, name: fileName ?? given.ref, encoding, hasHeader: true }, file),
      )
      return uploadGroup(deps, { ...given, ...order, importId })
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show a variable group and for how many phone numbers it has values',
    input: { params },
    output: groupView.extend({ lines: z.int() }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) => ({
      ...(await readGroup(forkFor(deps.orm, workspaceId), workspaceId, id)),
      lines: await countValues(deps, workspaceId, id),
    }),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Rename a variable group or change its fields',
    description: 'The values of a field that is not among `fields` any more are gone.',
    input: { params, body: z.object({ name, description, fields }).partial() },
    output: groupView,
    handle: ({ deps, actor, params: { id }, body }) =>
      changeGroup(deps, { ...body, workspaceId: actor.workspaceId, id, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete a variable group with its values',
    description: 'Refused while a campaign that has not ended names it.',
    status: 204,
    input: { params },
    output: z.void(),
    handle: ({ deps, actor, params: { id } }) =>
      deleteGroup(deps, { workspaceId: actor.workspaceId, id, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/values`,
    summary: 'List the values of a variable group by phone number',
    input: {
      params,
      query: page.query.extend({
        phone: z
          .string()
          .regex(/^\d{1,15}$/)
          .optional()
          .meta({ description: 'digits that it begins with' }),
      }),
    },
    output: page.of(lineView),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { limit, cursor, phone } }) => {
      const after = decodeCursor(cursor, z.tuple([z.string()]))?.[0]
      const rows = await listValues(deps, { workspaceId, groupId: id, phone, after, limit: limit + 1 })
      return page.cut(rows, limit, (row) => [row.phone])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path: `${path}/:id/values`,
    summary: 'Give phone numbers values in a variable group',
    description: 'A number that has some already keeps the fields that are not named.',
    input: { params, body: z.object({ lines: lines.min(1) }) },
    output: groupView,
    handle: async ({ deps, actor, params: { id }, body: { lines: given } }) => {
      const { workspaceId } = actor
      const { ref: known } = await readGroup(forkFor(deps.orm, workspaceId), workspaceId, id)
      return extendGroup(deps, { workspaceId, ref: known, lines: given, by: nameActor(actor) })
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id/values/:phone`,
    summary: "Remove a phone number's values from a variable group",
    status: 204,
    input: { params: params.extend({ phone: z.string().min(1).max(40) }) },
    output: z.void(),
    handle: ({ deps, actor, params: { id, phone } }) =>
      deleteValues(deps, { workspaceId: actor.workspaceId, id, phone, by: nameActor(actor) }),
  }),
]
