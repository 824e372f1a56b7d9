import { z } from 'zod'
import { AppError } from '../../src/model/errors.ts'
import type { BookContact } from '../../src/model/contact-book.ts'
import { defineIntegration, refusalOf, type Http } from '../kit.ts'
import { readVcard } from './vcard.ts'

const authSchema = z.object({
  url: z.url().max(2_000).meta({ title: 'Address of the address book' }),
  username: z.string().min(1).max(500).meta({ title: 'User name' }),
  password: z.string().min(1).max(1_000).meta({ title: 'Password', secret: true }),
})
type Auth = z.output<typeof authSchema>

const timeoutMs = 8_000

/** An address book on a CardDAV server (RFC 6352): Nextcloud, iCloud, Radicale … */
export const carddav = defineIntegration<Auth>({
  id: 'carddav',
  name: 'CardDAV',
  auth: authSchema,
  shown: ['url', 'username'],
  optional: false,
  actions: {},
  contacts: {
    /** Servers give the first so many and no further page: the next one asks for as many more. */
    async search({ auth, http }, { search, limit, cursor }) {
      const from = Number(cursor ?? 0)
      const found = await report(auth, http, search ? anyOf(search) : '', from + limit + 1)
      const contacts = found.slice(from, from + limit)
      const next = found.length > from + limit ? String(from + limit) : undefined
      return { contacts, next, count: next === undefined ? found.length : undefined }
    },
    async find({ auth, http }, phone) {
      // Numbers are written in many ways: two digits that nobody parts are asked for, and all compared here without signs.
      const found = await report(auth, http, filterOf('TEL', phone.slice(-2)), 1_000)
      return found.filter(({ phoneNumbers }) =>
        phoneNumbers.some(({ value }) => value.replace(/\D/g, '').replace(/^00/, '') === phone),
      )
    },
  },
  async test(auth, http) {
    await report(auth, http, '', 1)
    return 'the address book can be read'
  },
})

function anyOf(search: string): string {
  return ['FN', 'TEL', 'EMAIL'].map((property) => filterOf(property, search)).join('')
}

function filterOf(property: string, text: string): string {
  return `<C:prop-filter name="${property}"><C:text-match collation="i;unicode-casemap" match-type="contains">${escape(text)}</C:text-match></C:prop-filter>`
}

async function report(
  { url, username, password }: Auth,
  http: Http,
  filters: string,
  limit: number,
): Promise<BookContact[]> {
  const filter = filters ? `<C:filter test="anyof">${filters}</C:filter>` : '<C:filter/>'
  const body = `<?xml version="1.0" encoding="utf-8"?>
<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/><C:address-data/></D:prop>
${filter}<C:limit><C:nresults>${limit}</C:nresults></C:limit></C:addressbook-query>`
  const answer = await http({
    method: 'REPORT',
    url,
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'content-type': 'application/xml; charset=utf-8',
      depth: '1',
    },
    bytes: Buffer.from(body),
    timeoutMs,
    maximumBytes: 10_000_000,
  })
  const refusal = refusalOf(answer, 'the address book')
  if (refusal) throw refusal
  if (answer.status !== 207 || typeof answer.body !== 'string')
    throw new AppError('app_refused', `the address book answered with status ${answer.status} and no list`)
  // In the server's order: pages would overlap in any other.
  return readCards(answer.body).slice(0, limit)
}

/** The cards of a multistatus answer, whatever its prefixes are. */
function readCards(xml: string): BookContact[] {
  const cards = xml.matchAll(/<((?:[\w-]+:)?address-data)\b[^>]*>([\s\S]*?)<\/\1>/g)
  return [...cards].map(([, , data = '']) => readVcard(readXmlText(data)))
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function readXmlText(text: string): string {
  return text
    .split(/(<!\[CDATA\[[\s\S]*?\]\]>)/)
    .map((part) =>
      part.startsWith('<![CDATA[')
        ? part.slice(9, -3)
        : part.replace(
            /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
            (whole, hex?: string, code?: string, name?: string) => {
              if (name !== undefined) return entities[name] ?? whole
              const point = Number.parseInt(hex ?? code ?? '', hex === undefined ? 10 : 16)
              return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
            },
          ),
    )
    .join('')
}

function escape(text: string): string {
  return text.replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
