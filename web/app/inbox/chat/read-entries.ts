import type { ChatEvent, ChatNote, Message, TimelinePage } from '../../api/inbox-shapes.ts'
import { mergeEntries, type Entry } from './entries.ts'

export function readEntries({ items, events = [], notes = [] }: TimelinePage): Entry[] {
  return mergeEntries([], [...items.map(messageEntry), ...events.map(eventEntry), ...notes.map(noteEntry)])
}

export function messageEntry(message: Message): Entry {
  return { kind: 'message', id: message.id, at: message.createdAt, message }
}

function eventEntry(event: ChatEvent): Entry {
  return { kind: 'event', id: event.id, at: event.at, event }
}

export function noteEntry(note: ChatNote): Entry {
  return { kind: 'note', id: note.id, at: note.createdAt, note }
}
