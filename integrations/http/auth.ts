import { z } from 'zod'
import type { HttpRequest } from '../kit.ts'
import { AppError } from '../../src/model/errors.ts'

const secret = z.string().min(1).max(4_096).meta({ secret: true, widget: 'password' })
const plain = z.string().min(1).max(1_000)
const token = z.string().regex(/^[!#$%&'*+.^_`|~\w-]{1,200}$/, 'is no name of a header')

const place = {
  origin: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .transform((url) => new URL(url).origin)
    .meta({
      title: 'Address of the system',
      description: 'The credentials are sent there and nowhere else, e.g. https://api.example.com',
    }),
  testPath: z
    .string()
    .regex(/^\/\S*$/, 'begins with /')
    .max(1_000)
    .default('/')
    .meta({ title: 'Path that a test asks for' }),
}

/** How one signs in at an HTTP API. */
export const httpAuthSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer'), ...place, token: secret }),
  z.strictObject({ type: z.literal('basic'), ...place, username: plain, password: secret }),
  z.strictObject({ type: z.literal('header'), ...place, header: token, value: secret }),
  z.strictObject({ type: z.literal('query'), ...place, parameter: plain, value: secret }),
])
export type HttpAuth = z.infer<typeof httpAuthSchema>

/** The request with the credentials in it. Refused where it goes anywhere but to the system that they are for. */
export function signIn(request: HttpRequest, auth: HttpAuth | undefined): HttpRequest {
  if (!auth) return request
  const url = new URL(request.url)
  if (url.origin !== auth.origin) {
    throw new AppError('forbidden', `the connection is for ${auth.origin}, not for ${url.origin}`)
  }
  if (auth.type === 'query') {
    url.searchParams.set(auth.parameter, auth.value)
    return { ...request, url: url.href }
  }
  return { ...request, headers: { ...request.headers, ...headerOf(auth) } }
}

function headerOf(auth: Exclude<HttpAuth, { type: 'query' }>): Record<string, string> {
  if (auth.type === 'bearer') return { authorization: `Bearer ${auth.token}` }
  if (auth.type === 'header') return { [auth.header.toLowerCase()]: auth.value }
  const pair = Buffer.from(`${auth.username}:${auth.password}`).toString('base64')
  return { authorization: `Basic ${pair}` }
}
