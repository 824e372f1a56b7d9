import { z } from 'zod'
import type { Json } from '../../../src/model/json.ts'
import type { MessageContent } from '../../../src/model/message.ts'
import { locationValue, type Reply } from '../../../src/model/reply.ts'
import { patternProblem } from '../../../src/model/patterns.ts'
import { toWaId } from '../../../src/model/phone.ts'
import { answerSettings, ask } from '../ask.ts'
import { defineCard, failed, timeout, type Outlet } from '../card.ts'

const settingsSchema = z.object({
  question: z.string().min(1).max(4096).meta({ title: 'Question', widget: 'textarea' }),
  answer: z
    .enum(['text', 'number', 'email', 'phone', 'date', 'choice', 'location', 'file', 'regex'])
    .default('text')
    .meta({ title: 'Kind of answer' }),
  choices: z.array(z.string().min(1).max(20)).max(10).default([]).meta({ title: 'Choices' }),
  pattern: z.string().max(200).optional().meta({ title: 'Pattern (regular expression)' }),
  invalidText: z
    .string()
    .min(1)
    .max(4096)
    .default('Sorry, I did not understand that. Please try again.')
    .meta({ title: 'Text after an invalid answer' }),
  retries: z.number().int().min(0).max(10).default(2).meta({ title: 'Further tries' }),
  variable: z
    .string()
    .regex(/^[A-Za-z_]\w*$/)
    .meta({ title: 'Variable' }),
  attribute: z
    .string()
    .regex(/^[A-Za-z_]\w*$/)
    .optional()
    .meta({ title: 'Contact attribute' }),
  ...answerSettings,
})
type Settings = z.infer<typeof settingsSchema>

const valid: Outlet = { id: 'valid', label: 'Valid answer' }
const invalid: Outlet = { id: 'invalid', label: 'Invalid after all tries' }

export const userInput = defineCard<Settings>({
  type: 'user-input',
  group: 'display',
  label: 'User input',
  icon: 'question',
  settings: settingsSchema,
  outlets: () => [valid, invalid, timeout, failed],
  writes: ({ answer, attribute }) =>
    attribute === undefined
      ? []
      : [{ name: attribute, type: typeOf[answer] ?? 'string', field: 'attribute' }],
  check: ({ answer, choices, pattern }) => {
    const problems: [string, string][] = []
    if (answer === 'choice' && choices.length === 0) problems.push(['choices', 'a choice needs at least one'])
    if (answer === 'regex' && !pattern) problems.push(['pattern', 'is required'])
    const wrong = answer === 'regex' && pattern ? patternProblem(pattern, 'u') : undefined
    if (wrong) problems.push(['pattern', wrong])
    return problems
  },
  run: async (context, settings) => {
    let question = settings.question
    for (let attempt = 0; attempt <= settings.retries; attempt++) {
      const reply = await ask(context, toContent(settings, question), settings)
      if (!reply) return timeout.id
      const value = readAnswer(settings, reply)
      if (value !== undefined) {
        context.set(settings.variable, value)
        if (settings.attribute)
          await context.perform('setAttributes', { attributes: { [settings.attribute]: value } })
        return valid.id
      }
      question = settings.invalidText
    }
    return invalid.id
  },
})

function toContent({ answer, choices }: Settings, question: string): MessageContent {
  if (answer !== 'choice' || choices.length > 3) {
    const list = answer === 'choice' ? `\n${choices.map((each, at) => `${at + 1}. ${each}`).join('\n')}` : ''
    return { type: 'text', text: { body: question + list } }
  }
  const buttons = choices.map((title, at) => ({
    type: 'reply' as const,
    reply: { id: `choice-${at}`, title },
  }))
  return {
    type: 'interactive',
    interactive: { type: 'button', body: { text: question }, action: { buttons } },
  }
}

const typeOf: Partial<Record<Settings['answer'], 'float' | 'date' | 'json'>> = {
  number: 'float',
  date: 'date',
  location: 'json',
}

/** The typed value of an answer, or undefined when it is none. */
function readAnswer(settings: Settings, reply: Reply): Json | undefined {
  const text = reply.text.trim()
  return readers[settings.answer](text, reply, settings)
}

const readers: Record<
  Settings['answer'],
  (text: string, reply: Reply, settings: Settings) => Json | undefined
> = {
  text: (text) => text || undefined,
  number: (text) => (/^[+-]?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : undefined),
  email: (text) => (z.email().safeParse(text).success ? text : undefined),
  phone: (text) => toWaId(text),
  date: (text) => (z.iso.date().safeParse(text).success ? text : undefined),
  choice: (text, reply, { choices }) => {
    const typed = text.toLowerCase()
    return choices.find(
      (choice, at) =>
        reply.choiceId === `choice-${at}` || choice.toLowerCase() === typed || typed === String(at + 1),
    )
  },
  location: (_text, reply) => reply.location && locationValue(reply.location),
  file: (_text, reply) => reply.mediaId,
  // A long text can make a pattern slow; answers to a patterned question are short.
  regex: (text, _reply, { pattern }) =>
    text && new RegExp(pattern ?? '', 'u').test(text.slice(0, 200)) ? text : undefined,
}
