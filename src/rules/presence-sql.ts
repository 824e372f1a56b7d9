/** Without a sign of life for so long somebody is offline, whatever they set. */
const presenceLastsMinutes = 5

/** SQL: whether a user is there. Programs always are, unless they were set otherwise. @param user an alias of `users` */
export function presenceSql(user: string): string {
  return `case when ${user}.presence = 'online' and ${user}.role <> 'app'
    and coalesce(${user}.last_seen_at < now() - interval '${presenceLastsMinutes} minutes', true) then 'offline' else ${user}.presence end`
}
