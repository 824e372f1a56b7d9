/** What of messages a user's webhook is told. Assignments, taggings and statuses are told to each. */
interface WebhookFlags {
  onIncomingMessage: boolean
  onOutgoingMessage: boolean
  /** New messages of chats that are the user's, and what waits in one at the moment of its assignment. */
  onAssigned: boolean
}

/** The flags stand among the kinds, under names that nothing is announced by. */
export function readFlags(kinds: readonly string[]): WebhookFlags {
  return {
    onIncomingMessage: kinds.includes('on_incoming_message'),
    onOutgoingMessage: kinds.includes('on_outgoing_message'),
    onAssigned: kinds.includes('on_assigned'),
  }
}
