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

/** What the review desk refuses at once; the details say which component. */
export function checkComponents(components: TemplateComponent[], format: string, category: string) {
  const body = components.find((component) => component.type === 'BODY')
  if (!body) throw refuse('BODY', 'a template needs a body')
  if (category !== 'AUTHENTICATION') checkText(body, 1024, format)
  const types = components.map((component) => component.type)
  if (new Set(types).size < types.length) throw refuse(types.join(', '), 'each component may come once')
  for (const component of components) {
    if (component.type === 'HEADER') checkHeader(component, format)
    if (component.type === 'FOOTER' && category !== 'AUTHENTICATION') {
      checkText(component, 60, format)
      if (variablesOf(component.text).length > 0) throw refuse('FOOTER', 'may not hold variables')
    }
    if (component.type === 'BUTTONS') checkButtons(component.buttons ?? [])
  }
}

function checkHeader(header: TemplateComponent, format: string) {
  if ((header.format ?? 'TEXT') !== 'TEXT') return
  checkText(header, 60, format)
  if (variablesOf(header.text).length > 1) throw refuse('HEADER', 'may hold one variable')
}

function checkText(component: TemplateComponent, max: number, format: string) {
  const { type, text } = component
  if (!text) throw refuse(type, 'needs a text')
  if ([...text].length > max) throw refuse(type, `must be at most ${max} characters long`)
  const variables = variablesOf(text)
  if (format === 'NAMED') {
    if (variables.some((name) => !/^[a-z][a-z0-9_]*$/.test(name))) throw refuse(type, 'names are lower case')
  } else if (variables.some((name, index) => name !== String(index + 1))) {
    throw refuse(type, 'variables are numbered from {{1}} without a gap')
  }
  if (variables.length > 0 && !component.example) throw refuse(type, 'a text with variables needs an example')
  if (type === 'BODY' && /^\s*\{\{[^}]*\}\}|\{\{[^}]*\}\}\s*$/.test(text)) {
    throw refuse(type, 'may not begin or end with a variable')
  }
}

function checkButtons(buttons: TemplateButton[]) {
  const count = (type: string) => buttons.filter((item) => item.type === type).length
  if (count('URL') > 2 || count('PHONE_NUMBER') > 1 || count('COPY_CODE') > 1) {
    throw refuse('BUTTONS', 'at most two URLs, one phone number and one code')
  }
  for (const item of buttons) {
    const named = item.type !== 'COPY_CODE' && item.type !== 'OTP'
    if (named && !item.text) throw refuse('BUTTONS', `a ${item.type} button needs a text`)
    if (item.type === 'URL' && !item.url) throw refuse('BUTTONS', 'a URL button needs a url')
    if (item.type === 'PHONE_NUMBER' && !item.phone_number) throw refuse('BUTTONS', 'phone_number is missing')
  }
}

function refuse(component: string, why: string): GraphError {
  return new GraphError(100, `${component}: ${why}`, {
    subcode: 2388072,
    title: `Invalid parameter: ${component}: ${why}`,
  })
}
