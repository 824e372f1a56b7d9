import { z } from 'zod'
import { jsonObjectSchema } from '../../src/model/json.ts'
import { defineIntegration, refusalOf } from '../kit.ts'
import { httpAuthSchema, signIn } from './auth.ts'
import { httpRequest } from './request.ts'

/** Any system that speaks HTTP: what the JSON API card calls. */
export const http = defineIntegration({
  id: 'http',
  name: 'HTTP API',
  auth: httpAuthSchema,
  shown: ['type', 'origin', 'testPath'],
  optional: true,
  actions: { request: httpRequest },
  /** The schema of a request; with `part=auth` that of the ways to sign in. */
  publicData: ({ part = 'request' }) => ({
    part,
    schema: jsonObjectSchema.parse(
      z.toJSONSchema(part === 'auth' ? httpAuthSchema : httpRequest.input, {
        io: 'input',
        unrepresentable: 'any',
      }),
    ),
  }),
  async test(auth, way) {
    const request = { method: 'GET' as const, url: auth.origin + auth.testPath, timeoutMs: 10_000 }
    const answer = await way(signIn(request, auth))
    const refusal = refusalOf(answer, auth.origin)
    if (refusal) throw refusal
    return `${auth.origin} answered with status ${answer.status}`
  },
})
