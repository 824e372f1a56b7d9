import type { ChatEvent, ChatNote, Message } from '../../api/inbox-shapes.ts'
import { dayOf } from '../inbox-words.ts'

/** What stands in a conversation, in the order in which it happened. */
export type Entry =
  | { kind: 'message'; id: string; at: string; message: Message }
  | { kind: 'note'; id: string; at: string; note: ChatNote }
  | { kind: 'event'; id: string; at: string; event: ChatEvent }

/** Later ones of the same id take the earlier ones' place. */
export function mergeEntries(known: Entry[], more: Entry[]): Entry[] {
  const byKey = new Map(known.map((entry) => [keyOf(entry), entry]))
  for (const entry of more) byKey.set(keyOf(entry), entry)
  return [...byKey.values()].toSorted(
    (a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
}

export function keyOf({ kind, id }: Entry): string {
  return `${kind} ${id}`
}

/** Each day's entries, for a heading above them. */
export function byDay(entries: Entry[]): { day: string; at: string; entries: Entry[] }[] {
  const days: { day: string; at: string; entries: Entry[] }[] = []
  for (const entry of entries) {
    const day = dayOf(new Date(entry.at))
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, at: entry.at, entries: [entry] })
  }
  return days
}
