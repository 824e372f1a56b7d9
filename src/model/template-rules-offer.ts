import { lengthOf, type TemplateRule, when } from './template-rule.ts'

/** Limited-time offers. */
export const offerRules: TemplateRule[] = [
  {
    id: 'offer-text',
    severity: 'error',
    title: 'Offer text of 1 to 16 characters',
    why: "It is WhatsApp's limit.",
    check: ({ offer }) => {
      const length = lengthOf(offer?.value.text?.trim() ?? '')
      return when(
        offer !== undefined && (length < 1 || length > 16),
        `${offer?.field}.text`,
        `is ${length} characters long; 1 to 16 are allowed`,
      )
    },
  },
  {
    id: 'offer-code',
    severity: 'error',
    title: 'An offer that expires has its code first',
    why: 'WhatsApp wants a copy-code button as the first one when the expiry is shown.',
    check: ({ offer, buttons }) => {
      const at = buttons.findIndex(({ value }) => value.type === 'COPY_CODE')
      const isWrong = offer !== undefined && (at > 0 || (offer.value.has_expiration === true && at < 0))
      return when(isWrong, buttons[0]?.field ?? 'components', 'must be a COPY_CODE button')
    },
  },
  {
    id: 'offer-link',
    severity: 'error',
    title: 'An offer has a link',
    why: 'WhatsApp requires a URL button in limited-time offers.',
    check: ({ offer, buttons }) =>
      when(
        offer !== undefined && !buttons.some(({ value }) => value.type === 'URL'),
        offer?.field ?? '',
        'needs a URL button beside it',
      ),
  },
  {
    id: 'offer-footer',
    severity: 'error',
    title: 'No footer beside an offer',
    why: 'WhatsApp refuses footers in limited-time offers.',
    check: ({ offer, footer }) =>
      when(offer !== undefined && footer !== undefined, footer?.field ?? '', 'cannot stand beside an offer'),
  },
  {
    id: 'offer-header',
    severity: 'error',
    title: 'Only a picture or video above an offer',
    why: 'WhatsApp refuses other headers in limited-time offers.',
    check: ({ offer, header }) =>
      when(
        offer !== undefined && header !== undefined && !['IMAGE', 'VIDEO'].includes(header.value.format),
        `${header?.field}.format`,
        'must be IMAGE or VIDEO above an offer',
      ),
  },
  {
    id: 'offer-body-length',
    severity: 'error',
    title: 'Body of at most 600 characters beside an offer',
    why: "It is WhatsApp's limit.",
    check: ({ offer, body }) => {
      const length = lengthOf(body?.value.text ?? '')
      return when(
        offer !== undefined && length > 600,
        `${body?.field}.text`,
        `is ${length} characters long; 600 are allowed`,
      )
    },
  },
]
