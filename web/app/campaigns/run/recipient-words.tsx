import { Badge } from '@mantine/core'
import type { Recipient } from '../../api/report-shapes.ts'

/** What recipients can be asked for by. */
export const recipientFilters: Record<string, string> = {
  waiting: 'whose turn has not come',
  pending: 'who wait for another try',
  accepted: 'whom it was sent',
  delivered: 'who got it',
  'not-delivered': 'who have not got it yet',
  read: 'who read it',
  'not-read': 'who have not read it',
  clicked: 'who clicked',
  'not-clicked': 'who have not clicked',
  replied: 'who replied',
  'not-replied': 'who have not replied',
  converted: 'who converted',
  failed: 'whom it could not be sent',
  'left-out': 'who were left out',
  skipped: 'who were passed over at the last moment',
  unknown: 'of whom it is not known',
}

const outcomes: Record<Recipient['outcome'], [words: string, color: string]> = {
  'left-out': ['left out', 'gray'],
  waiting: ['waits for its turn', 'blue'],
  pending: ['waits for another try', 'blue'],
  accepted: ['sent', 'teal'],
  failed: ['could not be sent', 'red'],
  skipped: ['passed over', 'gray'],
  unknown: ['not known', 'yellow'],
}
const furtherSteps: [keyof Recipient, string][] = [
  ['convertedAt', 'converted'],
  ['repliedAt', 'replied'],
  ['clickedAt', 'clicked'],
  ['readAt', 'read'],
  ['deliveredAt', 'delivered'],
]

export function nameOf({ name, phone }: Pick<Recipient, 'name' | 'phone'>): string {
  return name ?? (phone ? `+${phone}` : 'Somebody')
}

/** The furthest that it has come. */
export function OutcomeBadge({ recipient }: { recipient: Recipient }) {
  const [words, color] = outcomes[recipient.outcome]
  const further = furtherSteps.find(([at]) => recipient[at] !== null)
  return (
    <Badge variant="light" color={color}>
      {recipient.outcome === 'accepted' && further ? further[1] : words}
    </Badge>
  )
}

/** Each thing that happened, in its order. */
export function stepsOf(recipient: Recipient): { at: string; words: string }[] {
  const { dueAt, attempts, reason, outcome } = recipient
  const steps: [string | null, string][] = [
    [outcome === 'left-out' ? null : dueAt, 'It was due.'],
    [recipient.acceptedAt, `WhatsApp took the message${attempts > 1 ? `, at attempt ${attempts}` : ''}.`],
    [recipient.deliveredAt, 'It was delivered.'],
    [recipient.readAt, 'It was read.'],
    [recipient.clickedAt, 'The link was clicked.'],
    [recipient.repliedAt, 'The contact replied.'],
    [recipient.convertedAt, 'The contact converted.'],
    [recipient.failedAt, `It failed${reason ? `: ${reason}` : ''}.`],
  ]
  return steps.flatMap(([at, words]) => (at === null ? [] : [{ at, words }]))
}
