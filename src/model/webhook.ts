/** What an endpoint may be told of, by the names that it hears. */
export const webhookKinds = [
  ...['message.received', 'message.sent', 'message.status', 'message.changed', 'message.tagged'],
  ...['conversation.changed', 'conversation.assigned', 'conversation.tagged', 'note.changed'],
] as const

/** Of a ping that somebody asked for: no endpoint subscribes to it. */
export const pingKind = 'webhook.ping'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** Svix' schedule: what is tried at once is tried again after these times, and is given up after the last one. */
const delaysMs = [5 * secondMs, 5 * minuteMs, 30 * minuteMs, ...[2, 5, 10, 10].map((hours) => hours * hourMs)]

/** An endpoint that has failed for so long without a success in between is disabled. */
export const failingForMs = 5 * 24 * hourMs

/**
 * When to try again after so many attempts that failed; undefined when it is given up.
 * @param draw from 0 to 1: those that failed together do not all come again at once.
 */
export function nextAttemptDelayMs(attempts: number, draw: number, retryAfterMs = 0): number | undefined {
  const delayMs = delaysMs[attempts - 1]
  if (delayMs === undefined) return undefined
  return Math.round(Math.max(delayMs * (1 + draw / 10), Math.min(retryAfterMs, 24 * hourMs)))
}
