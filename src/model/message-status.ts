/**
 * A message's way through WhatsApp. Statuses come in any order and repeatedly; `delivered` may be left out when
 * the message is read at once. So a status only ever moves forward, and failure outranks `sent` and nothing more:
 * what was delivered did arrive, whatever a late webhook says (chatwoot#14529).
 */
const rank: Record<string, number> = { accepted: 0, sent: 1, failed: 2, delivered: 3, read: 4, played: 5 }

/** The status that holds after `next` is heard while `current` held. Unknown words never replace known ones. */
export function advanceStatus(current: string, next: string): string {
  return (rank[next] ?? -1) > (rank[current] ?? -1) ? next : current
}

/** SQL expression of the same order, so that a bulk update and this function cannot differ. */
export function statusRankSql(column: string): string {
  const cases = Object.entries(rank).map(([status, order]) => `when '${status}' then ${order}`)
  return `case ${column} ${cases.join(' ')} else -1 end`
}

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Our id of the message that a status is about: what we gave along as callback data. Null when that is not ours. */
export function messageIdOf(callbackData: string | undefined): string | null {
  return callbackData && uuidPattern.test(callbackData) ? callbackData : null
}
