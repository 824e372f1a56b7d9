import { z } from 'zod'
import { AppError } from '../../model/errors.ts'
import { assignWireChat, getWireAssignment } from '../../wabbit-wire/assign-chat.ts'
import { getChat, getPerson, listChats, listPersons } from '../../wabbit-wire/list-chats.ts'
import { listAssignmentEvents } from '../../wabbit-wire/list-history.ts'
import { markChatReceived } from '../../wabbit-wire/mark-received.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { callerOf } from './caller.ts'
import { charField, flagQuery, integerField, nullableKeyField, spanQuery } from './fields.ts'
import { pageOf, pageQuery, toPage } from './page.ts'
import { assignmentEventWire, chatWire, personWire } from './schemas.ts'

export const waIdParams = z.object({ wa_id: z.string().max(100) })
const searchQuery = { search: z.string().max(1_000).optional() }
/** A group's id. */
const groupQuery = z
  .preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().optional())
  .optional()
export const assignedQuery = { assigned_to_me: flagQuery, assigned_group: groupQuery }

const assignmentWire = z.object({
  wa_id: z.string(),
  assigned_to_user: z.int().nullable(),
  assigned_group: z.int().nullable(),
})
const assignmentPath = '/api/v1/chats/:wa_id/assignment/'

/** The contact's id stands in the path too; there it counts. */
const putBody = z.object({
  wa_id: charField(100).optional(),
  assigned_to_user: nullableKeyField.optional(),
  assigned_group: nullableKeyField.optional(),
})

export const chatRows: DialectRoute[] = [
  dialectRoute({
    ...{ method: 'get', path: '/api/v1/chats/', tag: 'Chats', summary: 'List Chats' },
    description: 'Newest first, with the messages that you have not received counted.',
    input: { query: z.object({ ...pageQuery(), ...searchQuery, ...assignedQuery }) },
    output: pageOf(chatWire),
    call: async (call) => {
      const {
        search,
        limit,
        offset,
        assigned_to_me: assignedToMe,
        assigned_group: assignedGroup,
      } = call.query
      const filter = { search, limit, offset, assignedToMe, assignedGroup }
      return toPage(call, await listChats(call.deps, callerOf(call), filter))
    },
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ method: 'get', path: '/api/v1/chats/:wa_id/', tag: 'Chats', summary: 'Retrieve Chat' },
    input: { params: waIdParams },
    output: chatWire,
    call: async (call) => found(await getChat(call.deps, callerOf(call), call.params.wa_id)),
    toWire: (chat) => chat,
  }),
  dialectRoute({
    ...{ method: 'get', path: assignmentPath, tag: 'Chats', summary: 'Retrieve Chat Assignment' },
    input: { params: waIdParams },
    output: assignmentWire,
    call: (call) => getWireAssignment(call.deps, callerOf(call), call.params.wa_id),
    toWire: toAssignment,
  }),
  dialectRoute({
    ...{ method: 'put', path: assignmentPath, tag: 'Chats', summary: 'Update Chat Assignment' },
    description: 'What is not given is taken away, as null is.',
    input: { params: waIdParams, body: putBody },
    output: assignmentWire,
    call: async (call) => {
      const { assigned_to_user: user = null, assigned_group: group = null } = call.body
      return assign(call, { user, group })
    },
    toWire: toAssignment,
  }),
  dialectRoute({
    ...{ method: 'patch', path: assignmentPath, tag: 'Chats', summary: 'Partial Update Chat Assignment' },
    description: 'What is not given stays as it is.',
    input: { params: waIdParams, body: putBody },
    output: assignmentWire,
    call: async (call) => {
      const { assigned_to_user: user, assigned_group: group } = call.body
      return assign(call, { user, group })
    },
    toWire: toAssignment,
  }),
  dialectRoute({
    ...{ method: 'get', path: '/api/v1/chat_assignment_events/', tag: 'Chats' },
    summary: 'List Chat Assignment Events',
    input: { query: z.object({ wa_id: z.string().max(100).optional(), ...pageQuery(), ...spanQuery }) },
    output: pageOf(assignmentEventWire),
    call: async (call) => {
      const { wa_id: waId, limit, offset, since_time: since, before_time: before } = call.query
      const filter = { waId, limit, offset, since, before }
      return toPage(call, await listAssignmentEvents(call.deps, callerOf(call), filter))
    },
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ method: 'post', path: '/api/v1/mark_as_received/', tag: 'Messages', status: 201 },
    summary: 'Mark as Received',
    description: 'Up to a time of the chat. Marks of earlier times change nothing.',
    input: { body: z.object({ timestamp: integerField, customer_wa_id: charField(100) }) },
    output: z.object({}),
    call: ({ body, ...call }) => {
      const { timestamp, customer_wa_id: waId } = body
      return markChatReceived(call.deps, callerOf(call), { waId, timestamp })
    },
    toWire: () => ({}),
  }),
  dialectRoute({
    ...{ method: 'get', path: '/api/v1/persons/', tag: 'Persons', summary: 'List Persons' },
    input: { query: z.object({ ...pageQuery(), ...searchQuery }) },
    output: pageOf(personWire),
    call: async (call) => toPage(call, await listPersons(call.deps, callerOf(call), call.query)),
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ method: 'get', path: '/api/v1/persons/:wa_id/', tag: 'Persons', summary: 'Retrieve Person' },
    input: { params: waIdParams },
    output: personWire,
    call: async (call) => found(await getPerson(call.deps, callerOf(call), call.params.wa_id)),
    toWire: (person) => person,
  }),
]

function assign(
  call: Pick<
    Call<{ wa_id: string }>,
    'deps' | 'workspaceId' | 'numberId' | 'actor' | 'request' | 'params' | 'by'
  >,
  given: { user?: number | null | undefined; group?: number | null | undefined },
) {
  return assignWireChat(call.deps, callerOf(call), { waId: call.params.wa_id, ...given, by: call.by })
}

function toAssignment({ waId, user, group }: { waId: string; user: number | null; group: number | null }) {
  return { wa_id: waId, assigned_to_user: user, assigned_group: group }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new AppError('not_found', 'Not found.')
  return value
}
