import { z } from 'zod'
import { listMembers } from '../../segments/find-members.ts'
import { listSegments } from '../../segments/find-segments.ts'
import { demandAudience, saveAudience } from '../../segments/save-audience.ts'
import { receiveForm } from '../../kit/receive-upload.ts'
import { storeUpload } from '../../transfers/store-upload.ts'
import { uploadAudience } from '../../transfers/upload-audience.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { eitherWay, fileStatus, pageFields, readEither, readFields, toFileStatus, wireId } from './wire.ts'

const tag = 'Audiences'
const createBody = z.object({
  id: wireId,
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(1_000).optional(),
  contacts: z
    .array(z.object({ number: z.coerce.string().min(1).max(40) }))
    .max(10_000)
    .default([]),
})
const formFields = z.object({
  id: wireId,
  name: z.string().trim().min(1).max(200).optional(),
  description: z.string().max(1_000).optional(),
})
const audienceWire = z
  .object({ id: z.string(), name: z.string(), description: z.string(), contacts: z.int() })
  .meta({ id: 'ChatIncAudience' })
const fileWire = z
  .object({
    status: fileStatus,
    rows: z.int(),
    accepted: z.int(),
    rejected: z.int(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'ChatIncFile' })
const idField = { id: wireId.meta({ description: 'of the audience, or its name' }), ...pageFields }

export const audienceRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'post', path: '/create/audience', summary: 'Create Audience' },
    description: 'The id of an audience that is there adds the contacts to it.',
    input: { body: createBody },
    output: audienceWire.extend({ status: z.literal('success'), created: z.boolean(), added: z.int() }),
    call: ({ deps, workspaceId, by, body: { id: ref, contacts, ...more } }) =>
      saveAudience(deps, { workspaceId, ref, ...more, phones: contacts.map(({ number }) => number), by }),
    toWire: ({ segment, created, added }) => ({
      status: 'success' as const,
      ...toWireAudience(segment),
      created,
      added,
    }),
    fields: ({ contacts }) =>
      Object.fromEntries(contacts.map((_contact, at) => [`phones.${at}`, `contacts.${at}.number`])),
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/create/audience/from/file' },
    summary: 'Add Contacts to Audience from CSV File',
    description:
      'A form with the CSV in its field `file`, and `id` and `name`. The column `number` or `phone` names the contacts.',
    upload: ['multipart/form-data'],
    uploadForm: formFields,
    output: audienceWire.extend({ status: z.literal('success'), file: fileWire }),
    call: createFromFile,
    toWire: ({ segment, file }) => ({
      status: 'success' as const,
      ...toWireAudience(segment),
      file: { ...file, status: toFileStatus(file.state) },
    }),
  }),
  ...(['get', 'post'] as const).map((method) =>
    dialectRoute({
      ...{
        tag,
        method,
        path: '/retrieve/audiences',
        summary: `Retrieve Audiences (${method.toUpperCase()})`,
      },
      input: eitherWay(method, pageFields),
      output: z.array(audienceWire),
      call: (call) => {
        const { limit, page } = readEither(z.object(pageFields), call)
        return listSegments(call.deps, { workspaceId: call.workspaceId, from: (page - 1) * limit, limit })
      },
      toWire: (segments) => segments.map(toWireAudience),
    }),
  ),
  ...(['get', 'post'] as const).map((method) =>
    dialectRoute({
      ...{ tag, method, path: '/retrieve/audience/contacts' },
      summary: `Retrieve Audience Contacts (${method.toUpperCase()})`,
      input: eitherWay(method, idField),
      output: z.array(z.object({ number: z.string().nullable(), name: z.string().nullable() })),
      call: async (call) => {
        const { id, limit, page } = readEither(z.object(idField), call)
        const { deps, workspaceId } = call
        const segment = await demandAudience(deps, workspaceId, id)
        return listMembers(deps, { workspaceId, segmentId: segment.id, from: (page - 1) * limit, limit })
      },
      toWire: (members) => members.map(({ phone, name }) => ({ number: phone, name })),
    }),
  ),
]

async function createFromFile({ deps, workspaceId, by, request }: Call) {
  const order = { workspaceId, by }
  const { result: importId, fields } = await receiveForm(request, (file, name) =>
    storeUpload(deps, { ...order, name: name ?? 'contacts.csv', hasHeader: true }, file),
  )
  return uploadAudience(deps, { ...order, importId, read: () => readAudience(fields) })
}

function readAudience(fields: Record<string, unknown>) {
  const { id: ref, ...more } = readFields(formFields, fields)
  return { ref, ...more }
}

function toWireAudience(segment: {
  id: string
  ref: string | null
  name: string
  description: string
  members: number
}): z.input<typeof audienceWire> {
  const { id, ref, name, description, members } = segment
  return { id: ref ?? id, name, description, contacts: members }
}
