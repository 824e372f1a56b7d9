import { z } from 'zod'
import { interactiveSchema, type Interactive } from './interactive.ts'
import { renderTemplate } from './template.ts'

/** The kinds of reusable messages, by the names that the Cloud API has for them. */
export const blockKinds = interactiveSchema.options.map((option) => option.shape.type.value)
export type BlockKind = Interactive['type']
export const blockKindSchema = z.enum(blockKinds)

/** What a customer may tap on a message: its reply buttons or its list rows. */
export function listChoices(interactive: Interactive): { id: string; title: string }[] {
  switch (interactive.type) {
    case 'button':
      return interactive.action.buttons.map(({ reply }) => reply)
    case 'list':
      return interactive.action.sections.flatMap(({ rows }) => rows)
    default:
      return []
  }
}

/** Kinds that are answered by filling something in, not by a tap. */
const filledIn: ReadonlySet<BlockKind> = new Set(['flow', 'location_request_message', 'address_message'])

/** How a customer answers a message of this kind; `none` when nothing is asked. */
export function answerOf(interactive: Interactive): 'choice' | 'form' | 'none' {
  if (listChoices(interactive).length > 0) return 'choice'
  return filledIn.has(interactive.type) ? 'form' : 'none'
}

/**
 * A reusable message as it is written: texts may hold placeholders, whose length is that of their fallback, or of one
 * character. What a contact's values make of it is measured again when it is sent.
 */
export const blockContentSchema = z.unknown().transform((content, context): Interactive => {
  const { value } = renderTemplate(content, {}, 'x')
  const parsed = interactiveSchema.safeParse(value)
  if (parsed.success) return content as Interactive
  context.issues.push(...parsed.error.issues.map((issue) => ({ ...issue, input: value }) as never))
  return z.NEVER
})
