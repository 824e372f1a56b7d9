import type { TemplateValues } from '../../../../src/model/template-values.ts'
import type { Template, TemplateButton, TemplatePart } from '../../api/campaign-shapes.ts'

/** What a template needs to be told: each has an input. Paths are those of the message's values. */
export interface Slots {
  header: string[]
  /** IMAGE, VIDEO, GIF or DOCUMENT. */
  media: string | undefined
  location: boolean
  body: string[]
  buttons: ButtonSlot[]
  cards: { media: string | undefined; body: string[]; buttons: ButtonSlot[] }[]
  offer: boolean
}
export interface ButtonSlot {
  index: string
  text: string
  key: 'suffix' | 'code'
}
type Part = Pick<TemplatePart, 'type' | 'format' | 'text' | 'buttons'>

const mediaFormats = new Set(['IMAGE', 'VIDEO', 'GIF', 'DOCUMENT'])

export function slotsOf({ components, category }: Template): Slots {
  const offer = components.find(({ type }) => type === 'LIMITED_TIME_OFFER')?.limited_time_offer
  const carousel = components.find(({ type }) => type === 'CAROUSEL')
  const body = variablesOf(find(components, 'BODY')?.text)
  return {
    ...mediaOf(components),
    header: variablesOf(find(components, 'HEADER')?.text),
    // WhatsApp writes the text itself, around the code.
    body: category === 'AUTHENTICATION' && body.length === 0 ? ['1'] : body,
    buttons: buttonSlots(buttonsOf(components)),
    cards: (carousel?.cards ?? []).map((card) => ({
      media: mediaOf(card.components).media,
      body: variablesOf(find(card.components, 'BODY')?.text),
      buttons: buttonSlots(buttonsOf(card.components)),
    })),
    offer: offer?.has_expiration ?? false,
  }
}

export function buttonsOf(components: Part[]): TemplateButton[] {
  return find(components, 'BUTTONS')?.buttons ?? []
}

/** `{{1}}` or `{{first_name}}`, each once. */
function variablesOf(text: string | undefined): string[] {
  return [...new Set([...(text ?? '').matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name.trim()))]
}

export function hasVariable(button: TemplateButton): boolean {
  return variablesOf(button.url).length > 0
}

function find<T extends Part>(components: T[], type: string): T | undefined {
  return components.find((each) => each.type === type)
}

function mediaOf(components: Part[]): Pick<Slots, 'media' | 'location'> {
  const format = find(components, 'HEADER')?.format
  return { media: format && mediaFormats.has(format) ? format : undefined, location: format === 'LOCATION' }
}

function buttonSlots(buttons: TemplateButton[]): ButtonSlot[] {
  return buttons.flatMap((button, at): ButtonSlot[] => {
    const slot = { index: String(at), text: button.text ?? '' }
    if (button.type === 'URL' && hasVariable(button)) return [{ ...slot, key: 'suffix' }]
    return button.type === 'COPY_CODE' ? [{ ...slot, key: 'code' }] : []
  })
}

/** What stays of values when another template is chosen: inputs of the same name. */
export function keepValues(values: TemplateValues, slots: Slots): TemplateValues {
  const kept = (given: Record<string, string> | undefined, names: string[]) =>
    Object.fromEntries(Object.entries(given ?? {}).filter(([name]) => names.includes(name)))
  const header = kept(values.header, slots.header)
  const body = kept(values.body, slots.body)
  return {
    ...(Object.keys(header).length > 0 && { header }),
    ...(Object.keys(body).length > 0 && { body }),
    ...(slots.media && values.media && { media: values.media }),
  }
}
