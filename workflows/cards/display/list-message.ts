import { z } from 'zod'
import type { MessageContent } from '../../../src/model/message.ts'
import type { Reply } from '../../../src/model/reply.ts'
import { askAgain, checkReminder, fittingAnswerSettings, other } from '../ask-again.ts'
import { defineCard, failed, interrupted, timeout } from '../card.ts'
import { choiceId, footer, text, toParts, variableName } from '../message-parts.ts'

const maximumRows = 10
const row = z.object({
  id: choiceId,
  title: text(24),
  description: text(72).optional(),
})
const settingsSchema = z.object({
  header: text(60).optional().meta({ title: 'Header' }),
  body: text(4_096).meta({ title: 'Body', widget: 'textarea' }),
  footer,
  button: text(20).meta({ title: 'Button that opens the list' }),
  sections: z
    .array(z.object({ title: text(24).optional(), rows: z.array(row).min(1).max(maximumRows) }))
    .min(1)
    .max(10)
    .meta({ title: 'Sections', description: `Up to ${maximumRows} rows in all` }),
  variable: variableName.optional().meta({ title: 'Keep the answer in a variable' }),
  ...fittingAnswerSettings,
})
type Settings = z.infer<typeof settingsSchema>
type Row = z.infer<typeof row>

export const listMessage = defineCard<Settings>({
  type: 'list-message',
  group: 'display',
  label: 'List message',
  icon: 'list',
  settings: settingsSchema,
  outlets: (settings) => [
    ...rowsOf(settings).map(({ id, title }) => ({ id: outletOf(id), label: title })),
    other,
    timeout,
    interrupted,
    failed,
  ],
  check: (settings) => {
    const problems = checkReminder(settings)
    const ids = rowsOf(settings).map(({ id }) => id)
    if (ids.length > maximumRows)
      problems.push(['sections', `at most ${maximumRows} rows, not ${ids.length}`])
    if (new Set(ids).size < ids.length) problems.push(['sections', 'two rows have the same id'])
    const untitled = settings.sections.findIndex(({ title }) => title === undefined)
    if (settings.sections.length > 1 && untitled >= 0) {
      problems.push([`sections.${untitled}.title`, 'is required when there are several sections'])
    }
    return problems
  },
  reads: (settings, reply) => {
    const chosen = chosenRow(settings, reply)
    return { value: chosen?.id ?? null, isValid: chosen !== undefined }
  },
  run: async (context, settings) => {
    const answer = await askAgain(context, toContent(settings), settings, (reply) =>
      chosenRow(settings, reply),
    )
    if (!answer) return timeout.id
    const { value: chosen, reply } = answer
    if (settings.variable) context.set(settings.variable, reply.text)
    return chosen ? outletOf(chosen.id) : other.id
  },
})

function rowsOf({ sections }: Settings): Row[] {
  return sections.flatMap(({ rows }) => rows)
}

/** A tapped row, or its title typed by hand: people do both. */
function chosenRow(settings: Settings, reply: Reply): Row | undefined {
  const typed = reply.text.trim().toLowerCase()
  return rowsOf(settings).find(({ id, title }) =>
    reply.choiceId === undefined ? title.toLowerCase() === typed : id === reply.choiceId,
  )
}

function outletOf(rowId: string): string {
  return `row:${rowId}`
}

function toContent({ header, button, sections, ...parts }: Settings): MessageContent {
  return {
    type: 'interactive',
    interactive: {
      type: 'list',
      ...(header !== undefined && { header: { type: 'text', text: header } }),
      ...toParts({ body: parts.body, footer: parts.footer }),
      action: { button, sections },
    },
  } as MessageContent
}
