import { z } from 'zod'
import type { BookContact } from '../../src/model/contact-book.ts'
import { defineIntegration, refusalOf, type Http, type HttpAnswer } from '../kit.ts'

const authSchema = z.object({
  clientId: z.string().min(1).max(500).meta({ title: 'Client ID' }),
  clientSecret: z.string().min(1).max(500).meta({ title: 'Client secret', secret: true }),
  refreshToken: z.string().min(1).max(2_000).meta({ title: 'Refresh token', secret: true }),
  baseUrl: z.url().default('https://people.googleapis.com').meta({ title: 'Address of the People API' }),
  tokenUrl: z
    .url()
    .default('https://oauth2.googleapis.com/token')
    .meta({ title: 'Address that gives access tokens' }),
})
type Auth = z.output<typeof authSchema>

const valueSchema = z.object({
  value: z.string().optional(),
  type: z.string().optional(),
  formattedType: z.string().optional(),
})
const personSchema = z.object({
  names: z.array(z.object({ displayName: z.string().optional() })).optional(),
  phoneNumbers: z.array(valueSchema.extend({ canonicalForm: z.string().optional() })).optional(),
  emailAddresses: z.array(valueSchema).optional(),
})
const foundSchema = z.object({ results: z.array(z.object({ person: personSchema })).default([]) })
const listedSchema = z.object({
  connections: z.array(personSchema).default([]),
  nextPageToken: z.string().optional(),
  totalItems: z.int().optional(),
})
const fields = 'names,phoneNumbers,emailAddresses'
/** What a search gives at most; it has no further pages. */
const maximumFound = 30
const maximumListed = 1_000
const timeoutMs = 8_000

/** Google's contacts of one account (developers.google.com/people). */
export const googlePeople = defineIntegration<Auth>({
  id: 'google',
  name: 'Google People',
  auth: authSchema,
  shown: ['clientId', 'baseUrl', 'tokenUrl'],
  optional: false,
  actions: {},
  contacts: {
    async search({ auth, http }, { search, limit, cursor }) {
      const token = await signIn(auth, http)
      if (search)
        return { contacts: await find(auth, http, token, search, limit), next: undefined, count: undefined }
      const query = new URLSearchParams({
        personFields: fields,
        pageSize: String(Math.min(limit, maximumListed)),
        sortOrder: 'FIRST_NAME_ASCENDING',
        ...(cursor && { pageToken: cursor }),
      })
      const body = await ask(auth, http, token, `/v1/people/me/connections?${query.toString()}`)
      const { connections, nextPageToken, totalItems } = listedSchema.parse(body)
      return { contacts: connections.map(toContact), next: nextPageToken, count: totalItems }
    },
    async find({ auth, http }, phone) {
      const found = await find(auth, http, await signIn(auth, http), phone, maximumFound)
      return found.filter(({ phoneNumbers }) =>
        phoneNumbers.some(({ value }) => value.replace(/\D/g, '').replace(/^00/, '') === phone),
      )
    },
  },
  async test(auth, http) {
    const token = await signIn(auth, http)
    const body = await ask(auth, http, token, `/v1/people/me/connections?personFields=names&pageSize=1`)
    return `Google knows ${listedSchema.parse(body).totalItems ?? 0} contacts`
  },
})

async function signIn(auth: Auth, http: Http): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
    refresh_token: auth.refreshToken,
  })
  const answer = await http({
    method: 'POST',
    url: auth.tokenUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    bytes: Buffer.from(form.toString()),
    timeoutMs,
  })
  return z.object({ access_token: z.string() }).parse(bodyOf(answer)).access_token
}

async function find(
  auth: Auth,
  http: Http,
  token: string,
  query: string,
  limit: number,
): Promise<BookContact[]> {
  const pageSize = String(Math.min(limit, maximumFound))
  const search = new URLSearchParams({ query, readMask: fields, pageSize })
  const body = await ask(auth, http, token, `/v1/people:searchContacts?${search.toString()}`)
  return foundSchema.parse(body).results.map(({ person }) => toContact(person))
}

async function ask(auth: Auth, http: Http, token: string, path: string): Promise<unknown> {
  const url = auth.baseUrl.replace(/\/$/, '') + path
  const headers = { authorization: `Bearer ${token}` }
  return bodyOf(await http({ method: 'GET', url, headers, timeoutMs, maximumBytes: 10_000_000 }))
}

function bodyOf(answer: HttpAnswer): unknown {
  const refusal = refusalOf(answer, 'Google')
  if (refusal) throw refusal
  return answer.body
}

function toContact({
  names = [],
  phoneNumbers = [],
  emailAddresses = [],
}: z.output<typeof personSchema>): BookContact {
  const described = ({ value = '', type = '', formattedType = type }: z.output<typeof valueSchema>) => {
    return { value, description: formattedType }
  }
  return {
    name: names[0]?.displayName ?? '',
    phoneNumbers: phoneNumbers.map(({ canonicalForm, ...number }) =>
      described({ ...number, value: canonicalForm ?? number.value }),
    ),
    emailAddresses: emailAddresses.map(described),
  }
}
