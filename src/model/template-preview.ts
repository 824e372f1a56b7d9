import type { TemplateButton, TemplateContent, TemplateHeader } from './template-components.ts'
import { type CardParts, type Located, partsOf } from './template-parts.ts'
import type { ButtonValues, CardValues, TemplateValues } from './template-values.ts'
import { fillVariables, samplesOf, variablesOf } from './template-variables.ts'

export interface ButtonPreview {
  type: TemplateButton['type']
  text: string
  /** Where it leads: an address, a phone number or the code it copies. */
  target: string | null
}
export interface HeaderPreview {
  format: TemplateHeader['format']
  text: string | null
  /** Address or id of the file that is shown, when values name one. */
  media: string | null
}
export interface CardPreview {
  header: HeaderPreview | null
  body: string | null
  buttons: ButtonPreview[]
}
export interface TemplatePreview {
  header: HeaderPreview | null
  body: string
  footer: string | null
  offer: { text: string; endsAt: string | null } | null
  buttons: ButtonPreview[]
  cards: CardPreview[] | null
  /** All of it as plain text, for lists and search. */
  text: string
}

/** What a customer would see. Values go before samples; a variable without either stays as it is written. */
export function previewTemplate(template: TemplateContent, values: TemplateValues = {}): TemplatePreview {
  const { header, body, footer, offer, buttons, cards } = partsOf(template)
  const code = values.body?.['1'] ?? values.body?.['code']
  const fill = (part: typeof header | typeof body, given: Record<string, string> | undefined) =>
    part
      ? fillVariables(part.value.text ?? '', { ...samplesOf(part.value, template.parameterFormat), ...given })
      : ''
  const preview = {
    header: headerPreview(header, fill(header, values.header), values),
    body:
      template.category === 'AUTHENTICATION' && !body?.value.text
        ? codeText(code, body?.value.add_security_recommendation)
        : fill(body, values.body),
    footer: footer ? (footer.value.text ?? expiryText(footer.value.code_expiration_minutes)) : null,
    offer: offer ? { text: offer.value.text ?? '', endsAt: values.offerEndsAt ?? null } : null,
    buttons: buttons.map(({ value }, at) => buttonPreview(value, values.buttons?.[String(at)], code)),
    cards: cards?.map((card, at) => cardPreview(card, values.cards?.[at] ?? {}, fill)) ?? null,
  }
  return { ...preview, text: toText(preview) }
}

function headerPreview(
  header: Located<TemplateHeader> | undefined,
  text: string,
  { media, location }: Pick<TemplateValues, 'media' | 'location'>,
): HeaderPreview | null {
  if (!header) return null
  const place = location ? (location.name ?? `${location.latitude}, ${location.longitude}`) : null
  const shown = header.value.format === 'LOCATION' ? place : (media?.link ?? media?.id ?? null)
  return { format: header.value.format, text: header.value.format === 'TEXT' ? text : null, media: shown }
}

function cardPreview(
  card: CardParts,
  values: CardValues,
  fill: (part: CardParts['body'], given: Record<string, string> | undefined) => string,
): CardPreview {
  return {
    header: headerPreview(card.header, '', values),
    body: card.body ? fill(card.body, values.body) : null,
    buttons: card.buttons.map(({ value }, at) =>
      buttonPreview(value, values.buttons?.[String(at)], undefined),
    ),
  }
}

function buttonPreview(
  button: TemplateButton,
  given: ButtonValues | undefined,
  code: string | undefined,
): ButtonPreview {
  return {
    type: button.type,
    text: button.text ?? defaultLabels[button.type] ?? '',
    target: targetOf(button, given, code),
  }
}

/** WhatsApp labels these itself, in the customer's language. */
const defaultLabels: Partial<Record<TemplateButton['type'], string>> = {
  COPY_CODE: 'Copy offer code',
  OTP: 'Copy code',
  CATALOG: 'View catalog',
}

function targetOf(
  button: TemplateButton,
  given: ButtonValues | undefined,
  code: string | undefined,
): string | null {
  switch (button.type) {
    case 'URL': {
      const [name] = variablesOf(button.url)
      if (name === undefined) return button.url ?? null
      if (given?.suffix !== undefined) return fillVariables(button.url ?? '', { [name]: given.suffix })
      const example = Array.isArray(button.example) ? button.example[0] : button.example
      return example ?? button.url ?? null
    }
    case 'PHONE_NUMBER':
      return button.phone_number ?? null
    case 'COPY_CODE':
      return (
        given?.code ??
        (Array.isArray(button.example) ? (button.example[0] ?? null) : (button.example ?? null))
      )
    case 'OTP':
      return given?.code ?? code ?? null
    case 'FLOW':
      return button.flow_name ?? button.flow_id ?? null
    default:
      return null
  }
}

function codeText(code: string | undefined, withAdvice: boolean | undefined): string {
  return `${code ?? '123456'} is your verification code.${withAdvice ? ' For your security, do not share this code.' : ''}`
}

function expiryText(minutes: number | undefined): string | null {
  return minutes === undefined ? null : `This code expires in ${minutes} minutes.`
}

function toText({ header, body, footer, offer, buttons, cards }: Omit<TemplatePreview, 'text'>): string {
  const labels = (list: ButtonPreview[]) => list.map(({ text }) => `[${text}]`).join(' ')
  const lines = [
    header && (header.text ?? `[${header.format.toLowerCase()}]`),
    offer?.text,
    body,
    footer,
    labels(buttons),
    ...(cards ?? []).map((card) => [card.body, labels(card.buttons)].filter(Boolean).join(' ')),
  ]
  return lines.filter(Boolean).join('\n')
}
