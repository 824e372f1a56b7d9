import { z } from 'zod'
import { receiveForm } from '../../kit/receive-upload.ts'
import { storeUpload } from '../../transfers/store-upload.ts'
import { listGroups, type VariableGroup } from '../../variable-groups/find-groups.ts'
import { extendGroup } from '../../variable-groups/manage-groups.ts'
import { uploadGroupForAudience } from '../../variable-groups/upload-group.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { eitherWay, fileStatus, pageFields, readEither, readFields, toFileStatus, wireId } from './wire.ts'

const tag = 'Variables'
const field = z.string().trim().min(1).max(200)
const value = z.union([z.string().max(4_096), z.number(), z.boolean(), z.null()])
const line = z.looseObject({ number: z.coerce.string().min(1).max(40) }).catchall(value)
const createBody = z.object({
  id: wireId,
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(1_000).optional(),
  fields: z.array(field).max(200).optional(),
  values: z
    .array(line)
    .max(10_000)
    .default([])
    .meta({ description: 'of each `number`, by the names of the fields' }),
})
const form = z.object({
  id: wireId,
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(1_000).optional(),
  audienceId: wireId.optional(),
})
const groupWire = z
  .object({ id: z.string(), name: z.string(), description: z.string(), fields: z.array(z.string()) })
  .meta({ id: 'ChatIncVariableGroup' })

export const variableRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'post', path: '/create/variable/group', summary: 'Create Variable Group' },
    description: 'The id of a group that is there adds to it.',
    input: { body: createBody },
    output: groupWire.extend({ status: z.literal('success') }),
    call: ({ deps, workspaceId, by, body: { id: ref, values, ...group } }) =>
      extendGroup(deps, { workspaceId, ref, ...group, lines: values.map(toLine), by }),
    toWire: (group) => ({ status: 'success' as const, ...toWireGroup(group) }),
    fields: ({ values }) =>
      Object.fromEntries(values.map((_line, at) => [`lines.${at}.phone`, `values.${at}.number`])),
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/create/variable/group/from/file' },
    summary: 'Create Variable Group from CSV File',
    description:
      'A form with the CSV in its field `file`, `id` and `name`. The column `number` or `phone` names the contacts, every other one ' +
      'becomes a variable. With `audienceId` the contacts are added to that audience too, which is made when there is none.',
    upload: ['multipart/form-data'],
    uploadForm: form,
    output: groupWire.extend({
      status: z.literal('success'),
      lines: z.object({ read: z.int(), stored: z.int(), rejected: z.int(), duplicates: z.int() }),
      errors: z
        .array(z.object({ line: z.int(), value: z.string(), reason: z.string() }))
        .meta({ description: 'the first thousand lines that were not taken' }),
      audience: z.object({ id: z.string(), contacts: z.int(), status: fileStatus }).nullable(),
    }),
    call: createFromFile,
    toWire: ({ group, lines, rejects, audience }) => ({
      ...{ status: 'success' as const, ...toWireGroup(group), lines, errors: rejects },
      audience: audience && {
        id: audience.segment.ref ?? audience.segment.id,
        contacts: audience.segment.members,
        status: toFileStatus(audience.file.state),
      },
    }),
  }),
  ...(['get', 'post'] as const).map((method) =>
    dialectRoute({
      ...{ tag, method, path: '/retrieve/variable/groups' },
      summary: `Retrieve Variable Groups (${method.toUpperCase()})`,
      description: 'Those too that the input buttons of campaigns made.',
      input: eitherWay(method, pageFields),
      output: z.array(groupWire),
      call: (call) => {
        const { limit, page } = readEither(z.object(pageFields), call)
        return listGroups(call.deps, { workspaceId: call.workspaceId, from: (page - 1) * limit, limit })
      },
      toWire: (groups) => groups.map(toWireGroup),
    }),
  ),
]

function toLine({ number: phone, ...values }: z.output<typeof line>) {
  const given = Object.entries(values).filter(([, each]) => each !== null && each !== undefined)
  return { phone, values: Object.fromEntries(given.map(([name, each]) => [name, String(each)])) }
}

async function createFromFile({ deps, workspaceId, by, request }: Call) {
  const order = { workspaceId, by }
  const { result: importId, fields } = await receiveForm(request, (file, name) =>
    storeUpload(deps, { ...order, name: name ?? 'variables.csv', hasHeader: true }, file),
  )
  return uploadGroupForAudience(deps, { ...order, importId, read: () => readGroup(fields) })
}

function readGroup(fields: Record<string, unknown>) {
  const { id: ref, audienceId: audience, ...more } = readFields(form, fields)
  return { ref, audience, ...more }
}

function toWireGroup({ ref, name, description, fields }: VariableGroup): z.input<typeof groupWire> {
  return { id: ref, name, description, fields }
}
