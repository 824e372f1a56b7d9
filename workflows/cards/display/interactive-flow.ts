import { z } from 'zod'
import type { JsonObject } from '../../../src/model/json.ts'
import type { MessageContent } from '../../../src/model/message.ts'
import type { Reply } from '../../../src/model/reply.ts'
import { askAgain, checkReminder, fittingAnswerSettings, other } from '../ask-again.ts'
import { defineCard, failed, interrupted, timeout, type Outlet } from '../card.ts'
import { body, footer, header, headerReferences, text, toParts, variableName } from '../message-parts.ts'

const settingsSchema = z.object({
  flow: z
    .string()
    .regex(/^\d{1,64}$/, "must be WhatsApp's id of a Flow")
    .meta({ title: 'Flow', widget: 'flow' }),
  mode: z.enum(['published', 'draft']).default('published').meta({
    title: 'Version',
    description: 'A draft can be opened by numbers of the account only',
  }),
  header,
  body,
  footer,
  button: text(20)
    .refine((cta) => !/\p{Extended_Pictographic}/u.test(cta), 'may hold no emoji')
    .meta({ title: 'Button that opens the Flow' }),
  screen: z
    .string()
    .regex(/^[A-Za-z_]{1,80}$/, 'must be the id of a screen')
    .optional()
    .meta({ title: 'First screen', description: 'Without one the Flow, or its endpoint, decides' }),
  data: z
    .record(z.string().min(1).max(100), z.json())
    .default({})
    .meta({ title: 'Data of the first screen', widget: 'json' }),
  variable: variableName.default('form').meta({
    title: 'Keep the answers in a variable',
    description: 'Each answer by its name, like {{vars.form.email}}',
  }),
  ...fittingAnswerSettings,
})
type Settings = z.infer<typeof settingsSchema>

const completed: Outlet = { id: 'completed', label: 'Filled in' }

/** A form inside WhatsApp. What was filled in becomes a variable, and a row that can be queried. */
export const interactiveFlow = defineCard<Settings>({
  type: 'interactive-flow',
  group: 'display',
  label: 'Flow',
  icon: 'form',
  settings: settingsSchema,
  outlets: () => [completed, other, timeout, interrupted, failed],
  refers: (settings) => [
    { kind: 'flow', id: settings.flow, mode: settings.mode, field: 'flow' },
    ...headerReferences(settings.header),
  ],
  check: (settings) => {
    const hasData = Object.keys(settings.data).length > 0
    const problems = checkReminder(settings)
    if (hasData && settings.screen === undefined)
      problems.push(['screen', 'say which screen the data is for'])
    return problems
  },
  reads: (_settings, reply) => {
    const answers = filledIn(reply)
    return { value: answers ?? null, isValid: answers !== undefined }
  },
  run: async (context, settings) => {
    const answer = await askAgain(context, toContent(settings), settings, filledIn)
    if (!answer) return timeout.id
    if (answer.value === undefined) return other.id
    context.set(settings.variable, answer.value)
    return completed.id
  },
})

/** An address comes back in the same form, and is no Flow. */
function filledIn({ form, answers }: Reply): JsonObject | undefined {
  if (form !== undefined && form !== 'flow') return undefined
  return form === undefined ? answers : (answers ?? {})
}

function toContent(settings: Settings): MessageContent {
  const { flow, mode, button, screen, data } = settings
  const payload = { screen, ...(Object.keys(data).length > 0 && { data }) }
  const parameters = {
    flow_message_version: '3' as const,
    flow_id: flow,
    flow_cta: button,
    ...(mode === 'draft' && { mode }),
    ...(screen !== undefined && { flow_action: 'navigate' as const, flow_action_payload: payload }),
  }
  return {
    type: 'interactive',
    interactive: { type: 'flow', ...toParts(settings), action: { name: 'flow', parameters } },
  }
}
