import type { ChatStatus, Conversation, Named } from '../api/inbox-shapes.ts'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const wholeDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
const withYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

export function sayClock(iso: string): string {
  return clock.format(new Date(iso))
}

/** As lists have it: the time today, else the day. */
export function sayShort(iso: string, now = new Date()): string {
  const at = new Date(iso)
  if (dayOf(at) === dayOf(now)) return clock.format(at)
  return at.getFullYear() === now.getFullYear() ? dayAndMonth.format(at) : at.toLocaleDateString()
}

/** `Today`, `Yesterday`, `Monday, 2 March`. */
export function sayDay(iso: string, now = new Date()): string {
  const at = new Date(iso)
  const days = Math.round((startOf(at) - startOf(now)) / 86_400_000)
  if (days === 0 || days === -1) return capitalize(relative.format(days, 'day'))
  return at.getFullYear() === now.getFullYear() ? wholeDay.format(at) : withYear.format(at)
}

/** `4 min`, `3 h`, `2 d`: as little as a chip has room for. */
export function saySince(iso: string, nowMs: number): string {
  const minutes = Math.max(0, Math.floor((nowMs - Date.parse(iso)) / 60_000))
  if (minutes < 60) return `${minutes} min`
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} d`
}

/** `5 h 20 min` until then. */
export function sayLeft(iso: string, nowMs: number): string {
  const minutes = Math.max(0, Math.ceil((Date.parse(iso) - nowMs) / 60_000))
  const hours = Math.floor(minutes / 60)
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`
}

export function dayOf(at: Date): string {
  return `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`
}

function startOf(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export const statusWords: Record<ChatStatus, { title: string; color: string }> = {
  open: { title: 'Open', color: 'teal' },
  pending: { title: 'Pending', color: 'yellow' },
  snoozed: { title: 'Snoozed', color: 'blue' },
  closed: { title: 'Closed', color: 'gray' },
}
export const priorityWords = ['None', 'Low', 'Normal', 'High', 'Urgent']

export function chatName({ contactName, number }: Pick<Conversation, 'contactName' | 'number'>): string {
  return contactName ?? `Somebody on ${number.displayNumber}`
}

export function sayAssignee({ user, group }: Conversation['assignee']): string {
  const names = [user, group].flatMap((each: Named | null) => (each ? [each.name] : []))
  return names.length > 0 ? names.join(' · ') : 'Nobody'
}
