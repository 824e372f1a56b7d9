import { z } from 'zod'
import type { MessageContent } from '../../../src/model/message.ts'
import { replyValue, type Reply } from '../../../src/model/reply.ts'
import { askAgain, checkReminder, fittingAnswerSettings, other } from '../ask-again.ts'
import { defineCard, failed, interrupted, next, timeout } from '../card.ts'
import {
  body,
  choiceId,
  footer,
  header,
  headerReferences,
  text,
  toParts,
  variableName,
  webLink,
} from '../message-parts.ts'

const button = z.object({ id: choiceId, title: text(20) })
const settingsSchema = z.object({
  header,
  body,
  footer,
  buttons: z.array(button).max(3).default([]).meta({ title: 'Reply buttons' }),
  url: z
    .object({
      title: text(20),
      url: webLink,
      track: z.boolean().default(false).meta({ title: 'Count clicks' }),
    })
    .optional()
    .meta({ title: 'URL button instead of reply buttons' }),
  call: z
    .object({
      title: text(20),
      validMinutes: z.number().int().min(1).max(43_200).optional().meta({
        title: 'Minutes that the button works',
        description: '7 days when absent; of a number that takes calls on WhatsApp',
      }),
    })
    .optional()
    .meta({ title: 'Call button instead of reply buttons' }),
  variable: variableName.optional().meta({ title: 'Keep the answer in a variable' }),
  ...fittingAnswerSettings,
})
type Settings = z.infer<typeof settingsSchema>

export const interactiveMessage = defineCard<Settings>({
  type: 'interactive-message',
  group: 'display',
  label: 'Interactive message',
  icon: 'buttons',
  settings: settingsSchema,
  outlets: ({ buttons, url, call }) =>
    url || call
      ? [next, failed]
      : [
          ...buttons.map(({ id, title }) => ({ id: outletOf(id), label: title })),
          ...[other, timeout, interrupted, failed],
        ],
  refers: (settings) => headerReferences(settings.header),
  check: (settings) => {
    const { buttons, url, call } = settings
    const problems: [string, string][] = []
    if ([buttons.length > 0, url, call].filter(Boolean).length !== 1) {
      problems.push(['buttons', 'give 1 to 3 reply buttons, or one URL button, or one call button'])
    }
    if (call && (settings.header || settings.footer)) {
      problems.push([settings.header ? 'header' : 'footer', 'a message with a call button has a body only'])
    }
    if (new Set(buttons.map(({ id }) => id)).size < buttons.length) {
      problems.push(['buttons', 'two buttons have the same id'])
    }
    if (new Set(buttons.map(({ title }) => title)).size < buttons.length) {
      problems.push(['buttons', 'two buttons have the same title, which WhatsApp refuses'])
    }
    return [...problems, ...checkReminder(settings)]
  },
  reads: (settings, reply) => {
    const chosen = chosenButton(settings, reply)
    return { value: chosen ?? null, isValid: chosen !== undefined }
  },
  run: async (context, settings) => {
    if (settings.url || settings.call) {
      await context.send(toContent(settings))
      return next.id
    }
    const answer = await askAgain(context, toContent(settings), settings, (reply) =>
      chosenButton(settings, reply),
    )
    if (!answer) return timeout.id
    if (settings.variable) context.set(settings.variable, replyValue(answer.reply))
    return answer.value === undefined ? other.id : outletOf(answer.value)
  },
})

/** A tapped button, or its title typed by hand: people do both. */
function chosenButton({ buttons }: Settings, { choiceId: tapped, text: written }: Reply): string | undefined {
  const typed = written.trim().toLowerCase()
  return buttons.find(({ id, title }) =>
    tapped === undefined ? title.toLowerCase() === typed : id === tapped,
  )?.id
}

function outletOf(buttonId: string): string {
  return `button:${buttonId}`
}

function toContent(settings: Settings): MessageContent {
  const { buttons, url, call } = settings
  if (call) {
    const { title, validMinutes } = call
    const parameters = {
      display_text: title,
      ...(validMinutes !== undefined && { ttl_minutes: validMinutes }),
    }
    const action = { name: 'voice_call' as const, parameters }
    return { type: 'interactive', interactive: { type: 'voice_call', body: { text: settings.body }, action } }
  }
  const parts = toParts(settings)
  if (url) {
    const parameters = { display_text: url.title, url: url.url, ...(url.track && { tracked: true }) }
    const action = { name: 'cta_url' as const, parameters }
    return { type: 'interactive', interactive: { type: 'cta_url', ...parts, action } }
  }
  const replies = buttons.map((reply) => ({ type: 'reply' as const, reply }))
  return { type: 'interactive', interactive: { type: 'button', ...parts, action: { buttons: replies } } }
}
