import type {
  TemplateButton,
  TemplateCategory,
  TemplateComponent,
  TemplateContent,
} from '../../model/template-components.ts'

/** The words of a starter in one language: a body, a body and the buttons' labels, or more than that. */
type StarterWords = string | [body: string, ...buttons: string[]] | StarterText
interface StarterText {
  header?: string
  headerSample?: string
  body: string
  /** Of the body's variables, where the starter's own do not fit the language. */
  samples?: string[]
  footer?: string
  /** Labels, in the order of the starter's buttons. */
  buttons?: string[]
  /** Texts of the cards of a carousel. */
  cards?: string[]
  /** What a limited-time offer says of itself, at most 16 characters. */
  offer?: string
}

/** What is the same in every language. */
interface StarterShape {
  /** Of the body's variables, in their order. */
  samples?: string[]
  media?: 'IMAGE' | 'VIDEO' | 'DOCUMENT' | 'LOCATION'
  /** Buttons without their labels. */
  buttons?: TemplateButton[]
  cards?: { media: 'IMAGE' | 'VIDEO'; buttons: TemplateButton[] }
  /** The offer shows when it ends. */
  hasExpiration?: boolean
  components?: TemplateComponent[]
}

export interface Starter {
  /** Also the template's name. */
  id: string
  category: TemplateCategory
  title: string
  /** Words to find it by. */
  useCase: string
  shape: StarterShape
  texts: Record<string, StarterWords>
}

/** Takes the labels from the language's words. */
export const quickReply: TemplateButton = { type: 'QUICK_REPLY' }
export const call: TemplateButton = { type: 'PHONE_NUMBER', phone_number: '+15551234567' }
export function link(path: string, sample?: string): TemplateButton {
  const url = `https://www.example.com/${path}`
  return sample === undefined
    ? { type: 'URL', url }
    : { type: 'URL', url: `${url}{{1}}`, example: [`${url}${sample}`] }
}

/** The template of a starter in one of its languages. Media headers wait for a sample file of the business's own. */
export function toTemplate(
  { id, category, shape, texts }: Starter,
  language: string,
): TemplateContent | undefined {
  const words = Object.hasOwn(texts, language) ? texts[language] : undefined
  if (words === undefined) return undefined
  const text = toText(words)
  const components = shape.components ?? [
    ...headerOf(shape, text),
    ...(text.offer === undefined ? [] : [offerOf(shape, text.offer)]),
    bodyOf(text.body, text.samples ?? shape.samples),
    ...(text.footer === undefined ? [] : [{ type: 'FOOTER' as const, text: text.footer }]),
    ...buttonsOf(shape.buttons, text.buttons),
    ...cardsOf(shape, text),
  ]
  return { name: id, language, category, parameterFormat: 'POSITIONAL', components }
}

/** All that a starter says in a language, for previews and search. */
export function toText(words: StarterWords): StarterText {
  if (typeof words === 'string') return { body: words }
  if (!Array.isArray(words)) return words
  const [body, ...buttons] = words
  return { body, buttons }
}

function headerOf({ media }: StarterShape, { header, headerSample }: StarterText): TemplateComponent[] {
  if (media) return [{ type: 'HEADER', format: media }]
  if (header === undefined) return []
  const example = headerSample === undefined ? {} : { example: { header_text: [headerSample] } }
  return [{ type: 'HEADER', format: 'TEXT', text: header, ...example }]
}

function offerOf({ hasExpiration = false }: StarterShape, text: string): TemplateComponent {
  return { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text, has_expiration: hasExpiration } }
}

function bodyOf(text: string, samples: string[] = []) {
  return { type: 'BODY' as const, text, ...(samples.length > 0 && { example: { body_text: [samples] } }) }
}

function buttonsOf(buttons: TemplateButton[] = [], labels: string[] = []) {
  if (buttons.length === 0) return []
  // WhatsApp labels copy-code buttons itself: they take none.
  const words = [...labels]
  const labelled = buttons.map((button) =>
    button.type === 'COPY_CODE' || button.type === 'OTP' ? button : { ...button, text: words.shift() ?? '' },
  )
  return [{ type: 'BUTTONS' as const, buttons: labelled }]
}

function cardsOf({ cards }: StarterShape, text: StarterText): TemplateComponent[] {
  if (!cards || !text.cards) return []
  const made = text.cards.map((words) => ({
    components: [
      { type: 'HEADER' as const, format: cards.media },
      bodyOf(words),
      ...buttonsOf(cards.buttons, text.buttons),
    ],
  }))
  return [{ type: 'CAROUSEL', cards: made }]
}
