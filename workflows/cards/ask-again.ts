import { z } from 'zod'
import type { MessageContent } from '../../src/model/message.ts'
import type { Reply } from '../../src/model/reply.ts'
import { durationMs } from '../../src/model/schedule.ts'
import { answerSettings, ask, type AnswerSettings } from './ask.ts'
import type { CardContext, Outlet } from './card.ts'
import { text } from './message-parts.ts'

/** Settings of cards that wait for an answer of a certain kind. */
export const fittingAnswerSettings = {
  retries: z.number().int().min(0).max(10).default(0).meta({
    title: 'Further tries',
    description: 'How often it is asked again after an answer that does not fit',
  }),
  invalidText: text(4_096).optional().meta({
    title: 'Text after an answer that does not fit',
    widget: 'textarea',
    description: 'Without one the question is asked again as it was',
  }),
  ...answerSettings,
}
type FittingAnswerSettings = AnswerSettings & { retries: number; invalidText?: string | undefined }

/** Of every card that takes certain answers only. */
export const other: Outlet = { id: 'other', label: 'Other reply' }

/**
 * Asks until an answer fits or the tries are used up.
 * @param read what the answer is, or undefined when it does not fit.
 * @returns the last answer, with what it is when it fits; undefined when time is up.
 */
export async function askAgain<T>(
  context: CardContext,
  question: MessageContent,
  settings: FittingAnswerSettings,
  read: (reply: Reply) => T | undefined,
): Promise<{ reply: Reply; value: T | undefined } | undefined> {
  const { retries, invalidText } = settings
  const again: MessageContent =
    invalidText === undefined ? question : { type: 'text', text: { body: invalidText } }
  for (let attempt = 0; ; attempt++) {
    const reply = await ask(context, attempt === 0 ? question : again, settings)
    if (!reply) return undefined
    const value = read(reply)
    if (value !== undefined || attempt >= retries) return { reply, value }
  }
}

/** A reminder after the time-out would never be sent. */
export function checkReminder({ reminder, timeout }: AnswerSettings): [string, string][] {
  return reminder && durationMs(reminder.after) >= durationMs(timeout)
    ? [['reminder.after', 'must be shorter than the wait for an answer']]
    : []
}
