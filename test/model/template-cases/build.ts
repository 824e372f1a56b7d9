import type {
  TemplateButton,
  TemplateComponent,
  TemplateContent,
} from '../../../src/model/template-components.ts'
import type { LintSurroundings } from '../../../src/model/template-rule.ts'

/** What a rule lets pass and what it finds wrong; `beside` are the other templates of the account. */
export interface Cases {
  pass: TemplateContent[]
  fail: TemplateContent[]
  beside?: LintSurroundings
}

const shipped = 'Hello {{1}}, your order {{2}} has left our warehouse and will be with you soon.'

/** A template without any fault, changed as a case wants. */
export function template(change: Partial<TemplateContent> = {}): TemplateContent {
  return {
    name: 'order_shipped',
    language: 'en',
    category: 'UTILITY',
    parameterFormat: 'POSITIONAL',
    components: [body(shipped, ['Ann', '4711'])],
    ...change,
  }
}

export function body(text: string, samples: string[] = []): TemplateComponent {
  return { type: 'BODY', text, ...(samples.length > 0 && { example: { body_text: [samples] } }) }
}

export function named(text: string, samples: Record<string, string>): TemplateComponent {
  const params = Object.entries(samples).map(([param_name, example]) => ({ param_name, example }))
  return { type: 'BODY', text, example: { body_text_named_params: params } }
}

export function header(text: string, samples: string[] = []): TemplateComponent {
  return {
    type: 'HEADER',
    format: 'TEXT',
    text,
    ...(samples.length > 0 && { example: { header_text: samples } }),
  }
}

export function picture(
  format: 'IMAGE' | 'VIDEO' | 'DOCUMENT' = 'IMAGE',
  handle = '4::handle',
): TemplateComponent {
  return { type: 'HEADER', format, ...(handle && { example: { header_handle: [handle] } }) }
}

export function footer(text: string): TemplateComponent {
  return { type: 'FOOTER', text }
}

export function buttons(...list: TemplateButton[]): TemplateComponent {
  return { type: 'BUTTONS', buttons: list }
}

export const reply = (text: string): TemplateButton => ({ type: 'QUICK_REPLY', text })
export const link = (url: string, text = 'Track order', example?: string): TemplateButton => ({
  type: 'URL',
  text,
  url,
  ...(example !== undefined && { example: [example] }),
})
export const phone = (phone_number: string, text = 'Call us'): TemplateButton => ({
  type: 'PHONE_NUMBER',
  text,
  phone_number,
})
export const code = (example?: string): TemplateButton => ({
  type: 'COPY_CODE',
  ...(example !== undefined && { example }),
})

/** The template with these parts behind its body. */
export function withParts(...parts: TemplateComponent[]): TemplateContent {
  return template({ components: [...template().components, ...parts] })
}

export function marketing(...components: TemplateComponent[]): TemplateContent {
  return template({ name: 'summer_news', category: 'MARKETING', components })
}

export function texted(text: string, samples: string[] = []): TemplateContent {
  return template({ components: [body(text, samples)] })
}

type Card = Extract<TemplateComponent, { type: 'CAROUSEL' }>['cards'][number]
export function card(...components: TemplateComponent[]): Card {
  return { components: components as Card['components'] }
}

export function carousel(...cards: Card[]): TemplateContent {
  return marketing(body('Look at what came in this week. Reply STOP to hear no more.'), {
    type: 'CAROUSEL',
    cards,
  })
}

export const cards = {
  plain: card(picture(), body('Blue shoes'), buttons(reply('More like this'))),
  other: card(picture(), body('Red shoes'), buttons(reply('Others please'))),
}

export function offer(
  limited_time_offer: { text?: string; has_expiration?: boolean },
  ...rest: TemplateComponent[]
): TemplateContent {
  const text = 'Our summer collection is here and waits for you. Reply STOP to hear no more.'
  return marketing({ type: 'LIMITED_TIME_OFFER', limited_time_offer }, body(text), ...rest)
}

export const shop = link('https://shop.example.com', 'Shop')

export function authentication(...components: TemplateComponent[]): TemplateContent {
  return template({ name: 'login_code', category: 'AUTHENTICATION', components })
}

export const otp = (more: Partial<Extract<TemplateButton, { type: 'OTP' }>> = {}): TemplateButton => ({
  type: 'OTP',
  otp_type: 'COPY_CODE',
  ...more,
})
