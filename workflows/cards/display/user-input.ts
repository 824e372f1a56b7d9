import { z } from 'zod'
import type { Json } from '../../../src/model/json.ts'
import type { MessageContent } from '../../../src/model/message.ts'
import { locationValue, type Reply } from '../../../src/model/reply.ts'
import { patternProblem } from '../../../src/model/patterns.ts'
import { toWaId } from '../../../src/model/phone.ts'
import { readDate } from '../../../src/model/read-date.ts'
import { readNumber } from '../../../src/model/read-number.ts'
import { answerSettings, ask } from '../ask.ts'
import { checkReminder } from '../ask-again.ts'
import { defineCard, failed, interrupted, timeout, type Outlet } from '../card.ts'
import { text, variableName } from '../message-parts.ts'

const settingsSchema = z.object({
  question: text(4_096).meta({ title: 'Question', widget: 'textarea' }),
  answer: z
    .enum(['text', 'number', 'email', 'phone', 'date', 'choice', 'location', 'file', 'regex'])
    .default('text')
    .meta({ title: 'Kind of answer' }),
  choices: z.array(text(20)).max(10).default([]).meta({ title: 'Choices' }),
  dateOrder: z.enum(['day-first', 'month-first']).default('day-first').meta({
    title: 'How dates are written',
    description: '3/4/2026 is in April or in March; 2026-04-03 always works',
  }),
  pattern: z.string().max(200).optional().meta({ title: 'Pattern (regular expression)' }),
  invalidText: text(4_096)
    .default('Sorry, I did not understand that. Please try again.')
    .meta({ title: 'Text after an invalid answer' }),
  retries: z.number().int().min(0).max(10).default(2).meta({ title: 'Further tries' }),
  variable: variableName.optional().meta({ title: 'Variable' }),
  attribute: variableName.optional().meta({ title: 'Contact attribute' }),
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
  outlets: () => [valid, invalid, timeout, interrupted, failed],
  writes: ({ answer, attribute }) =>
    attribute === undefined
      ? []
      : [{ name: attribute, type: typeOf[answer] ?? 'string', field: 'attribute' }],
  reads: (settings, reply) => {
    const value = readAnswer(settings, reply)
    return { value: value ?? null, isValid: value !== undefined }
  },
  check: (settings) => {
    const { answer, choices, pattern, variable, attribute } = settings
    const problems = checkReminder(settings)
    if (variable === undefined && attribute === undefined)
      problems.push(['variable', 'say where the answer is kept: in a variable, in an attribute, or in both'])
    const words = choices.map((choice) => choice.trim().toLowerCase())
    if (new Set(words).size < words.length) problems.push(['choices', 'two choices are the same'])
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
        if (settings.variable) context.set(settings.variable, value)
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
  // WhatsApp gives a button for it, below a shorter text than others.
  if (answer === 'location' && question.length <= 1_024) {
    const action = { name: 'send_location' as const }
    const interactive = { type: 'location_request_message' as const, body: { text: question }, action }
    return { type: 'interactive', interactive }
  }
  if (answer !== 'choice' || choices.length > 3 || question.length > 1_024) {
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

const longestPatterned = 200

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
  number: readNumber,
  email: (text) => (z.email().safeParse(text).success ? text : undefined),
  phone: (text) => toWaId(text),
  date: (text, _reply, { dateOrder }) => readDate(text, dateOrder),
  choice: (text, reply, { choices }) => {
    const typed = text.toLowerCase()
    const tapped = choices.find((_choice, at) => reply.choiceId === `choice-${at}`)
    // Where choices are numbers themselves, a number is meant as it is written.
    const written = choices.find((choice) => choice.trim().toLowerCase() === typed)
    return tapped ?? written ?? choices.find((_choice, at) => typed === String(at + 1))
  },
  location: (_text, reply) => reply.location && locationValue(reply.location),
  file: (_text, reply) => reply.mediaId,
  // A long text can make a pattern slow; answers to a patterned question are short.
  regex: (text, _reply, { pattern }) =>
    text && text.length <= longestPatterned && new RegExp(pattern ?? '', 'u').test(text) ? text : undefined,
}
