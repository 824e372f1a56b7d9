import { z } from 'zod'
import { listMessages } from '../../wabbit-wire/list-messages.ts'
import { sendWireMessage } from '../../wabbit-wire/send-message.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { callerOf } from './caller.ts'
import { assignedQuery, waIdParams } from './chats.ts'
import { flagQuery, spanQuery } from './fields.ts'
import { contentOf, messageBody } from './message-body.ts'
import { pageOf, pageQuery, toPage } from './page.ts'
import { messageWire } from './schemas.ts'

const query = {
  ...pageQuery(),
  ...spanQuery,
  ...assignedQuery,
  search: z.string().max(1_000).optional(),
  mark_as_received: flagQuery.meta({ description: '1 marks the messages of this page as received by you' }),
}
const plainQuery = z.object(query)
type Query = z.output<typeof plainQuery>

export const messageRows: DialectRoute[] = [
  dialectRoute({
    ...{ method: 'get', path: '/api/v1/messages/', tag: 'Messages', summary: 'List Messages' },
    description: 'Newest first. `before_time` pages through a history in which new messages arrive.',
    input: { query: plainQuery.extend({ wa_id: z.string().max(100).optional() }) },
    output: pageOf(messageWire),
    call: (call) => list(call, { waId: call.query.wa_id }),
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{
      method: 'get',
      path: '/api/v1/messages/:wa_id/',
      tag: 'Messages',
      summary: 'List Messages of a Chat',
    },
    input: { params: waIdParams, query: plainQuery },
    output: pageOf(messageWire),
    call: (call) => list(call, { waId: call.params.wa_id, demandsChat: true }),
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ method: 'post', path: '/api/v1/messages/', tag: 'Messages', summary: 'Create Message', status: 201 },
    description:
      'The content stands in the field that `type` names; without a type it is the only content there is. You may write ' +
      'where a chat is assigned to you, or as your permissions say; a chat that is new is yours from then on.',
    input: { body: messageBody },
    output: z.object({
      waba_response: z.looseObject({ messages: z.array(z.object({ id: z.string() })) }),
    }),
    call: (call) =>
      sendWireMessage(call.deps, callerOf(call), {
        ...{ waId: call.body.wa_id, content: contentOf(call.body), by: call.by },
        isPerson: call.actor.role !== 'app',
      }),
    toWire: ({ id }) => ({ waba_response: { messages: [{ id }] } }),
    fields: { waId: 'wa_id', content: 'type', name: 'template.name', language: 'template.language.code' },
  }),
]

async function list(call: Call<unknown, Query>, whose: { waId: string | undefined; demandsChat?: boolean }) {
  const { limit, offset, search, since_time: since, before_time: before } = call.query
  const { assigned_to_me: assignedToMe, assigned_group: assignedGroup } = call.query
  const marksAsReceived = call.query.mark_as_received
  const filter = { limit, offset, search, since, before, assignedToMe, assignedGroup, marksAsReceived }
  return toPage(call, await listMessages(call.deps, callerOf(call), { ...filter, ...whose }))
}
