import { lengthOf, type TemplateRule, textRule, when } from './template-rule.ts'

const emoji = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F/gu
const withoutVariables = (text: string) => text.replace(/\{\{[^{}]*\}\}/g, ' ')
const tooLong = (text: string, limit: number) => {
  const length = lengthOf(text)
  return length > limit ? `is ${length} characters long; ${limit} are allowed` : undefined
}

export function holdsEmoji(text: string): boolean {
  return text.search(emoji) >= 0
}

export const textRules: TemplateRule[] = [
  {
    id: 'body-required',
    severity: 'error',
    title: 'A body with a text',
    why: 'It is the only part that every template must have.',
    check: ({ template, body }) => [
      ...when(!body, 'components', 'there is no BODY'),
      ...when(
        body !== undefined && !body.value.text?.trim() && template.category !== 'AUTHENTICATION',
        `${body?.field}.text`,
        'is empty',
      ),
    ],
  },
  {
    id: 'component-once',
    severity: 'error',
    title: 'Each part once',
    why: 'WhatsApp takes one header, one body, one footer and one set of buttons.',
    check: ({ template: { components } }) =>
      components.flatMap(({ type }, at) =>
        when(
          components.findIndex((one) => one.type === type) < at,
          `components.${at}`,
          `there is a ${type} already`,
        ),
      ),
  },
  textRule(
    {
      id: 'body-length',
      severity: 'error',
      title: 'Body of at most 1,024 characters',
      why: "It is WhatsApp's limit.",
    },
    ['body'],
    ({ text }) => tooLong(text, 1_024),
  ),
  textRule(
    {
      id: 'body-long',
      severity: 'hint',
      title: 'Body of at most 550 characters',
      why: 'Longer ones are folded behind "Read more", and values make them longer still.',
    },
    ['body'],
    ({ text }) => tooLong(text, 550),
  ),
  textRule(
    {
      id: 'header-length',
      severity: 'error',
      title: 'Header of at most 60 characters',
      why: "It is WhatsApp's limit.",
    },
    ['header'],
    ({ text }) => tooLong(text, 60),
  ),
  textRule(
    {
      id: 'footer-length',
      severity: 'error',
      title: 'Footer of at most 60 characters',
      why: "It is WhatsApp's limit.",
    },
    ['footer'],
    ({ text }) => tooLong(text, 60),
  ),
  {
    id: 'header-text-required',
    severity: 'error',
    title: 'A text header has a text',
    why: 'WhatsApp refuses an empty one.',
    check: ({ header }) =>
      when(
        header?.value.format === 'TEXT' && !header.value.text?.trim(),
        `${header?.field}.text`,
        'is empty',
      ),
  },
  {
    id: 'footer-text-required',
    severity: 'error',
    title: 'A footer has a text',
    why: 'WhatsApp refuses an empty one.',
    check: ({ footer, template }) =>
      when(
        footer !== undefined && template.category !== 'AUTHENTICATION' && !footer.value.text?.trim(),
        `${footer?.field}.text`,
        'is empty',
      ),
  },
  textRule(
    {
      id: 'newlines',
      severity: 'error',
      title: 'At most two line breaks in a row',
      why: 'WhatsApp refuses texts with more than two consecutive line breaks.',
    },
    ['body', 'card'],
    ({ text }) =>
      /\n[^\S\n]*\n[^\S\n]*\n/.test(text) ? 'has more than two line breaks in a row' : undefined,
  ),
  textRule(
    {
      id: 'spaces',
      severity: 'error',
      title: 'At most four spaces in a row',
      why: 'WhatsApp refuses texts with more than four consecutive spaces.',
    },
    ['header', 'body', 'footer', 'card'],
    ({ text }) => (/[^\S\n\t]{5,}/.test(text) ? 'has more than four spaces in a row' : undefined),
  ),
  textRule(
    { id: 'tabs', severity: 'error', title: 'No tabs', why: 'WhatsApp refuses texts with tab characters.' },
    ['header', 'body', 'footer', 'card'],
    ({ text }) => (text.includes('\t') ? 'holds a tab' : undefined),
  ),
  textRule(
    {
      id: 'header-newline',
      severity: 'error',
      title: 'Header on one line',
      why: 'A header is a heading: WhatsApp refuses line breaks in it.',
    },
    ['header'],
    ({ text }) => (/[\n\r]/.test(text) ? 'holds a line break' : undefined),
  ),
  textRule(
    {
      id: 'header-emoji',
      severity: 'error',
      title: 'Header without emoji',
      why: 'WhatsApp refuses emoji in headers.',
    },
    ['header'],
    ({ text }) => (holdsEmoji(text) ? 'holds an emoji' : undefined),
  ),
  textRule(
    {
      id: 'header-formatting',
      severity: 'error',
      title: 'Header without formatting',
      why: 'Headers are bold by themselves; WhatsApp refuses * _ ~ and ` in them.',
    },
    ['header'],
    ({ text }) => (/[*~`]|(?<!\w)_|_(?!\w)/.test(withoutVariables(text)) ? 'holds * _ ~ or `' : undefined),
  ),
  textRule(
    {
      id: 'footer-newline',
      severity: 'error',
      title: 'Footer on one line',
      why: 'WhatsApp refuses line breaks in it.',
    },
    ['footer'],
    ({ text }) => (/[\n\r]/.test(text) ? 'holds a line break' : undefined),
  ),
  textRule(
    {
      id: 'footer-plain',
      severity: 'warning',
      title: 'Footer without emoji and formatting',
      why: 'A footer is small grey text; formatting signs would be shown as they are.',
    },
    ['footer'],
    ({ text }) =>
      holdsEmoji(text) || /\*\S[^*]*\*|~\S[^~]*~/.test(text)
        ? 'holds an emoji or formatting signs'
        : undefined,
  ),
  textRule(
    {
      id: 'formatting-balanced',
      severity: 'warning',
      title: 'Formatting signs in pairs',
      why: 'A single * _ or ~ is shown as it is, which looks like a mistake to customers and reviewers.',
    },
    ['body', 'card'],
    ({ text }) => {
      const alone: string[] = (['*', '_', '~'] as const).filter(
        (sign) => countFormatting(withoutVariables(text), sign) % 2 === 1,
      )
      const fences = text.split('```').length - 1
      if (fences % 2 === 1) alone.push('```')
      return alone.length > 0 ? `${alone.join(' and ')} is opened but not closed` : undefined
    },
  ),
  textRule(
    {
      id: 'all-caps',
      severity: 'warning',
      title: 'No shouting',
      why: 'Texts in capitals are read as spam, by reviewers and by customers.',
    },
    ['header', 'body', 'footer', 'card'],
    ({ text }) => {
      const words = withoutVariables(text).match(/\p{L}{3,}/gu) ?? []
      const cased = words.filter((word) => word.toLowerCase() !== word.toUpperCase())
      const loud = cased.filter((word) => word === word.toUpperCase())
      return loud.length >= 3 && loud.length * 2 > cased.length ? 'is mostly written in capitals' : undefined
    },
  ),
  textRule(
    {
      id: 'emoji-many',
      severity: 'warning',
      title: 'At most ten emoji',
      why: 'WhatsApp limits emoji in a body to ten, and fewer read better.',
    },
    ['body', 'card'],
    ({ text }) => {
      const count = text.match(emoji)?.length ?? 0
      return count > 10 ? `holds ${count} emoji` : undefined
    },
  ),
  textRule(
    {
      id: 'exclamations',
      severity: 'warning',
      title: 'Few exclamation marks',
      why: 'Rows of them are a sign of spam.',
    },
    ['header', 'body', 'footer', 'card'],
    ({ text }) =>
      /[!¡！]{3,}/u.test(text) || (text.match(/[!！]/gu)?.length ?? 0) > 5
        ? 'shouts with exclamation marks'
        : undefined,
  ),
]

/** Signs at the edge of a word; `2 * 3` and `snake_case` are no formatting. */
function countFormatting(text: string, sign: '*' | '_' | '~'): number {
  const escaped = `[${sign}]`
  const edges = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?=\\S)|(?<=\\S)${escaped}(?![\\p{L}\\p{N}])`, 'gu')
  return text.match(edges)?.length ?? 0
}
