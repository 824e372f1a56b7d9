import { z } from 'zod'
import { addTag, listTags } from '../../wabbit-wire/list-tags.ts'
import {
  createTagging,
  deleteTagging,
  getTagging,
  type TaggingKind,
  type WireTagging,
} from '../../wabbit-wire/taggings.ts'
import { listChatTaggingEvents, listMessageTaggingEvents } from '../../wabbit-wire/list-history.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { callerOf } from './caller.ts'
import { charField, jsonField, keyField, spanQuery } from './fields.ts'
import { pageOf, pageQuery, toPage } from './page.ts'
import {
  chatTaggingEventWire,
  chatTaggingWire,
  messageTaggingEventWire,
  messageTaggingWire,
  tagWire,
} from './schemas.ts'

const tag = 'Tags'
const waId = z.string().max(100).optional()
/** What is no number names nothing, as 0 does. */
export const idParams = z.object({ id: z.coerce.number().int().min(0).max(2_147_483_647).catch(0) })
const color = z.preprocess((value) => (value === '' ? null : value), charField(1_000).nullable()).optional()
const shared = { tag: keyField, extra: jsonField }
const chatBody = z.object({ ...shared, chat: charField(100) })
const messageBody = z.object({ ...shared, message: charField(512) })

export const tagRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'get', path: '/api/v1/tags/', summary: 'List Tags' },
    input: { query: z.object(pageQuery()) },
    output: pageOf(tagWire),
    call: async (call) => toPage(call, await listTags(call.deps, call.workspaceId, call.query)),
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/api/v1/tags/', summary: 'Create Tag', status: 201 },
    input: { body: z.object({ name: charField(1_000), web_inbox_color: color }) },
    output: tagWire,
    call: ({ deps, body, by, ...call }) =>
      addTag(deps, callerOf({ ...call, deps }), { name: body.name, color: body.web_inbox_color ?? null, by }),
    toWire: (made) => made,
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/api/v1/message_tagging/:id/', summary: 'Retrieve Message Tagging' },
    input: { params: idParams },
    output: messageTaggingWire,
    call: (call) => retrieve(call, 'message'),
    toWire: toMessageTagging,
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/api/v1/chat_tagging/:id/', summary: 'Retrieve Chat Tagging' },
    input: { params: idParams },
    output: chatTaggingWire,
    call: (call) => retrieve(call, 'chat'),
    toWire: toChatTagging,
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/api/v1/message_tagging/', summary: 'Create Message Tagging' },
    description: 'The chat of the message is tagged with it.',
    status: 201,
    input: { body: messageBody },
    output: messageTaggingWire,
    call: (call) => create(call, 'message', { ...call.body, of: call.body.message }),
    toWire: toMessageTagging,
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/api/v1/chat_tagging/', summary: 'Create Chat Tagging', status: 201 },
    input: { body: chatBody },
    output: chatTaggingWire,
    call: (call) => create(call, 'chat', { ...call.body, of: call.body.chat }),
    toWire: toChatTagging,
  }),
  dialectRoute({
    ...{ tag, method: 'delete', path: '/api/v1/message_tagging/:id/', summary: 'Delete Message Tagging' },
    status: 204,
    input: { params: idParams },
    output: z.undefined(),
    call: (call) => remove(call, 'message'),
    toWire: () => undefined,
  }),
  dialectRoute({
    ...{ tag, method: 'delete', path: '/api/v1/chat_tagging/:id/', summary: 'Delete Chat Tagging' },
    status: 204,
    input: { params: idParams },
    output: z.undefined(),
    call: (call) => remove(call, 'chat'),
    toWire: () => undefined,
  }),
  dialectRoute({
    ...{
      tag,
      method: 'get',
      path: '/api/v1/message_tagging_events/',
      summary: 'List Message Tagging Events',
    },
    input: {
      query: z.object({
        wa_id: waId,
        message_id: z.string().max(512).optional(),
        ...pageQuery(),
        ...spanQuery,
      }),
    },
    output: pageOf(messageTaggingEventWire),
    call: async (call) => {
      const filter = { ...toFilter(call.query), messageId: call.query.message_id }
      return toPage(call, await listMessageTaggingEvents(call.deps, callerOf(call), filter))
    },
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ tag, method: 'get', path: '/api/v1/chat_tagging_events/', summary: 'List Chat Tagging Events' },
    input: { query: z.object({ wa_id: waId, ...pageQuery(), ...spanQuery }) },
    output: pageOf(chatTaggingEventWire),
    call: async (call) =>
      toPage(call, await listChatTaggingEvents(call.deps, callerOf(call), toFilter(call.query))),
    toWire: (page) => page,
  }),
]

interface EventQuery {
  wa_id?: string | undefined
  limit: number
  offset: number
  since_time?: number | undefined
  before_time?: number | undefined
}

function toFilter({ wa_id, limit, offset, since_time: since, before_time: before }: EventQuery) {
  return { waId: wa_id, limit, offset, since, before }
}

function retrieve(call: Call<{ id: number }>, kind: TaggingKind) {
  return getTagging(call.deps, callerOf(call), kind, call.params.id)
}

function create(
  call: Call,
  kind: TaggingKind,
  { tag: number, extra = null, of }: { tag: number; extra?: z.output<typeof jsonField>; of: string },
) {
  return createTagging(call.deps, callerOf(call), { kind, of, tag: number, extra, by: call.by })
}

function remove(call: Call<{ id: number }>, kind: TaggingKind) {
  return deleteTagging(call.deps, callerOf(call), { kind, number: call.params.id, by: call.by })
}

function toChatTagging({ id, tag: number, of, extra }: WireTagging) {
  return { id, tag: number, chat: of, extra }
}

function toMessageTagging({ id, tag: number, of, extra }: WireTagging) {
  return { id, tag: number, message: of, extra }
}
