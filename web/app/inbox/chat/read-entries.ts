import type { Message } from '../../api/inbox-shapes.ts'
import { mergeEntries, type Entry } from './entries.ts'

export interface TimelinePage {
  items: Message[]
  nextCursor: string | null
  previousCursor?: string | null
}

export function readEntries({ items }: TimelinePage): Entry[] {
  return mergeEntries([], items.map(messageEntry))
}

export function messageEntry(message: Message): Entry {
  return { kind: 'message', id: message.id, at: message.createdAt, message }
}
