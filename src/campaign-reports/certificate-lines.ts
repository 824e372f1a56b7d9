import { createHash } from 'node:crypto'
import { csvLine } from '../kit/csv.ts'
import { sayMicros } from '../pricing/price-list.ts'
import type { Story } from './stories.ts'

/** Of the rows of a certificate, in this order; the hash of the row follows. */
export const certificateColumns = [
  ...[
    'place',
    'contact_id',
    'phone',
    'variant',
    'outcome',
    'code',
    'reason',
    'message_id',
    'wamid',
    'attempts',
  ],
  ...[
    'accepted_at',
    'delivered_at',
    'read_at',
    'clicked_at',
    'replied_at',
    'failed_at',
    'converted_at',
    'cost',
  ],
]
/** Begins the last row, which says what the rows before it add up to. */
export const totalsMark = 'totals'

export function certificateCells(story: Story): string[] {
  const { lane, seq, costMicros } = story
  return [
    seq === null ? '' : `${lane}:${seq}`,
    ...[story.contactId, story.phone === null ? '' : `+${story.phone}`, story.variant, story.outcome],
    ...[story.code, story.reason, story.messageId, story.wamid, String(story.attempts)],
    ...[story.acceptedAt, story.deliveredAt, story.readAt, story.clickedAt, story.repliedAt, story.failedAt],
    ...[story.convertedAt, costMicros === null || story.acceptedAt === null ? '' : sayMicros(costMicros)],
  ].map((cell) => oneLine(cell ?? ''))
}

/** A row is a line, whatever WhatsApp's reason says: anybody can check the chain with a line reader. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ')
}

/** Each row carries the hash of itself and of the row before it, so that none can be changed, moved or left out. */
export function createChain() {
  let last = createHash('sha256').update('dripline certificate').digest('hex')
  return {
    get last() {
      return last
    },
    /** The line of these cells, with its hash at the end. */
    add(cells: string[]): string {
      const line = csvLine(cells).slice(0, -lineEnd.length)
      last = linkHash(last, line)
      return `${line},${last}${lineEnd}`
    },
  }
}

const lineEnd = '\r\n'

/** SHA-256 over the hash of the row before, a line feed, and the row without its own hash. */
export function linkHash(before: string, line: string): string {
  return createHash('sha256').update(`${before}\n${line}`).digest('hex')
}
