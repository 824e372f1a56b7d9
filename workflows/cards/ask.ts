import { z } from 'zod'
import type { MessageContent } from '../../src/model/message.ts'
import type { Reply } from '../../src/model/reply.ts'
import { durationMs, durationSchema } from '../../src/model/schedule.ts'
import type { CardContext } from './card.ts'
import { text } from './message-parts.ts'

/** Settings of every card that waits for an answer. */
export const answerSettings = {
  timeout: durationSchema.default({ amount: 24, unit: 'hours' }).meta({ title: 'Wait for an answer' }),
  reminder: z
    .object({ after: durationSchema, text: text(4_096) })
    .optional()
    .meta({ title: 'Reminder', description: 'One text sent when there is no answer for a while' }),
}
const answerSchema = z.object(answerSettings)
export type AnswerSettings = z.infer<typeof answerSchema>

/** Asks, reminds once, and gives the answer, or undefined when time is up. */
export async function ask(
  context: CardContext,
  question: MessageContent,
  settings: AnswerSettings,
): Promise<Reply | undefined> {
  const waitMs = durationMs(settings.timeout)
  const { atMs: askedAt } = await context.send(question, { ask: true, waitMs })
  const endsAt = askedAt + waitMs
  const remindAt = settings.reminder ? askedAt + durationMs(settings.reminder.after) : endsAt
  if (settings.reminder && remindAt < endsAt) {
    const early = await context.waitForReply(remindAt)
    if (early) return early
    await context.send({ type: 'text', text: { body: settings.reminder.text } }, { ask: true })
  }
  return context.waitForReply(endsAt)
}
