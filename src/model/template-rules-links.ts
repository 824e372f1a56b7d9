import { allButtons, type Located, type TemplateParts } from './template-parts.ts'
import type { TemplateButton } from './template-components.ts'
import { type LintFinding, type TemplateRule, when } from './template-rule.ts'
import { placementsOf } from './template-variables.ts'

const shorteners = new Set(
  `bit.ly bitly.com tinyurl.com goo.gl t.co ow.ly is.gd buff.ly cutt.ly rebrand.ly rb.gy shorturl.at t.ly tiny.cc bl.ink
   shorte.st adf.ly lnkd.in s.id v.gd soo.gd clck.ru vk.cc qr.ae po.st dub.sh short.io urlz.fr`.split(/\s+/),
)
const whatsappHosts = new Set([
  'wa.me',
  'api.whatsapp.com',
  'chat.whatsapp.com',
  'wa.link',
  'whatsapp.com',
  'www.whatsapp.com',
])

/** Addresses in a text, with or without `https://`. */
const address = /https?:\/\/[^\s)\]*_~]+|(?<![\w@./-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/[^\s)\]*_~]*)?/giu

interface Link {
  field: string
  url: string
  isButton: boolean
}
type UrlButton = Extract<TemplateButton, { type: 'URL' }>

export const linkRules: TemplateRule[] = [
  eachLink(
    {
      id: 'link-shortener',
      severity: 'error',
      title: 'No link shorteners',
      why: 'They hide where a link leads; WhatsApp rejects templates with them.',
    },
    ({ url }) =>
      shorteners.has(hostOf(url)) ? `${hostOf(url)} is a link shortener; use your own address` : undefined,
  ),
  eachLink(
    {
      id: 'link-to-whatsapp',
      severity: 'error',
      title: 'No links to WhatsApp',
      why: 'WhatsApp rejects wa.me and its kin: the customer is in the chat already; use a quick reply.',
    },
    ({ url }) => (whatsappHosts.has(hostOf(url)) ? `${hostOf(url)} leads to WhatsApp itself` : undefined),
  ),
  eachLink(
    {
      id: 'link-https',
      severity: 'warning',
      title: 'Links by https',
      why: 'Phones warn of http, and reviewers reject addresses that they cannot open safely.',
    },
    ({ url }) => (/^http:\/\//i.test(url) ? 'begins with http://; use https://' : undefined),
  ),
  eachLink(
    {
      id: 'link-domain',
      severity: 'error',
      title: 'Links with a domain that stands in the template',
      why: 'Reviewers must see whose site it is: a variable or a bare IP address in place of the domain is rejected.',
    },
    ({ url }) => {
      const host = hostOf(url)
      const isHidden = /^https?:\/\/[^/?#]*\{\{/i.test(url) || /^https?:\/\/?$/i.test(url)
      return isHidden || /^\d+(?:\.\d+){3}$/.test(host) ? 'has no domain name of its own' : undefined
    },
  ),
  eachUrlButton(
    {
      id: 'url-valid',
      severity: 'error',
      title: 'A link button has a whole address',
      why: 'WhatsApp takes only addresses that begin with https:// or http:// and have a domain.',
    },
    ({ url }) => {
      if (!url?.trim()) return ['url', 'is missing']
      const filled = url.replace(/\{\{[^{}]*\}\}/g, 'x')
      const isWhole =
        /^https?:\/\/[^\s/?#]+\.[^\s/?#.]{2,}(?:[/?#]\S*)?$/i.test(filled) && URL.canParse(filled)
      return isWhole ? undefined : ['url', 'is no whole address like https://shop.example.com/orders']
    },
  ),
  eachUrlButton(
    {
      id: 'url-length',
      severity: 'error',
      title: 'Addresses of at most 2,000 characters',
      why: "It is WhatsApp's limit.",
    },
    ({ url = '' }) =>
      url.length > 2_000 ? ['url', `is ${url.length} characters long; 2,000 are allowed`] : undefined,
  ),
  eachUrlButton(
    {
      id: 'url-variable',
      severity: 'error',
      title: 'One variable, at the end of the address',
      why: 'WhatsApp appends the value to the address: it takes one variable, and only as the last thing.',
    },
    ({ url = '' }) => {
      const places = placementsOf(url)
      const [first] = places
      if (!first) return undefined
      return places.length > 1 || first.end < url.length
        ? ['url', 'may hold one variable, at its end']
        : undefined
    },
  ),
  eachUrlButton(
    {
      id: 'url-sample',
      severity: 'error',
      title: 'A sample of an address with a variable',
      why: 'Reviewers open it; WhatsApp refuses the button without one.',
    },
    ({ url = '', example }) => {
      if (placementsOf(url).length === 0) return undefined
      const sample = Array.isArray(example) ? example[0] : example
      if (!sample?.trim()) return ['example', 'is missing']
      return /\{\{/.test(sample) ? ['example', 'is a variable itself'] : undefined
    },
  ),
  {
    id: 'link-pointer',
    severity: 'warning',
    title: 'A text that points to a link has one',
    why: '"Click the link below" without a link or a button sends customers looking for it.',
    check: ({ body, buttons, cards, texts }) => {
      const text = body?.value.text ?? ''
      const isPointing =
        /\b(?:click|tap|follow|open|visit|use) (?:on )?(?:the|this|our) (?:link|website|button)\b|\blink (?:below|here)\b|haz clic|pulsa el (?:enlace|botón)|clique no (?:link|botão)|klik (?:link|tautan|tombol)|लिंक पर क्लिक|اضغط على الرابط/iu.test(
          text,
        )
      const leads =
        buttons.length > 0 || cards !== undefined || texts.some((part) => addressesIn(part.text).length > 0)
      return when(isPointing && !leads, `${body?.field}.text`, 'points to a link or button that is not there')
    },
  },
]

function addressesIn(text: string): string[] {
  return text.match(address) ?? []
}

function linksOf(parts: TemplateParts): Link[] {
  const inTexts = parts.texts.flatMap(({ field, text }) =>
    addressesIn(text).map((url) => ({ field, url, isButton: false })),
  )
  return [
    ...inTexts,
    ...urlButtons(parts).map(({ field, value }) => ({
      field: `${field}.url`,
      url: value.url ?? '',
      isButton: true,
    })),
  ]
}

function urlButtons(parts: TemplateParts): Located<UrlButton>[] {
  return allButtons(parts).flatMap(({ field, value }) => (value.type === 'URL' ? [{ field, value }] : []))
}

function eachLink(
  rule: Omit<TemplateRule, 'check'>,
  judge: (link: Link) => string | undefined,
): TemplateRule {
  const check = (link: Link): LintFinding[] => {
    const message = judge(link)
    return message === undefined ? [] : [{ field: link.field, message }]
  }
  return { ...rule, check: (parts) => linksOf(parts).flatMap(check) }
}

function eachUrlButton(
  rule: Omit<TemplateRule, 'check'>,
  judge: (button: UrlButton) => [key: string, message: string] | undefined,
): TemplateRule {
  const check = ({ field, value }: Located<UrlButton>): LintFinding[] => {
    const found = judge(value)
    return found ? [{ field: `${field}.${found[0]}`, message: found[1] }] : []
  }
  return { ...rule, check: (parts) => urlButtons(parts).flatMap(check) }
}

function hostOf(url: string): string {
  const host = /^(?:https?:\/\/)?([^/?#:\s]+)/i.exec(url)?.[1] ?? ''
  return host.toLowerCase().replace(/^www\.(?!whatsapp\.com$)/, '')
}
