/** More than these nobody counts. */
const maximumUnread = 100

/** Until when somebody has received a conversation's messages: what came before they worked here is not theirs to read. */
export function readUntil(userReads: string, users: string): string {
  return `coalesce(${userReads}.read_until, ${users}.created_at)`
}

/**
 * Columns `unread` and `isUnread` of a conversation for somebody, and the join that they need.
 * @param chat the alias of `conversations`.
 */
export function unreadSql(
  chat: string,
  userId: string | null,
): { columns: string; join: string; params: string[] } {
  if (userId === null) return { columns: '0 as unread, false as "isUnread"', join: '', params: [] }
  const until = readUntil('own', 'me')
  const isUnread = `coalesce(${chat}.last_inbound_at > ${until}, false)`
  return {
    // Looking no further back than so many messages keeps it from walking through a long chat.
    columns: `${isUnread} as "isUnread", case when not ${isUnread} then 0 else greatest(1, (
      select least(count(*), ${maximumUnread})::int from (
        select n.direction, n.sent_by_customer_at from messages n where n.conversation_id = ${chat}.id
        order by n.id desc limit ${2 * maximumUnread}) n
      where n.direction = 'in' and n.sent_by_customer_at > ${until})) end as unread`,
    join: `join users me on me.id = ? left join conversation_reads own on own.user_id = me.id and own.conversation_id = ${chat}.id`,
    params: [userId],
  }
}
