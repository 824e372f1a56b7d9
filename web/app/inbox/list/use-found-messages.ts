import { api, type Page } from '../../api/client.ts'
import type { Message } from '../../api/inbox-shapes.ts'
import { usePages } from '../../api/use-pages.ts'

export interface FoundMessage {
  message: Message
  contactName: string | null
  headline: string
}

/** Which messages; empty: any. */
export interface Wanted {
  direction: string
  type: string
  /** Days, as the calendar has them where one is. */
  firstDay: string
  lastDay: string
  numberId: string
}

/** Not asked for anew with all that happens: what one reads should stay where it is. */
export function useFoundMessages(words: string, { firstDay, lastDay, ...wanted }: Wanted) {
  return usePages(['found-messages', words, wanted, firstDay, lastDay], (cursor) =>
    api.get<Page<FoundMessage>>('/messages/search', {
      ...{ ...wanted, q: whileTyping(words), cursor, limit: 20 },
      ...{ from: startOf(firstDay, 0), until: startOf(lastDay, 1) },
    }),
  )
}

/** Shorter beginnings are in too many words. */
const leastLetters = 3

/** The last word may not have come to its end yet. */
function whileTyping(words: string): string {
  const last = /(?:^|\s)[^\s"-][^\s"]*$/u.exec(words)?.[0].trim() ?? ''
  const isOpen = [...last].length >= leastLetters && /[\p{L}\p{N}]$/u.test(last)
  const isQuoted = (words.split('"').length - 1) % 2 === 1
  return isOpen && !isQuoted ? `${words}*` : words
}

/** When a day begins here, or one after it. */
function startOf(day: string, daysLater: number): string | undefined {
  const [year, month, date] = day.split('-').map(Number)
  if (!year || !month || !date) return undefined
  return new Date(year, month - 1, date + daysLater).toISOString()
}
