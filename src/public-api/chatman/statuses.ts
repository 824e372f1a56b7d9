import { z } from 'zod'
import { getContactStatus, type ContactStatus } from '../../contacts/get-contact-status.ts'
import { findContact } from '../../contacts/look-up-contacts.ts'
import { getChatStatus, type ChatStatus } from '../../inbox/get-chat-status.ts'
import { consentCategories, consentStates } from '../../model/consent.ts'
import { systemAttributes } from '../../model/contact-attributes.ts'
import { attributeTypes, type AttributeType } from '../../model/event-attributes.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { toReference, userSchema, type WireUser } from './wire.ts'

const tag = 'System attributes'
const time = z.iso.datetime().nullable()

const chatStatus = z.object({
  user_id: z.uuid(),
  chat_status: z.enum(['open', 'closed', 'none']).meta({
    description: "`none`: the user and the key's number never spoke",
  }),
  opened_at: time,
  first_response_at: time,
  closed_at: time,
  closed_by: z.string().nullable().meta({ description: 'why it closed, e.g. `silence`' }),
  window_open: z.boolean().meta({ description: 'anything may be sent; otherwise templates only' }),
  window_ends_at: time,
  held_by: z.enum(['agent', 'journey', 'nobody']).meta({ description: "who awaits the user's next message" }),
  last_message_received_at: time,
  last_message_sent_at: time,
})
const userStatus = z.object({
  user_id: z.uuid(),
  whatsapp_opted: z.boolean().meta({ description: 'false: refused every message' }),
  opted_out_at: time,
  consents: z.array(
    z.object({
      category: z.enum(consentCategories),
      state: z.enum(consentStates).nullable().meta({ description: 'null: nothing was ever said' }),
      source: z.string().nullable(),
      at: time,
    }),
  ),
  is_spam: z.boolean(),
  reachable: z.boolean().meta({ description: 'has an address on WhatsApp that one can write to' }),
  whatsapp_status: z.enum(['valid', 'invalid', 'unknown']).meta({ description: 'as Check Contact says it' }),
  last_seen_at: time.meta({ description: "of the user's last message, to any of your numbers" }),
  created_at: z.iso.datetime(),
})

const attributeWire = z.object({
  attribute_name: z.string(),
  attribute_type: z.enum(attributeTypes),
  group: z.enum(['user', 'chat_status', 'user_status']),
  writable: z.boolean(),
})

/** What Evaluate Chat Status and Evaluate User Status answer, by type. */
const evaluated: Record<'chat_status' | 'user_status', Record<string, AttributeType>> = {
  chat_status: {
    ...{ chat_status: 'string', opened_at: 'datetime', first_response_at: 'datetime', closed_at: 'datetime' },
    ...{ closed_by: 'string', window_open: 'boolean', window_ends_at: 'datetime', held_by: 'string' },
    ...{ last_message_received_at: 'datetime', last_message_sent_at: 'datetime' },
  },
  user_status: {
    ...{ whatsapp_opted: 'boolean', opted_out_at: 'datetime', consents: 'json', is_spam: 'boolean' },
    ...{ reachable: 'boolean', whatsapp_status: 'string', last_seen_at: 'datetime', created_at: 'datetime' },
  },
}

export const statusRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'get', path: '/events/system-attributes', summary: 'Get System Attribute Types' },
    description:
      'Every system attribute with its type: `user` those of Add Contact and Get Contact Details, `chat_status` and `user_status` what the two evaluations answer.',
    output: z.object({ data: z.array(attributeWire) }),
    call: async () => systemAttributes,
    toWire: toWireTypes,
  }),
  dialectRoute({
    ...{
      tag,
      method: 'post',
      path: '/events/system-attributes/chat-status',
      summary: 'Evaluate Chat Status',
    },
    description: "How the user's chat with the key's number stands at this moment.",
    input: { body: userSchema },
    output: chatStatus,
    call: async (call) => getChatStatus(call.deps, { ...call, contactId: await findUser(call) }),
    toWire: toWireChat,
  }),
  dialectRoute({
    ...{
      tag,
      method: 'post',
      path: '/events/system-attributes/user-status',
      summary: 'Evaluate User Status',
    },
    description: 'Whether the user may be written to and can be, at this moment.',
    input: { body: userSchema },
    output: userStatus,
    call: async (call) => getContactStatus(call.deps, call.workspaceId, await findUser(call)),
    toWire: toWireUser,
  }),
]

function findUser({ deps, workspaceId, body }: Call<unknown, unknown, WireUser>): Promise<string> {
  return findContact(deps, workspaceId, toReference(body))
}

function toWireTypes(attributes: typeof systemAttributes): { data: z.input<typeof attributeWire>[] } {
  const user = attributes.map(({ name, type, writable }) => {
    return { attribute_name: name, attribute_type: type, group: 'user' as const, writable }
  })
  const groups = ['chat_status', 'user_status'] as const
  const others = groups.flatMap((group) =>
    Object.entries(evaluated[group]).map(([attribute_name, attribute_type]) => {
      return { attribute_name, attribute_type, group, writable: false }
    }),
  )
  return { data: [...user, ...others] }
}

function toWireChat(chat: ChatStatus): z.input<typeof chatStatus> {
  return {
    ...{ user_id: chat.contactId, chat_status: chat.status, opened_at: chat.openedAt },
    ...{ first_response_at: chat.firstResponseAt, closed_at: chat.closedAt, closed_by: chat.outcome },
    ...{ window_open: chat.windowOpen, window_ends_at: chat.windowEndsAt, held_by: chat.heldBy },
    ...{ last_message_received_at: chat.lastReceivedAt, last_message_sent_at: chat.lastSentAt },
  }
}

function toWireUser({
  contactId,
  categories,
  whatsapp,
  ...status
}: ContactStatus): z.input<typeof userStatus> {
  return {
    ...{ user_id: contactId, whatsapp_opted: status.optedIn, opted_out_at: status.optedOutAt },
    consents: categories.map(({ category, state, source, at }) => ({ category, state, source, at })),
    ...{ is_spam: status.spamAt !== null, reachable: status.reachable, whatsapp_status: whatsapp.status },
    ...{ last_seen_at: status.lastSeenAt, created_at: status.createdAt },
  }
}
