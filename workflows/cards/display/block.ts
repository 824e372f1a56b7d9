import { z } from 'zod'
import { answerOf, blockContentSchema, listChoices } from '../../../src/model/block.ts'
import type { Interactive } from '../../../src/model/interactive.ts'
import { replyValue, type Reply } from '../../../src/model/reply.ts'
import { listLibraryMedia } from '../../../src/model/media-references.ts'
import { answerSettings, ask } from '../ask.ts'
import { checkReminder, other } from '../ask-again.ts'
import {
  CardFailure,
  defineCard,
  failed,
  interrupted,
  next,
  timeout,
  type CardReference,
  type Outlet,
} from '../card.ts'
import { variableName } from '../message-parts.ts'

const settingsSchema = z.object({
  block: z.uuid().meta({ title: 'Block', widget: 'block' }),
  content: blockContentSchema.optional().meta({
    title: 'The message',
    description: 'Filled in from the block when the journey is published, and frozen with the version',
    readOnly: true,
  }),
  version: z.number().int().optional().meta({ title: "The block's version", readOnly: true }),
  variable: variableName.optional().meta({ title: 'Keep the answer in a variable' }),
  ...answerSettings,
})
type Settings = z.infer<typeof settingsSchema>

const answered: Outlet = { id: 'answered', label: 'Filled in' }

/** Sends a reusable message as it was when the journey was published: its buttons and rows are the card's ways out. */
export const block = defineCard<Settings>({
  type: 'block',
  group: 'display',
  label: 'Block',
  icon: 'block',
  settings: settingsSchema,
  outlets: ({ content }) => {
    const kind = content ? answerOf(content) : 'none'
    if (!content || kind === 'none') return [next, failed]
    if (kind === 'form') return [answered, other, timeout, interrupted, failed]
    return [
      ...listChoices(content).map(({ id, title }) => ({ id: `choice:${id}`, label: title })),
      other,
      timeout,
      interrupted,
      failed,
    ]
  },
  check: (settings) =>
    settings.content ? checkReminder(settings) : [['block', 'there is no such block, or it is archived']],
  refers: ({ content }) => (content ? referencesOf(content) : []),
  reads: ({ content }, reply) => {
    const outlet = content ? outletOf(content, reply) : other.id
    const value = outlet.startsWith('choice:') ? outlet.slice('choice:'.length) : replyValue(reply)
    return { value: outlet === other.id ? null : value, isValid: outlet !== other.id }
  },
  run: async (context, settings) => {
    const { content, variable } = settings
    if (!content) throw new CardFailure('invalid_journey', `block ${settings.block} was not frozen`)
    const message = { type: 'interactive' as const, interactive: content }
    if (answerOf(content) === 'none') {
      await context.send(message)
      return next.id
    }
    const reply = await ask(context, message, settings)
    if (!reply) return timeout.id
    if (variable) context.set(variable, replyValue(reply))
    return outletOf(content, reply)
  },
})

/** The block was checked when it was written; its files may have gone since. */
function referencesOf(content: Interactive): CardReference[] {
  return listLibraryMedia({ type: 'interactive', interactive: content }).map(({ id, kind }) => ({
    ...{ kind: 'media' as const, id, as: kind, field: 'block' },
  }))
}

/** A tap, a title typed by hand, or a form that came back; anything else is another reply. */
function outletOf(content: Interactive, reply: Reply): string {
  if (answerOf(content) === 'form') return reply.answers || reply.location ? answered.id : other.id
  const typed = reply.text.trim().toLowerCase()
  const choice = listChoices(content).find(({ id, title }) =>
    reply.choiceId === undefined ? title.toLowerCase() === typed : id === reply.choiceId,
  )
  return choice ? `choice:${choice.id}` : other.id
}
