import { announcing } from './announce.ts'

/** What `returning` adds, beside `countedRows`, to a change of messages that is to be announced. */
export const announcedRows = `new.id as told_id, new.conversation_id as told_conversation_id,
  old.status as was_status, new.status as is_status, old.played_at as was_played_at, new.played_at as is_played_at,
  new.target_wamid as told_target`

/**
 * Parts of a statement (after `with … as (…),`) that announce the changes of messages which another part of it makes: that one
 * is sent, from the moment that a chat shows it, and that its state or status is another. Of campaigns' messages, of which
 * there are thousands a second, nobody is told.
 * @param changed the part of the statement that returns `countedRows` and `announcedRows`.
 */
export function announcingMessages(changed: string): string {
  const seen = [
    'state',
    'status',
    'reason_code',
    'accepted_at',
    'delivered_at',
    'read_at',
    'played_at',
    'failed_at',
  ]
  const columns = (of: 'was' | 'is') => seen.map((column) => `c.${of}_${column}`).join(', ')
  const isFirst = `(c.was_inflight_at is null or c.was_state = 'skipped') and c.is_inflight_at is not null`
  return announcing(
    `select c.counted_workspace_id as workspace_id, c.told_id as at, c.told_conversation_id as conversation_id,
       case when ${isFirst} then 'message.sent' else 'message.changed' end as kind,
       case when ${isFirst} then jsonb_build_object('messageId', c.told_id)
         else jsonb_build_object('messageId', c.told_id, 'what', 'status', 'status', coalesce(c.is_status, c.is_state)) end as data
     from ${changed} as c where c.counted_run_id is null and c.told_target is null and c.is_state not in ('planned', 'skipped')
       and (${columns('was')}) is distinct from (${columns('is')})`,
  )
}

/**
 * Of messages that were just `stored`: another part of the statement returns their id, workspace_id, conversation_id and
 * target_wamid. What changes another message is told as that one's change.
 */
export function announcedAs(kind: 'message.received' | 'message.sent'): string {
  return `select workspace_id, id as at, '${kind}' as kind, conversation_id, jsonb_build_object('messageId', id) as data
    from stored where target_wamid is null`
}
