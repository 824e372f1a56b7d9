import type { CampaignKind, CampaignState, Money, RunState } from '../api/campaign-shapes.ts'
import { sayName } from '../ui/words.ts'

export const kindWords: Record<CampaignKind, { title: string; description: string }> = {
  'one-time': {
    title: 'One-time',
    description: 'now, at a time you choose, or at each contact’s local time',
  },
  recurring: { title: 'Recurring', description: 'again and again, e.g. every Monday at 10:00' },
  triggered: { title: 'Triggered', description: 'to somebody when an event comes or they enter a segment' },
  drip: { title: 'Drip', description: 'several messages with time between them, until they answer' },
  api: { title: 'API', description: 'when your own system calls, with the values it sends along' },
}

export const campaignColors: Record<CampaignState, string> = {
  draft: 'gray',
  scheduled: 'blue',
  active: 'teal',
  paused: 'yellow',
  ended: 'gray',
}

export const runColors: Record<RunState, string> = {
  scheduled: 'blue',
  planning: 'blue',
  sending: 'teal',
  paused: 'yellow',
  settling: 'teal',
  completed: 'teal',
  cancelled: 'gray',
  stopped: 'red',
  failed: 'red',
}

const reasons: Record<string, string> = {
  opted_out: 'opted out of these messages',
  no_address: 'have no WhatsApp number',
  no_contact: 'are in a list and no contacts yet',
  spam: 'are marked as spam',
  hold_out: 'are held out, to compare with',
  not_on_whatsapp: 'are not on WhatsApp',
  not_in_window: 'have not written in the last 24 hours',
  time_passed: 'the local time was over already',
  expired: 'it came too late to be of use',
  missing_variable: 'a value of the message is missing',
  frequency_cap: 'were sent enough messages lately',
  budget: 'the budget was used up',
  cancelled: 'the run was cancelled first',
}

/** Why somebody got nothing, after “people who …” or by itself. */
export function sayReason(reason: string): string {
  return reasons[reason] ?? sayName(reason)
}

/** `12.50 USD`, of several currencies each. */
export function sayCost(cost: Money[]): string {
  return cost.map(({ total, currency }) => `${total} ${currency}`).join(' + ')
}

/** The same of what was spent; a dash where no price is known. */
export function sayAmounts(cost: { amount: string; currency: string }[]): string {
  return sayCost(cost.map(({ amount, currency }) => ({ total: amount, currency }))) || '–'
}

const plainer: [RegExp, string][] = [
  [/^too small: expected (string|array) to have >=1 /, 'is missing'],
  [/^invalid UUID$/, 'choose one'],
]

/** What the check says of a field, for people who do not know its schema. */
export function sayProblem<T extends string | undefined>(message: T): T | string {
  return plainer.find(([pattern]) => pattern.test(message ?? ''))?.[1] ?? message
}
