import { z } from 'zod'
import type { JsonObject } from '../../../src/model/json.ts'
import { messageContentSchema } from '../../../src/model/message.ts'
import { replyValue, type Reply } from '../../../src/model/reply.ts'
import { renderTemplate } from '../../../src/model/template.ts'
import { answerSettings, ask } from '../ask.ts'
import { checkReminder, other } from '../ask-again.ts'
import {
  CardFailure,
  defineCard,
  failed,
  interrupted,
  next,
  timeout,
  type CardContext,
  type Outlet,
} from '../card.ts'
import { variableName } from '../message-parts.ts'

const named = z.record(z.string().max(200), z.string().max(4_096))
/** The values of a send, whose texts may hold placeholders; `templateValuesSchema` judges what becomes of them. */
const values = z
  .looseObject({
    header: named.optional().meta({ title: 'Variables of the header' }),
    body: named.optional().meta({ title: 'Variables of the body', description: 'by name, or by number' }),
    media: z
      .object({ id: z.string().optional(), link: z.string().optional(), filename: z.string().optional() })
      .optional()
      .meta({ title: 'File of the header' }),
    buttons: z.record(z.string().regex(/^\d$/), z.record(z.string(), z.json())).optional(),
    cards: z.array(z.record(z.string(), z.json())).max(10).optional().meta({ title: 'Cards of a carousel' }),
  })
  .default({})
  .meta({ title: 'Values', widget: 'template-values' })

const settingsSchema = z.object({
  template: z.string().min(1).max(512).meta({ title: 'Template', widget: 'template' }),
  language: z.string().min(2).max(10).optional().meta({
    title: 'Language',
    description: "The contact's when absent, then the workspace's",
  }),
  values,
  replies: z
    .array(z.object({ at: z.string().regex(/^\d{1,2}(\.\d{1,2})?$/), text: z.string() }))
    .optional()
    .meta({
      title: 'Reply buttons',
      description:
        'Filled in from the template when the journey is published. `at` is the place of the button, in a carousel after that of its card',
      readOnly: true,
    }),
  wait: z.boolean().default(true).meta({
    title: 'Wait for the answer',
    description: 'of a template with reply buttons; without it the journey goes on at once',
  }),
  variable: variableName.optional().meta({ title: 'Keep the answer in a variable' }),
  ...answerSettings,
})
type Settings = z.output<typeof settingsSchema>

/**
 * Sends an approved template, as it is approved at that moment and in the contact's language. Its reply buttons are ways out:
 * which there are is frozen as the journey is published, for the canvas connects them.
 */
export const sendTemplate = defineCard<Settings>({
  type: 'send-template',
  group: 'utility',
  label: 'Send template',
  icon: 'template',
  settings: settingsSchema,
  outlets: ({ replies = [], wait }) =>
    replies.length === 0 || !wait
      ? [next, failed]
      : [...replies.map(toOutlet), other, timeout, interrupted, failed],
  check: (settings) => [
    ...(settings.replies
      ? []
      : [['template', 'there is no approved template of this name'] satisfies [string, string]]),
    ...checkReminder(settings),
  ],
  refers: ({ template, values: given, replies = [], wait }) => [
    {
      ...{ kind: 'template', name: template, field: 'values' },
      values: withPayloads(given as JsonObject, wait ? replies : []),
    },
  ],
  reads: ({ replies = [] }, reply) => {
    const chosen = chosenReply(replies, reply)
    return { value: chosen?.text ?? null, isValid: chosen !== undefined }
  },
  run: async (context, settings) => {
    const { replies = [], variable, wait } = settings
    const content = await compose(context, settings)
    if (replies.length === 0 || !wait) {
      await context.send(content)
      return next.id
    }
    const reply = await ask(context, content, settings)
    if (!reply) return timeout.id
    if (variable) context.set(variable, replyValue(reply))
    const chosen = chosenReply(replies, reply)
    return chosen ? toOutlet(chosen).id : other.id
  },
})

type ReplyButton = NonNullable<Settings['replies']>[number]

function toOutlet({ at, text }: ReplyButton): Outlet {
  return { id: `button:${at}`, label: text }
}

/** Its payload, which is the same in every language; or its words typed by hand: people do both. */
function chosenReply(replies: ReplyButton[], { choiceId, text }: Reply): ReplyButton | undefined {
  const typed = text.trim().toLowerCase()
  return replies.find((reply) =>
    choiceId === undefined ? reply.text.toLowerCase() === typed : payloadOf(reply) === choiceId,
  )
}

function payloadOf({ at }: ReplyButton): string {
  return `button:${at}`
}

async function compose(context: CardContext, settings: Settings) {
  const { template, language, replies = [], wait } = settings
  const contact = await context.loadContact()
  const { vars } = context
  const scope = { contact, vars, event: vars['event'] ?? {} }
  const { value, missing } = renderTemplate(settings.values as JsonObject, scope)
  if (missing.length > 0) {
    throw new CardFailure('missing_variable', `${missing.join(', ')} has no value and no fallback`)
  }
  const { content } = await context.perform('composeTemplate', {
    name: template,
    ...(language !== undefined && { language }),
    values: withPayloads(value, wait ? replies : []),
  })
  return messageContentSchema.parse(content)
}

/** A tap brings its button's payload back. */
function withPayloads(given: JsonObject, replies: ReplyButton[]): JsonObject {
  const filled = structuredCloneOf(given)
  for (const reply of replies) {
    const [first = '', second] = reply.at.split('.')
    const place = second === undefined ? filled : cardOf(filled, Number(first))
    const buttons = (place.buttons ??= {})
    const at = second ?? first
    buttons[at] = { ...buttons[at], payload: payloadOf(reply) }
  }
  return filled as unknown as JsonObject
}

interface Buttoned {
  buttons?: Record<string, JsonObject>
  cards?: Buttoned[]
}

function cardOf(filled: Buttoned, at: number): Buttoned {
  const cards = (filled.cards ??= [])
  while (cards.length <= at) cards.push({})
  return cards[at] as Buttoned
}

function structuredCloneOf(value: JsonObject): Buttoned {
  return JSON.parse(JSON.stringify(value)) as Buttoned
}
