import type { TemplateParts } from './template-parts.ts'
import { type LintFinding, type TemplateRule, when } from './template-rule.ts'
import { placementsOf } from './template-variables.ts'
import { findWords, type WordList } from './template-words.ts'

const greetings =
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|welcome|hola|buen[oa]s (?:días|tardes|noches)|bienvenid[oa]|olá|oi|bom dia|boa (?:tarde|noite)|bem-vindo|नमस्ते|नमस्कार|halo|hai|selamat (?:pagi|siang|sore|malam|datang)|مرحبا|مرحباً|أهلا|أهلاً|السلام عليكم|bonjour|salut|hallo|guten tag)(?![\p{L}\p{M}])/iu

export const categoryRules: TemplateRule[] = [
  {
    id: 'utility-promotional',
    severity: 'warning',
    title: 'No promotion in UTILITY',
    why: 'WhatsApp moves a UTILITY template with any promotion in it to MARKETING, which costs more and may be muted.',
    check: (parts) =>
      parts.template.category === 'UTILITY'
        ? findIn(
            parts,
            'promotion',
            (words) => `“${words}” sounds like promotion: choose MARKETING or leave it out`,
          )
        : [],
  },
  {
    id: 'code-outside-authentication',
    severity: 'warning',
    title: 'Codes in AUTHENTICATION only',
    why: 'One-time passwords and verification codes in other categories are rejected.',
    check: (parts) =>
      parts.template.category === 'AUTHENTICATION'
        ? []
        : findIn(parts, 'code', (words) => `“${words}” belongs into an AUTHENTICATION template`),
  },
  {
    id: 'greeting-only',
    severity: 'warning',
    title: 'More than a greeting',
    why: 'A mere hello has no purpose that a reviewer could see; in UTILITY it becomes MARKETING.',
    check: ({ body }) => {
      const text = body?.value.text ?? ''
      const words = text.replace(/\{\{[^{}]*\}\}/g, ' ').match(/[\p{L}\p{M}]+/gu)?.length ?? 0
      return when(
        greetings.test(text.trim()) && words < 6,
        `${body?.field}.text`,
        'is little more than a greeting',
      )
    },
  },
  {
    id: 'utility-survey',
    severity: 'warning',
    title: 'Surveys in UTILITY only about something that happened',
    why: 'A survey that is not tied to an order, a visit or a case of this customer is MARKETING.',
    check: (parts) => {
      const { template, body, texts } = parts
      const isAbout = texts.some(({ text }) => placementsOf(text).length > 0)
      if (template.category !== 'UTILITY' || !body || isAbout) return []
      return findIn(parts, 'survey', (words) => `“${words}” without a word on what it is about is MARKETING`)
    },
  },
  {
    id: 'utility-specific',
    severity: 'hint',
    title: 'UTILITY names its occasion',
    why: 'An order number, a date or an amount shows that it is about this customer.',
    check: ({ template, texts, body }) =>
      when(
        template.category === 'UTILITY' && texts.every(({ text }) => placementsOf(text).length === 0),
        `${body?.field ?? 'components'}.text`,
        'holds no variable: nothing ties it to an order, a visit or a request',
      ),
  },
  {
    id: 'marketing-opt-out',
    severity: 'hint',
    title: 'A way out of MARKETING',
    why: 'Customers who find no way to stop block the number, which lowers its quality rating.',
    check: ({ template, texts, buttons, footer, body }) => {
      const words = [...texts.map(({ text }) => text), ...buttons.map(({ value }) => value.text ?? '')]
      const hasWay = words.some((text) => findWords(text, 'stop') !== undefined)
      const field = footer?.field ?? body?.field ?? 'components'
      return when(
        template.category === 'MARKETING' && !hasWay,
        field,
        'says nowhere how to stop: a footer “Reply STOP to opt out” or a quick reply does',
      )
    },
  },
  {
    id: 'marketing-only-parts',
    severity: 'error',
    title: 'Offers and coupon codes in MARKETING only',
    why: 'WhatsApp takes limited-time offers, coupon codes, catalogs and product lists in MARKETING templates only.',
    check: ({ template, offer, buttons }) => {
      if (template.category === 'MARKETING') return []
      const shop = buttons.find(({ value }) => ['COPY_CODE', 'CATALOG', 'MPM', 'SPM'].includes(value.type))
      return [
        ...when(offer !== undefined, offer?.field ?? '', `is not allowed in ${template.category}`),
        ...when(shop !== undefined, shop?.field ?? '', `is not allowed in ${template.category}`),
      ]
    },
  },
]

const identifier =
  '(?:(?:full |complete )?(?:credit |debit |payment |bank )?card (?:number|details)|cvv|cvc|pin(?: code)?|password|bank account (?:number|details)|iban|social security number|ssn|national id(?: number)?|passport number|aadhaar(?: number)?|pan number|número de (?:la |su |tu )?tarjeta|contraseña|clave bancaria|número do (?:seu )?cartão|senha|cpf|nomor kartu|kata sandi|nomor ktp|nomor rekening|कार्ड नंबर|पासवर्ड|आधार नंबर|رقم البطاقة|كلمة المرور|رقم الهوية)'
const asking =
  '(?:send|share|reply with|provide|enter|confirm|tell us|give us|submit|type|envíe|envíanos|comparta|responda con|indique|confirme|envie|informe|compartilhe|kirim(?:kan)?|masukkan|bagikan|भेजें|बताएं|साझा करें|أرسل|شارك|أدخل)'
const never = /\b(?:never|don['’]t|do not|not|nunca|não|no|jangan|tidak)\b|(?:कभी|न करें|नहीं|لا تشارك|لا )/iu

export const policyRules: TemplateRule[] = [
  {
    id: 'sensitive-identifier',
    severity: 'error',
    title: 'No request for sensitive numbers',
    why: "WhatsApp's Business Policy forbids asking for card, account and identity numbers or passwords.",
    check: ({ texts }) =>
      texts.flatMap(({ field, text }) => {
        const sentences = text.split(/(?<=[.!?।])\s+|\n/u)
        const found = sentences.find((sentence) => !never.test(sentence) && asksFor(sentence))
        return when(found !== undefined, field, 'asks for a card, account or identity number or a password')
      }),
  },
  worded('threat', {
    id: 'threatening',
    severity: 'warning',
    title: 'No threats',
    why: 'Legal threats, debt collection and shaming count as abusive content and are rejected.',
  }),
  worded('trade', {
    id: 'restricted-goods',
    severity: 'warning',
    title: 'Nothing that may not be sold',
    why: "WhatsApp's Commerce Policy rules out gambling, tobacco, weapons, adult content and the like.",
  }),
  worded('trial', {
    id: 'trial-text',
    severity: 'warning',
    title: 'No test texts',
    why: 'Texts that are visibly tests are rejected; try templates in the sandbox.',
  }),
  {
    id: 'duplicate-body',
    severity: 'warning',
    title: 'Not the same body as another template',
    why: 'WhatsApp rejects a template whose body and footer repeat those of another.',
    check: ({ template, body }, { bodies }) => {
      const plain = (text: string) => text.replace(/\s+/g, ' ').trim().toLowerCase()
      const mine = plain(body?.value.text ?? '')
      const twin = bodies.find(({ name, text }) => name !== template.name && plain(text) === mine)
      return when(
        mine !== '' && twin !== undefined,
        `${body?.field}.text`,
        `is the body of ${twin?.name} too`,
      )
    },
  },
]

const request = new RegExp(`(?<![\\p{L}])${asking}[^.!?]{0,60}${identifier}(?![\\p{L}])`, 'iu')
/** Hindi puts the verb last. */
const requestAtEnd = new RegExp(`${identifier}[^.!?]{0,40}(?:भेजें|बताएं|साझा करें)`, 'iu')

function asksFor(sentence: string): boolean {
  return request.test(sentence) || requestAtEnd.test(sentence)
}

function worded(list: WordList, rule: Omit<TemplateRule, 'check'>): TemplateRule {
  return { ...rule, check: (parts) => findIn(parts, list, (words) => `says “${words}”`) }
}

function findIn({ texts }: TemplateParts, list: WordList, say: (words: string) => string): LintFinding[] {
  return texts.flatMap(({ field, text }) => {
    const words = findWords(text, list)
    return words === undefined ? [] : [{ field, message: say(words) }]
  })
}
