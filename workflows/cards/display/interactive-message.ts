import { z } from 'zod'
import type { MessageContent } from '../../../src/model/message.ts'
import { replyValue } from '../../../src/model/reply.ts'
import { answerSettings, ask } from '../ask.ts'
import { defineCard, failed, next, timeout, type Outlet } from '../card.ts'

const media = z.object({ link: z.url() })
const settingsSchema = z.object({
  header: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text'), text: z.string().min(1).max(60) }),
      z.object({ type: z.literal('image'), image: media }),
      z.object({ type: z.literal('video'), video: media }),
      z.object({ type: z.literal('document'), document: media }),
    ])
    .optional()
    .meta({ title: 'Header' }),
  body: z.string().min(1).max(1024).meta({ title: 'Body', widget: 'textarea' }),
  footer: z.string().min(1).max(60).optional().meta({ title: 'Footer' }),
  buttons: z
    .array(z.object({ id: z.string().regex(/^[\w-]{1,64}$/), title: z.string().min(1).max(20) }))
    .max(3)
    .default([])
    .meta({ title: 'Reply buttons' }),
  url: z
    .object({ title: z.string().min(1).max(20), url: z.url() })
    .optional()
    .meta({ title: 'URL button instead of reply buttons' }),
  variable: z
    .string()
    .regex(/^[A-Za-z_]\w*$/)
    .optional()
    .meta({ title: 'Keep the answer in a variable' }),
  ...answerSettings,
})
type Settings = z.infer<typeof settingsSchema>

const other: Outlet = { id: 'other', label: 'Other reply' }

export const interactiveMessage = defineCard<Settings>({
  type: 'interactive-message',
  group: 'display',
  label: 'Interactive message',
  icon: 'buttons',
  settings: settingsSchema,
  outlets: ({ buttons, url }) =>
    url
      ? [next, failed]
      : [
          ...buttons.map((button) => ({ id: outletOf(button.id), label: button.title })),
          other,
          timeout,
          failed,
        ],
  check: ({ buttons, url, reminder, timeout: wait }) => {
    const problems: [string, string][] = []
    if (url ? buttons.length > 0 : buttons.length === 0) {
      problems.push(['buttons', 'give 1 to 3 reply buttons, or one URL button'])
    }
    if (new Set(buttons.map((button) => button.id)).size < buttons.length) {
      problems.push(['buttons', 'two buttons have the same id'])
    }
    if (new Set(buttons.map((button) => button.title)).size < buttons.length) {
      problems.push(['buttons', 'two buttons have the same title, which WhatsApp refuses'])
    }
    if (reminder && reminder.after.unit === wait.unit && reminder.after.amount >= wait.amount) {
      problems.push(['reminder.after', 'must be shorter than the wait for an answer'])
    }
    return problems
  },
  run: async (context, settings) => {
    if (settings.url) {
      await context.send(toContent(settings))
      return next.id
    }
    const reply = await ask(context, toContent(settings), settings)
    if (!reply) return timeout.id
    if (settings.variable) context.set(settings.variable, replyValue(reply))
    return chosenButton(settings, reply.choiceId, reply.text) ?? other.id
  },
})

/** A tapped button, or its title typed by hand: people do both. */
function chosenButton(settings: Settings, choiceId: string | undefined, text: string): string | undefined {
  const typed = text.trim().toLowerCase()
  const button = settings.buttons.find(({ id, title }) =>
    choiceId === undefined ? title.toLowerCase() === typed : id === choiceId,
  )
  return button && outletOf(button.id)
}

function outletOf(buttonId: string): string {
  return `button:${buttonId}`
}

function toContent({ header, body, footer, buttons, url }: Settings): MessageContent {
  const parts = {
    ...(header && { header }),
    body: { text: body },
    ...(footer && { footer: { text: footer } }),
  }
  if (url) {
    const parameters = { display_text: url.title, url: url.url }
    return {
      type: 'interactive',
      interactive: { type: 'cta_url', ...parts, action: { name: 'cta_url', parameters } },
    }
  }
  const replies = buttons.map((reply) => ({ type: 'reply' as const, reply }))
  return { type: 'interactive', interactive: { type: 'button', ...parts, action: { buttons: replies } } }
}
