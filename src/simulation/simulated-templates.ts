import { describeContent, messageContentSchema, type MessageContent } from '../model/message.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { chooseLanguage } from '../model/template-choice.ts'
import type { TemplateContent } from '../model/template-components.ts'
import { fillTemplate } from '../model/template-fill.ts'
import { partsOf } from '../model/template-parts.ts'
import { previewTemplate } from '../model/template-preview.ts'
import { templateValuesSchema } from '../model/template-values.ts'
import { variablesOf } from '../model/template-variables.ts'
import { CardFailure } from '../../workflows/cards/card.ts'
import type { EffectCall } from '../../workflows/cards/effects.ts'

/** One language of a template as a simulation finds it. JSON: it is kept with the simulation. */
export interface SimulatedTemplate {
  name: string
  language: string
  category: string
  status: string
  /** Of those that the journey sends. */
  content?: TemplateContent | undefined
}
export type SimulatedTemplates = ReturnType<typeof createSimulatedTemplates>

const sendable = ['approved', 'flagged', 'locked']

/** A workspace's templates, looked up for each of many contacts. */
export function createSimulatedTemplates(all: SimulatedTemplate[], defaultLanguage = 'en') {
  const byName = Map.groupBy(all, ({ name }) => name)
  const find = (name: string, language: string) =>
    byName.get(name)?.find((template) => template.language === language)
  const isSendable = ({ status }: SimulatedTemplate) => sendable.includes(status)
  return {
    defaultLanguage,
    /** The one that a message sends. */
    of: (content: MessageContent): SimulatedTemplate | undefined =>
      content.type === 'template' ? find(content.template.name, content.template.language.code) : undefined,
    find,
    /** Those that may be sent; where there is none, those that there are. */
    languagesOf(name: string): string[] {
      const there = byName.get(name) ?? []
      const usable = there.filter(isSendable)
      return (usable.length > 0 ? usable : there).map(({ language }) => language)
    },
    /** WhatsApp refuses a template that it has not approved, or has paused. */
    refusalOf(name: string, language: string): { code: string; reason: string } | undefined {
      const found = find(name, language)
      if (found && isSendable(found)) return undefined
      const reason = found ? `is ${found.status}` : 'does not exist'
      return { code: 'template_not_sendable', reason: `the template ${name} (${language}) ${reason}` }
    },
  }
}

/** The message of a template in the language that would be chosen. Where the template is not known, of its parts those that a look needs. */
export function composeSimulatedTemplate(
  templates: SimulatedTemplates | undefined,
  spoken: string | undefined,
  { name, language, values }: EffectCall<'composeTemplate'>['input'],
): JsonObject {
  const wish = { language, contactLanguage: spoken, workspaceLanguage: templates?.defaultLanguage ?? 'en' }
  const chosen = chooseLanguage(templates?.languagesOf(name) ?? [], wish)
  const code = chosen?.language ?? language ?? 'en'
  const template = templates?.find(name, code)?.content
  const components = template ? filledParts(template, values) : roughParts(values)
  const content = { type: 'template', template: { name, language: { code }, components } }
  return messageContentSchema.parse(content) as unknown as JsonObject
}

function filledParts(template: TemplateContent, values: JsonObject): JsonObject[] {
  const read = templateValuesSchema.safeParse(values)
  const issue = read.error?.issues[0]
  if (issue) throw new CardFailure('invalid_input', `values.${issue.path.join('.')}: ${issue.message}`)
  const { components, missing } = fillTemplate(template, read.data ?? {})
  if (missing.length > 0)
    throw new CardFailure('missing_variable', `the template needs ${missing.join(', ')}`)
  return components
}

function roughParts({ body, buttons }: JsonObject): JsonObject[] {
  const parameters = Object.values(objectOf(body)).map((text) => ({ type: 'text', text }))
  const replies = Object.entries(objectOf(buttons)).flatMap(([index, button]) => {
    const { payload } = objectOf(button)
    if (typeof payload !== 'string') return []
    return [{ type: 'button', sub_type: 'quick_reply', index, parameters: [{ type: 'payload', payload }] }]
  })
  return [...(parameters.length > 0 ? [{ type: 'body', parameters }] : []), ...replies]
}

/** What the contact reads: of a template its words, with the values in them. */
export function describeSent(content: MessageContent, templates: SimulatedTemplates | undefined): string {
  const template = templates?.of(content)?.content
  if (!template || content.type !== 'template') return describeContent(content)
  const sent = (content.template.components ?? []) as unknown as JsonObject[]
  const { header, body } = partsOf(template)
  const words = {
    header: wordsIn(sent, 'header', header?.value.text),
    body: wordsIn(sent, 'body', body?.value.text),
  }
  return previewTemplate(template, words).text
}

/** Parameters stand in the order of the text's variables. */
function wordsIn(sent: JsonObject[], type: string, text: string | undefined): Record<string, string> {
  const { parameters } = sent.find((component) => component['type'] === type) ?? {}
  const given = Array.isArray(parameters) ? parameters.map((each) => objectOf(each)['text']) : []
  return Object.fromEntries(
    variablesOf(text).flatMap((name, at) => {
      const value = given[at]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

function objectOf(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
}
