import type {
  TemplateBody,
  TemplateButton,
  TemplateComponent,
  TemplateContent,
  TemplateHeader,
} from './template-components.ts'
import { samplesOf } from './template-variables.ts'

/** A thing with the JSON path at which it stands: `components.1`. */
export interface Located<T> {
  field: string
  value: T
}
export interface TextPart {
  place: 'header' | 'body' | 'footer' | 'card'
  field: string
  text: string
  samples: Record<string, string>
}
export interface CardParts {
  field: string
  header: Located<TemplateHeader> | undefined
  body: Located<TemplateBody> | undefined
  buttons: Located<TemplateButton>[]
}
type Footer = Extract<TemplateComponent, { type: 'FOOTER' }>
type Offer = Extract<TemplateComponent, { type: 'LIMITED_TIME_OFFER' }>['limited_time_offer']

/** A template taken apart, as rules, previews and sends look at one. */
export interface TemplateParts {
  template: TemplateContent
  header: Located<TemplateHeader> | undefined
  body: Located<TemplateBody> | undefined
  footer: Located<Footer> | undefined
  offer: Located<Offer> | undefined
  /** Those of the message itself. */
  buttons: Located<TemplateButton>[]
  /** Undefined without a carousel. */
  cards: CardParts[] | undefined
  /** Every text that may hold variables or words: header, body, footer, cards' bodies. */
  texts: TextPart[]
}

export function partsOf(template: TemplateContent): TemplateParts {
  const located = template.components.map((value, at) => ({ field: `components.${at}`, value }))
  const header = find(located, 'HEADER')
  const body = find(located, 'BODY')
  const footer = find(located, 'FOOTER')
  const offer = find(located, 'LIMITED_TIME_OFFER')
  const carousel = find(located, 'CAROUSEL')
  const cards = carousel?.value.cards.map((card, at) => {
    const field = `${carousel.field}.cards.${at}`
    const inside = card.components.map((value, index) => ({ field: `${field}.components.${index}`, value }))
    return { field, header: find(inside, 'HEADER'), body: find(inside, 'BODY'), buttons: buttonsIn(inside) }
  })
  const parts = { template, header, body, footer, buttons: buttonsIn(located), cards }
  return {
    ...parts,
    offer: offer && { field: `${offer.field}.limited_time_offer`, value: offer.value.limited_time_offer },
    texts: textsOf(parts),
  }
}

/** Buttons of the message and of its cards. */
export function allButtons({
  buttons,
  cards,
}: Pick<TemplateParts, 'buttons' | 'cards'>): Located<TemplateButton>[] {
  return [...buttons, ...(cards ?? []).flatMap((card) => card.buttons)]
}

function find<T extends TemplateComponent['type']>(
  located: Located<TemplateComponent>[],
  type: T,
): Located<Extract<TemplateComponent, { type: T }>> | undefined {
  return located.find(
    (one): one is Located<Extract<TemplateComponent, { type: T }>> => one.value.type === type,
  )
}

function buttonsIn(located: Located<TemplateComponent>[]): Located<TemplateButton>[] {
  const found = find(located, 'BUTTONS')
  return (found?.value.buttons ?? []).map((value, at) => ({ field: `${found?.field}.buttons.${at}`, value }))
}

function textsOf(parts: Omit<TemplateParts, 'texts' | 'offer'>): TextPart[] {
  const { template, header, body, footer, cards } = parts
  const withSamples = (
    place: TextPart['place'],
    part: Located<TemplateHeader | TemplateBody> | undefined,
  ) => {
    const text = part?.value.text
    if (!part || text === undefined || text === '') return []
    return [
      { place, field: `${part.field}.text`, text, samples: samplesOf(part.value, template.parameterFormat) },
    ]
  }
  const words = footer?.value.text
  return [
    ...withSamples('header', header),
    ...withSamples('body', body),
    ...(footer && words
      ? [{ place: 'footer' as const, field: `${footer.field}.text`, text: words, samples: {} }]
      : []),
    ...(cards ?? []).flatMap((card) => withSamples('card', card.body)),
  ]
}
