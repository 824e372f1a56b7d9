import type { JsonObject } from './json.ts'
import type {
  ParameterFormat,
  TemplateButton,
  TemplateContent,
  TemplateHeader,
} from './template-components.ts'
import { type Located, partsOf } from './template-parts.ts'
import type { ButtonValues, CardValues, TemplateValues } from './template-values.ts'
import { variablesOf } from './template-variables.ts'

export interface FilledTemplate {
  /** The `components` of a message of type `template`. */
  components: JsonObject[]
  /** Paths into the values that a send needs and that are not there: `body.2`, `cards.0.media`, `buttons.1.suffix`. */
  missing: string[]
}

/** Builds what the Cloud API wants to send a template with these values. Nothing may be sent while something is missing. */
export function fillTemplate(template: TemplateContent, values: TemplateValues): FilledTemplate {
  const { header, body, offer, buttons, cards } = partsOf(template)
  const missing: string[] = []
  const fill: Filling = { format: template.parameterFormat, missing }
  const code = values.body?.['1'] ?? values.body?.['code']
  const components = [
    ...headerComponent(fill, header?.value, values),
    ...(template.category === 'AUTHENTICATION' && !body?.value.text
      ? codeComponent(fill, code)
      : textComponent(fill, 'body', body?.value.text, values.body, 'body')),
    ...(offer?.value.has_expiration ? offerComponent(fill, values.offerEndsAt) : []),
    ...buttonComponents(fill, buttons, values.buttons, '', code),
    ...(cards ? [carouselComponent(fill, cards, values.cards ?? [])] : []),
  ]
  return { components, missing }
}

interface Filling {
  format: ParameterFormat
  missing: string[]
}
type Media = TemplateValues['media']

function headerComponent(
  fill: Filling,
  header: TemplateHeader | undefined,
  values: TemplateValues,
): JsonObject[] {
  if (!header) return []
  if (header.format === 'TEXT') return textComponent(fill, 'header', header.text, values.header, 'header')
  if (header.format === 'LOCATION') {
    if (!values.location) return note(fill, 'location')
    return [{ type: 'header', parameters: [{ type: 'location', location: definedOf(values.location) }] }]
  }
  return mediaHeader(fill, header.format, values, '')
}

function mediaHeader(
  fill: Filling,
  format: Exclude<TemplateHeader['format'], 'TEXT' | 'LOCATION'>,
  { media, product }: { media?: Media; product?: CardValues['product'] },
  path: string,
): JsonObject[] {
  if (format === 'PRODUCT') {
    if (!product) return note(fill, `${path}product`)
    const { productId, catalogId } = product
    const parameter = { product_retailer_id: productId, catalog_id: catalogId }
    return [{ type: 'header', parameters: [{ type: 'product', product: parameter }] }]
  }
  const { id, link, filename } = media ?? {}
  if (!id && !link) return note(fill, `${path}media`)
  const type = format.toLowerCase()
  const file: JsonObject = id ? { id } : { link: link ?? '' }
  if (type === 'document' && filename) file['filename'] = filename
  return [{ type: 'header', parameters: [{ type, [type]: file }] }]
}

function textComponent(
  fill: Filling,
  type: 'header' | 'body',
  text: string | undefined,
  values: Readonly<Record<string, string>> | undefined,
  path: string,
): JsonObject[] {
  const names = variablesOf(text)
  if (names.length === 0) return []
  const parameters = names.map((name) => {
    const value = own(values, name)
    if (value === '') fill.missing.push(`${path}.${name}`)
    return { type: 'text', text: value, ...(fill.format === 'NAMED' && { parameter_name: name }) }
  })
  return [{ type, parameters }]
}

function codeComponent(fill: Filling, code: string | undefined): JsonObject[] {
  if (!code) return note(fill, 'body.1')
  return [{ type: 'body', parameters: [{ type: 'text', text: toOneLine(code) }] }]
}

function offerComponent(fill: Filling, endsAt: string | undefined): JsonObject[] {
  if (endsAt === undefined) return note(fill, 'offerEndsAt')
  const offer = { expiration_time_ms: Date.parse(endsAt) }
  return [
    { type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: offer }] },
  ]
}

function carouselComponent(
  fill: Filling,
  cards: NonNullable<ReturnType<typeof partsOf>['cards']>,
  given: CardValues[],
): JsonObject {
  const filled = cards.map((card, at) => {
    const values = given[at] ?? {}
    const path = `cards.${at}.`
    const format = card.header?.value.format ?? 'IMAGE'
    const header = format === 'TEXT' || format === 'LOCATION' ? [] : mediaHeader(fill, format, values, path)
    const body = textComponent(fill, 'body', card.body?.value.text, values.body, `${path}body`)
    const components = [
      ...header,
      ...body,
      ...buttonComponents(fill, card.buttons, values.buttons, path, undefined),
    ]
    return { card_index: at, components }
  })
  return { type: 'carousel', cards: filled }
}

function buttonComponents(
  fill: Filling,
  buttons: Located<TemplateButton>[],
  values: Record<string, ButtonValues> | undefined,
  path: string,
  code: string | undefined,
): JsonObject[] {
  return buttons.flatMap(({ value: button }, at) => {
    const given = (values && Object.hasOwn(values, String(at)) && values[String(at)]) || {}
    const before = fill.missing.length
    const parameter = parameterOf(fill, button, given, `${path}buttons.${at}`, code)
    if (!parameter || fill.missing.length > before) return []
    const sub_type = button.type === 'OTP' ? 'url' : button.type.toLowerCase()
    return [{ type: 'button', sub_type, index: String(at), parameters: [parameter] }]
  })
}

/** Undefined when the button is sent without a parameter. */
function parameterOf(
  fill: Filling,
  button: TemplateButton,
  given: ButtonValues,
  path: string,
  code: string | undefined,
): JsonObject | undefined {
  switch (button.type) {
    case 'URL':
      if (variablesOf(button.url).length === 0) return undefined
      return {
        type: 'text',
        text: wanted(fill, given.suffix ?? codeOfLink(button.url, code), `${path}.suffix`),
      }
    case 'OTP':
      return { type: 'text', text: wanted(fill, given.code ?? code, `${path}.code`) }
    case 'COPY_CODE':
      return { type: 'coupon_code', coupon_code: wanted(fill, given.code, `${path}.code`) }
    case 'QUICK_REPLY':
      return given.payload === undefined ? undefined : { type: 'payload', payload: given.payload }
    case 'FLOW':
      return flowParameter(given)
    case 'CATALOG':
      if (given.thumbnailProductId === undefined) return undefined
      return { type: 'action', action: { thumbnail_product_retailer_id: given.thumbnailProductId } }
    case 'MPM':
      return productsParameter(fill, given, path)
    default:
      return undefined
  }
}

function flowParameter({ flowToken, flowData }: ButtonValues): JsonObject | undefined {
  if (flowToken === undefined && flowData === undefined) return undefined
  const action = {
    ...(flowToken !== undefined && { flow_token: flowToken }),
    ...(flowData && { flow_action_data: flowData }),
  }
  return { type: 'action', action }
}

function productsParameter(fill: Filling, given: ButtonValues, path: string): JsonObject {
  if (!given.sections) fill.missing.push(`${path}.sections`)
  const sections = (given.sections ?? []).map(({ title, productIds }) => ({
    title,
    product_items: productIds.map((id) => ({ product_retailer_id: id })),
  }))
  const thumbnail = wanted(fill, given.thumbnailProductId, `${path}.thumbnailProductId`)
  return { type: 'action', action: { thumbnail_product_retailer_id: thumbnail, sections } }
}

/** WhatsApp gives an approved authentication template back with its button as a link: the code goes there too. */
function codeOfLink(url: string | undefined, code: string | undefined): string | undefined {
  return url?.startsWith('https://www.whatsapp.com/otp/') ? code : undefined
}

function wanted(fill: Filling, value: string | undefined, path: string): string {
  const text = toOneLine(value ?? '')
  if (text === '') fill.missing.push(path)
  return text
}

function own(values: Readonly<Record<string, string>> | undefined, name: string): string {
  return values && Object.hasOwn(values, name) ? toOneLine(values[name] ?? '') : ''
}

/** WhatsApp refuses values with line breaks, tabs or more than four spaces in a row (132012). */
function toOneLine(value: string): string {
  return value
    .replace(/\s*[\n\r\t\u2028\u2029]+\s*/g, ' ')
    .replace(/ {5,}/g, '    ')
    .trim()
}

function note(fill: Filling, path: string): JsonObject[] {
  fill.missing.push(path)
  return []
}

function definedOf(location: NonNullable<TemplateValues['location']>): JsonObject {
  return Object.fromEntries(Object.entries(location).filter(([, value]) => value !== undefined))
}
