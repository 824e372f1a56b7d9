import type { CardParts, TemplateParts } from './template-parts.ts'
import { lengthOf, type TemplateRule, when } from './template-rule.ts'

const fileFormats = new Set(['IMAGE', 'VIDEO', 'GIF', 'DOCUMENT'])
const cardFormats = new Set(['IMAGE', 'VIDEO', 'PRODUCT'])

/** Media headers and carousels. */
export const carouselRules: TemplateRule[] = [
  {
    id: 'media-sample',
    severity: 'error',
    title: 'A sample file for every media header',
    why: 'Reviewers must see what kind of picture, video or document will be sent.',
    check: ({ header, cards }) =>
      [header, ...(cards ?? []).map((card) => card.header)].flatMap((one) =>
        when(
          one !== undefined &&
            fileFormats.has(one.value.format) &&
            !one.value.example?.header_handle?.some((handle) => handle.trim() !== ''),
          `${one?.field}.example.header_handle`,
          `is missing: upload a sample ${one?.value.format.toLowerCase() ?? 'file'}`,
        ),
      ),
  },
  {
    id: 'header-product-alone',
    severity: 'error',
    title: 'Product headers with a product button',
    why: 'Outside a carousel a PRODUCT header goes with a single-product button only.',
    check: ({ header, buttons }) =>
      when(
        header?.value.format === 'PRODUCT' && !buttons.some(({ value }) => value.type === 'SPM'),
        header?.field ?? '',
        'is a PRODUCT without an SPM button',
      ),
  },
  {
    id: 'carousel-card-count',
    severity: 'error',
    title: '2 to 10 cards',
    why: "It is WhatsApp's limit.",
    check: ({ cards }) =>
      when(
        cards !== undefined && (cards.length < 2 || cards.length > 10),
        fieldOf(cards),
        `holds ${cards?.length ?? 0}`,
      ),
  },
  eachCard(
    {
      id: 'carousel-card-header',
      severity: 'error',
      title: 'Every card has a picture, video or product',
      why: 'WhatsApp refuses cards without one.',
    },
    (card) =>
      card.header && cardFormats.has(card.header.value.format)
        ? undefined
        : 'has no IMAGE, VIDEO or PRODUCT header',
  ),
  eachCard(
    {
      id: 'carousel-card-body',
      severity: 'error',
      title: 'Card texts of 1 to 160 characters',
      why: "It is WhatsApp's limit.",
    },
    (card) => {
      const length = lengthOf(card.body?.value.text?.trim() ?? '')
      if (card.body && length === 0) return 'has an empty text'
      return length > 160 ? `has a text of ${length} characters; 160 are allowed` : undefined
    },
  ),
  eachCard(
    {
      id: 'carousel-card-buttons',
      severity: 'error',
      title: 'One or two buttons a card',
      why: "It is WhatsApp's limit; quick replies, links and phone numbers are allowed, on product cards SPM.",
    },
    (card) => {
      const { length } = card.buttons
      if (length < 1 || length > 2) return `has ${length} buttons; 1 or 2 are needed`
      const odd = card.buttons.find(
        ({ value }) => !['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'SPM'].includes(value.type),
      )
      return odd ? `has a ${odd.value.type} button` : undefined
    },
  ),
  sameOnAll(
    'carousel-same-headers',
    'The same kind of header on every card',
    (card) => card.header?.value.format ?? 'none',
  ),
  sameOnAll('carousel-same-buttons', 'The same kinds of buttons on every card', (card) =>
    card.buttons.map(({ value }) => value.type).join(' and '),
  ),
  sameOnAll('carousel-same-bodies', 'A text on every card or on none', (card) =>
    card.body?.value.text?.trim() ? 'a text' : 'no text',
  ),
  {
    id: 'carousel-extras',
    severity: 'error',
    title: 'Nothing but a body beside a carousel',
    why: 'WhatsApp takes no header, footer, offer or buttons of the message itself with cards.',
    check: ({ cards, template }) =>
      template.components.flatMap(({ type }, at) =>
        when(
          cards !== undefined && type !== 'BODY' && type !== 'CAROUSEL',
          `components.${at}`,
          `a ${type} cannot stand beside a carousel`,
        ),
      ),
  },
  {
    id: 'carousel-category',
    severity: 'error',
    title: 'Carousels in MARKETING or UTILITY',
    why: 'AUTHENTICATION templates hold a code only.',
    check: ({ cards, template }) =>
      when(
        cards !== undefined && template.category === 'AUTHENTICATION',
        fieldOf(cards),
        'is not allowed in AUTHENTICATION',
      ),
  },
]

function eachCard(
  rule: Omit<TemplateRule, 'check'>,
  judge: (card: CardParts) => string | undefined,
): TemplateRule {
  return {
    ...rule,
    check: ({ cards }) =>
      (cards ?? []).flatMap((card) => {
        const message = judge(card)
        return message === undefined ? [] : [{ field: card.field, message }]
      }),
  }
}

function sameOnAll(id: string, title: string, kindOf: (card: CardParts) => string): TemplateRule {
  return {
    id,
    severity: 'error',
    title,
    why: 'WhatsApp refuses carousels whose cards are built differently.',
    check: ({ cards = [] }) =>
      cards.flatMap((card) => {
        const first = cards[0] ? kindOf(cards[0]) : ''
        return when(
          kindOf(card) !== first,
          card.field,
          `has ${kindOf(card) || 'nothing'}, the first card ${first || 'nothing'}`,
        )
      }),
  }
}

function fieldOf(cards: TemplateParts['cards']): string {
  return cards?.[0]?.field.replace(/\.\d+$/, '') ?? 'components'
}
