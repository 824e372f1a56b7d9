import { z } from 'zod'
import { GraphError } from './graph-errors.ts'
import { chars } from './shape-parts.ts'

const upper = z.string().transform((text) => text.toUpperCase())
const example = z.looseObject({}).optional()
const button = z.looseObject({
  type: upper.pipe(
    z.enum([
      'QUICK_REPLY',
      'URL',
      'PHONE_NUMBER',
      'COPY_CODE',
      'OTP',
      'FLOW',
      'CATALOG',
      'MPM',
      'SPM',
      'VOICE_CALL',
    ]),
  ),
  text: chars(25).optional(),
  url: z.string().max(2_000).optional(),
  phone_number: z.string().max(20).optional(),
})
const componentSchema = z.looseObject({
  type: upper.pipe(
    z.enum([
      'HEADER',
      'BODY',
      'FOOTER',
      'BUTTONS',
      'CAROUSEL',
      'LIMITED_TIME_OFFER',
      'CALL_PERMISSION_REQUEST',
    ]),
  ),
  format: upper.pipe(z.enum(['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION', 'PRODUCT'])).optional(),
  text: z.string().optional(),
  example,
  buttons: z.array(button).min(1).max(10).optional(),
  cards: z
    .array(z.looseObject({ components: z.array(z.looseObject({ type: upper })) }))
    .max(10)
    .optional(),
})
export type TemplateComponent = z.infer<typeof componentSchema>
export type TemplateButton = z.infer<typeof button>

const categories = ['AUTHENTICATION', 'MARKETING', 'UTILITY'] as const
export const templateInputSchema = z.looseObject({
  name: z
    .string()
    .max(512)
    .regex(/^[a-z0-9_]+$/, 'may hold lower-case letters, digits and underscores only'),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/, 'is not a language code'),
  category: upper.pipe(z.enum(categories)),
  parameter_format: upper.pipe(z.enum(['POSITIONAL', 'NAMED'])).default('POSITIONAL'),
  components: z.array(componentSchema).min(1),
})
export const templateEditSchema = z.looseObject({
  category: upper.pipe(z.enum(categories)).optional(),
  components: z.array(componentSchema).min(1).optional(),
})

/** The names of the variables of a text, in order of their first use: `1`, `2` or `first_name`. */
export function variablesOf(text: string | undefined): string[] {
  return [...new Set([...(text ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1] ?? ''))]
}

/** Meta's `error_subcode` by what is wrong with a new template. */
const subcodes = {
  length: 2388040,
  header: 2388047,
  body: 2388072,
  footer: 2388073,
  ratio: 2388293,
  edge: 2388299,
} as const
type Wrong = keyof typeof subcodes

/** What the review desk refuses at once; the details say which component. */
export function checkComponents(components: TemplateComponent[], format: string, category: string) {
  const body = components.find((component) => component.type === 'BODY')
  if (!body) throw refuse('BODY', 'a template needs a body')
  if (category !== 'AUTHENTICATION') checkText(body, 1024, format, 'body')
  const types = components.map((component) => component.type)
  if (new Set(types).size < types.length) throw refuse(types.join(', '), 'each component may come once')
  for (const component of components) {
    if (component.type === 'HEADER') checkHeader(component, format)
    if (component.type === 'FOOTER' && category !== 'AUTHENTICATION') {
      checkText(component, 60, format, 'footer')
      if (variablesOf(component.text).length > 0) throw refuse('FOOTER', 'may not hold variables', 'footer')
    }
    if (component.type === 'BUTTONS') checkButtons(component.buttons ?? [])
    if (component.type === 'CAROUSEL') checkCards(component.cards ?? [], format)
    if (component.type === 'LIMITED_TIME_OFFER') checkOffer(component)
  }
}

function checkHeader(header: TemplateComponent, format: string) {
  if ((header.format ?? 'TEXT') !== 'TEXT') return
  checkText(header, 60, format, 'header')
  if (variablesOf(header.text).length > 1) throw refuse('HEADER', 'may hold one variable', 'header')
}

function checkText(component: TemplateComponent, max: number, format: string, wrong: Wrong) {
  const { type, text } = component
  if (!text) throw refuse(type, 'needs a text', wrong)
  if ([...text].length > max) throw refuse(type, `must be at most ${max} characters long`, 'length')
  const variables = variablesOf(text)
  if (format === 'NAMED') {
    if (variables.some((name) => !/^[a-z][a-z0-9_]*$/.test(name)))
      throw refuse(type, 'names are lower case', wrong)
  } else if (variables.some((name, index) => name !== String(index + 1))) {
    throw refuse(type, 'variables are numbered from {{1}} without a gap', wrong)
  }
  if (variables.length > 0 && !component.example) {
    throw refuse(type, 'a text with variables needs an example', wrong)
  }
  if (type !== 'BODY') return
  if (/^\s*\{\{[^}]*\}\}|\{\{[^}]*\}\}\s*$/.test(text)) {
    throw refuse(type, 'may not begin or end with a variable', 'edge')
  }
  // Scripts without spaces make few words: those are left to the human reviewer.
  const words = text.replace(/\{\{[^}]*\}\}/g, ' ').split(/\s+/)
  const isSpaced = words.every((word) => word.length < 30)
  if (isSpaced && words.filter((word) => /[\p{L}\p{N}]/u.test(word)).length < variables.length) {
    throw refuse(type, 'holds too many variables for its length', 'ratio')
  }
}

function checkButtons(buttons: TemplateButton[]) {
  const count = (type: string) => buttons.filter((item) => item.type === type).length
  if (count('URL') > 2 || count('PHONE_NUMBER') > 1 || count('COPY_CODE') > 1) {
    throw refuse('BUTTONS', 'at most two URLs, one phone number and one code')
  }
  const kinds = buttons.map((item) => item.type === 'QUICK_REPLY')
  if (kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length > 1) {
    throw refuse('BUTTONS', 'quick replies and other buttons may not be mixed')
  }
  for (const item of buttons) {
    const named = item.type !== 'COPY_CODE' && item.type !== 'OTP'
    if (named && !item.text) throw refuse('BUTTONS', `a ${item.type} button needs a text`)
    if (item.type === 'URL' && !item.url) throw refuse('BUTTONS', 'a URL button needs a url')
    if (item.type === 'PHONE_NUMBER' && !item.phone_number) throw refuse('BUTTONS', 'phone_number is missing')
  }
}

type Card = NonNullable<TemplateComponent['cards']>[number]

/** The cards of a carousel are built alike: the same header format and the same kinds of buttons. */
function checkCards(cards: Card[], format: string) {
  if (cards.length < 2) throw refuse('CAROUSEL', 'needs 2 to 10 cards')
  const parsed = cards.map((card) => z.array(componentSchema).safeParse(card.components).data)
  const shapes = parsed.map((components) => {
    const header = components?.find((one) => one.type === 'HEADER')
    const body = components?.find((one) => one.type === 'BODY')
    const buttons = components?.find((one) => one.type === 'BUTTONS')?.buttons ?? []
    if (!header?.format || header.format === 'TEXT')
      throw refuse('CAROUSEL', 'every card needs a media header')
    if (buttons.length < 1 || buttons.length > 2) throw refuse('CAROUSEL', 'a card has one or two buttons')
    checkButtons(buttons)
    if (body) checkText(body, 160, format, 'body')
    return [header.format, ...buttons.map((item) => item.type)].join()
  })
  if (new Set(shapes).size > 1) throw refuse('CAROUSEL', 'all cards need the same header and buttons')
}

function checkOffer(component: TemplateComponent) {
  const offer = component['limited_time_offer'] as { text?: unknown } | undefined
  const length = typeof offer?.text === 'string' ? [...offer.text].length : 0
  if (length < 1 || length > 16) throw refuse('LIMITED_TIME_OFFER', 'text has 1 to 16 characters', 'length')
}

function refuse(component: string, why: string, wrong: Wrong = 'body'): GraphError {
  return new GraphError(100, `${component}: ${why}`, {
    subcode: subcodes[wrong],
    title: `Invalid parameter: ${component}: ${why}`,
  })
}
