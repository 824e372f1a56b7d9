import { z } from 'zod'
import { contactName, contactPhone } from '../contacts/contact-names.ts'
import { isoTime } from '../db/iso-time.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { chatStatuses } from './status.ts'
import { unreadSql } from './unread-sql.ts'

const time = z.iso.datetime().nullable()

/** A conversation as lists and screens show one. */
export const conversationView = z
  .object({
    id: z.uuid(),
    numberId: z.uuid(),
    number: z.object({ id: z.uuid(), displayNumber: z.string() }),
    contactId: z.uuid(),
    contactName: z.string().nullable(),
    contactPhone: z.string().nullable().meta({ description: 'the WhatsApp number as it is now' }),
    status: z.enum(chatStatuses).meta({ description: 'closed is a conversation without a live episode' }),
    snoozedUntil: time,
    assignee: z.object({
      user: z.object({ id: z.uuid(), name: z.string(), isBot: z.boolean() }).nullable(),
      group: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    }),
    assignedAt: time,
    priority: z.int().min(0).max(4).meta({ description: '0 none to 4 urgent' }),
    labels: z.array(
      z.object({ name: z.string(), color: z.string().nullable(), extra: jsonObjectSchema.nullable() }),
    ),
    spam: z.boolean(),
    unread: z.int().meta({ description: 'messages that you have not received yet, at most 100' }),
    isUnread: z.boolean(),
    lastMessage: z
      .object({
        id: z.uuid(),
        direction: z.enum(['in', 'out']),
        type: z.string(),
        text: z.string(),
        at: z.iso.datetime(),
        state: z.string().nullable(),
        status: z.string().nullable(),
      })
      .nullable(),
    waitingSince: time.meta({ description: 'since when the customer waits for an answer' }),
    queuedAt: time,
    activeAt: time.meta({
      description: "when customer, agent or journey wrote last; a campaign's message does not count",
    }),
    windowEndsAt: time.meta({ description: 'until then anything may be sent, after it templates only' }),
    windowOpen: z.boolean(),
    floorWorkflowId: z.string().nullable().meta({
      description: "the workflow that awaits the contact's next message",
    }),
    episode: z
      .object({
        ...{ id: z.uuid(), openedAt: z.iso.datetime(), firstResponseAt: time, reopened: z.int() },
        firstResponseDueAt: time.meta({ description: 'by the deadlines of the inbox settings; null: none' }),
        resolutionDueAt: time,
        isLate: z.boolean().meta({ description: 'one of the two was missed' }),
      })
      .nullable()
      .meta({ description: 'the live one; null while the chat is closed' }),
    lastMessageAt: time,
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Conversation' })
export type ConversationDetail = z.infer<typeof conversationView>

/**
 * What makes rows of `conversations v` a view, as somebody sees them: columns and joins.
 * @param userId null: nobody in particular, who has read everything.
 */
export function detailSql(userId: string | null): {
  columns: string
  joins: string
  params: (string | null)[]
} {
  const unread = unreadSql('v', userId)
  return { columns: `${columns}, ${unread.columns}`, joins: `${joins} ${unread.join}`, params: unread.params }
}

const columns = `v.id, v.number_id as "numberId", jsonb_build_object('id', p.id, 'displayNumber', p.display_number) as number,
  v.contact_id as "contactId", ${contactName} as "contactName", ${contactPhone} as "contactPhone",
  v.status, ${isoTime('v.snoozed_until')} as "snoozedUntil",
  jsonb_build_object(
    'user', case when u.id is not null then jsonb_build_object('id', u.id, 'name', u.username, 'isBot', u.role = 'app') end,
    'group', case when g.id is not null then jsonb_build_object('id', g.id, 'name', g.name) end) as assignee,
  ${isoTime('v.assigned_at')} as "assignedAt", v.priority,
  coalesce((select jsonb_agg(jsonb_build_object('name', l.label, 'color', t.color, 'extra', l.extra) order by l.label)
    from conversation_labels l left join tags t on t.workspace_id = l.workspace_id and t.name = l.label
    where l.conversation_id = v.id), '[]') as labels,
  v.spam,
  case when m.id is not null then jsonb_build_object('id', m.id, 'direction', m.direction, 'type', m.type,
    'text', left(m.text, 500), 'at', ${isoTime('m.created_at')}, 'state', m.state, 'status', m.status) end as "lastMessage",
  ${isoTime('v.waiting_since')} as "waitingSince", ${isoTime('v.queued_at')} as "queuedAt", ${isoTime('v.active_at')} as "activeAt",
  ${isoTime('v.window_ends_at')} as "windowEndsAt", coalesce(v.window_ends_at > now(), false) as "windowOpen",
  v.floor_workflow_id as "floorWorkflowId",
  (select jsonb_build_object('id', e.id, 'openedAt', ${isoTime('e.opened_at')}, 'firstResponseAt', ${isoTime('e.first_response_at')},
    'reopened', e.reopened, 'firstResponseDueAt', ${isoTime('e.first_response_due_at')},
    'resolutionDueAt', ${isoTime('e.resolution_due_at')},
    'isLate', coalesce(e.first_response_breached_at, e.resolution_breached_at) is not null)
    from conversation_episodes e where e.conversation_id = v.id and e.closed_at is null) as episode,
  ${isoTime('v.last_message_at')} as "lastMessageAt", ${isoTime('v.created_at')} as "createdAt"`
const joins = `join contacts c on c.id = v.contact_id join phone_numbers p on p.id = v.number_id
  left join users u on u.id = v.assigned_user_id left join groups g on g.id = v.assigned_group_id
  left join messages m on m.id = v.last_message_id`
