import { z } from 'zod'

const scope = z.enum(['all', 'group', 'user', 'none'])
const roleWire = z.enum(['admin', 'user', 'app'])
const nullableSeconds = z.int().nullable()

export const groupWire = z.object({ id: z.int(), name: z.string() }).meta({ id: 'WabbitGroup' })

const permissionsWire = z.object({
  can_use_tags: z.boolean(),
  can_read_chats: scope,
  can_write_to_chats: scope,
})

export const userWire = z
  .object({
    url: z.string(),
    id: z.int(),
    username: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    email: z.string(),
    profile: z.object({ role: roleWire }),
    groups: z.array(groupWire),
    permissions: permissionsWire,
  })
  .meta({ id: 'WabbitUser' })

export const personWire = z
  .object({
    wa_id: z.string(),
    waba_payload: z.object({ profile: z.object({ name: z.string() }), wa_id: z.string() }),
    initials: z.string().meta({ description: 'for display when an avatar image is missing' }),
    last_message_timestamp: nullableSeconds.meta({
      description: 'POSIX timestamp of the last message of this contact; the 24-hour window begins there',
    }),
  })
  .meta({ id: 'WabbitPerson' })

export const tagWire = z
  .object({ id: z.int(), name: z.string(), web_inbox_color: z.string().nullable() })
  .meta({ id: 'WabbitTag' })

const taggedWire = z
  .object({
    name: z.string(),
    web_inbox_color: z.string().nullable(),
    tagging_id: z.int(),
    id: z.int(),
    extra: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'WabbitTagged' })

const bareMessage = z.object({
  id: z.string(),
  waba_payload: z.looseObject({ id: z.string(), type: z.string(), timestamp: z.string() }),
  waba_statuses: z.object({ sent: z.int(), delivered: z.int(), read: z.int() }),
  from_us: z.boolean(),
  received: z.boolean().meta({ description: 'by who asks' }),
  sender: userWire.nullable(),
  customer_wa_id: z.string(),
})
export const messageWire = bareMessage
  .extend({
    contact: personWire.nullable(),
    context: bareMessage.nullable().meta({ description: 'the message that it answers' }),
    tags: z.array(taggedWire),
  })
  .meta({ id: 'WabbitMessage' })

export const chatWire = z
  .object({
    contact: personWire,
    new_messages: z.int().meta({ description: 'messages that who asks has not received' }),
    wa_id: z.string(),
    last_message: messageWire.nullable(),
    assigned_to_user: userWire.nullable(),
    assigned_group: groupWire.nullable(),
    tags: z.array(taggedWire),
  })
  .meta({ id: 'WabbitChat' })

const doneBy = userWire.nullable().meta({ description: 'null of what a rule did' })
export const assignmentEventWire = z
  .object({
    timestamp: z.int(),
    wa_id: z.string(),
    assigned_to_user_set: userWire.nullable(),
    assigned_to_user_was_cleared: z.boolean(),
    assigned_group_set: groupWire.nullable(),
    assigned_group_was_cleared: z.boolean(),
    done_by: doneBy,
  })
  .meta({ id: 'WabbitChatAssignmentEvent' })

const extra = z.record(z.string(), z.unknown()).nullable()
const tagging = {
  timestamp: z.int(),
  action: z.enum(['added', 'removed']),
  tag: tagWire,
  extra,
  done_by: doneBy,
}
export const chatTaggingEventWire = z
  .object({ ...tagging, chat: z.string() })
  .meta({ id: 'WabbitChatTaggingEvent' })
export const messageTaggingEventWire = z
  .object({ ...tagging, message: z.string() })
  .meta({ id: 'WabbitMessageTaggingEvent' })

export const chatTaggingWire = z
  .object({ id: z.int(), tag: z.int(), chat: z.string(), extra })
  .meta({ id: 'WabbitChatTagging' })
export const messageTaggingWire = z
  .object({ id: z.int(), tag: z.int(), message: z.string(), extra })
  .meta({ id: 'WabbitMessageTagging' })
