import { GraphError } from './graph-errors.ts'
import { templateComponentsSchema, type TemplateSend } from './message-shapes.ts'
import { type TemplateButton, variablesOf } from './template-shapes.ts'
import type { Template } from './templates.ts'

type Sent = TemplateSend['components'][number]
type Parameter = NonNullable<Sent['parameters']>[number]

const textTypes = ['text', 'currency', 'date_time']
const BODY_MAX = 1024

/** Refuses what Meta refuses: a template that cannot be sent, wrong counts, wrong formats. */
export function checkTemplate(candidates: Template[], send: TemplateSend): Template {
  const wanted = send.language.code
  const template = candidates.find((one) => one.language === wanted)
  if (template?.status === 'PAUSED')
    throw new GraphError(132015, `Template ${send.name} is paused due to low quality.`)
  if (template?.status === 'DISABLED')
    throw new GraphError(132016, `Template ${send.name} is permanently disabled.`)
  if (template?.status !== 'APPROVED') {
    throw new GraphError(132001, `template name (${send.name}) does not exist in ${wanted}`)
  }
  checkParts(template, send.components)
  checkOffer(template, send.components)
  checkCards(template, send.components)
  return template
}

function checkParts(template: Template, components: Sent[]) {
  const sentOf = (type: string) => components.find((component) => component.type === type)
  checkHeader(template, sentOf('header'))
  checkBody(template, sentOf('body'))
  checkButtons(
    template,
    components.filter((component) => component.type === 'button'),
  )
}

function checkOffer(template: Template, components: Sent[]) {
  const offer = template.components.find((component) => component.type === 'LIMITED_TIME_OFFER')
  const { has_expiration } = (offer?.['limited_time_offer'] ?? {}) as { has_expiration?: boolean }
  if (!has_expiration) return
  const sent = components.find((component) => component.type === 'limited_time_offer')
  const parameter = sent?.parameters?.[0]?.['limited_time_offer'] as
    | { expiration_time_ms?: unknown }
    | undefined
  if (typeof parameter?.expiration_time_ms !== 'number') throw wrongCount('limited_time_offer', 0, 1)
}

/** Each card is checked like a template of its own; Meta knows them by `card_index`. */
function checkCards(template: Template, components: Sent[]) {
  const cards = template.components.find((component) => component.type === 'CAROUSEL')?.cards
  const sent = components.find((component) => component.type === 'carousel')?.cards ?? []
  if (!cards) return
  if (sent.length !== cards.length) throw wrongCount('carousel', sent.length, cards.length)
  for (const [index, card] of cards.entries()) {
    const mine = templateComponentsSchema.safeParse(sent.find((one) => one.card_index === index)?.components)
    if (!mine.success) throw new GraphError(131008, `carousel: card ${index} has no components`)
    checkParts({ ...template, components: card.components as Template['components'] }, mine.data)
  }
}

function checkHeader(template: Template, sent: Sent | undefined) {
  const header = template.components.find((component) => component.type === 'HEADER')
  const format = (header?.format ?? 'TEXT').toLowerCase()
  const parameters = sent?.parameters ?? []
  if (format === 'text') return checkTexts(template, 'header', header?.text, parameters)
  if (parameters.length !== 1) {
    throw new GraphError(
      132012,
      `header: Format mismatch, expected ${format.toUpperCase()}, received UNKNOWN`,
    )
  }
  const [parameter] = parameters
  if (parameter?.type.toLowerCase() !== format || typeof parameter[format] !== 'object') {
    const received = parameter?.type.toUpperCase() ?? 'UNKNOWN'
    throw new GraphError(
      132012,
      `header: Format mismatch, expected ${format.toUpperCase()}, received ${received}`,
    )
  }
}

function checkBody(template: Template, sent: Sent | undefined) {
  const body = template.components.find((component) => component.type === 'BODY')
  // Meta writes the body of an authentication template itself; its one variable is the code.
  if (template.category === 'AUTHENTICATION' && !body?.text) {
    if (sent?.parameters?.length !== 1) throw wrongCount('body', sent?.parameters?.length ?? 0, 1)
    return
  }
  checkTexts(template, 'body', body?.text, sent?.parameters ?? [])
  const text = fillText(template, body?.text ?? '', sent?.parameters ?? [])
  if ([...text].length > BODY_MAX)
    throw new GraphError(132005, `body: the text with its values is above ${BODY_MAX} characters`)
}

function checkTexts(template: Template, where: string, text: string | undefined, parameters: Parameter[]) {
  const variables = variablesOf(text)
  if (parameters.length !== variables.length) throw wrongCount(where, parameters.length, variables.length)
  for (const [index, parameter] of parameters.entries()) {
    if (!textTypes.includes(parameter.type)) {
      throw new GraphError(
        132012,
        `${where}: Format mismatch, expected TEXT, received ${parameter.type.toUpperCase()}`,
      )
    }
    const value = textOf(parameter)
    if (value === null) throw new GraphError(131008, `${where}: parameter ${index + 1} has no text`)
    if (/[\n\r\t]| {5,}/.test(value)) {
      throw new GraphError(
        132012,
        `${where}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces`,
      )
    }
    if (template.parameterFormat === 'NAMED' && !variables.includes(String(parameter.parameter_name))) {
      throw new GraphError(
        132012,
        `${where}: the template has no parameter named ${String(parameter.parameter_name)}`,
      )
    }
  }
}

function checkButtons(template: Template, sent: Sent[]) {
  const buttons = buttonsOf(template)
  for (const [index, button] of buttons.entries()) {
    const mine = sent.find((component) => (component.index ?? 0) === index)
    const expected = parametersOf(button)
    const given = mine?.parameters?.length ?? 0
    if (expected.required && given !== 1) throw wrongCount(`buttons[${index}]`, given, 1)
    if (!mine) continue
    if (mine.sub_type !== expected.subType) {
      const received = (mine.sub_type ?? 'unknown').toUpperCase()
      throw new GraphError(
        132012,
        `buttons[${index}]: Format mismatch, expected ${expected.subType.toUpperCase()}, received ${received}`,
      )
    }
    if (!expected.optional && !expected.required && given > 0) throw wrongCount(`buttons[${index}]`, given, 0)
  }
  const beyond = sent.find((component) => (component.index ?? 0) >= buttons.length)
  if (beyond) throw new GraphError(132012, `buttons[${beyond.index ?? 0}]: the template has no such button`)
}

function parametersOf(button: TemplateButton): { subType: string; required: boolean; optional: boolean } {
  const subType = button.type === 'OTP' ? 'url' : button.type.toLowerCase()
  const required =
    button.type === 'OTP' ||
    button.type === 'COPY_CODE' ||
    (button.type === 'URL' && /\{\{/.test(button.url ?? ''))
  return {
    subType,
    required,
    optional: ['QUICK_REPLY', 'FLOW', 'CATALOG', 'MPM', 'SPM'].includes(button.type),
  }
}

function buttonsOf(template: Template): TemplateButton[] {
  return template.components.find((component) => component.type === 'BUTTONS')?.buttons ?? []
}

function wrongCount(where: string, given: number, expected: number): GraphError {
  return new GraphError(
    132000,
    `${where}: number of localizable_params (${given}) does not match the expected number of params (${expected})`,
  )
}

/** What a parameter reads as; null when it has no text. */
function textOf(parameter: Parameter): string | null {
  const nested = parameter[parameter.type] as { fallback_value?: unknown } | string | undefined
  const value = typeof nested === 'object' ? nested.fallback_value : nested
  return typeof value === 'string' && value !== '' ? value : null
}

function fillText(template: Template, text: string, parameters: Parameter[]): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => {
    const parameter =
      template.parameterFormat === 'NAMED'
        ? parameters.find((one) => one.parameter_name === name)
        : parameters[Number(name) - 1]
    return (parameter && textOf(parameter)) ?? whole
  })
}

/** The template with its values, for the phone on the page. */
export function renderTemplate(template: Template, components: Sent[]) {
  const sentOf = (type: string) => components.find((one) => one.type.toLowerCase() === type)?.parameters ?? []
  const partOf = (type: string) => template.components.find((one) => one.type === type)
  const header = partOf('HEADER')
  return {
    header: header?.text ? fillText(template, header.text, sentOf('header')) : null,
    headerFormat: header?.format ?? null,
    body: fillText(template, partOf('BODY')?.text ?? `Your code: {{1}}`, sentOf('body')),
    footer: partOf('FOOTER')?.text ?? null,
    buttons: buttonsOf(template).map((button, index) => {
      const sent = components.find(
        (one) => one.type.toLowerCase() === 'button' && Number(one.index ?? 0) === index,
      )
      const payload = sent?.parameters?.[0]?.payload
      return {
        type: button.type,
        text: button.text ?? 'Copy code',
        payload: typeof payload === 'string' ? payload : (button.text ?? ''),
      }
    }),
  }
}
